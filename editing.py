"""The verbs of `ladder policy`: check, list, compare, bring in, try out, publish and write out editions."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wiring import (
    carefully,
    edition_folders,
    named_edition,
    opened,
    proofread,
    refuse,
    say,
    shipped,
    stored_edition,
    today,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from models.draft import Deed
    from models.edition import StoredEdition
    from models.reassessment import Run


def audited(connection: "Connection", action: str, edition: "StoredEdition", deed: "Deed") -> "StoredEdition":
    """Note in the audit what was done to an edition from the command line, and return the edition."""
    from models.audit import Act, append_act
    from models.draft import name_of

    detail = {"edition": name_of(edition)}
    act = Act("command", action, "edition", str(edition.id), detail, personal={"name": deed.by})
    append_act(connection, act, deed.at)
    return edition


def policy_check(arguments: argparse.Namespace) -> None:
    """Read an edition and run its examples; every mistake is one line with file:line."""
    from policy.complaints import EditionError
    from policy.examples import check_folder

    try:
        edition, count = check_folder(arguments.folder, arguments.as_of or today())
    except EditionError as error:
        refuse(error.lines)
    counts = f"{len(edition.schemes)} schemes, {len(edition.facts)} facts, {count} examples"
    say(f"{edition.name}: {counts}: all right")
    proofread(arguments.folder, arguments.pages, arguments.as_of or today())


def policy_list(_arguments: argparse.Namespace) -> None:
    """The editions that come with the product."""
    for name in sorted(edition_folders()):
        edition = shipped(name)
        say(f"{edition.name}  {edition.title}  in force from {edition.valid.since}")


def policy_diff(arguments: argparse.Namespace) -> None:
    """What has changed between two editions, in words."""
    from policy.diff import diff

    before, after = (named_edition(told) for told in (arguments.before, arguments.after))
    for change in diff(before, after):
        say(change.line)


def policy_import(arguments: argparse.Namespace) -> None:
    """Bring a folder or a zip in as a draft, checked, its examples run."""
    from flows.drafts import bring_in, read_source
    from models.draft import Deed, name_of
    from policy.complaints import EditionError

    try:
        found = read_source(arguments.source, today())
    except EditionError as error:
        refuse(error.lines)
    database = opened()
    deed = Deed(arguments.name, datetime.now(UTC))
    draft = carefully(
        lambda: database.turn(lambda c: audited(c, "edition.import", bring_in(c, found, deed), deed))
    )
    database.close()
    say(
        f"{name_of(draft)}: a draft now, {found.examples} examples all right; look at: ladder policy preview {name_of(draft)}"
    )


def policy_preview(arguments: argparse.Namespace) -> None:
    """A draft over all stored assessments: who would be told something else. Nothing is published."""
    from flows.helping import finish
    from flows.preview import tell
    from flows.reassess import start_dry_run
    from models.draft import Deed
    from policy.load import parse_stored

    database = opened()
    draft = stored_edition(database, arguments.edition)
    deed = Deed(arguments.name, datetime.now(UTC))

    def begin(connection: "Connection") -> "Run":
        run = start_dry_run(connection, draft, today(), deed)
        audited(connection, "edition.try_out", draft, deed)
        return run

    run = carefully(lambda: database.turn(begin))
    carefully(lambda: finish(database, run.id))
    for line in database.read(lambda c: list(tell(c, run.id, parse_stored(draft.content)))):
        say(line)
    database.close()


def policy_publish(arguments: argparse.Namespace) -> None:
    """Publish a draft from a day on; who publishes is a second person. What changes is determined anew at once."""
    from flows.helping import finish
    from flows.preview import tell
    from flows.publishing import hold_sound, review_and_publish
    from models.draft import Deed, name_of
    from policy.complaints import EditionError
    from policy.load import parse_stored

    database = opened()
    draft = stored_edition(database, arguments.edition)
    try:
        hold_sound(draft, today())
    except EditionError as error:
        refuse(error.lines)
    deed, day = Deed(arguments.name, datetime.now(UTC)), arguments.effective

    def put_out(connection: "Connection") -> "tuple[StoredEdition, Run | None]":
        edition, run = review_and_publish(connection, draft, day, today(), deed)
        return audited(connection, "edition.publish", edition, deed), run

    edition, run = carefully(lambda: database.turn(put_out))
    say(f"{name_of(edition)}: published, in force from {edition.effective_from}")
    if run is not None:
        carefully(lambda: finish(database, run.id))
        for line in database.read(lambda c: list(tell(c, run.id, parse_stored(edition.content)))):
            say(line)
    database.close()


def policy_export(arguments: argparse.Namespace) -> None:
    """Write a stored edition's files to a new folder."""
    from flows.publishing import export

    database = opened()
    edition = stored_edition(database, arguments.edition)
    database.close()
    count = carefully(lambda: export(edition, arguments.target))
    say(f"{arguments.target}: {count} files")
