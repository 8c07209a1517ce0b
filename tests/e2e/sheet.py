"""Every picture that the browser tests took, on one sheet: `python -m tests.e2e.sheet` makes it and says where it is."""

import html
import sys
from base64 import b64decode
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.chromium import find, started
from tests.e2e.server import ROOT

FOLDER = ROOT / "var" / "e2e"
SHOTS = FOLDER / "shots"
_PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>make e2e</title>
<style>body{{font:14px sans-serif;margin:16px;background:#ddd}}main{{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}}
figure{{margin:0}}figcaption{{max-width:280px;overflow-wrap:anywhere}}img{{width:280px;border:1px solid #888}}</style>
<h1>{count} pictures</h1><main>
{figures}
</main></html>
"""
_FIGURE = '<figure><figcaption>{caption}</figcaption><a href="{source}"><img src="{source}" alt="{caption}"></a></figure>'

_LOOKS = 400  # twenty seconds


def take(page: Page, name: str) -> Path:
    """Keep the whole page as it looks now, under a name that is its caption; the size of the window is added.

    Asked of the browser itself: Playwright's own way puts a style sheet into the page, which the page's policy refuses.
    """
    size = page.viewport_size
    assert size is not None
    session = page.context.new_cdp_session(page)
    page.wait_for_load_state()
    whole = session.send("Page.getLayoutMetrics")["cssContentSize"]
    for _ in range(_LOOKS):  # a page that came this moment has no size yet
        if whole["width"]:
            break
        page.wait_for_timeout(50)
        whole = session.send("Page.getLayoutMetrics")["cssContentSize"]
    assert whole["width"], f"{name} still has no size"
    clip = {"x": 0, "y": 0, "width": whole["width"], "height": whole["height"], "scale": 1}
    taken = session.send("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    session.detach()
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name} {size['width']}x{size['height']}.png"
    path.write_bytes(b64decode(taken["data"]))
    return path


def written(pictures: Iterable[Path]) -> str:
    """The sheet's HTML, beside the folder of the pictures."""
    figures = [
        _FIGURE.format(caption=html.escape(path.stem), source=html.escape(f"{SHOTS.name}/{path.name}"))
        for path in pictures
    ]
    return _PAGE.format(count=len(figures), figures="\n".join(figures))


def main() -> None:
    pictures = sorted(SHOTS.glob("*.png"))
    if not pictures:
        sys.stdout.write("no pictures were taken, so there is no contact sheet\n")
        return
    sheet = FOLDER / "sheet.html"
    sheet.write_text(written(pictures), encoding="utf-8")
    with sync_playwright() as playwright:
        program = find(playwright)
        if program is not None:
            with started(playwright, program, FOLDER / "fonts") as browser:
                page = browser.new_page(viewport={"width": 1500, "height": 1000})
                page.goto(sheet.as_uri())
                page.screenshot(path=FOLDER / "sheet.png", full_page=True)
    sys.stdout.write(f"contact sheet of {len(pictures)} pictures: {sheet} and {FOLDER / 'sheet.png'}\n")


if __name__ == "__main__":
    main()
