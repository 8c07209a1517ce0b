"""The notation of quantities in the rule files and in our own words: 亿, 万, %, 年-月, 年-月-日.

What is known of a number (bounds, about) is in intervals.py; reading what owners type is in flows/answers.
"""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

Number = int | Decimal
WAN = 10_000
YI = 100_000_000
_AMOUNT = re.compile(r"(\d{1,18}(?:\.\d{1,12})?)([亿万]?)元?", re.ASCII)
_PERCENT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)%", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_yuan(text: str) -> int | None:
    """`5000万`, `1.5亿`, `300元` -> whole yuan; None where it is not an amount or not a whole number of yuan."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    yuan = Fraction(match[1]) * {"亿": YI, "万": WAN, "": 1}[match[2]]
    return int(yuan) if yuan.denominator == 1 else None


def read_percent(text: str) -> Decimal | None:
    """`15%` -> Decimal("15"), in percentage points."""
    match = _PERCENT.fullmatch(text)
    return None if match is None else Decimal(match[1])


def read_whole(text: str) -> int | None:
    """`2025`, `-3` -> int; None where it is no whole number or has more than 18 digits."""
    return int(text) if _WHOLE.fullmatch(text) else None


def read_month(text: str) -> int | None:
    """`2025-09` -> months since year 0; months compare and subtract as whole numbers."""
    match = _MONTH.fullmatch(text)
    return None if match is None else int(match[1]) * 12 + int(match[2]) - 1


def read_day(text: str) -> date | None:
    """`2025-09-01` and no other form -> date."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def show_month(months: int) -> str:
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def show_number(number: Number) -> str:
    """Plain digits without trailing zeros: `3.2`, `15`."""
    text = f"{number:f}" if isinstance(number, Decimal) else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_yuan(yuan: Number) -> str:
    """Exact, in the unit people say: `3.2亿元`, `4999万元`, `6666.6666万元`, `800元`."""
    size = yuan if yuan >= 0 else -yuan
    if size >= YI and yuan % WAN == 0:
        return f"{show_number(Decimal(yuan).scaleb(-8))}亿元"
    if size >= WAN:
        return f"{show_number(Decimal(yuan).scaleb(-4))}万元"
    return f"{show_number(yuan)}元"
