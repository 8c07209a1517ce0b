"""The check code (核对码) that stands on a report: how it looks, and how it is read as people type it.

Three times three signs, so that it is never taken for the code by which questions are handed on, which is twice four.
"""

import re
import secrets
import unicodedata

_LETTERS, _DIGITS = "ABCDEFGHJKMNPQRSTVWXYZ", "23456789"  # nothing that is taken for something else
_GROUPS, _SIGNS = 3, 3
_LONGEST = 60
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−_·.]+")
_CODE = re.compile(rf"[{_LETTERS}{_DIGITS}]{{{_GROUPS * _SIGNS}}}")


def new_check_code() -> str:
    """A fresh code as it is printed: `K7M-Q2X-PD4`; 43 random bits, always with a letter and a digit."""
    while True:
        code = "".join(secrets.choice(_LETTERS + _DIGITS) for _ in range(_GROUPS * _SIGNS))
        if _mixed(code):
            return _grouped(code)


def read_check_code(typed: str) -> str | None:
    """The code that was typed, in small or full-width letters, with any dashes or none; None where it cannot be one."""
    if len(typed) > _LONGEST:
        return None
    said = unicodedata.normalize("NFKC", typed).upper().strip(" 。,，:：“”\"'").removeprefix("核对码")
    plain = _BETWEEN.sub("", said.lstrip(" :："))
    return _grouped(plain) if _CODE.fullmatch(plain) and _mixed(plain) else None


def is_spelled_out(typed: str) -> bool:
    """Whether its three groups stand apart, so that it can hardly be meant for anything else."""
    said = unicodedata.normalize("NFKC", typed).upper().strip(" 。,，:：“”\"'").removeprefix("核对码")
    return read_check_code(typed) is not None and len(_BETWEEN.split(said.strip(" :："))) == _GROUPS


def _mixed(code: str) -> bool:
    return not (code.isalpha() or code.isdecimal())


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _SIGNS] for start in range(0, len(code), _SIGNS))
