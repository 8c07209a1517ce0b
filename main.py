"""The `ladder` command: its verbs and their options. Each verb imports what it needs itself, so that `assess` starts fast.

What the verbs share (settings, the database made ready, the shipped editions, refusing) is in wiring.py.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from editing import (
    policy_check,
    policy_diff,
    policy_export,
    policy_import,
    policy_list,
    policy_preview,
    policy_publish,
)
from posting import beside, mail_check
from staffing import first_administrator, greet, staff_add, staff_list, staff_reset
from telling import add_bulletin_verbs
from wiring import (
    EDITIONS,
    REFUSED,
    carefully,
    listen,
    listen_with,
    login,
    opened,
    prepare,
    refuse,
    say,
    settings_in_force,
    shipped,
    shows,
    telegram_deploy,
    today,
)

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  argparse has no public name for it


def run() -> None:
    """The command's entry: UTF-8 whatever the locale says, and no stack trace for what a person can mend."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = commands().parse_args()
    try:
        arguments.verb(arguments)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has enough of it


def commands() -> argparse.ArgumentParser:
    """Every verb with its options; what a verb does is in the function it names."""
    parser = argparse.ArgumentParser(
        prog="ladder",
        description="Where a firm in Henan stands on the innovation ladder, what it lacks and what it can claim.",
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    verb = _verb(verbs, "serve", serve)
    verb.add_argument("--host", help="address to listen on")
    verb.add_argument("--port", type=int, help="port to listen on")
    verb.add_argument(
        "--workers", type=_processes, default=1, help="processes (more than one needs PostgreSQL)"
    )

    verb = _verb(verbs, "chat", chat)
    verb.add_argument("--as", dest="name", default="me", help="who is talking; each name has its own talk")
    verb.add_argument("--json", action="store_true", help="one JSON object a turn, in and out")

    verb = _verb(verbs, "assess", assess)
    verb.add_argument("file", nargs="?", default="-", help="a JSON file, or - for standard input")
    verb.add_argument("--json", action="store_true", help="determinations as JSON")
    verb.add_argument("--as-of", type=_day, help="the day to judge by, as 2026-11-01")
    verb.add_argument("--edition", default="henan-2025", help="the edition's name")

    verb = _verb(verbs, "parse", parse)
    verb.add_argument("--json", action="store_true", help="the only form there is")
    _verb(verbs, "doctor", doctor)
    _verb(verbs, "purge", purge)
    _policy_verbs(verbs)
    add_bulletin_verbs(_group(verbs, "bulletin", "messages to those who subscribed"), _verb)
    _staff_verbs(verbs)
    _database_verbs(verbs)
    return parser


def _policy_verbs(verbs: "Verbs") -> None:
    policy = _group(verbs, "policy", "editions of the rules")
    verb = _verb(policy, "check", policy_check)
    verb.add_argument(
        "folder", nargs="?", type=Path, default=EDITIONS / "henan" / "2025", help="an edition's folder"
    )
    verb.add_argument("--as-of", type=_day, help="the day on which the examples are judged")
    verb.add_argument("--pages", type=Path, metavar="DIR", help="write it as pages for a proofreader")
    _verb(policy, "list", policy_list)
    _edition_verbs(policy)
    telegram_verbs = _group(verbs, "telegram", "the Telegram bot")
    _verb(telegram_verbs, "deploy", telegram_deploy)


def _edition_verbs(policy: "Verbs") -> None:
    named = "a stored edition, as henan-2025 or henan-2025@3"
    verb = _verb(policy, "diff", policy_diff)
    verb.add_argument("before", help=f"a folder, or {named}")
    verb.add_argument("after", help="the same")
    verb = _verb(policy, "import", policy_import)
    verb.add_argument("source", type=Path, help="a folder or a zip file")
    verb.add_argument("--as", dest="name", default=login(), help="who does it")
    verb = _verb(policy, "preview", policy_preview)
    verb.add_argument("edition", metavar="NAME", help=named)
    verb.add_argument("--as", dest="name", default=login(), help="who does it")
    verb = _verb(policy, "publish", policy_publish)
    verb.add_argument("edition", metavar="NAME", help=named)
    verb.add_argument("--effective", type=_day, required=True, help="the day from which it is in force")
    verb.add_argument("--as", dest="name", default=login(), help="who does it; not who wrote it")
    verb = _verb(policy, "export", policy_export)
    verb.add_argument("edition", metavar="NAME", help=named)
    verb.add_argument("target", type=Path, help="a new folder")


def _staff_verbs(verbs: "Verbs") -> None:
    people = _group(verbs, "staff", "advisors and administrators of the console")
    for act, does in (("add", staff_add), ("reset", staff_reset)):
        verb = _verb(people, act, does)
        verb.add_argument("name", help="the name to sign in with")
        if act == "add":
            verb.add_argument("--role", choices=("administrator", "advisor"), default="advisor")
    _verb(people, "list", staff_list)


def _database_verbs(verbs: "Verbs") -> None:
    database = _group(verbs, "db", "the database")
    _verb(database, "upgrade", db_upgrade)
    verb = _verb(database, "backup", db_backup)
    verb.add_argument("target", type=Path, help="a new file")
    verb = _verb(database, "restore", db_restore)
    verb.add_argument("source", type=Path, help="a backup")
    verb.add_argument("--replace", action="store_true", help="put the present data aside first")


def _verb(
    verbs: "Verbs",
    name: str,
    does: Callable[[argparse.Namespace], None],
) -> argparse.ArgumentParser:
    """A verb whose help is the first line of what its function says of itself."""
    told = str(does.__doc__).splitlines()[0]
    parser = verbs.add_parser(name, help=told, description=told)
    parser.set_defaults(verb=does)
    return parser


def _group(verbs: "Verbs", name: str, told: str) -> "Verbs":
    return verbs.add_parser(name, help=told, description=told).add_subparsers(metavar="VERB", required=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day; write it as 2026-11-01") from None


def _processes(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of processes; write 1 or more")
    return int(text)


def chat(arguments: argparse.Namespace) -> None:
    """The interview in the terminal."""
    from bot.terminal import Terminal
    from flows.messages import Operator

    settings, database = prepare(always=False)
    try:
        operator = Operator(settings.operator_name, settings.operator_contact, settings.public_url)
        Terminal(database, operator, arguments.name, sys.stdin, sys.stdout, arguments.json).run()
    except KeyboardInterrupt:
        say("\n先到这里，答过的都存好了。")
    finally:
        database.close()


def assess(arguments: argparse.Namespace) -> None:
    """Facts in, determinations out; no database."""
    from policy.complaints import EditionError
    from policy.documents import read_facts_text

    file = arguments.file
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse([f"{file}: cannot be read ({error}); name a JSON file in UTF-8, or - for standard input"])
    try:
        outcome = read_facts_text(shipped(arguments.edition), text, file, arguments.as_of, today())
    except EditionError as error:
        refuse(error.lines)
    if arguments.json:
        import json

        from policy.results import write_outcome

        say(json.dumps(write_outcome(outcome), ensure_ascii=False, indent=2))
    else:
        from flows.progress import outright
        from flows.render import render

        say(render(outright(outcome)).replace("**", ""))


def parse(_arguments: argparse.Namespace) -> None:
    """Typed answers in, readings out: one JSON object a line; no database."""
    from flows.answers.wire import parse_lines

    for line in parse_lines(sys.stdin):
        say(line)
        sys.stdout.flush()


def serve(arguments: argparse.Namespace) -> None:
    """The web page, and with LADDER_TELEGRAM_TOKEN set the Telegram bot beside it."""
    from flows.retention import purge as purge_overdue
    from web.app import create_app

    settings, database = prepare()
    if arguments.workers > 1 and database.is_sqlite:
        refuse(["--workers: SQLite has one writer; set LADDER_DATABASE_URL to PostgreSQL for more"])
    carefully(lambda: purge_overdue(database, datetime.now(UTC)))
    first_link = first_administrator(database)
    database.close()
    host = arguments.host or settings.host
    port = settings.port if arguments.port is None else arguments.port
    together = beside(settings)
    greet(settings, first_link, host, port)
    if arguments.workers > 1:
        listen_with(arguments.workers, settings, host, port)
    else:
        listen(create_app(settings, together, shows=shows()), settings, host, port)


def doctor(_arguments: argparse.Namespace) -> None:
    """Is the database fit to serve? One line a question; status 1 when something must be mended."""
    from models.doctor import doctor as examine

    settings = settings_in_force()
    checks = [*examine(settings.database_url.get_secret_value()), mail_check(settings)]
    for check in checks:
        say(f"{check.health:4}  {check.name}: {check.line}")
    if any(check.health == "fail" for check in checks):
        raise SystemExit(REFUSED)


def purge(_arguments: argparse.Namespace) -> None:
    """Delete what has been kept as long as the privacy notice says."""
    from flows.retention import purge as purge_overdue

    database = opened()
    gone = carefully(lambda: purge_overdue(database, datetime.now(UTC)))
    say(f"{gone.assessments} assessments, {gone.firms} firms, {gone.people} people forgotten")
    database.close()


def db_upgrade(_arguments: argparse.Namespace) -> None:
    """Bring the database to the newest tables and put the shipped edition in force."""
    _, database = prepare()
    database.close()
    say("the database is up to date, the shipped edition in force")


def db_backup(arguments: argparse.Namespace) -> None:
    """Copy the database while it is in use; the copy is checked."""
    from models.backup import backup

    carefully(lambda: backup(settings_in_force().database_url.get_secret_value(), arguments.target))
    say(f"{arguments.target}: written and checked")


def db_restore(arguments: argparse.Namespace) -> None:
    """Put a backup in place; the server must be stopped."""
    from models.backup import restore

    url = settings_in_force().database_url.get_secret_value()
    aside = carefully(lambda: restore(url, arguments.source, replace=arguments.replace))
    say(f"{arguments.source}: restored" + (f"; the former data is kept in {aside}" if aside else ""))


if __name__ == "__main__":
    run()
