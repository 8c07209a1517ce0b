"""Playing a golden conversation over any channel, and holding what comes back against what the file expects."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, select

from models.answer import answers_of
from models.assessment import Assessment, assessments
from models.base import columns_of
from models.determination import latest_findings
from models.firm import firms
from models.schema import METADATA
from models.session import Database
from tests.conversations.script import Expected, Script, Stored, Turn

Told = Mapping[str, Any]
"""A reply in the shape of `ladder chat --json`."""


class Driver(Protocol):
    """The people of a talk on one channel. A later channel plays the same files with a class of its own."""

    can: frozenset[str]
    database: Database

    def say(self, turn: Turn) -> Told:
        """Send what the turn says (with its key, on its day, by its operator) and return what came back."""

    def shown_to(self, person: str) -> str:
        """All that somebody was shown so far, asked or unasked."""

    def settle(self) -> None:
        """Wait until the last reply is not only seen, but marked as sent too."""


def play(script: Script, driver: Driver) -> None:
    """Say everything and check everything; an AssertionError names the turn."""
    asked = 0
    codes: list[str] = []
    for number, written in enumerate(script.turns, 1):
        turn = with_codes(written, codes)
        told = driver.say(turn)
        codes += [code for code in _CODE.findall(told["text"]) if code not in codes]
        asked += told["kind"] == "question" and not str(told["fact"]).startswith("about.")
        problems = [*_problems(turn.reply, told), *_too_many(turn.reply, asked)]
        said = turn.say or turn.choose or turn.label
        problems += [
            f"{person} is not shown {words!r}"
            for person, expected in turn.shown.items()
            for words in expected
            if words not in driver.shown_to(person)
        ]
        assert not problems, f"{script.name}: turn {number} ({said}): {problems}\n{told['text']}"
    driver.settle()
    check_stored(script.stored, driver.database)


_CODE = re.compile(r"(?<![\w-])[A-Z2-9]{4}-[A-Z2-9]{4}(?:-[A-Z2-9]{4}-[A-Z2-9]{4})?(?![\w-])")
_WIDE = {number: number + 0xFEE0 for number in range(0x21, 0x7F)}


def with_codes(turn: Turn, codes: Sequence[str]) -> Turn:
    """What the turn says, with the codes that were shown by then; also as people type them: `{small}`, `{wide}`."""
    if turn.say is None or "{" not in turn.say or not codes:
        return turn
    latest, before = codes[-1], codes[-2:][0]
    small, wide = latest.replace("-", "").lower(), latest.lower().translate(_WIDE)
    said = turn.say.format(code=latest, code2=before, small=small, wide=wide)
    return turn.model_copy(update={"say": said})


def _too_many(expected: Expected, asked: int) -> list[str]:
    most = expected.asked_so_far
    return [] if most is None or asked <= most else [f"{asked} questions, at most {most} expected"]


def _problems(expected: Expected, told: Told) -> list[str]:
    text, keys = told["text"], [choice["key"] for choice in told["choices"]]
    return [
        *_differs("kind", expected.kind, told["kind"]),
        *_differs("fact", expected.fact, told["fact"]),
        *_differs("asks", expected.asks, told["fact"] is not None),
        *_differs("remaining", expected.remaining, remaining(text)),
        *(f"does not say {each!r}" for each in expected.says if each not in text),
        *(f"says {each!r}" for each in expected.says_not if each in text),
        *(f"no choice {each!r} in {keys}" for each in expected.choices if each not in keys),
        *(f"offers {each!r}" for each in expected.no_choices if each in keys),
        *_result_problems(expected, told["result"]),
    ]


def _result_problems(expected: Expected, result: Mapping[str, Any] | None) -> list[str]:
    if not (expected.ladder or expected.schemes or expected.totals):
        return []
    if result is None:
        return ["there is no result"]
    schemes = {scheme["id"]: scheme for scheme in result["schemes"]}
    wanted = [("ladder", expected.ladder, result["ladder"]), ("totals", expected.totals, result)]
    wanted += [(key, fragment, schemes.get(key, {})) for key, fragment in expected.schemes.items()]
    return [
        f"{where}.{key}: {found.get(key)!r} instead of {value!r}"
        for where, fragment, found in wanted
        for key, value in fragment.items()
        if not _holds(found.get(key), value)
    ]


def _holds(found: object, wanted: object) -> bool:
    """Of a mapping only the named part must hold."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(_holds(found.get(key), value) for key, value in wanted.items())
    return found == wanted


def _differs(what: str, wanted: object, found: object) -> list[str]:
    return [] if wanted is None or wanted == found else [f"{what} is {found!r} instead of {wanted!r}"]


def remaining(text: str) -> int:
    """The number of questions that a reply says are left at most."""
    if "（最后一题" in text:
        return 1
    found = re.search(r"最多还剩 (\d+) 题", text)
    return int(found[1]) if found else 0


def check_stored(stored: Stored, database: Database) -> None:
    """Compare the database with what must be in it."""
    rows = dump(database)
    counts = {table: len(rows[table]) for table in stored.rows}
    assert counts == stored.rows
    hits = [(word, table) for word in stored.nowhere for table, found in rows.items() if word in str(found)]
    assert not hits, hits
    if not (stored.facts or stored.no_facts or stored.state or stored.verdicts or stored.amounts):
        return
    latest = newest_assessment(database)
    found = {slot: _short(entry) for slot, entry in latest.facts.items()}
    assert {slot: found.get(slot) for slot in stored.facts} == stored.facts
    assert not set(stored.no_facts) & set(found)
    assert stored.state in {None, latest.state}
    told = {each.subject: each for each in database.read(lambda c: latest_findings(c, latest.id))}
    assert {key: told[key].verdict for key in stored.verdicts} == stored.verdicts
    assert {key: told[key].amount_yuan for key in stored.amounts} == stored.amounts
    answers = [each.slot for each in database.read(lambda c: answers_of(c, latest.id))]
    assert {slot: answers.count(slot) for slot in stored.answers} == stored.answers
    firm = next(row for row in rows[firms.name] if row["id"] == latest.firm_id)
    assert {key: firm[key] for key in stored.firm} == stored.firm


def _short(entry: list[Any]) -> object:
    kind, value = entry
    return value if kind == "value" else f"({kind})"


def newest_assessment(database: Database) -> Assessment:
    """The assessment that was changed last."""
    newest = (
        select(*columns_of(assessments, Assessment))
        .order_by(assessments.c.updated_at.desc(), assessments.c.id.desc())
        .limit(1)
    )
    return Assessment(*database.read(lambda c: c.execute(newest).one()))


def dump(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the editions, which hold no person's words."""

    def rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
        tables = [table for table in METADATA.sorted_tables if table.name != "edition"]
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in tables
        }

    return database.read(rows)
