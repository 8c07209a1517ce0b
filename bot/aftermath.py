"""What follows from a delivery that did not go out: once more, given up, or nobody can say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.channel import Undeliverable
from models.delivering import Mark, Taken

_FIRST, _LONGEST = timedelta(seconds=1), timedelta(minutes=10)
MOST_TRIES = 12


@dataclass(frozen=True, slots=True)
class Aftermath:
    """A mark (None while it is still being sent), and what concerns more than this one delivery.

    `pause_until`: the other side asks all unasked messages to wait. `gone`: the address where nobody is any more.
    `over`: the claim of which all is marked by now.
    """

    mark: Mark | None
    pause_until: datetime | None = None
    gone: str | None = None
    over: int | None = None


def aftermath(taken: Taken, failure: Undeliverable, now: datetime) -> Aftermath:
    """What becomes of a delivery that raised `failure`. One of which a part was shown is not begun again."""
    why = str(failure)
    if failure.gone:
        return Aftermath(Mark(taken, "blocked", why), gone=taken.address)
    if failure.shown:
        until = None if failure.wait is None else now + timedelta(seconds=failure.wait)
        why = f"only a part was shown: {why}"
        return Aftermath(Mark(taken, "unknown", why), pause_until=until)
    if failure.permanent:
        return Aftermath(Mark(taken, "failed", why))
    if failure.unsure:
        return Aftermath(Mark(taken, "unknown", why))
    if failure.wait is not None:
        until = now + timedelta(seconds=failure.wait)
        return Aftermath(Mark(taken, "waiting", why, again_at=until), pause_until=until)
    if taken.fence % MOST_TRIES == 0:  # who is tried again by hand has as many tries once more
        return Aftermath(Mark(taken, "failed", why))
    later = now + min(_FIRST * 2 ** (taken.fence % MOST_TRIES - 1), _LONGEST)
    return Aftermath(Mark(taken, "waiting", why, again_at=later))
