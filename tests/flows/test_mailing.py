"""An address for mail: offered on the page only, confirmed before anything is sent there, limited, and gone at a word."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from flows.audience import Audience
from flows.bulletins import draft, release
from flows.composing import Text
from flows.digest import gather_week
from flows.editions import Editions
from flows.interview import receive
from flows.laying_out import lay_out
from flows.leaving import leave_by_link, left_by
from flows.mailing import address_in, veiled
from flows.messages import Incoming, Operator, Reply
from flows.render import render
from flows.retention import purge
from models.bulletin import deliveries
from models.erasure import forget_person
from models.mailbox import mail_account, mailbox_of, mailboxes, owner_of_key
from models.merging import join_people
from models.outbox import outbox
from models.person import accounts, find_account
from models.sending import waiting
from models.session import Database
from models.subscription import subscriptions_of
from tests.conversations.in_process import START, editions, publish
from tests.sent import mark_sent

OPERATOR = Operator("某某促进中心", "0371-1", "https://ladder.example", mails=True)
MINE = "zhang.san@example.com"


class Owner:
    """Somebody at a page, with a clock of their own."""

    def __init__(self, database: Database, address: str = "page", channel: str = "web") -> None:
        self.database, self.address, self.channel = database, address, channel
        self.at, self._keys = START, 0

    def says(self, text: str | None = None, *, tap: str | None = None, operator: Operator = OPERATOR) -> str:
        self._keys += 1
        told = Incoming(
            *(self.channel, self.address, str(self._keys), self.at, text, tap), shown_as=text or tap
        )
        promise = self.database.turn(lambda c: receive(c, editions(), operator, told))
        assert promise is not None
        self.reply = promise.reply
        self.database.turn(lambda c: mark_sent(c, promise.message_id, self.at))
        return render(promise.reply)

    def begins(self) -> "Owner":
        for text in ("开始", "同意", "河南"):
            self.says(text)
        return self

    def code(self, address: str = MINE) -> str:
        """What was mailed there last."""
        there = self.database.read(lambda c: waiting(c, "email", 0, 100, address=address))
        return str(there[-1].payload["data"]["code"])

    def confirms(self, address: str = MINE) -> None:
        self.says(tap="sub:policy")
        self.says(address)
        self.says(f"邮箱 {self.code(address)}")

    @property
    def person(self) -> int:
        found = self.database.read(lambda c: find_account(c, self.channel, self.address))
        assert found is not None
        return found.person_id

    def mail(self) -> str | None:
        found = self.database.read(lambda c: mail_account(c, self.person))
        return None if found is None else found.address


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    publish(opened)
    yield opened
    opened.close()


@pytest.fixture
def owner(sqlite: Database) -> Owner:
    return Owner(sqlite).begins()


def test_it_is_offered_to_who_subscribed_on_the_page_and_confirmed_by_a_code(owner: Owner) -> None:
    assert "邮箱" not in owner.says("订阅")
    assert "想在邮箱里也收一份" in owner.says(tap="sub:policy")
    assert "mail" in {each.key for each in owner.reply.choices}
    assert "直接回复邮箱地址" in owner.says(tap="mail")
    assert "码寄到 z***@example.com 了" in owner.says(f"我的邮箱是 {MINE}。")
    assert owner.mail() is None
    assert "这个码不对" in owner.says("邮箱 000000" if owner.code() != "000000" else "邮箱 000001")
    assert "z***@example.com 核对过了" in owner.says(f"邮箱：{owner.code()}")
    assert owner.mail() == MINE
    assert "也发到 z***@example.com" in owner.says("订阅")
    assert MINE in owner.says("我的数据")
    said = owner.database.read(lambda c: c.execute(select(outbox.c.said)).scalars().all())
    assert not [each for each in said if each and "example.com" in each]


def test_the_right_digits_alone_will_do_and_wrong_ones_are_an_answer(owner: Owner) -> None:
    owner.says(MINE)
    code = owner.code()
    wrong = "300000" if code != "300000" else "300001"
    assert "码" not in owner.says(wrong).replace("信用代码", "")
    assert "核对过了" in owner.says(code)


@pytest.mark.parametrize(
    "text", ["不是邮箱", "@", "a@b", "a b@c.com", "a@b..com", f"{'a' * 65}@b.com", "3.2亿"]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert address_in(text) is None


def test_addresses_are_read_as_people_type_them() -> None:
    for text in (
        "Zhang.San@Example.COM",
        "邮箱：Zhang.San@Example.COM",
        "我的邮箱是Ｚｈａｎｇ．Ｓａｎ＠example.com ",
    ):
        assert address_in(text) == "Zhang.San@example.com"
    assert veiled("z@example.com") == "z***@example.com"


def test_a_code_ends_after_half_an_hour_and_after_five_wrong_ones(owner: Owner) -> None:
    owner.says(MINE)
    code = owner.code()
    owner.at += timedelta(minutes=31)
    assert "过期了" in owner.says(f"邮箱 {code}")
    owner.says(MINE)
    code = owner.code()
    for number in range(5):
        owner.says(f"邮箱 {(int(code) + 1 + number) % 10**6:06}")
    assert "过期了" in owner.says(f"邮箱 {code}")
    assert owner.mail() is None


def test_codes_are_limited_by_person_and_by_address(owner: Owner) -> None:
    for _ in range(5):
        owner.says(MINE)
    assert "次数太多" in owner.says("other@example.com")
    for number in range(4):
        Owner(owner.database, f"page{number}").begins().says(MINE)
    assert "次数太多" in Owner(owner.database, "page9").begins().says(MINE)
    owner.at += timedelta(days=1, minutes=1)
    assert "码寄到" in owner.says(MINE)


def test_naming_and_deleting_in_turns_mails_no_more_codes(owner: Owner) -> None:
    for number in range(5):
        assert "码寄到" in owner.says(f"z{number}@example.com")
        owner.says("删除邮箱")
    assert "次数太多" in owner.says(MINE)


def test_an_address_gets_no_more_codes_whoever_names_it_and_however_it_is_written(sqlite: Database) -> None:
    ways = (MINE, MINE.upper(), "Zhang.San@Example.com", "zhang.san+2@example.com", MINE)
    for number, way in enumerate(ways):
        other = Owner(sqlite, f"page{number}").begins()
        assert "码寄到" in other.says(way)
        other.says("删除邮箱")
    assert "次数太多" in Owner(sqlite, "page9").begins().says(MINE)


def test_bare_digits_are_counted_as_guesses(owner: Owner) -> None:
    owner.says(MINE)
    code = owner.code()
    for number in range(5):
        owner.says(f"{(int(code) + 1 + number) % 10**6:06}")
    assert "过期了" in owner.says(code)
    assert owner.mail() is None


def test_without_mail_and_on_other_channels_an_address_is_no_wish(sqlite: Database) -> None:
    for owner, operator in (
        (Owner(sqlite).begins(), Operator("某某促进中心", "0371-1", "https://ladder.example")),
        (Owner(sqlite, "7", "telegram").begins(), OPERATOR),
    ):
        assert "码寄到" not in owner.says(MINE, operator=operator)
    assert sqlite.read(lambda c: c.execute(select(func.count()).select_from(mailboxes)).scalar_one()) == 0


def send(database: Database, title: str, owner: Owner, *, mails: bool = True) -> None:
    def work(connection: Connection) -> None:
        made = draft(connection, Text("policy", title, "正文"), Audience(), "张工", owner.at)
        release(connection, made, 1, "李工", owner.at)

    database.turn(work)
    later = owner.at + timedelta(seconds=1)
    while database.turn(lambda c: lay_out(c, editions(), later, mails=mails)):
        pass


def rows(database: Database) -> list[tuple[str, str, str]]:
    wanted = select(deliveries.c.channel, deliveries.c.address, deliveries.c.state).order_by(deliveries.c.id)
    return [tuple(row) for row in database.read(lambda c: c.execute(wanted).all())]


def test_what_is_subscribed_to_comes_on_the_page_and_by_mail(database: Database) -> None:
    publish(database)
    owner = Owner(database).begins()
    owner.says(MINE)
    owner.says(tap="sub:policy")
    send(database, "未核对", owner)
    assert rows(database) == [("web", "page", "sent")]
    owner.says(f"邮箱 {owner.code()}")
    send(database, "核对了", owner)
    owner.at += timedelta(days=8)
    send(database, "没有人寄信", owner, mails=False)
    assert rows(database)[1:] == [("email", MINE, "waiting"), ("web", "page", "sent")]
    letter = database.read(lambda c: c.execute(select(deliveries.c.payload)).scalars().all())[1]
    key, _, bulletin = letter["data"]["leave"].partition("/")
    placed = select(outbox.c.payload).where(outbox.c.channel == "web", outbox.c.reply_to.like("bulletin%"))
    assert all("leave" not in each["data"] for each in database.read(lambda c: c.execute(placed).scalars()))
    assert database.read(lambda c: left_by(c, key, bulletin)) == "和企业有关的新政策"
    assert database.read(lambda c: left_by(c, key, "0" * 32)) is None
    assert database.read(lambda c: left_by(c, "0" * 32, bulletin)) is None
    for _ in range(2):
        assert database.turn(lambda c: leave_by_link(c, key, bulletin, owner.at)) == "和企业有关的新政策"
    assert all(each.until for each in database.read(lambda c: subscriptions_of(c, owner.person)))
    assert rows(database)[1] == ("email", MINE, "cancelled")


def test_the_weekly_gathering_is_mailed_too(owner: Owner) -> None:
    owner.confirms()
    owner.says(tap="sub-weekly:policy")
    send(owner.database, "这周的事", owner)
    monday = START + timedelta(days=7, hours=1)
    while owner.database.turn(lambda c: gather_week(c, Editions(), monday, mails=True)):
        pass
    assert rows(owner.database) == [("web", "page", "merged"), ("email", MINE, "waiting")]
    wanted = select(deliveries.c.payload).where(deliveries.c.channel == "email")
    letter = Reply.from_json(owner.database.read(lambda c: c.execute(wanted).scalar_one()))
    key, _, bulletin = letter.data["leave"].partition("/")
    assert owner.database.turn(lambda c: leave_by_link(c, key, bulletin, owner.at)) == "全部通知"


def test_an_address_goes_at_a_word_with_what_waits_for_it(owner: Owner) -> None:
    owner.confirms()
    send(owner.database, "还没寄", owner)
    assert "删掉了" in owner.says("删除邮箱")
    assert owner.mail() is None
    assert rows(owner.database) == [("email", "", "cancelled")]
    left = owner.database.read(lambda c: c.execute(select(accounts.c.channel)).scalars().all())
    assert left == ["web"]
    left_over = owner.database.read(lambda c: mailbox_of(c, owner.person))
    assert left_over is not None
    assert (left_over.wanted, left_over.code_sha256, left_over.account_id) == (None, None, None)
    purge(owner.database, START + timedelta(days=2))
    assert owner.database.read(lambda c: mailbox_of(c, owner.person)) is None


def test_links_to_leave_end_with_the_address(owner: Owner) -> None:
    owner.confirms()
    before = owner.database.read(lambda c: mailbox_of(c, owner.person))
    owner.says("删除邮箱")
    assert before is not None
    assert owner.database.read(lambda c: owner_of_key(c, before.leave_key)) is None


def test_the_same_address_confirmed_by_somebody_else_is_theirs_and_its_owner_before_is_told(
    owner: Owner,
) -> None:
    owner.confirms()
    other = Owner(owner.database, "other").begins()
    other.confirms()
    assert (owner.mail(), other.mail()) == (None, MINE)
    told = owner.database.read(lambda c: waiting(c, "web", 0, 100, address="page"))
    assert "z***@example.com 刚刚在另一处核对过" in render(Reply.from_json(told[-1].payload))
    other.confirms()
    assert not owner.database.read(lambda c: waiting(c, "web", 0, 100, address="other"))


def test_of_two_persons_who_become_one_the_confirmed_address_stays(owner: Owner) -> None:
    other = Owner(owner.database, "other").begins()
    other.confirms()
    owner.says("new@example.com")
    owner.says("删除邮箱")
    one, two = owner.person, other.person
    owner.database.turn(lambda c: join_people(c, one, two))
    assert owner.mail() == MINE
    for number in range(3):
        assert "码寄到" in owner.says(f"z{number}@example.com")
    assert "次数太多" in owner.says("z9@example.com")


def test_an_address_that_was_never_confirmed_goes_after_a_day_and_all_with_the_person(owner: Owner) -> None:
    owner.says(MINE)
    purge(owner.database, START + timedelta(days=2))
    assert owner.database.read(lambda c: mailbox_of(c, owner.person)) is None
    owner.confirms()
    owner.says("new@example.com")
    purge(owner.database, START + timedelta(days=2))
    assert owner.mail() == MINE
    blocked = update(accounts).where(accounts.c.channel == "email").values(state="blocked")
    owner.database.turn(lambda c: c.execute(blocked))
    assert "想在邮箱里也收一份" in owner.says("订阅")
    person = owner.person
    owner.database.turn(lambda c: forget_person(c, person))
    assert (
        owner.database.read(lambda c: c.execute(select(func.count()).select_from(accounts)).scalar_one()) == 0
    )
