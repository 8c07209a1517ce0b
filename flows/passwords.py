"""Passwords: which are taken, and how they are stored (Argon2id, away from the event loop, at most two at once)."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST, LONGEST = 12, 256
_WORDS = Path(__file__).with_name("common_words.txt")
# What this place is about: the first that somebody would try here.
CONTEXT = (
    *("双融合", "河南", "创新阶梯", "阶梯", "顾问", "工作台", "测评"),
    *(
        "shuangronghe",
        "henan",
        "jieti",
        "chuangxin",
        "guwen",
        "ceping",
        "innovationladder",
        "innovation",
        "ladder",
    ),
)
_ENDINGS = (
    *("", "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "0", "00", "000"),
    *(
        "!",
        "!!",
        "!!!",
        "@",
        "@123",
        "@1234",
        "@123456",
        "#123",
        "#1234",
        "123!",
        "1234!",
        "123456!",
        "123.",
        ".",
    ),
    *(
        "520",
        "1314",
        "5201314",
        "521",
        "666",
        "888",
        "168",
        "8888",
        "6666",
        "007",
        "abc",
        "abc123",
        "qwe",
        "qwerty",
    ),
    *(str(year) for year in range(1985, 2031)),
    *(f"@{year}" for year in range(2015, 2031)),
    *(f"{year}!" for year in range(2015, 2031)),
)
_LEET = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "0": "o", "$": "s", "5": "s", "7": "t"})
_FEW = 4  # fewer different signs than this are no password, however long
_SHORTEST_NAME = 3
_RUN = 4  # from here on, signs that follow each other count as one

_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
_threads = ThreadPoolExecutor(2, "password")


class WeakPasswordError(ValueError):
    """A password that is not taken. The text says why, in Chinese, for whoever chose it."""


def proofread(password: str, name: str) -> None:
    """Refuse a password that is too short, much used, or made of this place's words. Any signs may be in it; none must."""
    if len(password) < SHORTEST:
        raise WeakPasswordError("密码至少要 12 个字符。可以用几个不相干的词连起来。")
    if len(password) > LONGEST:
        raise WeakPasswordError("密码最多 256 个字符。")
    plain = password.casefold()
    if any(word in plain for word in CONTEXT):
        raise WeakPasswordError("密码里不要用本系统的名称，例如河南、双融合。")
    if len(name) >= _SHORTEST_NAME and "".join(name.split()).casefold() in plain:
        raise WeakPasswordError("密码里不要用您的账户名。")
    if _is_monotonous(plain) or plain in common_passwords() or plain.translate(_LEET) in common_passwords():
        raise WeakPasswordError("这个密码太常见，别人容易猜到。请换一个。")


@cache
def common_passwords() -> frozenset[str]:
    """Every much-used password that is long enough to be tried here: each word with each ending, and words in pairs."""
    words = [word for line in _lines() for word in line.split()]
    made = {word + ending for word in words for ending in _ENDINGS}
    made |= {
        word * times + ending for word in words for times in (2, 3, 4) for ending in ("", "1", "123", "!")
    }
    made |= {first + second for first in words for second in words}
    long = {each for each in made if len(each) >= SHORTEST}
    return frozenset(long | {each.translate(_LEET) for each in long})


def _lines() -> Iterator[str]:
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    return (line for line in lines if not line.startswith("#"))


def _is_monotonous(plain: str) -> bool:
    """Few different signs, one piece again and again, or nothing but signs that follow each other."""
    if len(set(plain)) < _FEW or re.fullmatch(r"(.{1,6})\1+", plain):
        return True
    steps = [ord(after) - ord(before) for before, after in pairwise(plain)]
    even = sum(1 for step in steps if step in {0, 1, -1})
    return even >= len(steps) - len(steps) // _RUN


async def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return await asyncio.wrap_future(_threads.submit(_hasher.hash, password))


async def matches(password: str, stored: str | None) -> bool:
    """Whether a password is the stored one. With nothing stored it takes as long, and is not."""
    right = await asyncio.wrap_future(_threads.submit(_verify, password[:LONGEST], stored or _nobodys()))
    return right and stored is not None


def _verify(password: str, stored: str) -> bool:
    return _hasher.verify(password, stored)


@cache
def _nobodys() -> str:
    """What a name that is not there is compared with, so that the time taken does not tell."""
    return _hasher.hash("nobody has this password")
