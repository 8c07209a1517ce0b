"""What a golden conversation may say and expect, as written in the YAML files beside this one."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tests.written import written

FOLDER = Path(__file__).parent


class _Strict(BaseModel):
    """A misspelled expectation must not pass for one that holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Expected(_Strict):
    """What must hold of a reply; all of it can be read off what any channel shows."""

    kind: Literal["question", "confirm", "hint", "result", "notice"] | None = None
    fact: str | None = None
    asks: bool | None = None
    says: list[str] = Field(default_factory=list)
    says_not: list[str] = Field(default_factory=list)
    choices: list[str] = Field(default_factory=list)
    no_choices: list[str] = Field(default_factory=list)
    remaining: int | None = None
    ladder: dict[str, Any] = Field(default_factory=dict)
    schemes: dict[str, dict[str, Any]] = Field(default_factory=dict)
    totals: dict[str, int] = Field(default_factory=dict)
    asked_so_far: int | None = None


class Turn(_Strict):
    """One message and what must come back. `button_of`: the button hangs on the latest reply that asked this slot.

    `by`: somebody else than the owner says it. `{code}` in what is said stands for the latest one-time code that was
    shown, `{code2}` for the one before it. `shown`: what each person has been shown by then, asked or unasked.
    """

    say: str | None = None
    choose: str | None = None
    label: str | None = None
    key: str | None = None
    button_of: str | None = None
    days_later: int = 0
    operator: str | None = None
    by: str = "owner"
    shown: dict[str, list[str]] = Field(default_factory=dict)
    reply: Expected = Expected()


class Stored(_Strict):
    """What the database must hold when the talk is over."""

    facts: dict[str, Any] = Field(default_factory=dict)
    no_facts: list[str] = Field(default_factory=list)
    state: Literal["open", "paused", "finished"] | None = None
    verdicts: dict[str, Any] = Field(default_factory=dict)
    amounts: dict[str, int | None] = Field(default_factory=dict)
    answers: dict[str, int] = Field(default_factory=dict)
    rows: dict[str, int] = Field(default_factory=dict)
    firm: dict[str, str | None] = Field(default_factory=dict)
    nowhere: list[str] = Field(default_factory=list)


class Script(_Strict):
    """One talk. `needs` names what not every channel has: buttons that stay, a clock to turn, a second operator,
    people beside the owner."""

    name: str
    needs: list[Literal["buttons", "clock", "operator", "people"]] = Field(default_factory=list)
    turns: list[Turn]
    stored: Stored = Stored()


@cache
def scripts() -> list[tuple[str, Script]]:
    """Every talk of this folder with its file's name."""
    files = sorted(FOLDER.glob("*.yaml"))
    return [(file.stem, Script(**written(file.read_text(encoding="utf-8")))) for file in files]
