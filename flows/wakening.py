"""Telling advisors of work that came in: at once into the chat they linked, or once a day; never more than that there is some."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from flows.messages import SHANGHAI, Reply
from models.desk import Watch, watches_due, write_watch
from models.firm import firm_by_id
from models.listed import may_see, states_of
from models.outbox import NewMessage, put, stored_reply
from models.review import Review
from models.scope import Scope, scope_of
from models.staff import firm_ids_of, staff_by_id

MORNING = time(9)


def wake_advisors(connection: Connection, row: Review, at: datetime) -> None:
    """Tell who wants to know at once: everybody who may see the firm, or only who has taken the case. Names no firm."""
    _wake(connection, row, at, lambda _scope: True)


def wake_newcomers(connection: Connection, row: Review, came_from: str | None, at: datetime) -> None:
    """The firm of a case that waits for an advisor is in another city by now: tell who did not see it there."""

    def could_not(scope: Scope) -> bool:
        by_name = row.firm_id in firm_ids_of(connection, scope.staff_id)
        return not (scope.everything or came_from in scope.cities or by_name)

    _wake(connection, row, at, could_not)


def _wake(connection: Connection, row: Review, at: datetime, is_told: Callable[[Scope], bool]) -> None:
    due = watches_due(connection, "at_once")
    city = firm_by_id(connection, row.firm_id).city if due else None
    for watch in due:
        who = staff_by_id(connection, watch.staff_id)
        scope = scope_of(connection, who)
        mine = row.advisor_id in {None, who.id} and who.state == "active"
        if mine and is_told(scope) and may_see(connection, scope, row.firm_id):
            key = f"work-{row.assessment_id}-{row.version}"
            _tell(connection, watch, key, {"what": row.state, "city": city, "counts": None}, at)


def summarise(connection: Connection, at: datetime) -> int:
    """Tell who wants to know once a day, from nine in the morning on, where there is something; how many were told."""
    today = at.astimezone(SHANGHAI)
    if today.time() < MORNING:
        return 0
    told = 0
    nine = datetime.combine(today.date(), MORNING, SHANGHAI)
    for watch in watches_due(connection, "daily"):
        who = staff_by_id(connection, watch.staff_id)
        if watch.told_until >= nine or who.state != "active":
            continue
        states = states_of(connection, scope_of(connection, who))
        waits = {state: states[state] for state in ("asked", "new") if states[state]}
        write_watch(connection, _up_to(watch, at))
        if waits:
            _tell(
                connection, watch, f"day-{today:%Y%m%d}", {"what": "day", "city": None, "counts": waits}, at
            )
            told += 1
    return told


def _up_to(watch: Watch, at: datetime) -> Watch:
    return Watch(
        watch.staff_id, watch.told, watch.channel, watch.address, watch.code_sha256, watch.code_until, at
    )


def _tell(connection: Connection, watch: Watch, key: str, data: dict[str, object], at: datetime) -> None:
    """Once, as long as it has not been sent; nothing of the chat is kept beyond the sending."""
    channel, address, name = str(watch.channel), str(watch.address), f"staff-{watch.staff_id}-{key}"
    if stored_reply(connection, channel, address, name) is not None:
        return
    reply = Reply("notice", "staff-work", data=data)
    news = NewMessage(channel, address, name, reply.kind, reply.to_json(), forget=True)
    put(connection, news, at)


EVERY = timedelta(minutes=10)
"""How often the server looks whether it is time."""
