"""The list's filters as they stand in an address, and back; what cannot be read is left out, never an error."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast, get_args
from urllib.parse import urlencode

from models.listed import Filters, Sorting
from models.review import ReviewState

_WAN = 10_000
_LONGEST_WORDS = 60
_MOST = 10**9
MINE, FREE = "me", "free"
NAMES = (
    *("state", "advisor", "city", "industry", "rung", "measure", "verdict", "amount"),
    *("year", "still", "changed", "channel", "q", "sort"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What stood in the address: the plain words for the form, what they mean, and where the page begins."""

    words: Mapping[str, str]
    filters: Filters
    after: tuple[int, int] | None

    @property
    def query(self) -> str:
        """The filters as an address holds them, without the place."""
        return urlencode(dict(self.words))

    def but(self, **other: str) -> str:
        """The same with some of them changed; an empty one is dropped."""
        changed = {**self.words, **other}
        return urlencode({name: value for name, value in changed.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(set(self.words) - {"sort", "state"})


def asked(query: Mapping[str, str], staff_id: int, now: datetime) -> Asked:
    """Read an address's query."""
    words = {name: query.get(name, "").strip()[:_LONGEST_WORDS] for name in NAMES}
    words = {name: value for name, value in words.items() if value}
    state, sort = words.get("state"), words.get("sort", "newest")
    advisor = {MINE: staff_id, FREE: 0}.get(words.get("advisor", ""))
    amount, still = _number(words.get("amount")), _number(words.get("still"))
    filters = Filters(
        state=cast("ReviewState", state) if state in get_args(ReviewState) else None,
        advisor=advisor,
        city=words.get("city"),
        industry=words.get("industry"),
        rung=_number(words.get("rung"), least=-1),
        subject=words.get("measure"),
        verdict=words.get("verdict") if words.get("measure") else None,
        amount_from=None if amount is None else amount * _WAN,
        fiscal_year=_number(words.get("year")),
        still_since=None if still is None else now - timedelta(days=min(still, 36500)),
        changed_after_review=words.get("changed") == "1",
        channel=words.get("channel"),
        words=words.get("q", ""),
        sort=cast("Sorting", sort) if sort in get_args(Sorting) else "newest",
    )
    return Asked(words, filters, _place(query.get("after", "")))


def _number(typed: str | None, least: int = 0) -> int | None:
    try:
        number = int(typed or "")
    except ValueError:
        return None
    return number if least <= number <= _MOST else None


def _place(typed: str) -> tuple[int, int] | None:
    first, _, second = typed.partition(".")
    if not (first.lstrip("-").isdecimal() and second.isdecimal() and len(typed) < 40):  # noqa: PLR2004  two numbers
        return None
    return int(first), int(second)
