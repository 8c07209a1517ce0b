"""Second factors at rest: unreadable without the key, bound to their row, readable after the keys are rotated."""

import pytest

from flows.sealing import UnsealError, is_sealed, keyed_digest, seal, unseal
from flows.second_factor import new_secret

KEYS = ("the newer of two keys", "the older of two keys")


def test_what_is_sealed_opens_again_and_shows_nothing() -> None:
    secret = new_secret()
    sealed = seal(secret, "row", KEYS)
    assert is_sealed(sealed)
    assert secret not in sealed
    assert unseal(sealed, "row", KEYS) == secret
    assert seal(secret, "row", KEYS) != sealed, "a nonce of its own each time"


def test_an_older_key_still_opens_what_it_sealed() -> None:
    secret = new_secret()
    assert unseal(seal(secret, "row", KEYS[1:]), "row", KEYS) == secret


@pytest.mark.parametrize(("whose", "keys"), [("another row", KEYS), ("row", ("a third key",)), ("row", ())])
def test_another_row_or_another_key_opens_nothing(whose: str, keys: tuple[str, ...]) -> None:
    sealed = seal(new_secret(), "row", KEYS)
    with pytest.raises(UnsealError):
        unseal(sealed, whose, keys)


def test_a_row_changed_by_hand_does_not_open() -> None:
    sealed = seal(new_secret(), "row", KEYS)
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(UnsealError):
        unseal(changed, "row", KEYS)


def test_without_keys_it_stays_readable_and_says_so() -> None:
    secret = new_secret()
    sealed = seal(secret, "row", ())
    assert not is_sealed(sealed)
    assert unseal(sealed, "row", KEYS) == secret, "a key that is set later does not lock anybody out"


def test_only_a_short_secret_is_sealed() -> None:
    with pytest.raises(ValueError, match="short"):
        seal("A" * 64, "row", KEYS)


def test_a_digest_depends_on_the_key() -> None:
    assert keyed_digest("192.0.2.1", KEYS) != keyed_digest("192.0.2.1", KEYS[1:])
