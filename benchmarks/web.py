"""How long does an answer on the page take while 100 people talk at once, and how heavy is the page? Over real uvicorn on loopback.

People think between two answers; what is measured is the time from the form's last byte to the answer's last byte, the
server being a process of its own. The bytes are those on the wire, compressed, with every asset.
"""

import asyncio
import gzip
import os
import random
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import uvicorn
from pydantic import SecretStr

from flows.editions import publish_shipped
from models.schema import upgrade
from models.session import Database
from settings import Settings
from web.app import create_app
from web.limits import Limits

PEOPLE, THINKING, WITHIN = 100, 8.0, 120.0
BOUND, HEAVIEST = 0.050, 60_000
TALK = (
    *("choice=agree", "choice=yes", "text=3.2亿", "choice=yes", "choice=yes", "text=6000万"),
    *("text=5000万", "choice=unknown", "choice=no", "text=结果", "text=改营业收入", "text=12亿"),
)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"[^>]*? value="([^"]*)"')


def serve(url: str, port: int) -> None:
    """The server alone, as `ladder serve` runs it."""
    settings = Settings(database_url=SecretStr(url), operator_name="某某")
    uvicorn.run(
        create_app(settings, limits=Limits().lifted()),
        host="127.0.0.1",
        port=port,
        log_level="error",
        access_log=False,
    )


_AS_A_PAGE = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}


def _form(html: str, name: str) -> dict[str, str]:
    found = re.search(rf'<form id="{name}".*?</form>', html, re.DOTALL)
    return dict(_HIDDEN.findall(found[0])) if found else {}


async def _talk(base: str, spent: list[float]) -> None:
    async with aiohttp.ClientSession(base, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get("/chat") as page:
            html = await page.text()
        for each in TALK:
            await asyncio.sleep(random.uniform(0, THINKING))
            name, said = each.split("=")
            data = {**_form(html, "say" if name == "text" else "pick"), name: said}
            start = time.perf_counter()
            async with session.post("/chat", data=data, headers=_AS_A_PAGE) as answer:
                answer.raise_for_status()
                html = await answer.text()
            spent.append(time.perf_counter() - start)


async def _weight(base: str) -> int:
    """The bytes of the page with all it loads, as they come over the wire."""
    packed = {"Accept-Encoding": "gzip"}
    async with aiohttp.ClientSession(base, auto_decompress=False, headers=packed) as session:
        async with session.get("/chat") as page:
            body = await page.read()
        total, html = len(body), gzip.decompress(body).decode()
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', html):
            async with session.get(address) as asset:
                total += len(await asset.read())
    return total


async def _measure(base: str) -> tuple[list[float], int]:
    ends = time.monotonic() + WITHIN
    async with aiohttp.ClientSession(base) as session:
        while True:
            try:
                async with session.get("/healthz"):
                    break
            except aiohttp.ClientError:
                if time.monotonic() > ends:
                    raise
                await asyncio.sleep(0.05)
    await _talk(base, [])  # to get warm
    spent: list[float] = []
    await asyncio.gather(*(_talk(base, spent) for _ in range(PEOPLE)))
    return spent, await _weight(base)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        database = Database(url)
        database.turn(publish_shipped)
        database.close()
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "benchmarks.web", url, str(port)]
        server = subprocess.Popen(command, env=dict(os.environ))
        try:
            spent, weight = asyncio.run(_measure(f"http://127.0.0.1:{port}"))
        finally:
            server.terminate()
            server.wait(20)
    median, slow = statistics.median(spent), statistics.quantiles(spent, n=20)[-1]
    print(
        f"{len(spent)} answers of {PEOPLE} talks at once: median {median * 1e3:.1f} ms, p95 {slow * 1e3:.1f} ms"
    )
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime / len(spent)
    print(f"the server's user CPU, its start and the pages read included: {cpu * 1e3:.1f} ms an answer")
    print(f"the chat page with all it loads: {weight} bytes over the wire (bound {HEAVIEST})")
    if median > BOUND or weight > HEAVIEST:
        raise SystemExit(f"over the bound of {BOUND * 1e3:.0f} ms or {HEAVIEST} bytes")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(sys.argv[1], int(sys.argv[2]))
    else:
        main()
