"""How much may be asked for, and what comes too fast, too big, too slow or in the wrong form."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from tests.web.conftest import build
from web.bodies import BodyGuard
from web.errors import ErrorPages
from web.limits import Buckets, Limits, Rate, RateLimiter

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
ALICE, BOB = {"Cookie": f"ladder={'a' * 43}"}, {"Cookie": f"ladder={'b' * 43}"}
TIGHT = Limits(
    reads_of_visitor=Rate(3, 0.02),
    writes_of_visitor=Rate(2, 0.02),
    codes_of_visitor=Rate(1, 0.02),
    reads_of_address=Rate(8, 0.01),
    writes_of_address=Rate(5, 0.01),
    codes_of_address=Rate(3, 0.01),
)


def test_a_bucket_gives_its_burst_and_then_as_it_fills() -> None:
    now = [0.0]
    bucket = Buckets(Rate(2, 0.5), 10, lambda: now[0])
    assert [bucket.take(b"a") for _ in range(3)] == [0, 0, 2.0]
    now[0] = 1.0
    assert bucket.take(b"a") == 1.0
    now[0] = 2.0
    assert bucket.take(b"a") == 0
    now[0] = 1000.0
    assert [bucket.take(b"a") for _ in range(3)] == [0, 0, 2.0], "never more than its burst"


def test_buckets_forget_the_longest_unused_and_never_grow_beyond_their_bound() -> None:
    bucket = Buckets(Rate(1, 0.001), 3, lambda: 0.0)
    for key in (b"a", b"b", b"c", b"a", b"d"):
        bucket.take(key)
    assert len(bucket) == 3
    assert bucket.take(b"a") > 0, "used again, so still known"
    assert bucket.take(b"b") == 0, "forgotten"


def test_a_visitor_who_is_too_quick_is_told_how_long_to_wait_and_others_go_on(shipped_url: str) -> None:
    with TestClient(build(shipped_url, TIGHT)) as browser:
        alice = [browser.get("/plan", headers=ALICE) for _ in range(4)]
        bob = browser.get("/plan", headers=BOB)
    assert [each.status_code for each in alice] == [200, 200, 200, 429]
    assert bob.status_code == 200
    assert 1 <= int(alice[3].headers["retry-after"]) <= 50
    assert "没有丢" in alice[3].text
    assert alice[3].headers["content-security-policy"]


def test_an_address_has_its_bound_whatever_cookies_it_makes_up(shipped_url: str) -> None:
    with TestClient(build(shipped_url, TIGHT)) as browser:
        found = [
            browser.get("/plan", headers={"Cookie": f"ladder={f'{number:043}'}"}).status_code
            for number in range(10)
        ]
    assert found.count(200) == 8
    assert found[8:] == [429, 429]


def test_writing_has_a_bound_of_its_own_and_so_have_codes(shipped_url: str) -> None:
    with TestClient(build(shipped_url, TIGHT)) as browser:
        writes = [
            browser.post("/echo", data={"said": "1"}, headers={**FORM, **ALICE}).status_code for _ in range(3)
        ]
        codes = [
            browser.post("/resume", data={"code": "1"}, headers={**FORM, **ALICE}).status_code
            for _ in range(2)
        ]
        asked = [browser.get("/check?code=1", headers=BOB).status_code for _ in range(2)]
        read = browser.get("/plan", headers=ALICE).status_code
    assert writes == [200, 200, 429]
    assert codes[0] != 429
    assert codes[1] == 429
    assert asked[0] != 429
    assert asked[1] == 429
    assert read == 200


def test_an_office_behind_one_address_and_a_long_talk_have_room(shipped_url: str) -> None:
    with TestClient(build(shipped_url, Limits())) as browser:
        for number in range(40):
            cookie = {"Cookie": f"ladder={f'{number:043}'}"}
            statuses = {
                browser.post("/echo", data={"said": "1"}, headers={**FORM, **cookie}).status_code
                for _ in range(25)
            }
            assert statuses == {200}


def test_a_made_up_forwarded_address_is_not_believed(shipped_url: str) -> None:
    """Only the server's own list of trusted proxies turns that header into an address; the application never reads it."""
    with TestClient(build(shipped_url, TIGHT)) as browser:
        found = [
            browser.get("/plan", headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code
            for number in range(10)
        ]
    assert found[8:] == [429, 429]


def test_assets_are_never_refused(shipped_url: str) -> None:
    with TestClient(build(shipped_url, TIGHT)) as browser:
        assert {browser.get("/static/none.css").status_code for _ in range(30)} == {404}


async def test_addresses_are_kept_as_hashes_and_a_network_counts_as_one(shipped_url: str) -> None:
    limiter = _limiter(shipped_url)
    for host in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "203.0.113.7", "::ffff:203.0.113.7"):
        await _ask(limiter, host)
    kept = limiter._buckets["reads", "address"]._filled  # what is held in memory is the point here
    assert len(kept) == 2
    assert not any(b"203" in key or b"2001" in key for key in kept)


def _limiter(url: str) -> RateLimiter:
    async def nothing(_scope: object, _receive: object, _send: object) -> None:
        return

    assert url
    return RateLimiter(nothing, Limits(), _no_errors())


async def _ask(limiter: RateLimiter, host: str) -> None:
    scope = {
        "type": "http",
        "path": "/",
        "method": "GET",
        "headers": [],
        "query_string": b"",
        "client": (host, 1),
    }

    async def receive() -> dict[str, str]:
        raise AssertionError

    async def send(_message: object) -> None:
        raise AssertionError

    await limiter(scope, receive, send)


def _no_errors() -> ErrorPages:
    return None  # type: ignore[return-value]  # nothing is refused there


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_bound_is_refused_whether_or_not_it_says_so(
    browser: TestClient, *, declared: bool
) -> None:
    body = b"said=" + b"1" * 1_000_000
    pieces = body if declared else (body[at : at + 10_000] for at in range(0, len(body), 10_000))
    answer = browser.post("/echo", content=pieces, headers=FORM)
    assert answer.status_code == 413
    assert "太长" in answer.text


def test_a_body_at_the_bound_arrives_whole(browser: TestClient) -> None:
    body = b"said=" + b"a" * (64 * 1024 - 5)
    answer = browser.post("/echo", content=body, headers=FORM)
    assert answer.status_code == 200
    assert len(answer.json()["said"]) == 64 * 1024 - 5


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "multipart/form-data; boundary=x", "text/plain", "application/xml", ""],
)
def test_only_forms_are_taken(browser: TestClient, content_type: str) -> None:
    headers = {**FORM, "Content-Type": content_type}
    assert browser.post("/echo", content=b"said=1", headers=headers).status_code == 415


@pytest.mark.parametrize("length", ["-1", "1e3", "", "9" * 5000, "1" * 13])
def test_a_length_that_is_no_number_or_too_big_is_refused(browser: TestClient, length: str) -> None:
    headers = {**FORM, "Content-Length": length}
    assert browser.post("/echo", content=b"said=1", headers=headers).status_code in {400, 413}


async def test_who_sends_slowly_is_cut_off_and_who_hangs_up_sends_nothing(shipped_url: str) -> None:
    """Half a form must never count: an amount may be cut in two."""
    seen: list[object] = []

    async def app(scope: object, _receive: object, _send: object) -> None:
        seen.append(scope)

    application = build(shipped_url)
    given: list[Any] = [each.kwargs.get("errors") for each in application.user_middleware]
    errors = next(each for each in given if each)
    guard = BodyGuard(app, Limits(body_seconds=0.05), errors)
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"10")]
    scope = {"type": "http", "path": "/", "method": "POST", "headers": headers, "query_string": b""}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def slowly() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"a", "more_body": True}

    await guard(scope, slowly, send)
    assert sent[0]["status"] == 408
    parts: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"said=32", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def hanging_up() -> Message:
        return next(parts)

    await guard(scope, hanging_up, send)
    assert seen == []
