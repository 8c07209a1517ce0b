"""Whom a bulletin would reach, before it goes out (抽样): counted, and ten of them picked from all over."""

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import nsmallest

from sqlalchemy import Connection

from flows.audience import Audience, Readership, Recipient
from flows.concerned import find
from flows.editions import Editions

SAMPLES = 10
_PAGE = 1000
_PAGES_FOR_ONE = 20


@dataclass(slots=True)
class Reach:
    """How many get it now: all, by channel, those among them who hear weekly only; and a few of them."""

    count: int = 0
    weekly: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    samples: list[Recipient] = field(default_factory=list)


def reach(connection: Connection, editions: Editions, topic: str, audience: Audience) -> Reach:
    """Look at all subscribers of a topic. The samples stay the same from one look to the next."""
    found = Reach()
    for page in _pages(connection, editions, topic, audience):
        found.count += len(page)
        found.weekly += sum(each.is_weekly for each in page)
        found.channels.update(each.channel for each in page)
        found.samples = nsmallest(SAMPLES, [*found.samples, *page], key=_place)
    return found


def example(connection: Connection, editions: Editions, topic: str, audience: Audience) -> Recipient | None:
    """Return one of those who would get it, without looking at everybody; None where the first 20,000 hold none."""
    for _, page in zip(range(_PAGES_FOR_ONE), _pages(connection, editions, topic, audience), strict=False):
        if page:
            return page[0]
    return None


def _pages(
    connection: Connection, editions: Editions, topic: str, audience: Audience
) -> Iterator[list[Recipient]]:
    after, is_last = 0, False
    while not is_last:
        page = find(connection, editions, Readership(topic, audience), after, _PAGE)
        yield page.recipients
        after, is_last = page.reached, page.is_last


def _place(each: Recipient) -> int:
    """A number that has nothing to do with who came first."""
    return zlib.crc32(str(each.person_id).encode())
