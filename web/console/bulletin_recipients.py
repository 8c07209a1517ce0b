"""Who got a bulletin, page by page and as CSV. Where a recipient is reached stands on neither."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from functools import partial

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from flows.broadcasting import note_act
from flows.exporting import harmless
from flows.workbook import Cell
from models.bulletin import Bulletin
from models.delivered import STATES, Delivered, delivery_counts, recipients_of
from web.console import telling_bulletins as words
from web.console.access import Permission, SignedIn
from web.console.bulletins import BULLETINS, found, hand_of, number_of, spoken
from web.console.frame import Frame
from web.console.telling import local
from web.console.wording import Translate, translator

_LIST = f"{BULLETINS}/{{bulletin}}/recipients"
_PAGE, _CSV_PAGE = 50, 1000
COLUMNS = ("编号", "企业", "城市", "渠道", "状态", "原因", "试了几次", "送出", "打开", "退订")


def recipients(frame: Frame) -> None:
    @frame.get(_LIST, Permission.BULLETIN_READ)
    async def page(request: Request, bulletin: str, signed: SignedIn) -> Response:
        query = request.query_params
        after, state = number_of(query.get("after", ""), 0), _state(query.get("state", ""))

        def read(connection: Connection) -> dict[str, object]:
            seen = found(connection, bulletin)
            rows = recipients_of(connection, seen.id, after, _PAGE + 1, state)
            counts = delivery_counts(connection, seen.id)
            return {"bulletin": seen, "rows": rows[:_PAGE], "counts": counts, "more": rows[_PAGE:]}

        data = await frame.database.read_async(read)
        shared = {"here": BULLETINS, "state": state, "after": after, **spoken()}
        return frame.page(signed, "console/bulletin_recipients.html", {**data, **shared})

    @frame.post(f"{_LIST}/csv", Permission.BULLETIN_EXPORT, confirmed=True)
    async def table(request: Request, bulletin: str, signed: SignedIn) -> Response:
        await request.form()

        def work(connection: Connection) -> Bulletin:
            seen = found(connection, bulletin)
            rows = sum(delivery_counts(connection, seen.id).values())
            note_act(connection, hand_of(frame, signed), "export", bulletin, {"rows": rows})
            return seen

        seen = await frame.database.turn_async(work)
        headers = {
            "Content-Disposition": f'attachment; filename="bulletin-{seen.public_id[:8]}.csv"',
            "Cache-Control": "no-store",
        }
        lines = _lines(frame, seen.id, translator(signed.staff.language))
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _state(typed: str) -> str | None:
    return typed if typed in STATES else None


async def _lines(frame: Frame, bulletin_id: int, t: Translate) -> AsyncIterator[str]:
    """The file in pieces, so that a long one is never held whole."""
    yield "\ufeff" + _written([COLUMNS])
    after = 0
    while True:
        page = partial(recipients_of, bulletin_id=bulletin_id, after=after, most=_CSV_PAGE)
        rows = await frame.database.read_async(page)
        if not rows:
            return
        yield _written(_cells(each, t) for each in rows)
        after = rows[-1].person_id


def _cells(each: Delivered, t: Translate) -> tuple[Cell, ...]:
    return (
        each.id,
        each.firm,
        each.city,
        t(words.CHANNELS.get(each.channel, each.channel)),
        t(words.DELIVERED[each.state]),
        each.error,
        each.attempts,
        *("" if at is None else local(at) for at in (each.sent_at, each.opened_at, each.left_at)),
    )


def _written(rows: Iterable[tuple[Cell, ...]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue()
