"""From draft to force: reviewed by a second person, published with a day, rolled back by publishing again; and exported."""

from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from flows.drafts import sound
from flows.reassess import start_due
from models.base import RefusedError
from models.draft import Deed, DraftRefusedError, add_draft, name_of, publish_draft, review_draft
from models.edition import StoredEdition
from models.reassessment import Run


def publish(
    connection: Connection, draft: StoredEdition, day: date, today: date, deed: Deed
) -> tuple[StoredEdition, Run | None]:
    """Publish a reviewed draft in force from `day`; the edition, and the reassessment that begins if its day has come.

    Raises EditionError where it is not sound by this very program, RefusedError: not reviewed, changed or published
    meanwhile, a day that is past. Then nothing has changed.
    """
    hold_sound(draft, today)
    edition = publish_draft(connection, draft, day, today, deed)
    return edition, start_due(connection, today, deed.at)


def hold_sound(draft: StoredEdition, today: date) -> None:
    """Raise EditionError for a draft that this program cannot read, or of which an example does not come out."""
    if draft.state in {"draft", "reviewed"}:  # anything else was published before, or is refused
        sound(draft.content, today)


def review_and_publish(
    connection: Connection, draft: StoredEdition, day: date, today: date, deed: Deed
) -> tuple[StoredEdition, Run | None]:
    """The same by a second person, whose publishing is the review of a draft that has none."""
    seen = review_draft(connection, draft, deed) if draft.state == "draft" else draft
    return publish(connection, seen, day, today, deed)


def roll_back(connection: Connection, old: StoredEdition, today: date, deed: Deed) -> StoredEdition:
    """Bring an edition that was published in again, as a draft of the next revision: it is checked, reviewed and
    published like any other. Raises RefusedError, EditionError.
    """
    sound(old.content, today)
    return put_back(connection, old, deed)


def put_back(connection: Connection, old: StoredEdition, deed: Deed) -> StoredEdition:
    """The same for what was found sound before. Raises RefusedError."""
    if old.state not in {"published", "superseded"}:
        text = f"{name_of(old)} was never published; only what was in force can be put back"
        raise DraftRefusedError("never_out", text, edition=name_of(old))
    return add_draft(connection, old.name, old.content, old.effective_from, deed, name_of(old))


def export(edition: StoredEdition, target: Path) -> int:
    """Write an edition's files below a new folder; how many. Raises RefusedError where there is something already."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise RefusedError(f"{target}: is not empty; name a new folder")
    for name, text in edition.content.items():
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return len(edition.content)
