"""Sums of money that documents name: for what, how sure, on which rung they are usual (no condition), and which are one and the same.

How near each is to a firm is in reach.py.
"""

from dataclasses import dataclass

from policy.citations import Certainty, Citation


@dataclass(frozen=True, slots=True)
class MoneyItem:
    """A sum that some document names, in words (`15%，最多 1000万元`), and what it hangs on.

    `rung` is the one whose own matter it is, so that it is usual there, though no document asks for it (None: whatever
    the revenue); `measure` the scheme or
    recognition that has to be had; `same_as` the sum that it is, under another document's name.
    """

    key: str
    title: str
    amount: str
    certainty: Certainty
    citations: tuple[Citation, ...]
    rung: str | None = None
    measure: str | None = None
    same_as: str | None = None
    left_open: tuple[str, ...] = ()
