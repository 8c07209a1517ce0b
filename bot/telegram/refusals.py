"""How Telegram says no, in the words of the port."""

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.telegram.request import Unsure
from flows.channel import Undeliverable

_REFUSED_SECONDS = 60.0  # a token that is refused is a matter for people, and takes them a while
_PAGE = ". Parsing"  # what the library says before it shows a whole page that is no answer of Telegram's
_LONGEST = 200
_MUTED = ("not enough rights", "have no rights to send")  # a group in which we may not write


def is_unchanged(error: TelegramError) -> bool:
    """An edit that changes nothing has succeeded."""
    return isinstance(error, BadRequest) and "not modified" in error.message.lower()


def told(error: TelegramError) -> str:
    """The error in one short line, without the page that a proxy may have sent."""
    return f"{type(error).__name__}: {error.message.split(_PAGE, 1)[0][:_LONGEST]}"


def undeliverable(error: TelegramError, shown: int = 0) -> Undeliverable:
    """The library's errors as the port tells them: to whom, whether and when it is worth another try."""
    if isinstance(error, RetryAfter):
        wait = error._retry_after.total_seconds()  # noqa: SLF001  the public one warns of a change to come
        return Undeliverable(told(error), permanent=False, wait=wait, shown=shown)
    if isinstance(error, InvalidToken):
        return Undeliverable("the token is refused", permanent=False, wait=_REFUSED_SECONDS, shown=shown)
    # A refusal that is no JSON is a proxy's, not Telegram's; BadRequest is a NetworkError to the library.
    refused = isinstance(error, Forbidden | BadRequest) and _PAGE not in error.message
    gone = refused and (
        isinstance(error, Forbidden) or any(words in error.message.lower() for words in _MUTED)
    )
    return Undeliverable(
        told(error), permanent=refused, gone=gone, shown=shown, unsure=isinstance(error, Unsure)
    )
