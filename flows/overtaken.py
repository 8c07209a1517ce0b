"""Messages that a later edition overtakes (过时的通知) before they went out: their words were laid down under the earlier one."""

from sqlalchemy import Connection

from flows.audience import Audience
from models.bulletins import unfinished_bulletins
from models.held import hold_changed_again


def hold_overtaken(connection: Connection, run_id: int, ids: tuple[int, int]) -> int:
    """Hold what still waits about a change that this run changed again: the weekly gathering tells what holds by then.

    `ids`: from which to which assessment the run has come; how many messages that were.
    """
    held = 0
    for bulletin in unfinished_bulletins(connection):
        earlier = Audience.from_json(bulletin.audience).changed_by
        if earlier is not None and earlier != run_id:
            held += hold_changed_again(connection, bulletin.id, earlier, run_id, ids)
    return held
