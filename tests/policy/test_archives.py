"""An edition comes as a zip or as the files of a folder; what is too large, no text, or leads out of it is refused by name."""

import pytest

from policy.archives import LARGEST, read_archive, read_sent, write_archive
from policy.complaints import EditionError
from policy.gathering import read_folder
from policy.load import SHIPPED

FILES = read_folder(SHIPPED)


def test_a_folder_as_a_browser_sends_it_is_the_edition() -> None:
    sent = [(f"2025/{name}", text.encode()) for name, text in FILES.items()]
    assert read_sent(sent) == FILES


def test_a_zip_comes_back_as_it_was() -> None:
    assert read_archive(write_archive(FILES), "a.zip") == FILES


@pytest.mark.parametrize("name", ["../evil.yaml", "/evil.yaml", "a\\evil.yaml", "c:evil.yaml"])
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(EditionError, match="leads out of the zip"):
        read_sent([*((f"2025/{each}", text.encode()) for each, text in FILES.items()), (name, b"a: 1")])


def test_what_is_no_text_and_what_is_too_large_is_refused() -> None:
    spoilt = [(f"2025/{name}", text.encode()) for name, text in FILES.items() if name != "facts.yaml"]
    with pytest.raises(EditionError, match="cannot be read as UTF-8"):
        read_sent([*spoilt, ("2025/facts.yaml", b"\xff\xfe\xfa")])
    with pytest.raises(EditionError, match="larger than 4 MB"):
        read_archive(b"x" * (LARGEST + 1), "a.zip")
    with pytest.raises(EditionError, match="cannot be read as a zip"):
        read_archive(b"no zip", "a.zip")


def test_a_file_that_comes_twice_is_refused() -> None:
    sent = [(f"2025/{name}", text.encode()) for name, text in FILES.items()]
    with pytest.raises(EditionError, match="is in the zip twice"):
        read_sent([*sent, sent[0]])
