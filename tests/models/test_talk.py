"""Where the talk on an account points."""

from sqlalchemy import select

from models.session import Database
from models.talk import set_focus, talks
from tests.models.firms import NOW, build


def test_the_focus_moves(database: Database) -> None:
    world = database.turn(build)
    account = world.account.id
    focuses = [{"slot": "revenue", "reading": {"value": 5}}, None, {"slot": "rd_spend"}]
    for focus in focuses:
        database.turn(lambda c, focus=focus: set_focus(c, account, world.assessment.id, focus, NOW))  # type: ignore[misc]  # this pass's value
        stored = select(talks.c.focus, talks.c.assessment_id).where(talks.c.account_id == account)
        assert database.read(lambda c, s=stored: tuple(c.execute(s).one())) == (focus, world.assessment.id)  # type: ignore[misc]  # this pass's value
