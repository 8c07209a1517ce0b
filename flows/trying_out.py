"""A run as its page shows it (试算、重新判定): how far it is, what it comes to, samples with their why, and all of it as a list."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from flows.concerned import change_told
from flows.exporting import harmless
from flows.outcome_rows import why_of
from flows.preview import SAMPLES, titles_in
from flows.slots import Sheet
from flows.tallies import Tally, added_up
from models.change_list import FoundChange, Sought, changes_found
from models.edition import StoredEdition
from models.packing import read_facts_of
from models.reassessment import Progress, Run, RunKind, progress_of, runs_of, tallies_of
from models.scope import Scope
from models.session import Database
from policy.determine import determine
from policy.judged import LADDER, Turn
from policy.schemes import Edition

PAGE = 50
_AT_ONCE = 500
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A run as far as it is. `is_outdated`: the draft was changed since it began, so that it tells of other rules."""

    progress: Progress
    tally: Tally
    is_outdated: bool

    @property
    def run(self) -> Run:
        return self.progress.run

    @property
    def is_running(self) -> bool:
        return self.run.state == "running" and not self.is_outdated

    @property
    def money(self) -> tuple[int, int]:
        """Whole yuan in sight before and after."""
        return sum(self.tally.before.values()), sum(self.tally.after.values())


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One change for one firm: `told` holds title, before, after, why and the place that says so."""

    found: FoundChange
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """Which changes of a run are looked at: `scope` bounds whose, `sought` is what was asked for."""

    scope: Scope
    run: Run
    sought: Sought


def run_of(connection: Connection, edition_id: int, kind: RunKind) -> Run | None:
    """The newest run of an edition of that kind."""
    return next((run for run in runs_of(connection, edition_id) if run.kind == kind), None)


def trial_of(connection: Connection, edition: StoredEdition, kind: RunKind) -> Trial | None:
    """How a run of an edition stands; None where there is none."""
    run = run_of(connection, edition.id, kind)
    if run is None:
        return None
    outdated = run.edition_version != edition.version
    return Trial(progress_of(connection, run.id), added_up(tallies_of(connection, run.id)), outdated)


def samples_of(
    connection: Connection, scope: Scope, run: Run, edition: Edition
) -> list[tuple[Turn, list[TrialLine]]]:
    """Up to ten changes of each kind, each with its why."""
    found = (
        (kind, changes_found(connection, scope, run.id, Sought(str(kind)), most=SAMPLES)) for kind in Turn
    )
    return [(kind, explained(connection, run, edition, rows)) for kind, rows in found if rows]


def page_of(
    connection: Connection, listing: Listing, edition: Edition, after: Place
) -> tuple[list[TrialLine], Place | None]:
    """One page of the list, and where the next begins (None: this is the last)."""
    rows = _some(connection, listing, after, PAGE + 1)
    last = rows[PAGE - 1].change if len(rows) > PAGE else None
    lines = explained(connection, listing.run, edition, rows[:PAGE])
    return lines, None if last is None else (last.assessment_id, last.subject)


def explained(connection: Connection, run: Run, edition: Edition, rows: list[FoundChange]) -> list[TrialLine]:
    """Changes in words. A dry run stores no why: it is worked out from the answers as they are now."""
    bare = [each.change.assessment_id for each in rows if each.change.why is None]
    stored = read_facts_of(connection, list(dict.fromkeys(bare)))
    titles = titles_in(connection, run, edition)
    lines = []
    for each in rows:
        change = each.change
        if change.why is None and change.assessment_id in stored:
            facts = Sheet.from_json(stored[change.assessment_id][1]).facts(edition)
            why = why_of(determine(edition, facts, run.as_of), frozenset({change.subject}))
            change = replace(change, why=why.get(change.subject))
        missing = [edition.facts[key].title for key in (change.why or {}).get("missing", ())]
        told = change_told(edition, titles, change)
        told |= {"missing": [] if change.subject.startswith(LADDER) else missing}
        lines.append(TrialLine(each, told))
    return lines


def as_csv(
    database: Database,
    listing: Listing,
    edition: Edition,
    word: Callable[[str], str],
    columns: tuple[str, ...],
) -> Iterator[str]:
    """The whole list as a table, a few hundred lines at a time, so that memory stays flat. `word` says a kind or a verdict."""
    yield "\ufeff" + _written([columns])
    titles, after = database.read(partial(titles_in, run=listing.run, edition=edition)), (0, "")
    while True:
        rows = database.read(partial(_some, listing=listing, after=after, most=_AT_ONCE))
        if not rows:
            return
        yield _written([_row(each, titles, word) for each in rows])
        after = (rows[-1].change.assessment_id, rows[-1].change.subject)


def _some(connection: Connection, listing: Listing, after: Place, most: int) -> list[FoundChange]:
    return changes_found(connection, listing.scope, listing.run.id, listing.sought, after, most)


def _row(each: FoundChange, titles: Mapping[str, str], word: Callable[[str], str]) -> tuple[object, ...]:
    change = each.change
    return (
        each.case,
        each.firm or "",
        each.city or "",
        titles.get(change.subject, change.subject),
        word(change.kind),
        word(change.before_verdict),
        change.before_yuan,
        word(change.after_verdict),
        change.after_yuan,
    )


def _written(rows: list[tuple[Any, ...]]) -> str:
    target = io.StringIO()
    csv.writer(target).writerows([harmless(cell) for cell in row] for row in rows)
    return target.getvalue()
