"""What the walk over all routes fills in: a value for each path parameter, and forms that an act takes.

`SAMPLES`: parameter -> (world, city) -> value.
"""

from collections.abc import Callable, Mapping

from tests.web.console.world import World

SAMPLES: Mapping[str, Callable[[World, str | None], str]] = {
    "case": lambda world, city: world.cases[city].public_id,
    "firm": lambda world, city: world.firms[city].public_id,
    "staff": lambda world, _city: world.people["zhengzhou"].staff.public_id,
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
