"""What a bulletin will look like on each channel, with the words of one who would get it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from flows.announcing import Announced, announce
from flows.audience import Audience, Recipient
from flows.composing import Fault, faults_of_audience, faults_of_text
from flows.messages import Reply
from flows.sampling import Reach, example, reach
from flows.showing import Shown
from web.console.bulletin_form import Typed
from web.console.frame import Frame

_ORDER = ("telegram", "web", "terminal", "email")
NOBODY = Recipient(0, 0, "web", "", is_weekly=False)
"""In whose place a text is shown while there is none to get it."""


@dataclass(frozen=True, slots=True)
class Look:
    """A text with all that is wrong with it, and (where its words can be shown) how it looks to `like`."""

    faults: Mapping[str, Fault]
    reply: Reply | None = None
    shown: Mapping[str, Shown | None] | None = None
    like: Recipient | None = None
    reach: Reach | None = None


def look(connection: Connection, frame: Frame, typed: Typed, letter: Announced, *, counted: bool) -> Look:
    """Look at what was typed; `counted`: count and sample everybody who would get it, too."""
    of_text = faults_of_text(typed.text, frame.public_url)
    of_audience = faults_of_audience(connection, frame.editions, typed.audience)
    faults: dict[str, Fault] = {}
    for each in (*of_text, *of_audience):
        faults.setdefault(each.field, each)
    if of_text:
        return Look(faults)
    like, found = None, None
    if not of_audience:
        like, found = _who(connection, frame, typed.topic, typed.audience, counted=counted)
    reply = announce(letter, like or NOBODY)
    return Look(faults, reply, shown_on(frame, reply), like, found)


def _who(
    connection: Connection, frame: Frame, topic: str, audience: Audience, *, counted: bool
) -> tuple[Recipient | None, Reach | None]:
    if not counted:
        return example(connection, frame.editions, topic, audience), None
    found = reach(connection, frame.editions, topic, audience)
    return next(iter(found.samples), None), found


def shown_on(frame: Frame, reply: Reply) -> dict[str, Shown | None]:
    """How each channel shows it; the page (`web`) draws a reply by itself."""
    known = {name: show(reply) for name, show in frame.shows.items()}
    return {name: known.get(name) for name in _ORDER if name == "web" or name in known}
