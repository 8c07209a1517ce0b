"""Where the talk on an account points."""

from models.session import Database
from models.talk import get_talk, set_focus
from tests.models.firms import NOW, build


def test_the_focus_moves(database: Database) -> None:
    world = database.turn(build)
    account = world.account.id
    assert database.read(lambda c: get_talk(c, account)) is None
    focuses = [{"slot": "revenue", "reading": {"value": 5}}, None, {"slot": "rd_spend"}]
    for focus in focuses:
        database.turn(lambda c, focus=focus: set_focus(c, account, world.assessment.id, focus, NOW))  # type: ignore[misc]
        talk = database.read(lambda c: get_talk(c, account))
        assert talk
        assert (talk.focus, talk.assessment_id) == (focus, world.assessment.id)
