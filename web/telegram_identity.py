"""Who Telegram says opens the Mini App: `initData`, signed with the bot's token. Parsed strictly, checked before it is read.

Source: core.telegram.org/bots/webapps, "Validating data received via the Mini App".
"""

import hashlib
import hmac
import json
import re
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from threading import Lock
from urllib.parse import parse_qsl

LONGEST = 4096
FRESH, AHEAD = timedelta(minutes=5), timedelta(minutes=1)
_MOST_FIELDS = 30
_MOST = 10_000  # whoever can make more within minutes has the token
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_SECONDS = re.compile(r"[0-9]{1,12}")
_LONGEST_NAME = 40
_LARGEST_ID = 2**52  # "at most 52 significant bits"


class NotFromTelegramError(ValueError):
    """It cannot be believed. The text says why, for tests; people are told the same whatever it is."""


def telegram_user(init_data: str, token: str, now: datetime) -> int:
    """The id of who opened the Mini App, which is the id of their private chat too. Raises NotFromTelegramError."""
    fields = _fields(init_data)
    told = fields.pop("hash", "")
    if _SIGNATURE.fullmatch(told) is None:
        raise NotFromTelegramError("no hash")
    checked = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    if not hmac.compare_digest(hmac.new(key, checked.encode(), hashlib.sha256).hexdigest(), told):
        raise NotFromTelegramError("the hash is another")
    _is_fresh(fields.get("auth_date", ""), now)
    return _person(fields.get("user", ""))


def name_in(init_data: str) -> str:
    """What the user whom `telegram_user` believed calls themselves, cut to what a line holds."""
    user = json.loads(_fields(init_data)["user"])
    named = (str(user.get(part) or "") for part in ("first_name", "last_name"))
    return " ".join(filter(None, named))[:_LONGEST_NAME]


def _fields(init_data: str) -> dict[str, str]:
    if not 0 < len(init_data) <= LONGEST:
        raise NotFromTelegramError("too long, or nothing")
    try:
        pairs = parse_qsl(
            init_data,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
        fields = dict(pairs)
        "".join([*fields, *fields.values()]).encode()
    except ValueError:
        raise NotFromTelegramError("no query string in UTF-8") from None
    if len(fields) != len(pairs):
        raise NotFromTelegramError("a field twice")
    return fields


def _is_fresh(told: str, now: datetime) -> None:
    if _SECONDS.fullmatch(told) is None:
        raise NotFromTelegramError("no auth_date")
    age = now.timestamp() - int(told)
    if not -AHEAD.total_seconds() <= age <= FRESH.total_seconds():
        raise NotFromTelegramError("not of now")


def _person(told: str) -> int:
    try:
        user = json.loads(told)
    except (ValueError, RecursionError):
        raise NotFromTelegramError("no user") from None
    number = user.get("id") if isinstance(user, dict) else None
    if type(number) is not int or not 0 < number < _LARGEST_ID or user.get("is_bot"):
        raise NotFromTelegramError("no person")
    return number


class Once:
    """Each initData is good once, as long as it is fresh. In memory: a process that starts anew has forgotten them."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = Lock()

    def is_first(self, init_data: str, now: datetime) -> bool:
        """Whether it was not seen yet; from now on it was. However its fields are ordered or written, its hash is one."""
        key = hashlib.sha256(_fields(init_data)["hash"].encode()).digest()
        with self._lock:
            while self._seen and next(iter(self._seen.values())) < now - FRESH - 2 * AHEAD:
                self._seen.popitem(last=False)
            if key in self._seen or len(self._seen) >= _MOST:
                return False
            self._seen[key] = now
            return True


def clock() -> datetime:
    """The time by which initData is fresh or not."""
    return datetime.now(UTC)
