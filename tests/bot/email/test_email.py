"""Mail goes out as every other message does: once, at its pace, with a link to leave; and what goes wrong has its own end."""

import asyncio
import shutil
import ssl
import subprocess
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.email import post as posting
from bot.email.account import MailAccount
from bot.email.channel import MailChannel
from bot.email.letter import letter_of
from bot.email.service import MailService
from flows.channel import Place, Undeliverable
from flows.messages import Choice, Reply
from models.bulletin import NewDelivery, bulletins, deliveries
from models.bulletins import add_bulletin, change_bulletin
from models.delivering import LEASE, add_deliveries
from models.mailbox import CHANNEL
from models.outbox import NewMessage, outbox, put
from models.person import accounts, add_person
from models.session import Database
from models.subscription import subscribe
from tests.bot.email.server import CUT, CUT_AFTER, SILENT, Mailbag, serving
from tests.bot.telegram.serving import until_in_loop
from tests.bot.test_broadcaster import Clock
from tests.models.taking import take

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
NEWS = Reply(
    "notice",
    "bulletin",
    choices=(Choice("leave:x", "退订这类"),),
    data={
        "title": "新政策",
        "body": "某某办法自**下月**起施行。",
        "topic": "和企业有关的新政策",
        "leave": "k3y/b1",
    },
)


def account(bag: Mailbag, **more: object) -> MailAccount:
    told = {"host": "127.0.0.1", "sender": "ladder@example.com", "site": "https://ladder.example"}
    return MailAccount(**{**told, "name": "某某促进中心", "security": "none", "port": bag.port, **more})  # type: ignore[arg-type]  # as a test spells them


def bulletin(connection: Connection, *addresses: str) -> int:
    """One that is being sent to these addresses."""
    text = {"topic": "policy", "title": "新政策", "body": "正文", "author": "周顾问"}
    made = add_bulletin(connection, **text, audience={}, urgent=True, at=NOON)
    new = []
    for address in addresses:
        person = add_person(connection, CHANNEL, address, NOON)
        subscribe(connection, person.person_id, person.id, "policy", frequency="at-once", at=NOON)
        new.append(NewDelivery(person.person_id, None, CHANNEL, address, NEWS.to_json()))
    add_deliveries(connection, made.id, new, NOON)
    change_bulletin(connection, made, {"state": "sending", "started_at": NOON}, ("draft",))
    return made.id


@asynccontextmanager
async def mailing(database: Database, bag: Mailbag, now: Clock, **more: object) -> AsyncIterator[MailService]:
    async with serving(bag):
        service = MailService(database, account(bag, **{"a_second": 50, **more}), now)
        async with service.running():
            yield service


def states(database: Database) -> dict[str, str]:
    wanted = select(deliveries.c.address, deliveries.c.state)
    return {row.address: row.state for row in database.read(lambda c: c.execute(wanted).all())}


def is_done(database: Database) -> bool:
    return bool(database.read(lambda c: c.execute(select(bulletins.c.state)).scalar_one()) == "done")


async def test_a_letter_is_plain_full_width_text_that_can_be_left_with_one_click(database: Database) -> None:
    bag = Mailbag()
    database.turn(lambda c: bulletin(c, "zhang@example.com", "li@example.com"))
    async with mailing(database, bag, Clock(NOON)):
        await until_in_loop(lambda: is_done(database))
    (letter,) = bag.to("zhang@example.com")
    assert letter["Subject"] == "新政策"
    assert str(letter["From"]) == "某某促进中心 <ladder@example.com>"
    assert letter["List-Unsubscribe"] == "<https://ladder.example/leave/k3y/b1>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.get_content_type() == "text/plain"
    words = letter.get_content()
    assert "某某办法自下月起施行。" in words
    assert "您订了“和企业有关的新政策”，所以收到这封信；不想再收，打开这里点一下就退订：" in words
    assert "https://ladder.example/leave/k3y/b1" in words
    assert "点“退订这类”" not in words
    sent = database.read(lambda c: c.execute(select(deliveries.c.external_id)).scalars().all())
    assert letter["Message-ID"] in sent
    assert states(database) == {"zhang@example.com": "sent", "li@example.com": "sent"}
    assert len(bag.letters) == 2


def test_a_title_with_line_breaks_adds_no_header() -> None:
    reply = Reply("notice", "bulletin", data={**NEWS.data, "title": "新\r\nBcc: all@example.com"})
    letter = letter_of(reply, "zhang@example.com", account(Mailbag(port=25)), NOON)
    assert letter["Subject"] == "新 Bcc: all@example.com"
    assert letter["Bcc"] is None


def test_an_address_and_a_password_are_not_shown_by_the_account() -> None:
    assert repr(account(Mailbag(), password="s3cret")) == "MailAccount('127.0.0.1')"


async def test_each_refusal_has_its_own_end(sqlite: Database) -> None:
    bag, now = Mailbag(), Clock(NOON)
    bag.at_recipient = {
        "gone@example.com": deque(["550 5.1.1 no such user"]),
        "full@example.com": deque(["552 5.2.2 mailbox full"]),
        "grey@example.com": deque(["451 4.7.1 come again", "450 4.2.0 and again"]),
    }
    bag.at_letter = {
        "spam@example.com": deque(["554 5.7.1 we do not like it"]),
        "cut@example.com": deque([CUT]),
        "took@example.com": deque([CUT_AFTER]),
        "busy@example.com": deque(["452 4.3.1 full just now"]),
    }
    addresses = [*bag.at_recipient, *bag.at_letter, "fine@example.com"]
    sqlite.turn(lambda c: bulletin(c, *addresses))
    async with mailing(sqlite, bag, now):
        for _ in range(4):
            await until_in_loop(lambda: set(states(sqlite).values()) <= {"waiting"} | ENDS)
            await asyncio.sleep(0.1)
            now.forward(timedelta(seconds=5))
        await until_in_loop(lambda: is_done(sqlite))
    assert states(sqlite) == {
        "gone@example.com": "blocked",
        "full@example.com": "failed",
        "grey@example.com": "sent",
        "spam@example.com": "failed",
        "cut@example.com": "unknown",
        "took@example.com": "unknown",
        "busy@example.com": "sent",
        "fine@example.com": "sent",
    }
    assert bag.tries.count("grey@example.com") == 3
    assert bag.tries.count("cut@example.com") == bag.tries.count("took@example.com") == 1
    blocked = select(accounts.c.state).where(accounts.c.address == "gone@example.com")
    assert sqlite.read(lambda c: c.execute(blocked).scalar_one()) == "blocked"
    why = select(deliveries.c.error).where(deliveries.c.address == "spam@example.com")
    assert sqlite.read(lambda c: c.execute(why).scalar_one()) == "refused 554 5.7.1"


ENDS = {"sent", "failed", "blocked", "unknown"}


async def test_a_server_that_is_away_pauses_all_letters_and_loses_none(sqlite: Database) -> None:
    bag, now = Mailbag(port=1), Clock(NOON)
    sqlite.turn(lambda c: bulletin(c, "zhang@example.com", "li@example.com"))
    service = MailService(sqlite, account(bag), now)
    async with service.running():
        await until_in_loop(lambda: "not reached" in str(_errors(sqlite)))
    assert set(states(sqlite).values()) == {"waiting"}
    bag.port = 0
    now.forward(timedelta(seconds=61))
    async with mailing(sqlite, bag, now):
        await until_in_loop(lambda: is_done(sqlite))
    assert len(bag.letters) == 2


def _errors(database: Database) -> list[str | None]:
    return list(database.read(lambda c: c.execute(select(deliveries.c.error)).scalars().all()))


async def test_a_server_that_falls_silent_is_left_in_time(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "WITHIN", 0.5)
    bag, now = Mailbag(), Clock(NOON)
    bag.at_recipient = {"early@example.com": deque([SILENT])}
    bag.at_letter = {"late@example.com": deque([SILENT])}
    sqlite.turn(lambda c: bulletin(c, "early@example.com", "late@example.com"))
    async with mailing(sqlite, bag, now):
        await until_in_loop(lambda: states(sqlite)["late@example.com"] == "unknown")
        await until_in_loop(lambda: states(sqlite)["early@example.com"] == "waiting")
        now.forward(timedelta(seconds=5))
        await until_in_loop(lambda: is_done(sqlite))
    assert states(sqlite) == {"early@example.com": "sent", "late@example.com": "unknown"}


async def test_what_a_killed_worker_had_in_hand_is_unknown_and_not_mailed_again(sqlite: Database) -> None:
    bag = Mailbag()
    made = sqlite.turn(lambda c: bulletin(c, "zhang@example.com", "li@example.com"))
    take(sqlite, [made], 1, NOON, CHANNEL)
    async with mailing(sqlite, bag, Clock(NOON + LEASE)):
        await until_in_loop(lambda: is_done(sqlite))
    assert states(sqlite) == {"zhang@example.com": "unknown", "li@example.com": "sent"}
    assert [address for address, _ in bag.letters] == ["li@example.com"]


async def test_a_code_is_mailed_from_the_outbox_and_kept_nowhere(sqlite: Database) -> None:
    bag = Mailbag()
    code = Reply("notice", "mail-code", data={"code": "482913", "site": "https://ladder.example"})
    row = NewMessage(CHANNEL, "zhang@example.com", "code-1-k", "notice", code.to_json(), forget=True)
    sqlite.turn(lambda c: put(c, row, NOON))
    async with mailing(sqlite, bag, Clock(NOON)):
        await until_in_loop(lambda: not sqlite.read(lambda c: c.execute(select(outbox.c.id)).all()))
    (letter,) = bag.to("zhang@example.com")
    assert letter["Subject"] == "您的邮箱核对码"
    assert letter["List-Unsubscribe"] is None
    assert "请回到创新阶梯自测的页面，回复：邮箱 482913" in letter.get_content()


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_it_speaks_tls_and_shows_its_password_to_nobody_else(certificate: Path, security: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    bag = Mailbag(password="s3cret", context=context)
    async with serving(bag, wrapped=security == "tls"):
        for password, ca, why in (
            ("s3cret", str(certificate), ""),
            ("wrong", str(certificate), "not let in"),
            ("s3cret", "", "not reached"),
        ):
            told = account(bag, security=security, host="localhost", user="ladder", password=password, ca=ca)
            channel = MailChannel(told, lambda: NOON)
            if not why:
                assert await channel.send("zhang@example.com", NEWS, Place())
                continue
            with pytest.raises(Undeliverable, match=why) as failed:
                await channel.send("zhang@example.com", NEWS, Place())
            assert failed.value.wait is not None
            assert "s3cret" not in str(failed.value)
    assert len(bag.letters) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that signed itself, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("certificate") / "own.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    made += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*made, "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """For what the database does not matter to."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()
