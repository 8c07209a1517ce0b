"""How heavy and how fast are the pages on a phone with a slow network, by Lighthouse's curves? And how soon is an answer?"""

import statistics
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

if find_spec("playwright") is not None:
    from playwright.sync_api import Browser, sync_playwright

    from tests.e2e.chromium import NONE, find, started
    from tests.e2e.fixtures import PHONE
    from tests.e2e.lighthouse import Measured, measure
    from tests.e2e.server import Server
    from tests.e2e.talking import UPGRADE, Talk

PAGES = ("/", "/chat", "/plan", "/plan/5", "/schemes/tech-upgrade-demo-subsidy", "/privacy")
ROUNDS = 3


def told(name: str, found: "list[Measured]") -> str:
    """The run of the median score."""
    one = sorted(found, key=lambda each: each.score)[len(found) // 2]
    return (
        f"{name:45} score {one.score:.3f}  {one.wire_bytes / 1000:6.1f} kB in {one.requests}  FCP {one.fcp:.0f}  "
        f"LCP {one.lcp:.0f}  speed index at most {one.speed:.0f}  TBT {one.tbt:.0f} ms  CLS {one.cls:.3f}"
    )


def answers(browser: "Browser", address: str) -> tuple[list[float], object]:
    """From the tap on 发送 to the reply on the page, in ms, without throttling; and the cookies of who answered."""
    context = browser.new_context(**PHONE)
    talk = Talk(context.new_page()).begins(address)
    taken = []
    for said in UPGRADE:
        begins = time.perf_counter()
        talk.says(said)
        taken.append((time.perf_counter() - begins) * 1000)
    cookies = context.cookies()
    context.close()
    return taken, cookies


def measured(browser: "Browser", address: str) -> None:
    for path in PAGES:
        print(told(path, [measure(browser, f"{address}{path}") for _ in range(ROUNDS)]))
    taken, cookies = answers(browser, address)
    for path in ("/chat", "/result"):
        name = f"{path} after a whole talk"
        print(told(name, [measure(browser, f"{address}{path}", cookies) for _ in range(ROUNDS)]))
    print(f"an answer, tap to reply in the browser: median {statistics.median(taken):.0f} ms")


def main() -> None:
    if find_spec("playwright") is None:
        print("no browser: `make e2e` installs what this needs")
        return
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder, program = Path(name), find(playwright)
        if program is None:
            print(NONE)
            return
        server = Server(folder).starts()
        try:
            with started(playwright, program, folder / "fonts") as browser:
                measured(browser, server.address)
        finally:
            server.stops()


if __name__ == "__main__":
    main()
