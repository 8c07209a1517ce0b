"""The second factor: time-based codes (RFC 6238, 30 seconds, six digits) and recovery codes that stand in for them."""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime

import pyotp

from flows.staff_sessions import fingerprint

STEP_SECONDS = 30
RECOVERY_CODES = 10
_RECOVERY_BYTES = 15  # 120 bits: enough to be stored as a plain fingerprint
_GROUP = 4
_LOOK_ALIKES = str.maketrans("018", "OIB")  # Base32 has no 0, 1 and 8


def new_secret() -> str:
    """160 random bits, in Base32 as authenticators take them."""
    return b32encode(secrets.token_bytes(20)).decode()


def enrolment_uri(secret: str, name: str, issuer: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def matching_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the 30 seconds to which a code belongs (now, just before or just after); None for a wrong or used one."""
    current = int(now.timestamp()) // STEP_SECONDS
    totp, found = pyotp.TOTP(secret), None
    for step in (current - 1, current, current + 1):
        matches = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if matches and step > last_step:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes, each good once, in groups of four."""
    return [_grouped(b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES)]


def recovery_fingerprint(code: str) -> str:
    """What is stored of a recovery code, however it was typed."""
    signs = "".join(each for each in code.upper() if each.isalnum())
    return fingerprint(f"recovery:{signs.translate(_LOOK_ALIKES)}")


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
