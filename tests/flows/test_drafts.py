"""Drafts: brought in whole or not at all, edited by one at a time, reviewed by a second person, published by one only."""

import io
import threading
import zipfile
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from benchmarks.reassess import DAY, NOON, SCHEME, lowered
from flows.drafts import edited, read_source, save_edit
from flows.editions import publish_shipped
from flows.publishing import export, publish, review_and_publish, roll_back
from models.base import RefusedError
from models.draft import Deed, add_draft, events_of, name_of, review_draft
from models.edition import StoredEdition, by_id, published
from models.session import Database
from policy.archives import read_archive, write_archive
from policy.complaints import EditionError
from policy.gathering import read_folder
from policy.load import SHIPPED
from tests.test_main import Ladder, ladder

__all__ = ["ladder"]

ZHANG, LI, WANG = (Deed(name, NOON) for name in ("张工", "李工", "王工"))


@pytest.fixture
def draft(database: Database) -> StoredEdition:
    database.turn(publish_shipped)
    return lowered(database)


def test_a_folder_written_by_export_comes_back_as_it_was(
    database: Database, draft: StoredEdition, tmp_path: Path
) -> None:
    export(draft, tmp_path / "out")
    assert read_source(tmp_path / "out", DAY).files == draft.content
    (tmp_path / "out.zip").write_bytes(write_archive(draft.content))
    assert read_source(tmp_path / "out.zip", DAY).files == draft.content
    with pytest.raises(RefusedError, match="is not empty"):
        export(draft, tmp_path / "out")


def zipped(files: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def test_a_folder_zipped_as_a_whole_is_taken_with_the_supplements_of_the_product() -> None:
    own = {
        f"2025/{name}": text for name, text in read_folder(SHIPPED).items() if not name.startswith("with/")
    }
    assert read_archive(zipped(own), "a.zip") == read_folder(SHIPPED)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"plan.yaml": "a: b", "../evil.yaml": "x"}, "leads out of the zip"),
        ({"plan.yaml": "a: b", "/etc/evil.yaml": "x"}, "leads out of the zip"),
        ({"plan.yaml": "a: b", "run.sh": "x"}, "not a .yaml file"),
        ({"facts.yaml": "x"}, "there is no plan.yaml"),
        ({"plan.yaml": "a" * (9 << 20)}, "an edition is far smaller"),
        ({f"{n}.yaml": "a" for n in range(1001)}, "an edition is far smaller"),
        ({"2025/plan.yaml": "a: b", "other.yaml": "x"}, "lies beside"),
    ],
)
def test_a_zip_that_is_no_edition_is_refused(files: dict[str, str], said: str) -> None:
    with pytest.raises(EditionError, match=said):
        read_archive(zipped(files), "a.zip")
    with pytest.raises(EditionError, match="cannot be read as a zip"):
        read_archive(b"no zip", "a.zip")


def test_a_broken_edit_is_told_with_file_and_line_and_stores_nothing(
    database: Database, draft: StoredEdition
) -> None:
    text = draft.content[SCHEME].replace("upgrade_total_investment", "upgrade_totl_investment")
    with pytest.raises(EditionError, match=rf"{SCHEME}:\d+: unknown fact .*did you mean"):
        edited(draft, SCHEME, text, DAY)
    assert database.read(lambda c: by_id(c, draft.id)) == draft


def test_two_editors_do_not_overwrite_each_other(database: Database, draft: StoredEdition) -> None:
    found = edited(draft, SCHEME, draft.content[SCHEME].replace("1000万", "1500万", 1), DAY)
    saved = database.turn(lambda c: save_edit(c, draft, SCHEME, found, LI))
    assert (saved.version, saved.state, saved.content) == (1, "draft", found.files)
    with pytest.raises(RefusedError, match="was changed by 李工"):
        database.turn(lambda c: save_edit(c, draft, SCHEME, found, ZHANG))
    told = database.read(lambda c: events_of(c, draft.id))
    assert [(each.what, each.by, each.detail) for each in told] == [
        ("imported", "张工", ""),
        ("edited", "李工", SCHEME),
    ]


def test_whoever_wrote_some_of_it_cannot_review_it_and_an_edit_voids_a_review(
    database: Database, draft: StoredEdition
) -> None:
    with pytest.raises(RefusedError, match="second person"):
        database.turn(lambda c: review_draft(c, draft, ZHANG))
    reviewed = database.turn(lambda c: review_draft(c, draft, LI))
    assert (reviewed.state, reviewed.reviewer) == ("reviewed", "李工")
    found = edited(reviewed, SCHEME, reviewed.content[SCHEME] + "\n", DAY)
    again = database.turn(lambda c: save_edit(c, reviewed, SCHEME, found, ZHANG))
    assert (again.state, again.reviewer) == ("draft", None)
    with pytest.raises(RefusedError, match="not reviewed"):
        database.turn(lambda c: publish(c, again, DAY, DAY, LI))


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), date(2020, 1, 1)])
def test_a_day_that_is_past_is_refused(database: Database, draft: StoredEdition, day: date) -> None:
    with pytest.raises(RefusedError, match="is past"):
        database.turn(lambda c: review_and_publish(c, draft, day, DAY, LI))
    assert database.read(lambda c: by_id(c, draft.id)) == draft, "the review went back with the rest"


@pytest.mark.parametrize("same", [True, False])
def test_of_two_who_publish_at_once_one_wins(database: Database, draft: StoredEdition, same: bool) -> None:
    other = draft if same else lowered(database, "4000万")
    said: list[str] = []

    def put_out(one: StoredEdition, deed: Deed) -> None:
        try:
            edition, _ = database.turn(lambda c: review_and_publish(c, one, DAY, DAY, deed))
            said.append(f"won {edition.revision}")
        except RefusedError as error:
            said.append(str(error))

    threads = [threading.Thread(target=put_out, args=each) for each in ((draft, LI), (other, WANG))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    won = [each for each in said if each.startswith("won")]
    assert (len(said), len(won)) == (2, 1), said
    assert any("published" in each or "changed by" in each for each in said if each not in won), said
    latest = database.read(lambda c: published(c, draft.name))
    assert latest is not None
    assert latest.id in {draft.id, other.id}


def test_what_was_superseded_is_put_back_by_publishing_it_again(
    database: Database, draft: StoredEdition
) -> None:
    old = database.read(lambda c: published(c, draft.name))
    assert old is not None
    database.turn(lambda c: review_and_publish(c, draft, DAY, DAY, LI))
    back = database.turn(lambda c: roll_back(c, old, DAY, ZHANG))
    edition, _ = database.turn(lambda c: review_and_publish(c, back, DAY, DAY, LI))
    assert (edition.content, edition.revision, edition.publisher) == (old.content, 3, "李工")
    assert [database.read(lambda c, n=n: by_id(c, n)).state for n in (old.id, draft.id)] == ["superseded"] * 2  # type: ignore[misc]  # this pass's value


def unsound_by_now(connection: Connection) -> StoredEdition:
    """A draft as an earlier program took it in: this one finds a fact in it that there is not."""
    files = dict(read_folder(SHIPPED))
    files[SCHEME] = files[SCHEME].replace("upgrade_total_investment", "upgrade_totl_investment")
    return add_draft(connection, "henan-2025", files, DAY, ZHANG)


def test_a_stored_draft_that_is_unsound_by_now_is_not_published(database: Database) -> None:
    database.turn(publish_shipped)
    draft = database.turn(unsound_by_now)
    seen = database.turn(lambda c: review_draft(c, draft, LI))
    for put_out in (publish, review_and_publish):
        with pytest.raises(EditionError, match=rf"{SCHEME}:\d+: unknown fact"):
            database.turn(lambda c, put_out=put_out: put_out(c, seen, DAY, DAY, LI))  # type: ignore[misc]  # this pass's value
    assert database.read(lambda c: by_id(c, draft.id)) == seen


def test_the_shell_refuses_to_publish_it_with_file_and_line(ladder: Ladder, tmp_path: Path) -> None:
    assert ladder("db", "upgrade").status == 0
    with closing(Database(f"sqlite:///{tmp_path / 'ladder.db'}")) as database:
        draft = database.turn(unsound_by_now)
        refused = ladder("policy", "publish", name_of(draft), "--effective", "2099-01-01", "--as", "李工")
        assert (refused.status, refused.out) == (1, "")
        assert refused.err.startswith(f"{SCHEME}:")
        assert "unknown fact" in refused.err
        assert database.read(lambda c: by_id(c, draft.id)) == draft
