"""A console with a day's work in it, made beside the server: a case that was asked back, corrected, judged and advised on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.schema import upgrade
from tests.e2e.server import Server
from tests.web.console.talking import WHOLE_TALK, Owner, act, newest_case
from tests.web.console.world import KEY, World, open_world

NAME = "administrator"


@contextmanager
def day_old(folder: Path) -> Iterator[tuple[Server, World, str]]:
    """The real server on such a database, the world in which it was made, and the case's id."""
    url = f"sqlite:///{folder / 'ladder.db'}"
    upgrade(url)
    with open_world(url) as world:
        world.now = datetime.now(UTC) - timedelta(hours=3)
        case = _worked_on(world)
        running = Server(folder, LADDER_SECRET_KEYS=f'["{KEY}"]').starts()
        try:
            yield running, world, case
        finally:
            running.stops()
    assert "Traceback" not in running.said, running.said


def _worked_on(world: World) -> str:
    Owner(world, "9002").tells_all("开始", "同意", "河南", "12亿")
    owner = Owner(world)
    owner.tells_all("开始", "同意", "河南", "9.8亿", *WHOLE_TALK[4:9], "9000万", *WHOLE_TALK[10:])
    owner.says("人工")
    world.let_in(NAME)
    case = newest_case(world, "q=轴研")
    done = [
        act(world, case, "take"),
        act(world, case, "ask", slot="", words="设备清单有吗？"),
        act(world, case, "ask", slot="employees", words=""),
        act(world, case, "note", words="老板说话快，注意核数"),
        act(world, case, "correct", **_corrected()),
        act(world, case, "opinion", **_opinion()),
    ]
    assert [each.status_code for each in done] == [303] * len(done)
    owner.receives()
    owner.says("答顾问")
    owner.says("有，上周刚整理好，8000万都在里面")
    for kind in ("csv", "xlsx"):
        world.client.post("/console/exports/start", data={"kind": kind})
    world.client.post("/console/cases/save-view", data={"name": "洛阳的", "city": "洛阳"})
    return case


def _corrected() -> dict[str, str]:
    return {"slot": "revenue", "value": "9.9亿", "reading": "9.9亿元", "reason": "看过年报"}


def _opinion() -> dict[str, str]:
    subject = {"subject": "tech-upgrade-demo-subsidy", "verdict": "eligible", "amount": "700"}
    return subject | {"reason": "已见认定文件"}
