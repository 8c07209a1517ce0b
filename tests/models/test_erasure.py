"""A person is forgotten everywhere, down to the bytes of the file."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from models.answer import answers_of, append_answer
from models.base import Base
from models.bulletin import DeliveryState, NewDelivery, deliveries
from models.bulletins import add_bulletin
from models.changes import Change, store_changes
from models.delivering import add_deliveries, take_deliveries
from models.determination import Finding, store_determinations
from models.draft import Deed, add_draft
from models.edition import by_id
from models.engines import file_of
from models.erasure import forget_firm, forget_person
from models.firm import About, add_firm, join_firm, memberships
from models.handover import Handover, add_handover
from models.mailbox import want_mail
from models.outbox import NewMessage, put
from models.pace import Rate, grant
from models.passage import Passage, add_passage
from models.person import Consent, add_person, record_consent
from models.reassessment import start_run
from models.reminder import Reminder, note_told
from models.report import Report, add_report
from models.schema import TABLES
from models.session import Database
from models.share import shares
from models.subscription import subscribe
from models.talk import set_focus
from tests.models.console_traces import leave_traces
from tests.models.firms import NOW, World, answer, build

ADDRESS, FIRM, WORDS = "addr-8f3a", "焦作独一无二机械", "我姓皇甫，电话一三九"


def _everything(connection: Connection) -> str:
    assert TABLES
    return "\n".join(str(connection.execute(table.select()).all()) for table in Base.metadata.sorted_tables)


def _fill(connection: Connection) -> World:
    """Leave the person's traces in every table there is."""
    world = build(connection, ADDRESS, FIRM)
    person, assessment = world.account.person_id, world.assessment
    record_consent(connection, Consent(person, "1", "ab" * 32, "telegram", NOW))
    append_answer(connection, assessment.id, answer("about.contact", WORDS, person))
    set_focus(connection, world.account.id, assessment.id, {"reading": WORDS}, NOW)
    store_determinations(
        connection, assessment, date(2026, 11, 23), [Finding("ladder", "below", None, {"g": FIRM})], NOW
    )
    put(connection, NewMessage("telegram", ADDRESS, "1", "result", {"firm": FIRM}, world.account.id), NOW)
    put(connection, NewMessage("telegram", ADDRESS, "0", "notice", {"text": WORDS}), NOW)
    made = Handover(
        assessment.id, world.account.id, "cd" * 32, [WORDS], "key", NOW, NOW + timedelta(days=7), None
    )
    add_handover(connection, made)
    day, later = date(2026, 11, 23), NOW + timedelta(days=7)
    add_passage(connection, Passage(person, "resume", "ef" * 32, NOW, later))
    told = Report(
        id=0,
        assessment_id=assessment.id,
        edition_id=assessment.edition_id,
        assessment_version=0,
        as_of=day,
        check_code="AB2C-D3EF",
        payload={"name": FIRM},
        made_at=NOW,
    )
    link = {"token_sha256": "01" * 32, "with_figures": False, "made_at": NOW, "expires_at": later}
    connection.execute(insert(shares).values(report_id=add_report(connection, told), **link))
    edition = by_id(connection, assessment.edition_id)
    add_draft(connection, "henan-2025", {"plan.yaml": "title: 草稿"}, day, Deed("张工", NOW))
    run = start_run(connection, "dry_run", edition, edition.id, day, Deed("张工", NOW))
    store_changes(connection, run.id, [Change(assessment.id, FIRM, "better", "below", None, "on_ladder", 1)])
    _tell(connection, world)
    leave_traces(connection, assessment, world.account, WORDS, NOW)
    for table in Base.metadata.sorted_tables:
        assert connection.execute(select(func.count()).select_from(table)).scalar_one() > 0, table.name
    return world


def _tell(connection: Connection, world: World) -> None:
    """A subscription, and a bulletin about the firm on its way."""
    person, account = world.account.person_id, world.account.id
    subscribe(connection, person, account, "policy", frequency="weekly", at=NOW)
    text = {"topic": "policy", "title": "新政策", "body": "正文", "author": "张工"}
    made = add_bulletin(connection, **text, audience={}, urgent=False, at=NOW)
    one = NewDelivery(person, world.firm.id, "telegram", ADDRESS, {"firm": FIRM, "words": WORDS})
    add_deliveries(connection, made.id, [one], NOW)
    note_told(connection, [Reminder(person, world.firm.id, "year:2026")], NOW)
    want_mail(connection, person, f"{ADDRESS}@example.com", "ab" * 32, NOW)
    grant(connection, "telegram", Rate.of(25), 1, NOW)
    take_deliveries(connection, "telegram", [made.id], 1, NOW)


def test_the_only_speaker_takes_the_firm_along(database: Database) -> None:
    kept = database.turn(lambda c: build(c, "somebody-else", "新乡留下的厂"))
    world = database.turn(_fill)
    database.turn(lambda c: forget_person(c, world.account.person_id))
    database.scrub()
    left = database.read(_everything)
    assert [text for text in (ADDRESS, FIRM, WORDS, world.firm.public_id) if text in left] == []
    assert kept.firm.public_id in left
    if database.is_sqlite:
        assert _found_in_files(file_of(database.address)) == []


def _found_in_files(path: Path) -> list[str]:
    """Search the raw bytes of the file and its log, where deleted rows would linger."""
    raw = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert "新乡留下的厂".encode() in raw
    return [text for text in (ADDRESS, FIRM, WORDS) if text.encode() in raw]


def test_where_others_speak_the_firm_stays_without_the_author(database: Database) -> None:
    world = database.turn(_fill)

    def colleague(connection: Connection) -> int:
        other = add_person(connection, "web", "colleague", NOW)
        join_firm(connection, other.person_id, world.firm.id, "finance", NOW)
        append_answer(connection, world.assessment.id, answer("revenue", 7, other.person_id))
        return other.person_id

    other = database.turn(colleague)
    database.turn(lambda c: forget_person(c, world.account.person_id))
    left = database.read(lambda c: answers_of(c, world.assessment.id))
    assert [(one.as_read, one.as_typed, one.by_person) for one in left] == [
        (WORDS, None, None),
        (7, "7", other),
    ]
    everything = database.read(_everything)
    assert ADDRESS not in everything
    assert FIRM in everything


def test_a_firm_that_goes_is_taken_out_of_messages_about_several(database: Database) -> None:
    """The rows are about the person's other firm, or (as a gathering may be) about none."""
    kept, amount = "新乡留下的厂", "120 万元"

    def told(*names: str | None) -> dict[str, Any]:
        return {"data": {"title": "变化", "firms": [{"name": each, "amount": amount} for each in names]}}

    reminded = {"data": {"others": [{"title": "该办的事", "reminders": told(FIRM, kept)["data"]["firms"]}]}}
    rows: list[tuple[DeliveryState, dict[str, Any]]] = [
        ("waiting", told(kept, FIRM)),
        ("held", reminded),
        ("sent", told(kept, FIRM)),
        ("waiting", told(FIRM, FIRM)),
        ("waiting", told(kept)),
        ("sent", told(kept, None)),
        ("waiting", told(None, None)),
    ]
    about_none = {"data": {"firms": told(FIRM)["data"]["firms"], "others": [{"title": "新政策"}]}}

    def work(connection: Connection) -> list[tuple[str, object]]:
        world = build(connection, ADDRESS, kept)
        person = world.account.person_id
        goes = add_firm(connection, person, "owner", About(name=FIRM), NOW)
        text = {"topic": "policy", "title": "新政策", "body": "正文", "author": "张工"}
        for state, payload in rows:
            made = add_bulletin(connection, **text, audience={}, urgent=False, at=NOW)
            one = NewDelivery(person, world.firm.id, "telegram", ADDRESS, payload, state)
            add_deliveries(connection, made.id, [one], NOW)
        made = add_bulletin(connection, **text, audience={}, urgent=False, at=NOW)
        one = NewDelivery(person, None, "telegram", ADDRESS, about_none)
        add_deliveries(connection, made.id, [one], NOW)
        forget_firm(connection, goes.id)
        left = select(deliveries.c.state, deliveries.c.payload).order_by(deliveries.c.id)
        return [(row.state, row.payload) for row in connection.execute(left)]

    one = [{"name": kept, "amount": amount}]
    assert database.turn(work) == [
        ("waiting", told(kept)),
        ("held", {"data": {"others": [{"title": "该办的事", "reminders": one}]}}),
        ("sent", {}),
        ("cancelled", {}),
        ("waiting", told(kept)),
        ("sent", told(kept, None)),
        ("waiting", told(None, None)),
        ("waiting", {"data": {"firms": [], "others": [{"title": "新政策"}]}}),
    ]
    assert FIRM not in database.read(_everything)


def test_somebody_who_left_keeps_no_firm_alive(database: Database) -> None:
    world = database.turn(_fill)

    def former(connection: Connection) -> None:
        other = add_person(connection, "web", "former", NOW)
        join_firm(connection, other.person_id, world.firm.id, "finance", NOW)
        set_focus(connection, other.id, world.assessment.id, {"slot": "revenue"}, NOW)
        theirs = memberships.c.person_id == other.person_id
        connection.execute(update(memberships).where(theirs).values(until=NOW))

    database.turn(former)
    database.turn(lambda c: forget_person(c, world.account.person_id))
    left = database.read(_everything)
    assert [text for text in (ADDRESS, FIRM, WORDS) if text in left] == []


def test_the_last_connection_leaves_no_log(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        world = database.turn(_fill)
        database.turn(lambda c: forget_person(c, world.account.person_id))
    assert not list(file_of(database.address).parent.glob("*-wal"))
