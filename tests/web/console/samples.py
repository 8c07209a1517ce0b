"""What the walk over all routes fills in: a value for each path parameter, and forms that an act takes.

`SAMPLES`: parameter -> (world, city) -> value.
"""

from collections.abc import Callable, Mapping
from datetime import date

from flows.audience import Audience
from flows.bulletins import draft
from flows.composing import Text
from flows.editions import HENAN
from models.bulletins import latest_bulletins
from models.edition import in_force
from tests.web.console.world import World


def bulletin(world: World, _city: str | None) -> str:
    """Whatever bulletin there is; a draft, where there is none yet."""
    there = world.database.read(lambda c: latest_bulletins(c, 1))
    text = Text("policy", "新政策", "下月起施行。")
    one = there or [world.database.turn(lambda c: draft(c, text, Audience(), "somebody", world.now))]
    return one[0].public_id


SAMPLES: Mapping[str, Callable[[World, str | None], str]] = {
    "case": lambda world, city: world.cases[city].public_id,
    "firm": lambda world, city: world.firms[city].public_id,
    "edition": lambda world, _city: str(
        world.database.read(lambda c: in_force(c, HENAN, date(2026, 11, 26)))
    ),
    "staff": lambda world, _city: world.people["zhengzhou"].staff.public_id,
    "bulletin": bulletin,
    "export": lambda _world, _city: "0" * 32,
    "token": lambda _world, _city: "no-such-token",
    "name": lambda _world, _city: "none.css",
    "key": lambda _world, _city: "5",
    "share_id": lambda _world, _city: "1",
}
SCOPED = {"case", "firm"}
"""Parameters that name something of a firm: out of scope they answer 404."""
FORMS: Mapping[str, Mapping[str, str]] = {}
"""By path, where an empty form would answer 404 for what is there."""
NOTHING_THERE = {"export"}
"""Parameters whose sample names nothing, because what they name is somebody's own: 404 for everybody, tested beside the page."""
