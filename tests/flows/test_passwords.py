"""Passwords: long ones of any kind are taken, common ones and this place's words are not; stored by Argon2id."""

import asyncio
import time

import pytest

from flows.passwords import WeakPasswordError, common_passwords, hash_password, matches, proofread

LIKED = (
    "correct horse battery staple",
    "蓝色火车头7步过桥走廊里等",
    "Tq9!vR2#kW" * 3 + "pL5$" * 9 + "mN",
    " leading and trailing ",
    "🚂🚂🌉🌙☕📚🎻🪁🧭🗝🪵🧊",
)
COMMON = (
    *(
        "password1234",
        "PASSWORD1234",
        "P@ssw0rd1234",
        "qwertyuiop123",
        "111111111111",
        "abcdefghijkl",
        "woaini5201314",
    ),
    *(
        "123456789012",
        "1q2w3e4r5t1q2w3e4r5t",
        "iloveyouiloveyou",
        "zhongguo2025",
        "abcabcabcabcabc",
        "adminadmin123",
        "qwerty123456",
    ),
)


@pytest.mark.parametrize("password", LIKED)
def test_a_long_password_of_any_signs_is_taken(password: str) -> None:
    proofread(password, "luoyang")


@pytest.mark.parametrize("password", COMMON)
def test_a_common_one_is_not(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        proofread(password, "luoyang")


@pytest.mark.parametrize("length", [0, 1, 11])
def test_a_short_one_is_not(length: int) -> None:
    with pytest.raises(WeakPasswordError, match="12"):
        proofread("T9!vR2#kQ4w8"[:length], "luoyang")


def test_sixty_four_signs_and_more_are_taken_and_all_of_them_count() -> None:
    async def check() -> None:
        password = "Tq9!vR2#kW" * 7
        stored = await hash_password(password)
        assert await matches(password, stored)
        assert not await matches(password[:-1], stored)
        assert not await matches(password.lower(), stored)

    asyncio.run(check())


@pytest.mark.parametrize(
    "password", ["双融合的密码就是这一个呀", "my Henan pass phrase", "xx jieti xx yy zz", "Innovation2099xyz"]
)
def test_words_of_this_place_are_not_taken(password: str) -> None:
    with pytest.raises(WeakPasswordError, match="名称"):
        proofread(password, "luoyang")


def test_ones_own_name_is_not_taken() -> None:
    with pytest.raises(WeakPasswordError, match="账户名"):
        proofread("the Zhang San phrase: zhangsan!", "Zhang San")


def test_the_list_holds_thousands_that_are_long_enough_to_be_tried() -> None:
    assert len(common_passwords()) >= 3000
    assert all(len(each) >= 12 for each in common_passwords())


def test_what_is_stored_is_argon2id_with_a_salt_of_its_own() -> None:
    async def check() -> None:
        first, second = await hash_password("Tq9!vR2#kW88"), await hash_password("Tq9!vR2#kW88")
        assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert first != second

    asyncio.run(check())


def test_a_name_that_is_not_there_takes_as_long() -> None:
    async def check() -> tuple[float, float]:
        stored = await hash_password("Tq9!vR2#kW88")
        await matches("x", None)  # makes what strangers are compared with
        times = []
        for known in (stored, None):
            each = []
            for _ in range(5):
                start = time.perf_counter()
                assert not await matches("wrong", known)
                each.append(time.perf_counter() - start)
            times.append(min(each))
        return times[0], times[1]

    known, unknown = asyncio.run(check())
    assert 0.3 < known / unknown < 3
