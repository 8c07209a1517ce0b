"""Which updates mean the same thing sent, and which mean nothing: told by the key that the talk gets."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from bot.telegram.handlers import heard
from bot.telegram.heard import Heard, InGroup, Moved, Said

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PERSON = {"id": 7, "is_bot": False, "first_name": "老王"}
PRIVATE = {"id": 7, "type": "private", "first_name": "老王"}
GROUP = {"id": -4711, "type": "group", "title": "某某"}
BOT = {"id": 1, "is_bot": True, "first_name": "ladder"}
PHOTO = {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]}
PLACE = {"location": {"latitude": 34.7, "longitude": 113.6, "live_period": 900}}


def hear(number: int, kind: str, **content: Any) -> Heard | None:
    told = {"date": 1790000000, "chat": PRIVATE, "from": PERSON, **content}
    update = Update.de_json({"update_id": number, kind: told}, None)
    return heard(update, AT)


def key(what: Heard | None) -> str:
    assert isinstance(what, Said | InGroup)
    return what.incoming.key


def changed(number: int, chat: dict[str, Any], before: str, after: str) -> Heard | None:
    members = {
        name: {"status": status, "user": BOT, "until_date": 0}
        for name, status in (("old_chat_member", before), ("new_chat_member", after))
    }
    return hear(number, "my_chat_member", chat=chat, **members)


def test_a_live_location_is_answered_once_and_not_at_every_step() -> None:
    first = hear(1, "message", message_id=5, **PLACE)
    assert isinstance(first, Said)
    assert first.incoming.unreadable == "location"
    assert hear(2, "edited_message", message_id=5, edit_date=1790000010, **PLACE) is None


def test_a_message_edited_twice_gets_its_hint_once() -> None:
    once, twice, other = (
        hear(number, "edited_message", message_id=message, edit_date=1790000010, text="3亿")
        for number, message in ((1, 5), (2, 5), (3, 6))
    )
    assert isinstance(once, Said)
    assert once.incoming.unreadable == "edited"
    assert key(once) == key(twice) == "e5"
    assert key(other) == "e6"


def test_an_album_is_one_thing_sent() -> None:
    album = [hear(each, "message", message_id=each, media_group_id="131", **PHOTO) for each in (1, 2, 3)]
    assert {key(each) for each in album} == {"g131"}
    assert key(hear(4, "message", message_id=4, **PHOTO)) == "u4"


@pytest.mark.parametrize("after", ["left", "kicked"])
def test_a_group_that_throws_us_out_is_told_nothing(after: str) -> None:
    assert changed(1, GROUP, "member", after) is None


def test_a_group_is_declined_each_time_it_lets_us_in_and_once_for_all_that_is_said() -> None:
    assert key(changed(1, GROUP, "left", "member")) == "u1"
    assert key(changed(2, GROUP, "kicked", "member")) == "u2"
    assert key(changed(3, GROUP, "member", "member")) == "group"
    said = [hear(each, "message", message_id=each, chat=GROUP, text="/start") for each in (4, 5)]
    assert {key(each) for each in said} == {"group"}


def test_who_blocks_us_is_gone_and_who_lets_us_in_is_back() -> None:
    assert changed(1, PRIVATE, "member", "kicked") == Moved("7", gone=True)
    assert changed(2, PRIVATE, "kicked", "member") == Moved("7", gone=False)
