"""A measurement equal to Lighthouse's for mobile: its throttling, its metrics, its published curves and weights.

Curves and weights are those of Lighthouse 10 and later for mobile (log-normal through the 10th percentile at 0.9 and the
median at 0.5). Throttling is its "devtools" setting, applied for real: 562.5 ms of latency a request, 1,474.56 kbit/s down,
675 up, a processor four times slower. The speed index is bounded from above by the moment from which the picture does not
change any more, and the time to interactive by the end of the last long task: the score is never flattered.
"""

import math
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from tests.e2e.witness import Witness

_KBIT = 1024 / 8
_SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1474.56 * _KBIT,
    "uploadThroughput": 675 * _KBIT,
}
_SLOWER = 4
_WINDOW: dict[str, Any] = {
    "viewport": {"width": 412, "height": 823},
    "device_scale_factor": 1.75,
    "is_mobile": True,
    "has_touch": True,
}
_QUIET_MS = 2500
CURVES = {
    "fcp": (1800, 3000, 0.10),
    "speed": (3387, 5800, 0.10),
    "lcp": (2500, 4000, 0.25),
    "tbt": (200, 600, 0.30),
    "cls": (0.1, 0.25, 0.25),
}
"""For each metric its 10th percentile, its median, and its weight in the score."""

_WATCH = """
window.paints = {fcp: 0, lcp: 0, cls: 0, long: []};
const watch = (type, take) => new PerformanceObserver(list => list.getEntries().forEach(take)).observe({type, buffered: true});
watch('paint', each => { if (each.name === 'first-contentful-paint') paints.fcp = each.startTime; });
watch('largest-contentful-paint', each => { paints.lcp = each.startTime; });
watch('longtask', each => paints.long.push([each.startTime, each.duration]));
let first = 0, last = 0, sum = 0;
watch('layout-shift', each => {
  if (each.hadRecentInput) return;
  if (each.startTime - last > 1000 || each.startTime - first > 5000) { first = each.startTime; sum = 0; }
  last = each.startTime; sum += each.value; paints.cls = Math.max(paints.cls, sum);
});
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One load of a page. Times in ms since the navigation began; `wire_bytes` counts headers and bodies as sent."""

    wire_bytes: int
    requests: int
    fcp: float
    speed: float
    lcp: float
    tbt: float
    cls: float

    @property
    def score(self) -> float:
        """Lighthouse's performance score, 0 to 1."""
        return sum(
            weight * portion(getattr(self, name), p10, median)
            for name, (p10, median, weight) in CURVES.items()
        )


def portion(value: float, p10: float, median: float) -> float:
    """The metric's score by its log-normal curve: 0.5 at the median, 0.9 at the 10th percentile."""
    if value <= 0:
        return 1.0
    return 0.5 * math.erfc(_AT_P10 * math.log(value / median) / math.log(median / p10))


_AT_P10 = 0.9061938024368232  # erf of it is 0.8, so that the 10th percentile scores 0.9


def measure(browser: Browser, address: str, cookies: Any = ()) -> Measured:
    """Load the page as a phone on a slow network that has never been there. `cookies`: those of whoever asks."""
    context = browser.new_context(**_WINDOW)
    context.add_cookies(list(cookies))
    witness = Witness(context)
    try:
        page = context.new_page()
        session = context.new_cdp_session(page)
        weighed: list[float] = []
        frames: list[tuple[float, str]] = []
        session.on("Network.loadingFinished", lambda told: weighed.append(told["encodedDataLength"]))
        session.on("Page.screencastFrame", lambda told: _keep(session, frames, told))
        session.send("Network.enable")
        session.send("Page.enable")
        session.send("Network.emulateNetworkConditions", _SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        session.send("Page.startScreencast", {"format": "jpeg", "quality": 40, "everyNthFrame": 1})
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="load", timeout=60_000)
        page.wait_for_timeout(_QUIET_MS)
        session.send("Page.stopScreencast")
        paints = page.evaluate("() => paints")
        began = page.evaluate("() => performance.timeOrigin")
    finally:
        context.close()
    witness.check()
    return _measured(weighed, frames, paints, began)


def _keep(session: Any, frames: list[tuple[float, str]], told: dict[str, Any]) -> None:
    frames.append((float(told["metadata"]["timestamp"]) * 1000, str(told["data"])))
    session.send("Page.screencastFrameAck", {"sessionId": told["sessionId"]})


def _measured(
    weighed: list[float], frames: list[tuple[float, str]], paints: dict[str, Any], began: float
) -> Measured:
    changed = [
        at for (at, picture), (_, before) in zip(frames[1:], frames, strict=False) if picture != before
    ]
    blocked = [
        duration - 50
        for start, duration in paints["long"]
        if start + duration > paints["fcp"] and duration > 50
    ]
    return Measured(
        wire_bytes=round(sum(weighed)),
        requests=len(weighed),
        fcp=paints["fcp"],
        speed=max(paints["fcp"], paints["lcp"], *(at - began for at in changed), 0.0),
        lcp=paints["lcp"],
        tbt=sum(blocked),
        cls=paints["cls"],
    )
