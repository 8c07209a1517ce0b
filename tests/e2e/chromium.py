"""Where Chromium is, and how it is started: offline, and with the Chinese font that pip brought.

`python -m tests.e2e.chromium` says which one the browser tests take.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE = f"no Chromium: set CHROMIUM to its path, or install one of {', '.join(NAMES)}"
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
)
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}
<cachedir>{cache}</cachedir>
{rules}
</fontconfig>
"""
_GENERIC = (
    '<match target="pattern"><test name="family"><string>{family}</string></test>'
    '<edit name="family" mode="prepend" binding="strong"><string>Noto Sans SC</string></edit></match>'
)
_ANY = (
    '<match target="pattern">'
    '<edit name="family" mode="append" binding="strong"><string>Noto Sans SC</string></edit></match>'
)


def find(playwright: Playwright) -> str | None:
    """The program's path; None where there is none. CHROMIUM, when set, is the only candidate."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    own = str(playwright.chromium.executable_path)
    return found or (own if Path(own).exists() else None)


@contextmanager
def started(playwright: Playwright, program: str, folder: Path) -> Iterator[Browser]:
    """Run it until the block ends; `folder` takes its font settings."""
    browser = playwright.chromium.launch(
        executable_path=program,
        args=[*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
        env={**os.environ, **_fonts(folder)},
    )
    try:
        yield browser
    finally:
        browser.close()


def _fonts(folder: Path) -> dict[str, str]:
    """The same Chinese letters on every machine, without installing any as root; nothing to set where pip has none."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec is None or spec.origin is None:
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "fonts.conf"
    folders = (str(Path(spec.origin).parent), "/usr/share/fonts")  # the latter for the rarer signs
    settings.write_text(
        _FONTS.format(
            folders="\n".join(f"<dir>{each}</dir>" for each in folders),
            cache=folder / "cache",
            rules="\n".join(
                [*(_GENERIC.format(family=each) for each in ("sans-serif", "serif", "system-ui")), _ANY]
            ),
        ),
        encoding="utf-8",
    )
    return {"FONTCONFIG_FILE": str(settings)}


def main() -> None:
    with sync_playwright() as playwright:
        program = find(playwright)
    told = f"the browser tests take {program}" if program else f"{NONE}. Every browser test is skipped."
    sys.stdout.write(f"{told}\n")


if __name__ == "__main__":
    main()
