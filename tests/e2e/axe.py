"""Accessibility by axe-core: every rule of WCAG 2.2 A and AA, and axe's best practices."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Where a page's scripts are off its timers never ring, and axe ends by one: what it wants done at once is done without.
_RUN = """async tags => {
  const later = window.setTimeout;
  window.setTimeout = (work, wait, ...more) =>
    wait > 1 ? later(work, wait, ...more) : void Promise.resolve().then(() => work(...more));
  try {
    return await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete']});
  } finally {
    window.setTimeout = later;
  }
}"""

_STILL = (
    "() => { document.getAnimations().forEach(each => { try { each.finish(); } catch { each.cancel(); } }); }"
)


def found_on(page: Page) -> tuple[list[str], list[str]]:
    """What axe holds against the page, a line each, and what it could not decide."""
    page.evaluate(_STILL)  # half faded in, nothing has its contrast
    page.evaluate(AXE_SCRIPT)  # a page's own CSP lets no script tag in
    results: dict[str, Any] = page.evaluate(_RUN, _TAGS)
    return _lines(results["violations"]), _lines(results["incomplete"])


def _lines(rules: list[dict[str, Any]]) -> list[str]:
    return [
        f"{rule['id']} ({rule['impact']}) at {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for rule in rules
        for node in rule["nodes"]
    ]
