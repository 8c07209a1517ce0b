"""The form of a bulletin: what was typed, kept as typed; what it means; and what there is to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import FormData

from flows.audience import Audience
from flows.composing import LONGEST_BODY, LONGEST_TITLE, Text, industries_of, measures_of
from flows.editions import Editions
from flows.messages import SHANGHAI
from flows.staff import CITIES
from models.bulletin import Bulletin
from models.reassessment import reassessments
from web.console.login import field
from web.console.telling_bulletins import TOPICS
from web.console.telling_cases import INDUSTRIES, RUNGS, VERDICTS

_LONGEST_NUMBER = 18
_NO_RUNG, _NO_RUN = -99, 0
_MOST_PARTS = 50
_JUDGED = (
    *("eligible", "conditional", "undetermined", "ineligible"),
    *("not_applicable", "contradictory", "out_of_scope"),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as plain words."""

    topic: str = "result"
    title: str = ""
    body: str = ""
    urgent: bool = False
    cities: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    rungs: tuple[str, ...] = ()
    subject: str = ""
    verdicts: tuple[str, ...] = ()
    changed_by: str = ""

    @property
    def text(self) -> Text:
        return Text(self.topic, self.title, self.body, self.urgent)

    @property
    def audience(self) -> Audience:
        """The rule; what cannot be read becomes what there is none of, and is told as such."""
        return Audience(
            cities=self.cities,
            industries=self.industries,
            rungs=tuple(_number(each, _NO_RUNG) for each in self.rungs),
            subject=self.subject or None,
            verdicts=self.verdicts,
            changed_by=_number(self.changed_by, _NO_RUN) if self.changed_by else None,
        )


def typed(form: FormData) -> Typed:
    """Read the form."""
    return Typed(
        topic=field(form, "topic"),
        title=field(form, "title"),
        body=field(form, "body").replace("\r\n", "\n"),
        urgent=field(form, "urgent") == "1",
        cities=_several(form, "cities"),
        industries=_several(form, "industries"),
        rungs=_several(form, "rungs"),
        subject=field(form, "subject"),
        verdicts=_several(form, "verdicts"),
        changed_by=field(form, "changed_by"),
    )


def of_bulletin(bulletin: Bulletin) -> Typed:
    """A stored draft as the form shows it."""
    rule = Audience.from_json(bulletin.audience)
    return Typed(
        topic=bulletin.topic,
        title=bulletin.title,
        body=bulletin.body,
        urgent=bulletin.urgent,
        cities=rule.cities,
        industries=rule.industries,
        rungs=tuple(map(str, rule.rungs)),
        subject=rule.subject or "",
        verdicts=rule.verdicts,
        changed_by="" if rule.changed_by is None else str(rule.changed_by),
    )


def choices(connection: Connection, editions: Editions) -> dict[str, Any]:
    """What the form offers, from the edition in force and the reassessments there were."""
    edition = editions.current(connection).edition
    return {
        "topics": TOPICS,
        "offered": {
            "cities": _same(CITIES),
            "industries": {key: INDUSTRIES.get(key, key) for key in industries_of(edition)},
            "rungs": RUNGS,
            "verdicts": {key: VERDICTS[key] for key in _JUDGED},
        },
        "measures": measures_of(edition),
        "runs": runs(connection),
        "longest": {"title": LONGEST_TITLE, "body": LONGEST_BODY},
    }


def runs(connection: Connection) -> dict[str, str]:
    """The reassessments by their number, each as `henan-2025@2（2026-11-23）`."""
    return {
        str(run.id): f"{name} · {run.started_at.astimezone(SHANGHAI):%Y-%m-%d}"
        for run, name in reassessments(connection)
    }


def _same(words: Sequence[str]) -> Mapping[str, str]:
    return {word: word for word in words}


def _several(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(each for each in form.getlist(name)[:_MOST_PARTS] if isinstance(each, str) and each)


def _number(written: str, otherwise: int) -> int:
    try:
        return int(written) if len(written) <= _LONGEST_NUMBER else otherwise
    except ValueError:
        return otherwise
