"""One case as an advisor opens it: the assessment with its rules, its answers as slots, and how the review stands."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from flows.editions import Editions, Published
from flows.slots import Sheet
from models.assessment import Assessment, assessment_by_id
from models.listed import Listed, case_of
from models.review import Review
from models.scope import Scope


@dataclass(frozen=True)
class Paper:
    """A case within somebody's scope."""

    listed: Listed
    assessment: Assessment
    published: Published

    @property
    def review(self) -> Review:
        return self.listed.review

    @cached_property
    def sheet(self) -> Sheet:
        return Sheet.from_json(self.assessment.facts)

    @property
    def seen(self) -> str:
        """What a form brings back: it names this very state of the case, whoever changed it last."""
        return f"{self.review.version}.{self.assessment.version}"

    @property
    def named(self) -> dict[str, Any]:
        """How the owner knows the case."""
        return {"firm": self.listed.name, "year": self.assessment.fiscal_year}

    @cached_property
    def titles(self) -> dict[str, str]:
        """The subjects that can be judged, by id."""
        edition = self.published.edition
        measures = {each.key: each.title for each in (*edition.schemes, *edition.recognitions)}
        return {"ladder": "创新阶梯", **measures}


def opened(connection: Connection, editions: Editions, scope: Scope, case: str) -> Paper | None:
    """A case by its public id. None where there is none, or where it is not theirs to see."""
    listed = case_of(connection, scope, case)
    if listed is None:
        return None
    assessment = assessment_by_id(connection, listed.review.assessment_id)
    return Paper(listed, assessment, editions.by_id(connection, assessment.edition_id))
