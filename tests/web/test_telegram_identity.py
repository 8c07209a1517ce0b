"""initData: what Telegram signed is believed, and nothing else; the vectors are made by an independent implementation."""

import base64
import json
import subprocess
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from web.telegram_identity import NotFromTelegramError, Once, telegram_user

TOKEN = "7000000001:AAabcdefghijklmnopqrstuvwxyz_012345"
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
USER = {"id": 279058397, "first_name": "老王", "language_code": "zh-hans", "is_premium": True}


def _xor(data: bytes, byte: int) -> bytes:
    return bytes(each ^ byte for each in data.ljust(64, b"\0"))


def _sha256(data: bytes) -> bytes:
    """By openssl, so that nothing here is shared with what is tested."""
    made = subprocess.run(
        ["openssl", "dgst", "-sha256", "-binary"], input=data, capture_output=True, check=True
    )
    return made.stdout


def _hmac(key: bytes, data: bytes) -> bytes:
    """As RFC 2104 writes it."""
    key = key if len(key) <= 64 else _sha256(key)
    return _sha256(_xor(key, 0x5C) + _sha256(_xor(key, 0x36) + data))


def signed(fields: dict[str, str], token: str = TOKEN) -> str:
    lines = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
    made = _hmac(_hmac(b"WebAppData", token.encode()), lines.encode()).hex()
    return urlencode({**fields, "hash": made}, quote_via=quote)


def fields(at: datetime = NOW, **more: str) -> dict[str, str]:
    told = {"query_id": "AAHdF6IQ", "user": json.dumps(USER), "auth_date": str(int(at.timestamp()))}
    return {**told, "signature": base64.urlsafe_b64encode(b"x" * 64).decode().rstrip("="), **more}


def test_the_published_vector_of_hmac_holds_for_the_tests_own() -> None:
    """RFC 4231, test case 2: else the vectors would prove nothing."""
    made = _hmac(b"Jefe", b"what do ya want for nothing?").hex()
    assert made == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_what_telegram_signed_tells_who_it_is() -> None:
    assert telegram_user(signed(fields()), TOKEN, NOW) == 279058397
    assert telegram_user(signed(fields()).replace("%20", "+"), TOKEN, NOW) == 279058397


@pytest.mark.parametrize("age", [0, 299, 300, -59, -60])
def test_it_is_good_for_five_minutes(age: int) -> None:
    assert telegram_user(signed(fields(NOW - timedelta(seconds=age))), TOKEN, NOW)


@pytest.mark.parametrize("age", [301, 86_400, -61, -86_400])
def test_what_is_old_or_from_the_future_is_refused(age: int) -> None:
    with pytest.raises(NotFromTelegramError, match="not of now"):
        telegram_user(signed(fields(NOW - timedelta(seconds=age))), TOKEN, NOW)


def test_another_bots_word_is_refused() -> None:
    with pytest.raises(NotFromTelegramError, match="another"):
        telegram_user(signed(fields(), f"{TOKEN}6"), TOKEN, NOW)


@pytest.mark.parametrize("name", ["query_id", "user", "auth_date", "signature"])
def test_a_field_that_was_changed_left_out_or_doubled_is_refused(name: str) -> None:
    whole, told = signed(fields()), fields()[name]
    pair = urlencode({name: told}, quote_via=quote)
    assert pair in whole
    for changed in (whole.replace(pair, f"{pair}1"), whole.replace(f"{pair}&", ""), f"{whole}&{pair}"):
        with pytest.raises(NotFromTelegramError):
            telegram_user(changed, TOKEN, NOW)


@pytest.mark.parametrize(
    "user",
    [
        *("", "null", "[]", '"279058397"', "{}", '{"id": "1"}', '{"id": true}', '{"id": 1.0}', '{"id": 0}'),
        *('{"id": -1001}', '{"id": 4503599627370496}', '{"id": 1, "is_bot": true}', "[" * 2000, "{"),
    ],
)
def test_who_is_no_person_is_refused_though_it_is_signed(user: str) -> None:
    with pytest.raises(NotFromTelegramError):
        telegram_user(signed(fields(user=user)), TOKEN, NOW)


@pytest.mark.parametrize("auth_date", ["", "soon", "-1", "1e9", "٣", "9" * 13, " 1795413600"])
def test_no_auth_date_is_none(auth_date: str) -> None:
    with pytest.raises(NotFromTelegramError):
        telegram_user(signed(fields(auth_date=auth_date)), TOKEN, NOW)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: quote(raw) + "=1"))
@example("")
@example("hash=")
@example("a" * 5000)
@example("&" * 40)
@example("%ff=1&hash=" + "0" * 64)
@example("user=%ud800&hash=" + "0" * 64)
@example("\ud800=1&hash=" + "0" * 64)
def test_whatever_comes_is_refused_and_nothing_breaks(told: str) -> None:
    with pytest.raises(NotFromTelegramError):
        telegram_user(told, TOKEN, NOW)


_WHOLE = signed(fields())


@given(st.integers(0, len(_WHOLE) - 1), st.characters(codec="ascii"))
def test_no_single_sign_can_be_changed(at: int, sign: str) -> None:
    changed = _WHOLE[:at] + sign + _WHOLE[at + 1 :]
    try:
        assert telegram_user(changed, TOKEN, NOW) == 279058397
    except NotFromTelegramError:
        return
    # Believed all the same: then only the spelling differs, as %2f does from %2F.
    assert changed.lower().replace("+", "%20") == _WHOLE.lower()


def test_each_is_good_once_however_it_is_written() -> None:
    once, whole = Once(), signed(fields())
    pairs = whole.split("&")
    assert once.is_first(whole, NOW)
    assert not once.is_first(whole, NOW + timedelta(minutes=5))
    assert not once.is_first("&".join(reversed(pairs)), NOW)
    assert once.is_first(signed(fields(query_id="other")), NOW)
    assert once.is_first(whole, NOW + timedelta(minutes=8))  # by then it is refused for its age
