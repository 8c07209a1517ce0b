"""The bot's token is part of every address of the Bot API: no line that this process writes may show one."""

import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any

_TOKEN = re.compile(r"\d+:[\w-]{30,}")
_LOQUACIOUS = ("httpx", "httpcore", "aiohttp", "telegram")


def mask(text: str) -> str:
    """The text without tokens."""
    return _TOKEN.sub("<token>", text)


def keep_tokens_out() -> None:
    """Mask every record of every logger, every warning, and the last words of the process and its threads."""
    for name in _LOQUACIOUS:
        logging.getLogger(name).setLevel(logging.WARNING)
    make = logging.getLogRecordFactory()
    if not isinstance(make, _Masking):
        logging.setLogRecordFactory(_Masking(make))
        sys.excepthook = _last_words
        threading.excepthook = _last_words_of_a_thread
        warnings.formatwarning = _masking(warnings.formatwarning)


class _Masking:
    """A factory of records, so that no handler of anybody's can come before it."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401  as logging calls it
        record = self._make(*args, **kwargs)
        try:
            told, is_whole = record.getMessage(), True
        except Exception:  # noqa: BLE001  a mistake in a line of the log must not reach who writes it
            told, is_whole = f"{record.msg!r} % {record.args!r}", False
        if not is_whole or _TOKEN.search(told):
            record.msg, record.args = mask(told), ()
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = mask(logging.Formatter().formatException(record.exc_info))
        return record


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(f"{mask(logging.Formatter().formatException((kind, error, trace)))}\n")


def _last_words_of_a_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        _last_words(told.exc_type, told.exc_value, told.exc_traceback)


def _masking(write: Callable[..., str]) -> Callable[..., str]:
    def masked(*args: Any, **kwargs: Any) -> str:  # noqa: ANN401  as warnings calls it
        return mask(write(*args, **kwargs))

    return masked
