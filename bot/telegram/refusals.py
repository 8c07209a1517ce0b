"""How Telegram says no, in the words of the port."""

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from flows.channel import Undeliverable

_REFUSED_SECONDS = 60.0  # a token that is refused is a matter for people, and takes them a while


def is_unchanged(error: TelegramError) -> bool:
    """An edit that changes nothing has succeeded."""
    return isinstance(error, BadRequest) and "not modified" in error.message.lower()


def undeliverable(error: TelegramError) -> Undeliverable:
    """The library's errors as the port tells them: to whom, whether and when it is worth another try."""
    told = f"{type(error).__name__}: {error.message}"
    if isinstance(error, RetryAfter):
        wait = error._retry_after.total_seconds()  # noqa: SLF001  the public one warns of a change to come
        return Undeliverable(told, permanent=False, wait=wait)
    if isinstance(error, Forbidden):
        return Undeliverable(told, permanent=True, gone=True)
    if isinstance(error, InvalidToken):
        return Undeliverable("the token is refused", permanent=False, wait=_REFUSED_SECONDS)
    return Undeliverable(
        told, permanent=isinstance(error, BadRequest)
    )  # which is a NetworkError to the library
