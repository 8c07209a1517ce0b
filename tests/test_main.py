"""The `ladder` command: every verb, what it prints, what it refuses and with which exit status."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError

import pytest

import main
from flows.editions import HENAN
from models.edition import publish_files, ship_files
from models.schema import upgrade
from models.session import Database
from models.sqlite import DRIVER
from policy.gathering import read_folder
from policy.load import SHIPPED
from tests.bot.chat_process import child_environment

ROOT = Path(main.__file__).parent
MINIMAL = ROOT / "tests" / "policy" / "editions" / "minimal"


class Done(NamedTuple):
    """What a verb left."""

    status: int
    out: str
    err: str


Ladder = Callable[..., Done]


@pytest.fixture
def ladder(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Iterator[Ladder]:
    """Run a verb in this process, in an empty folder and with a database of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LADDER_DATABASE_URL", f"sqlite:///{tmp_path / 'ladder.db'}")

    before = os.umask(0o022)

    def run(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["ladder", *arguments])
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        try:
            main.run()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0
        return Done(status, *capsys.readouterr())

    yield run
    os.umask(before)


UPGRADE = {"registered_in_henan": True, "revenue": 320000000, "rd_institution": True, "upgrade_project": True}
CAPPED = {**UPGRADE, "upgrade_total_investment": 80000000, "upgrade_equipment_software": 70000000}


def assessed(ladder: Ladder, facts: Mapping[str, object]) -> dict[str, Any]:
    done = ladder("assess", "--json", "--as-of", "2026-11-01", stdin=json.dumps({"facts": facts}))
    assert (done.status, done.err) == (0, "")
    result: dict[str, Any] = json.loads(done.out)
    return result


@pytest.mark.parametrize(
    ("facts", "verdict", "amount", "totals"),
    [
        pytest.param(
            {**CAPPED, "upgrade_demo_recognized": True}, "eligible", 10_000_000, (10_000_000, 0), id="capped"
        ),
        pytest.param(CAPPED, "conditional", 10_000_000, (0, 10_000_000), id="recognition not known"),
        pytest.param(
            {**UPGRADE, "upgrade_total_investment": 49_990_000, "upgrade_demo_recognized": True},
            "ineligible",
            0,
            (0, 0),
            id="short of the gate",
        ),
        pytest.param(
            {**CAPPED, "upgrade_equipment_software": 66_666_666, "upgrade_demo_recognized": True},
            "eligible",
            9_999_999,
            (9_999_999, 0),
            id="fractions are cut off",
        ),
    ],
)
def test_assess_says_what_the_issue_asks(
    ladder: Ladder, facts: Mapping[str, object], verdict: str, amount: int, totals: tuple[int, int]
) -> None:
    result = assessed(ladder, facts)
    scheme = next(each for each in result["schemes"] if each["id"] == "tech-upgrade-demo-subsidy")
    assert (scheme["verdict"], scheme["amount_yuan"]) == (verdict, amount)
    assert (result["confirmed_total_yuan"], result["conditional_total_yuan"]) == totals
    assert [each["place"] for each in scheme["citations"]] == ["摘要H4", "第18条"]
    assert (scheme["working"] != "") is (amount > 0)
    assert [each["short_by"] for each in scheme["because"]] == (
        [10_000] if verdict == "ineligible" else [None] * len(scheme["because"])
    )


def test_assess_puts_a_firm_on_the_ladder(ladder: Ladder) -> None:
    told = assessed(ladder, {**UPGRADE, "upgrade_project": False, "national_platforms": []})
    assert told["ladder"]["state"] == "on_ladder"
    assert told["ladder"]["rungs_expected"] == ["rd_institution"]
    assert told["ladder"]["gap_to_next_yuan"] == 180_000_000
    assert told["must_ask"] == []
    assert (told["edition"], told["as_of"]) == ("henan-2025", "2026-11-01")


def test_assess_reads_a_file_and_tells_it_in_words(ladder: Ladder, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text(json.dumps({"facts": CAPPED}), encoding="utf-8")
    done = ladder("assess", "facts.json")
    assert done.status == 0
    for told in ("在第 1 级", "认定了是 1000万元", "摘要H4", "第18条", "不是任何部门的认定"):
        assert told in done.out
    assert "**" not in done.out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"facts": {\n"revenu": 1}}', ["facts.json:2", "revenu", "did you mean", "revenue"]),
        ('{"facts": {"revenue": 1', ["facts.json:1"]),
        ('{"facts": {"revenue": 1,\n"revenue": 2}}', ["facts.json", "revenue"]),
        ('{"as_of": "2026-13-01", "facts": {}}', ["facts.json", "2026-13-01"]),
        ('{"facts": {"revenue": "3.2亿"}}', ["facts.json", "revenue"]),
        ("[]", ["facts.json"]),
        ("", ["facts.json"]),
    ],
)
def test_assess_refuses_with_one_clear_line(
    ladder: Ladder, tmp_path: Path, text: str, says: list[str]
) -> None:
    (tmp_path / "facts.json").write_text(text, encoding="utf-8")
    done = ladder("assess", "--json", "facts.json")
    assert (done.status, done.out) == (1, "")
    assert done.err.count("\n") == 1
    assert [each for each in says if each not in done.err] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("assess", "nowhere.json"), "nowhere.json"),
        (("assess", "--edition", "henan-2052"), "henan-2025"),
        (("policy", "check", "nowhere"), "nowhere"),
        (("db", "restore", "nowhere.db"), "nowhere.db"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    ladder: Ladder, arguments: tuple[str, ...], says: str
) -> None:
    done = ladder(*arguments, stdin="{}")
    assert (done.status, done.out) == (1, "")
    assert done.err.count("\n") == 1
    assert says in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("asess",),
        ("assess", "--nonsense"),
        ("assess", "--as-of", "yesterday"),
        ("db",),
        ("serve", "--workers", "0"),
    ],
)
def test_wrong_usage_ends_with_two(ladder: Ladder, arguments: tuple[str, ...]) -> None:
    done = ladder(*arguments, stdin="{}")
    assert done.status == 2
    assert "usage: ladder" in done.err


def test_help_names_every_verb(ladder: Ladder) -> None:
    done = ladder("--help")
    assert done.status == 0
    assert [
        verb
        for verb in ("serve", "chat", "assess", "parse", "policy", "db", "doctor")
        if verb not in done.out
    ] == []


def test_parse_answers_line_by_line(ladder: Ladder) -> None:
    asked = {"kind": "money", "field": "revenue", "unit": None}
    lines = [
        {"id": number, "text": text, "ask": asked} for number, text in enumerate(("3.2亿", "很多", "不知道"))
    ]
    done = ladder("parse", "--json", stdin="".join(f"{json.dumps(line)}\n" for line in lines))
    found = [json.loads(line) for line in done.out.splitlines()]
    assert done.status == 0
    assert [each["id"] for each in found] == [0, 1, 2]
    assert [each["kind"] for each in found] == ["money", "reject", "unknown"]
    assert found[0]["value"] == 320_000_000


def test_policy_check_and_list_speak_of_the_shipped_edition(ladder: Ladder) -> None:
    checked, listed = ladder("policy", "check"), ladder("policy", "list")
    assert checked.status == listed.status == 0
    assert "henan-2025" in checked.out
    assert "all right" in checked.out
    assert "henan-2025" in listed.out


def test_policy_check_names_file_and_line_of_a_mistake(ladder: Ladder, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "edition")
    ladder_file = tmp_path / "edition" / "ladder.yaml"
    text = ladder_file.read_text(encoding="utf-8")
    line = text[: text.index("measure: revenue")].count("\n") + 1
    ladder_file.write_text(text.replace("measure: revenue", "measure: revenu"), encoding="utf-8")
    done = ladder("policy", "check", "edition")
    assert done.status == 1
    assert f"ladder.yaml:{line}" in done.err
    assert "revenue" in done.err


def test_policy_check_writes_pages_for_a_proofreader(ladder: Ladder, tmp_path: Path) -> None:
    done = ladder("policy", "check", str(MINIMAL), "--pages", "pages")
    assert (done.status, done.err) == (0, "")
    first, last = done.out.splitlines()
    assert first.endswith("all right")
    assert last.startswith("pages/index.html: ")
    assert (tmp_path / "pages" / "index.html").is_file()
    assert ladder("policy", "check", str(MINIMAL), "--pages", "pages").status == 0


def test_policy_check_says_in_one_line_where_it_cannot_write(ladder: Ladder, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    shutil.copytree(MINIMAL, tmp_path / "edition")
    for target in ("taken", "taken/below", "edition/pages"):
        done = ladder("policy", "check", "edition", "--pages", target)
        assert done.status == 1
        assert done.err.count("\n") == 1
        assert f"--pages: {target}" in done.err
    assert not (tmp_path / "edition" / "pages").exists()


def test_a_broken_edition_leaves_no_pages(ladder: Ladder, tmp_path: Path) -> None:
    done = ladder("policy", "check", "nowhere", "--pages", "pages")
    assert (done.status, done.out) == (1, "")
    assert done.err.count("\n") == 1
    assert not (tmp_path / "pages").exists()


def test_a_backup_brings_the_talk_back(ladder: Ladder) -> None:
    assert ladder("db", "upgrade").status == 0
    talk = "同意\n河南\n3.2亿\n"
    assert "研发机构" in ladder("chat", stdin=talk).out
    assert ladder("db", "backup", "copy.db").status == 0
    assert "已经全部删除" in ladder("chat", stdin="删除我的数据\n确认删除\n").out
    assert "同意" in ladder("chat").out
    assert ladder("db", "restore", "copy.db").status == 1
    assert ladder("db", "restore", "copy.db", "--replace").status == 0
    assert "研发机构" in ladder("chat").out


def test_doctor_fails_before_the_first_upgrade_and_is_content_after_it(ladder: Ladder) -> None:
    before = ladder("doctor")
    assert before.status == 1
    assert "fail" in before.out
    ladder("db", "upgrade")
    after = ladder("doctor")
    assert after.status == 0
    assert "fail" not in after.out


def test_a_setting_that_does_not_fit_is_named(ladder: Ladder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_PORT", "many")
    done = ladder("chat")
    assert done.status == 1
    assert "LADDER_PORT" in done.err
    monkeypatch.setenv("LADDER_PORT", "8000")
    monkeypatch.setenv("LADDER_DATABASE_URL", "mysql://nowhere/at-all")
    done = ladder("chat")
    assert done.status == 1
    assert "LADDER_DATABASE_URL" in done.err


DATABASE_VERBS = (("serve",), ("chat",), ("purge",), ("db", "upgrade"))


@pytest.mark.parametrize("verb", DATABASE_VERBS)
def test_a_database_of_a_newer_version_is_refused_in_one_line(
    ladder: Ladder, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    assert ladder("db", "upgrade").status == 0
    with closing(DRIVER.connect(tmp_path / "ladder.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '20991231'")
        connection.commit()
    done = ladder(*verb)
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert "newer version of this program: update the program" in done.err
    told = ladder("doctor")
    assert told.status == 1
    assert "made by a newer version: update the program" in told.out


@pytest.mark.parametrize("verb", [*DATABASE_VERBS, ("db", "backup", "copy"), ("doctor",)])
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:s3cret@nowhere.invalid:notaport/name",
        "postgresql://someone:s3cret@nowhere.invalid/name",
        "postgresql://someone:s3cret@127.0.0.1:1/name",
    ],
)
def test_a_database_that_cannot_be_reached_is_one_line_without_its_address(
    ladder: Ladder, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...], url: str
) -> None:
    monkeypatch.setenv("LADDER_DATABASE_URL", url)
    done = ladder(*verb)
    assert done.status == 1
    assert [
        each for each in ("someone", "s3cret", "nowhere", "127.0.0.1") if each in done.out + done.err
    ] == []
    if verb != ("doctor",):
        assert (done.out, done.err.count("\n"), done.err.count("LADDER_DATABASE_URL") <= 1) == ("", 1, True)


def test_the_data_is_the_owners_alone(ladder: Ladder, tmp_path: Path) -> None:
    assert ladder("chat", stdin="同意\n").status == 0
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_purge_works_on_what_is_there_and_publishes_nothing(ladder: Ladder, tmp_path: Path) -> None:
    done = ladder("purge")
    assert (done.status, done.err.count("\n")) == (1, 1)
    assert "ladder db upgrade" in done.err
    assert list(tmp_path.iterdir()) == []
    upgrade(f"sqlite:///{tmp_path / 'ladder.db'}")
    assert "0 assessments, 0 firms, 0 people forgotten" in ladder("purge").out
    assert "none is in force" in ladder("doctor").out


@pytest.mark.parametrize("verb", [("chat",), ("db", "upgrade")])
def test_what_an_administrator_published_stays_in_force(
    ladder: Ladder, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    assert ladder("db", "upgrade").status == 0
    assert "henan-2025 (revision 1)" in ladder("doctor").out
    files = read_folder(SHIPPED)
    files = {**files, "plan.yaml": files["plan.yaml"] + "\n"}
    with closing(Database(f"sqlite:///{tmp_path / 'ladder.db'}")) as database:
        database.turn(lambda c: publish_files(c, HENAN, files, date(2025, 9, 1), datetime.now(UTC)))
    assert ladder(*verb).status == 0
    assert "henan-2025 (revision 2)" in ladder("doctor").out


def test_a_newer_shipped_edition_replaces_an_older_shipped_one(ladder: Ladder, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ladder.db'}"
    upgrade(url)
    with closing(Database(url)) as database:
        older = {"plan.yaml": "title: 老版本\n"}
        now = datetime.now(UTC)
        database.turn(lambda c: ship_files(c, HENAN, older, date(2025, 9, 1), now))
    assert ladder("db", "upgrade").status == 0
    assert "henan-2025 (revision 2)" in ladder("doctor").out


def test_more_workers_need_postgresql(ladder: Ladder) -> None:
    done = ladder("serve", "--workers", "2")
    assert done.status == 1
    assert "PostgreSQL" in done.err


def test_chat_speaks_chinese_whatever_the_locale(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "main", "chat"],
        input="同意\n在河南\n三亿二千万\n".encode(),
        capture_output=True,
        env=child_environment(f"sqlite:///{tmp_path / 'ladder.db'}"),
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    assert done.stderr == b""
    assert "营业收入：3.2亿元，记下了" in done.stdout.decode()


def _seconds(*command: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        command, input=b'{"facts": {"revenue": 320000000}}', capture_output=True, check=True, cwd=ROOT
    )
    return time.perf_counter() - start


def test_assess_starts_fast() -> None:
    """Under 0.5 s from cold where Python itself takes some 0.02 s; as a ratio, so that a busy machine does not lie."""
    bare = min(_seconds(sys.executable, "-c", "pass") for _ in range(5))
    cold = min(_seconds(sys.executable, "-m", "main", "assess", "--json") for _ in range(3))
    assert cold < max(0.5, 30 * bare), (cold, bare)


def _answer(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  our own server
        return str(response.read().decode())


def test_serve_answers_and_ends_when_told(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = child_environment(f"sqlite:///{tmp_path / 'ladder.db'}", LADDER_LOG="info")
    command = [sys.executable, "-m", "main", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        assert server.stdout is not None
        try:
            assert f"http://127.0.0.1:{port}/" in server.stdout.readline().decode()
            assert _patiently(f"http://127.0.0.1:{port}/healthz") == "ok"
            assert "行动计划" in _answer(f"http://127.0.0.1:{port}/")
        finally:
            start = time.monotonic()
            server.send_signal(signal.SIGTERM)
            server.wait(20)
        said = server.stdout.read().decode()
    assert time.monotonic() - start < 10
    assert "GET" not in said, "who visited is not logged"


def _patiently(url: str) -> str:
    for _ in range(150):
        try:
            return _answer(url)
        except URLError:
            time.sleep(0.1)
    return "it never came up"
