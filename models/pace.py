"""How fast unasked messages may go out on a channel (节流): one token bucket a channel, shared by all workers through its row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, table_of

_WHOLE = 1_000_000  # a token in the table's unit, so that no fraction is lost


class PaceTable(Base):
    """`tokens` in millionths, as they were at `at`; negative after replies, which never wait. Nothing goes out before `paused_until`."""

    __tablename__ = "pace"

    channel: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    paused_until: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Rate:
    """`a_second`: messages a second, over any longer time. `burst`: how many more may come within one second."""

    a_second: int
    burst: int

    @classmethod
    def of(cls, a_second: int) -> "Rate":
        """The rate with little in hand: 25 a second are 28 in any second, which leaves room for calls that bunch on their way."""
        return cls(a_second, max(1, a_second * 3 // 20))


paces = table_of(PaceTable)

_LOCK = select(paces.c.tokens, paces.c.at, paces.c.paused_until).where(paces.c.channel == bindparam("which"))
_SET = (
    update(paces)
    .where(paces.c.channel == bindparam("which"))
    .values(tokens=bindparam("left"), at=bindparam("now"))
)
_PAUSE = update(paces).where(paces.c.channel == bindparam("which")).values(paused_until=bindparam("until"))


def grant(  # noqa: PLR0913  what a bucket's step hangs on
    connection: Connection, channel: str, rate: Rate, wanted: int, now: datetime, *, spent: int = 0
) -> int:
    """Take up to `wanted` tokens and return how many there were. `spent`: replies that went out since, without asking.

    Whoever calls holds the channel's row until the transaction ends, so that workers do not both take the last token.
    """
    found = connection.execute(_LOCK.with_for_update(), {"which": channel}).first()
    if found is None:
        _begin(connection, channel, now)
        return 0
    tokens, at, paused_until = found
    if paused_until is not None and now < paused_until:
        # What gathers during a pause must not come out at once after it.
        connection.execute(_SET, {"which": channel, "left": 0, "now": now})
        return 0
    gained = max(0, (now - at) // timedelta(microseconds=1)) * rate.a_second
    most = rate.burst * _WHOLE
    full = min(tokens + gained, most) - spent * _WHOLE
    granted = max(0, min(wanted, full // _WHOLE))
    left = max(full - granted * _WHOLE, -rate.a_second * _WHOLE)
    connection.execute(_SET, {"which": channel, "left": left, "now": max(now, at)})
    return int(granted)


def pause(connection: Connection, channel: str, until: datetime) -> None:
    """Let nothing unasked go out before then, in whatever process."""
    connection.execute(_PAUSE, {"which": channel, "until": until})


def _begin(connection: Connection, channel: str, now: datetime) -> None:
    """The first time; two that begin at once race, and one of them runs again."""
    connection.execute(insert(paces).values(channel=channel, tokens=0, at=now, paused_until=None))
