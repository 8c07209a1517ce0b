"""Everything that people with bad intent send, to every route and every field there is: refused or inert, never a 500."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import AsyncClient

from flows.render import TEMPLATES
from tests.web.conftest import build
from tests.web.test_protection import is_protected, paths_of, routes_of
from tests.web.test_report import Owner
from web.limits import Limits

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
COOKIE = f"ladder={'h' * 43}; ladder-staff={'i' * 43}"
TEXTS = {
    "a million digits": "9" * 1_000_000,
    "sixty thousand digits": "9" * 60_000,
    "five thousand digits": "9" * 5000,
    "turned around": "\u202e3.2亿\u2066\u200b\u200d\ufeff",
    "a template": "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "a script": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "a formula": "=cmd|' /C calc'!A0",
    "typesetting": '#read("/etc/passwd") $ sum $ \\input{x}',
    "statements": "'; DROP TABLE person; --",
    "a nul": "3.2亿\x00",
    "controls": "".join(map(chr, range(1, 32))),
    "a path": "../../../../etc/passwd",
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\n",
    "nothing": "",
    "blank": "   ",
    "minus one": "-1",
    "much": "1e999999",
    "no number": "NaN",
    "combining": "e" + "\u0301" * 3000,
    "faces": "👩‍👩‍👧‍👦" * 500,
    "astral": "\U00020bb7\U0001f9ff",
}
OWNED = ("/chat", "/report/share", "/resume")
"""Where an owner's forms go."""
RAW = {
    "no UTF-8": b"said=%ff%fe%c0%80&text=%ed%a0%80",
    "bare bytes": b"said=\xff\xfe\xc0\x80",
    "bad percents": b"said=%&text=%zz&code=%u1234&%=%",
    "a nul": b"said=a%00b",
    "a bare nul": b"said=a\x00b",
    "only ands": b"&" * 60_000,
    "many fields": b"a=1&" * 15_000,
    "no equals": b"said",
    "JSON": b'{"said": [[[[[[[[1]]]]]]]]}',
    "a megabyte": b"said=" + b"a" * 1_000_000,
}


@pytest.fixture(scope="module")
def application(shipped_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """One for all that is sent here: it has to bear it."""
    path = tmp_path_factory.mktemp("hostile") / "ladder.db"
    shutil.copy(shipped_sqlite, path)
    return build(f"sqlite:///{path}")


@pytest.fixture(scope="module")
def browser(application: FastAPI) -> Iterator[TestClient]:
    with TestClient(application) as client:
        yield client


def fields() -> set[str]:
    """The name of every field of every form in the templates."""
    found = (
        re.findall(r'\bname="([a-z_-]+)"', path.read_text("utf-8")) for path in TEMPLATES.rglob("*.html")
    )
    return {name for names in found for name in names} - {"viewport", "description", "robots"} | {
        "said",
        "text",
    }


def stands_up(answer: Any, what: object) -> None:
    """Refused or answered, protected, and with nothing of it alive in the page."""
    assert answer.status_code < 500 or answer.status_code == 503, what
    assert is_protected(dict(answer.headers)), what
    assert "x" not in answer.cookies, what
    if answer.headers.get("content-type", "").startswith("text/html"):
        for alive in ("<script>alert", "<img src=x", "$49", ">49<", "Traceback"):
            assert alive not in answer.text, what


@pytest.mark.slow
@pytest.mark.parametrize("what", TEXTS)
def test_hostile_text_in_every_field_of_every_route_is_refused_or_inert(
    application: FastAPI, browser: TestClient, what: str
) -> None:
    text, names = TEXTS[what], fields()
    for method, path in paths_of(application):
        if path == "/boom":
            continue
        if method in {"GET", "HEAD"}:
            query = dict.fromkeys(names, text[:60])  # an address with all names may be 8 kB long
            stands_up(browser.request(method, path, params=query, headers={"Cookie": COOKIE}), (method, path))
        else:
            each = dict.fromkeys(names, text[: 60_000 // len(names)] if len(text) < 10**6 else text)
            answer = browser.request(method, path, data=each, headers={**FORM, "Cookie": COOKIE})
            stands_up(answer, (method, path))
            if len(text) == 10**6:
                assert answer.status_code == 413


@pytest.mark.slow
def test_hostile_text_from_an_owner_with_answers_is_refused_or_inert(
    application: FastAPI, browser: TestClient
) -> None:
    owner = Owner(application.state.database, browser)
    owner.says("要报告")
    number = str(owner.report.id)
    for what, text in TEXTS.items():
        for name in ("text", "choice", "about", "revision", "key", "tap", "with_figures", "code"):
            form: dict[str, str] = {"tap": "t", "no": number, name: text[:50_000]}
            for path in OWNED:
                stands_up(owner.posts(path, **form), (what, name, path))
        for path in ("/chat", "/result", "/report"):
            page = owner.gets(path)
            stands_up(page, (what, path))
            assert page.status_code == 200, (what, path)


@pytest.mark.slow
@pytest.mark.parametrize("what", RAW)
def test_broken_bodies_are_refused_or_inert_on_every_route(
    application: FastAPI, browser: TestClient, what: str
) -> None:
    for method, path in paths_of(application):
        if method in {"GET", "HEAD"}:
            continue
        for kind in (
            FORM["Content-Type"],
            "application/json",
            "multipart/form-data",
            "text/plain;charset=utf-7",
        ):
            headers = {**FORM, "Content-Type": kind, "Cookie": COOKIE}
            answer = browser.request(method, path, content=RAW[what], headers=headers)
            stands_up(answer, (method, path, kind))


@pytest.mark.slow
@pytest.mark.parametrize("what", TEXTS)
def test_hostile_text_in_the_address_of_every_route_is_refused_or_inert(
    application: FastAPI, browser: TestClient, what: str
) -> None:
    templates = sorted({path for path, _ in routes_of(application.routes) if "{" in path})
    assert "/schemes/{name}" in templates
    for template in templates:
        path = re.sub(r"\{[^}]*\}", lambda _: quote(TEXTS[what][:300], safe=""), template)
        stands_up(browser.get(path), path)


def test_hostile_headers_are_refused_or_inert(browser: TestClient) -> None:
    many = "; ".join(f"ladder{number}=x" for number in range(400))
    for headers in (
        {"Cookie": "ladder=" + "a" * 60_000},
        {"Cookie": many},
        {"Cookie": 'ladder="; ladder=; =;;;,\\'},
        {"Accept-Encoding": "gzip;q=x, *;q=,,,"},
        {"If-None-Match": '"' * 3000},
        {"Accept-Language": "zh;q=" * 500},
        {"Range": "bytes=0-,5-1,999999999999999999999-"},
        {"Referer": "javascript:alert(1)"},
        {"User-Agent": "<script>alert(1)</script>"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.example"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"HX-Request": "true", "HX-Current-URL": "https://evil.example"},
    ):
        for path in ("/", "/plan/5", "/nowhere", "/healthz"):
            answer = browser.get(path, headers=headers)
            stands_up(answer, headers)
            assert "evil.example" not in answer.text


RAW_REQUESTS = {
    "bad percents": b"GET /schemes/%zz%f%ff HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the path": b"GET /schemes/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "an address for a proxy": b"GET http://evil.example/plan HTTP/1.1\r\nHost: x\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "two lengths": b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nsaid=1",
    "a length and chunks": b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a bad chunk": b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nsaid\r\n",
    "long headers": b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 50_000 + b"\r\n\r\n",
    "a huge path": b"GET /" + b"a" * 50_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
}


async def test_what_is_hardly_http_is_refused_by_the_real_server_and_it_goes_on(shipped_url: str) -> None:
    server, port = await _served(build(shipped_url, Limits(body_seconds=0.5)))
    try:
        for what, request in RAW_REQUESTS.items():
            status = _status(await _exchange(port, request))
            assert status is None or status < 500, what
        assert _status(await _exchange(port, RAW_REQUESTS["long headers"])) == 431
        assert _status(await _exchange(port, RAW_REQUESTS["a huge path"])) == 414
        async with AsyncClient() as client:
            assert (await client.get(f"http://127.0.0.1:{port}/plan")).status_code == 200
            big = await client.post(f"http://127.0.0.1:{port}/echo", content=b"a" * 1_000_000, headers=FORM)
            assert big.status_code == 413
    finally:
        await _stopped(server)


async def test_a_body_that_comes_by_drops_is_cut_off_by_the_real_server(shipped_url: str) -> None:
    server, port = await _served(build(shipped_url, Limits(body_seconds=0.3)))
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = "POST /echo HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 1000\r\n"
        writer.write(f"{head}Content-Type: {FORM['Content-Type']}\r\n\r\nsaid=3".encode())
        answer = await asyncio.wait_for(reader.read(), 5)
        assert _status(answer) == 408
        assert "没有收下".encode() in answer
        writer.close()
    finally:
        await _stopped(server)


async def _served(app: FastAPI) -> tuple[uvicorn.Server, int]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", access_log=False)
    server = uvicorn.Server(config)
    server.serving = asyncio.create_task(server.serve())  # type: ignore[attr-defined]  # kept so that it is awaited below
    while not server.started:  # noqa: ASYNC110  uvicorn tells it by this flag only
        await asyncio.sleep(0.01)
    return server, int(server.servers[0].sockets[0].getsockname()[1])


async def _stopped(server: uvicorn.Server) -> None:
    server.should_exit = True
    await server.serving  # type: ignore[attr-defined]  # set above


async def _exchange(port: int, request: bytes) -> bytes:
    """What the server says, until it closes or says nothing more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    found = b""
    try:
        while piece := await asyncio.wait_for(reader.read(65_536), 1):
            found += piece
    except (TimeoutError, ConnectionError):
        pass
    writer.close()
    return found


def _status(answer: bytes) -> int | None:
    found = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return None if found is None else int(found[1])


def test_the_fields_of_the_forms_are_found() -> None:
    assert Path(TEMPLATES, "chat").is_dir()
    assert {"said", "text"} <= fields()
