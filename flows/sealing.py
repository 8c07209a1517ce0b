"""Small secrets at rest: sealed with a key that the database does not hold, so that a stolen copy of it gives none away.

The standard library has no cipher. A secret of at most 32 bytes is masked by one block of HMAC-SHA-256 over a fresh nonce (a
pseudo-random function used once a nonce) and then authenticated; keys come from LADDER_SECRET_KEYS (docs/adr/0017).
"""

import hashlib
import hmac
import secrets
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

_PLAIN, _SEALED = "plain", "hmac1"
_NONCE, _TAG = 16, 32


class UnsealError(Exception):
    """No key that is set opens this: a key was taken away, or the row was changed by hand."""


def seal(secret: str, whose: str, keys: Sequence[str]) -> str:
    """Seal a Base32 secret of at most 32 bytes for `whose` row, with the first key; without keys it stays readable."""
    if not keys:
        return f"{_PLAIN}:{secret}"
    nonce = secrets.token_bytes(_NONCE)
    masked = _mask(b32decode(secret), keys[0], nonce)
    tag = _tag(masked, keys[0], nonce, whose)
    return f"{_SEALED}:{urlsafe_b64encode(nonce + tag + masked).decode()}"


def unseal(sealed: str, whose: str, keys: Sequence[str]) -> str:
    """Return the Base32 secret. Raises UnsealError."""
    kind, _, rest = sealed.partition(":")
    if kind == _PLAIN:
        return rest
    raw = urlsafe_b64decode(rest)
    nonce, tag, masked = raw[:_NONCE], raw[_NONCE : _NONCE + _TAG], raw[_NONCE + _TAG :]
    for key in keys:
        if hmac.compare_digest(tag, _tag(masked, key, nonce, whose)):
            return b32encode(_mask(masked, key, nonce)).decode()
    raise UnsealError("LADDER_SECRET_KEYS holds no key that opens this second factor; reset the account")


def is_sealed(sealed: str) -> bool:
    return sealed.startswith(f"{_SEALED}:")


def keyed_digest(words: str, keys: Sequence[str]) -> str:
    """A fingerprint that cannot be found by trying (with a key set); for what is compared and never shown."""
    key = keys[0] if keys else ""
    return hmac.new(_derived(key, b"digest"), words.encode(), hashlib.sha256).hexdigest()


def _mask(data: bytes, key: str, nonce: bytes) -> bytes:
    block = hmac.digest(_derived(key, b"mask"), nonce, "sha256")
    if len(data) > len(block):
        raise ValueError("only a short secret can be sealed")
    return bytes(each ^ other for each, other in zip(data, block, strict=False))


def _tag(masked: bytes, key: str, nonce: bytes, whose: str) -> bytes:
    return hmac.digest(_derived(key, b"tag"), nonce + masked + whose.encode(), "sha256")


def _derived(key: str, purpose: bytes) -> bytes:
    return hmac.digest(key.encode(), b"innovation-ladder staff " + purpose, "sha256")
