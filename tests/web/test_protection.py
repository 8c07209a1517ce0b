"""What stands between the network and the pages: headers on every answer, forged requests refused, errors in plain words."""

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from tests.web.conftest import build
from web.forgery import origin_of
from web.protection import HEADERS
from web.visitors import form_token

SECRET = "s" * 43
SAME = {"Sec-Fetch-Site": "same-origin"}


def is_protected(headers: dict[str, str]) -> bool:
    """A page may say less of where people come from than the others do, and nothing else of its own."""
    stricter = {**HEADERS, "Referrer-Policy": "no-referrer"}
    return any(
        all(headers.get(name.lower()) == value for name, value in allowed.items())
        for allowed in (HEADERS, stricter)
    )


def routes_of(routes: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route with its whole path, also of routers that were included."""
    for route in routes:
        if hasattr(route, "original_router"):
            inner = prefix + str(getattr(route.include_context, "prefix", "") or "")
            yield from routes_of(route.original_router.routes, inner)
        else:
            yield prefix + route.path, route


def paths_of(app: FastAPI) -> list[tuple[str, str]]:
    """Every method and path of the application, with something in place of what varies."""
    found = [
        (method, re.sub(r"\{[^}]*\}", "5", path))
        for path, route in routes_of(app.routes)
        for method in sorted(getattr(route, "methods", None) or ())
    ]
    assert {("GET", "/plan/5"), ("HEAD", "/"), ("GET", "/healthz"), ("POST", "/echo")} <= set(found)
    return found


def test_every_answer_of_every_route_carries_every_protective_header(
    application: FastAPI, browser: TestClient
) -> None:
    known = paths_of(application)
    assert len(known) > 10
    for method, path in known:
        answer = browser.request(method, path, headers=SAME)
        assert is_protected(dict(answer.headers)), (method, path)
        assert answer.headers["cache-control"], (method, path)


def test_every_refusal_carries_every_protective_header_and_is_kept_by_nobody(browser: TestClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", **SAME}
    refused = {
        403: browser.post("/echo", headers={"Sec-Fetch-Site": "cross-site"}),
        404: browser.get("/nowhere"),
        405: browser.put("/", headers=SAME),
        413: browser.post("/echo", content=b"said=" + b"a" * 70_000, headers=form),
        414: browser.get("/" + "a" * 5000),
        415: browser.post("/echo", json={"said": "1"}, headers=SAME),
        422: browser.post("/echo", content=b"said=%00", headers=form),
        431: browser.get("/", headers={"X-Long": "a" * 20_000}),
        500: browser.get("/boom"),
    }
    for status, answer in refused.items():
        assert answer.status_code == status
        assert is_protected(dict(answer.headers)), status
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"].startswith("text/html")
        assert re.search("[\u4e00-\u9fff]{4}", answer.text), status
        assert '"detail"' not in answer.text


def test_what_is_nobodys_own_and_says_nothing_of_caching_is_not_kept(browser: TestClient) -> None:
    assert browser.get("/healthz").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("public_url", "kept"), [("https://testserver", True), ("", False)])
def test_https_is_insisted_on_where_people_come_by_it(
    shipped_url: str, public_url: str, *, kept: bool
) -> None:
    with TestClient(build(shipped_url, public_url=public_url)) as browser:
        answers = [browser.get(path) for path in ("/", "/nowhere", "/boom")]
    assert all(("strict-transport-security" in each.headers) == kept for each in answers)
    if kept:
        assert "max-age=31536000" in answers[0].headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://testserver:80"}, True),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://testserver:8080"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://["}, False),
        ({}, False),
    ],
)
def test_a_request_that_another_site_may_have_sent_is_not_carried_out(
    browser: TestClient, headers: dict[str, str], *, passes: bool
) -> None:
    answer = browser.post("/echo", data={"said": "3.2亿"}, headers=headers)
    assert answer.status_code == (200 if passes else 403)
    assert ("3.2亿" in answer.text) == passes


@pytest.mark.parametrize("cookie", ["ladder", "__Host-ladder", "ladder-staff", "__Host-ladder-staff"])
def test_a_browser_that_does_not_say_shows_the_token_of_its_cookie(browser: TestClient, cookie: str) -> None:
    def sent(token: str, carried: str, origin: str | None = None) -> int:
        headers = {"Cookie": carried} | ({"Origin": origin} if origin else {})
        return browser.post("/echo", data={"said": "1", "form_token": token}, headers=headers).status_code

    good = form_token(SECRET)
    assert sent(good, f"{cookie}={SECRET}") == 200
    assert sent(good, f"{cookie}={SECRET}", "null") == 200
    assert sent(good, f"{cookie}={SECRET}", "http://evil.example") == 403
    assert sent(form_token("t" * 43), f"{cookie}={SECRET}") == 403
    assert sent("", f"{cookie}={SECRET}") == 403
    assert sent(good, "") == 403
    assert sent(form_token(""), f"{cookie}=") == 403
    assert sent(good, f"other={SECRET}") == 403


def test_a_token_sent_twice_is_none(browser: TestClient) -> None:
    token = form_token(SECRET)
    twice = f"form_token={token}&form_token={token}"
    headers = {"Cookie": f"ladder={SECRET}", "Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post("/echo", content=twice, headers=headers).status_code == 403


def test_with_a_public_address_only_its_origin_is_ours(shipped_url: str) -> None:
    with TestClient(build(shipped_url, public_url="https://ladder.example")) as browser:
        host = {"Host": "ladder.example"}
        ours = browser.post("/echo", data={"said": "1"}, headers={**host, "Origin": "https://ladder.example"})
        other = browser.post("/echo", data={"said": "1"}, headers={**host, "Origin": "http://ladder.example"})
    assert (ours.status_code, other.status_code) == (200, 403)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Ladder.Example:443/x", "https://ladder.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("ftp://x", ""),
        ("https://x:99999", ""),
        ("", ""),
        ("https://", ""),
    ],
)
def test_an_origin_is_told_one_way(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_only_the_public_host_is_answered_and_the_health_check_to_any(shipped_url: str) -> None:
    with TestClient(build(shipped_url, public_url="https://ladder.example")) as browser:
        statuses = {
            host: browser.get("/", headers={"Host": host}).status_code
            for host in (
                "ladder.example",
                "ladder.example:443",
                "evil.example",
                "ladder.example.evil",
                "[",
                "",
            )
        }
        assert browser.get("/healthz", headers={"Host": "10.0.0.7:8000"}).text == "ok"
    assert statuses == {
        **dict.fromkeys(("ladder.example", "ladder.example:443"), 200),
        **dict.fromkeys(("evil.example", "ladder.example.evil", "[", ""), 421),
    }


def test_nothing_redirects_to_a_host_that_the_request_named(
    application: FastAPI, browser: TestClient
) -> None:
    doubtful = ["//evil.example", "//evil.example/..", "/plan/", "/%5cevil.example", "/https://evil.example"]
    for path in (*doubtful, *(path for method, path in paths_of(application) if method == "GET")):
        for query in ("", "?next=https://evil.example", "?url=//evil.example"):
            target = f"http://testserver{path}{query}"
            answer = browser.get(target, headers={"Host": "evil.example"}, follow_redirects=False)
            where = answer.headers.get("location", "/")
            assert where.startswith("/"), path
            assert not where.startswith(("//", "/\\")), path


def test_a_failure_tells_a_number_and_the_log_tells_the_place_but_no_words(
    browser: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "ladder.web"):
        page = browser.get("/boom")
    assert page.status_code == 500
    found = re.search("编号：([0-9a-f]{12})", page.text)
    assert found is not None
    assert found[1] in caplog.text
    assert "RuntimeError at conftest.py:" in caplog.text
    for told in (page.text, caplog.text):
        assert "13800000000" not in told
        assert "Traceback" not in told


def test_a_database_that_is_away_is_a_503_that_says_when_to_come_again(
    application: FastAPI, browser: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    @application.get("/away")
    async def away() -> None:
        raise OperationalError("SELECT", {"name": "某某公司"}, Exception("no host at db.example"))

    answer = browser.get("/away")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "没有丢" in answer.text
    assert is_protected(dict(answer.headers))
    for hidden in ("db.example", "某某公司", "SELECT"):
        assert hidden not in answer.text + caplog.text


def test_a_refusal_in_peoples_words_is_shown_and_one_in_programmers_words_is_not(
    application: FastAPI, browser: TestClient
) -> None:
    @application.get("/gone")
    async def gone() -> None:
        raise HTTPException(404, "这个链接已经过期。<b>")

    @application.get("/odd")
    async def odd() -> None:
        raise HTTPException(409, "integrity violated")

    assert "这个链接已经过期。&lt;b&gt;" in browser.get("/gone").text
    assert "integrity" not in browser.get("/odd").text
    assert browser.get("/odd").status_code == 409


def test_htmx_gets_the_same_sentence_as_a_piece(browser: TestClient) -> None:
    whole, piece = browser.get("/nowhere"), browser.get("/nowhere", headers={"HX-Request": "true"})
    assert whole.status_code == piece.status_code == 404
    assert "<html" in whole.text
    assert "<html" not in piece.text
    assert piece.text.strip() in whole.text
    assert "hx-request" in whole.headers["vary"].lower()


def test_what_the_framework_cannot_read_is_told_in_peoples_words(
    application: FastAPI, browser: TestClient
) -> None:
    @application.get("/number")
    async def number(number: int) -> int:
        return number

    answer = browser.get("/number?number=abc")
    assert answer.status_code == 422
    assert "有一处读不懂" in answer.text
    assert "abc" not in answer.text


def test_a_page_that_is_not_there_may_be_asked_for_with_any_method(browser: TestClient) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
        answer = browser.request(method, "/nowhere", headers=SAME)
        assert answer.status_code in {404, 405}
        assert is_protected(dict(answer.headers))
