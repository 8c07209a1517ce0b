"""`ladder bulletin`: what the console does, from a shell; refused in one line, and in the audit."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from models.audit import audit
from models.person import add_person
from models.session import Database
from models.subscription import subscribe
from tests.test_main import Ladder, ladder

__all__ = ["ladder"]


def _subscribes(connection: Connection) -> None:
    now = datetime.now(UTC)
    account = add_person(connection, "telegram", "1", now)
    subscribe(connection, account.person_id, account.id, "policy", frequency="at-once", at=now)


def test_a_bulletin_is_drafted_released_and_held_from_a_shell(ladder: Ladder, tmp_path: Path) -> None:
    assert ladder("db", "upgrade").status == 0
    letter = tmp_path / "letter.txt"
    letter.write_text("新政策\n下月起**施行**。\n", encoding="utf-8")
    for audience, told in (
        ('{"cities": ["北京"]}', "cities: there is no '北京'"),
        ('{"city": ["洛阳"]}', "unknown part 'city'"),
        ('{"changed_by": 7}', "no reassessment has the number 7"),
        ('{"rungs": "1"}', "'rungs' is written otherwise"),
    ):
        refused = ladder("bulletin", "draft", str(letter), "--topic", "policy", "--audience", audience)
        assert (refused.status, told in refused.err, refused.err.count("\n")) == (1, True, 1)
    with closing(Database(f"sqlite:///{tmp_path / 'ladder.db'}")) as database:
        database.turn(_subscribes)
        made = ladder("bulletin", "draft", str(letter), "--topic", "policy", "--as", "张工")
        assert "a draft, for 1 people" in made.out
        which = made.out[:12]
        past = ladder("bulletin", "send", which, "--as", "李工", "--at", "2026-01-01T09:00+08:00")
        assert (past.status, "is past" in past.err) == (1, True)
        assert ladder("bulletin", "send", which, "--as", "李工").status == 0
        for verb in ("pause", "resume", "cancel"):
            assert ladder("bulletin", verb, which, "--as", "李工").status == 0
        assert "cancelled, 0 recipients" in ladder("bulletin", "report", which).out
        rows = database.read(lambda c: c.execute(select(audit).order_by(audit.c.id)).all())
    verbs = ("write", "release", "pause", "resume", "cancel")
    assert [row.action for row in rows] == [f"bulletin.{verb}" for verb in verbs]
    assert {row.actor for row in rows} == {"command"}
    assert [row.personal["name"] for row in rows] == ["张工", *["李工"] * 4]
