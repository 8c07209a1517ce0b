"""What somebody wants to be told unasked (订阅): shown, begun, ended, in the talk. One tap in every bulletin ends it, too."""

from enum import StrEnum

from flows.commands import Command
from flows.mailing import mail_choices, mail_told
from flows.messages import Choice, Json, Reply
from flows.turn import Turn
from models.announced import note_left, note_opened, take_back
from models.subscription import (
    EVERY_TOPIC,
    Frequency,
    Subscription,
    subscribe,
    subscriptions_of,
    unsubscribe,
)


class Subject(StrEnum):
    """A topic that bulletins are written about; the keys stand in the table."""

    RESULT = "result"
    POLICY = "policy"


REMINDER = "reminder"
"""A topic that nobody writes about: what comes is due by the firm's own dates (occasions.py)."""
TITLES = {
    Subject.RESULT: "我的结果有变化",
    Subject.POLICY: "和企业有关的新政策",
}
WANTED: dict[str, str] = {each.value: title for each, title in TITLES.items()} | {REMINDER: "到时候提醒我"}
"""All that one can subscribe to, with its title."""
_SAYS: dict[str, str] = {
    Subject.RESULT: "政策改了，企业的判定或金额跟着变了，就告诉您改前改后各是多少",
    Subject.POLICY: "出了新政策，和您企业所在地、所在行业、所在梯次有关的才发",
    REMINDER: "测评没做完、资格快到期、填的数过了一年、政策快截止，到时候说一声，同一件事只说一次",
}
_OFTEN: dict[Frequency, str] = {"at-once": "有了就发", "weekly": "每周合成一条"}
ON, OFF, WEEKLY = "sub", "unsub", "sub-weekly"
OPEN, LEAVE = "bulletin", "leave"
ALL = EVERY_TOPIC
TRIED_OUT = "tried-out"
"""In the place of a bulletin's id, on the buttons of one that is only tried out."""


def show_subscriptions(turn: Turn, **data: Json) -> Reply:
    """What is subscribed to, how often it comes, where it goes; with a button for each change."""
    held = _held(turn)
    told = [
        {
            "title": title,
            "says": _SAYS[each],
            "on": each in held,
            "often": _OFTEN[held[each].frequency] if each in held else None,
        }
        for each, title in WANTED.items()
    ]
    choices = tuple(choice for each in WANTED for choice in _choices(each, held.get(each)))
    mail = mail_told(turn) if held else None
    beside = (*mail_choices(mail), Choice(f"{OFF}:{ALL}", "全部退订")) if held else ()
    return Reply(
        "notice",
        "subscriptions",
        choices=(*choices, *beside, Choice(Command.RESUME, "继续")),
        data={"topics": told, "mail": mail, **data},
    )


def _held(turn: Turn) -> dict[str, Subscription]:
    found = subscriptions_of(turn.connection, turn.account.person_id)
    return {each.topic: each for each in found if each.until is None}


def _choices(subject: str, held: Subscription | None) -> tuple[Choice, ...]:
    title = WANTED[subject]
    if held is None:
        return (Choice(f"{ON}:{subject}", f"订阅：{title}"),)
    other = (
        Choice(f"{WEEKLY}:{subject}", f"改成每周一条：{title}")
        if held.frequency == "at-once"
        else Choice(f"{ON}:{subject}", f"改成有了就发：{title}")
    )
    return (other, Choice(f"{OFF}:{subject}", f"退订：{title}"))


def obey(turn: Turn, said: str) -> Reply | None:
    """A button of the subscriptions, or of a bulletin; None for any other."""
    name, _, which = said.partition(":")
    if name in {ON, WEEKLY} and which in WANTED:
        frequency: Frequency = "weekly" if name == WEEKLY else "at-once"
        person, account, at = turn.account.person_id, turn.account.id, turn.incoming.at
        subscribe(turn.connection, person, account, which, frequency=frequency, at=at)
        return show_subscriptions(turn, begun=WANTED[which])
    if name == OFF and (which == ALL or which in WANTED):
        return leave(turn, None if which == ALL else which)
    if name in {LEAVE, OPEN} and which == TRIED_OUT:
        return Reply("notice", "tried-out", choices=(Choice(Command.RESUME, "继续"),))
    if name == LEAVE:
        topic = note_left(turn.connection, which, turn.account.person_id, turn.incoming.at)
        return None if topic is None else leave(turn, None if topic == ALL else topic)
    if name == OPEN:
        note_opened(turn.connection, which, turn.account.person_id, turn.incoming.at)
    return None


def leave(turn: Turn, topic: str | None = None) -> Reply:
    """End a subscription, or all of them; said so whether or not there was any."""
    hear_no_more(turn, topic)
    title = None if topic is None else WANTED[topic]
    choices = (Choice(Command.SUBSCRIBE, "看订阅"), Choice(Command.RESUME, "继续"))
    return Reply("notice", "unsubscribed", choices=choices, data={"title": title})


def hear_no_more(turn: Turn, topic: str | None = None) -> None:
    """End one subscription or all, and take back what is on its way to them: "no more" begins now."""
    unsubscribe(turn.connection, turn.account.person_id, topic, turn.incoming.at)
    take_back(turn.connection, turn.account.person_id, topic)
