"""Editions from folders and from stored texts; whatever stands in them, the loader ends in an edition or in messages."""

import re
from datetime import date
from pathlib import Path
from random import Random

import pytest

from policy.citations import Certainty
from policy.complaints import Complaints, EditionError, did_you_mean
from policy.examples import check_files, check_folder
from policy.gathering import read_folder
from policy.load import SHIPPED, load_edition, parse_edition
from policy.truth import Truth

MINIMAL = Path(__file__).parent / "editions" / "minimal"
DAY = date(2026, 11, 1)
PLACED = re.compile(r"[a-z./-]+\.yaml:\d+: \S.*", re.DOTALL)
PIECES = ("", " ", "  ", "\n", "\t", ":", "-", "{", "}", "[", "]", ",", "'", '"', "#", "&a", "*a", "!x", "|", ">", "%", "null", "true", "yes", "0", "万", "2025-09", "fact: ", "all: ", "- ", "\x00", "\ufeff", "é")  # fmt: skip


def test_the_folder_and_its_texts_hold_the_same_edition() -> None:
    files = read_folder(MINIMAL)
    assert list(files) == [
        "facts.yaml",
        "ladder.yaml",
        "plan.yaml",
        "schemes/award.yaml",
        "schemes/subsidy.yaml",
    ]
    assert parse_edition(files) == load_edition(MINIMAL)
    assert check_files(files, DAY)[1] == check_folder(MINIMAL, DAY)[1] == 4


def test_the_shipped_edition_and_all_its_examples_come_out() -> None:
    edition, examples = check_folder(SHIPPED, DAY)
    assert edition.name == "henan-2025"
    assert examples >= 80


def test_a_rule_is_no_surer_than_the_least_sure_of_its_sources() -> None:
    edition = load_edition(MINIMAL)
    assert {scheme.key: scheme.certainty for scheme in edition.schemes} == {
        "award": Certainty.REPRINT,
        "subsidy": Certainty.REPRINT,
    }
    assert Certainty.of([Certainty.OFFICIAL, Certainty.OFFICIAL]) is Certainty.OFFICIAL
    assert Certainty.of([Certainty.OFFICIAL, Certainty.UNCONFIRMED]) is Certainty.UNCONFIRMED
    assert Certainty.of([]) is Certainty.UNCONFIRMED


def test_an_edition_that_is_not_there(tmp_path: Path) -> None:
    for read in (load_edition, read_folder):
        with pytest.raises(EditionError) as refused:
            read(tmp_path / "2026")
        assert refused.value.lines == (f"{tmp_path / '2026'}: no such folder; name the folder of an edition",)


def test_the_texts_of_a_folder_with_a_stray_file_are_not_handed_out(tmp_path: Path) -> None:
    (tmp_path / "plan.yml").write_text("name: x\n", encoding="utf-8")
    (tmp_path / ".swap").write_text("hidden files are none of our business", encoding="utf-8")
    with pytest.raises(EditionError) as refused:
        read_folder(tmp_path)
    assert refused.value.lines == (
        f"{tmp_path / 'plan.yml'}:1: not a .yaml file; an edition holds nothing else, rename or remove it",
    )


def test_messages_come_file_by_file_and_line_by_line_and_each_once() -> None:
    complaints = Complaints()
    for file, line in (("b", 2), ("a", 10), ("a", 9), ("b", 2)):
        complaints.add(file, line, "what, what to do")
    with pytest.raises(EditionError) as refused:
        complaints.raise_if_any()
    assert refused.value.lines == ("a:9: what, what to do", "a:10: what, what to do", "b:2: what, what to do")
    assert str(refused.value) == "\n".join(refused.value.lines)


@pytest.mark.parametrize(("word", "hint"), [("revenu", "; did you mean 'revenue'?"), ("xyz", "")])
def test_a_close_word_is_proposed(word: str, hint: str) -> None:
    assert did_you_mean(word, ["revenue", "lab"]) == hint


def spoilt(text: str, random: Random) -> str:
    """A text with a few pieces cut out, put in or moved."""
    for _ in range(random.randint(1, 3)):
        at, to = sorted(random.choices(range(len(text) + 1), k=2))
        to = min(to, at + random.choice((0, 1, 3, 30)))
        text = text[:at] + random.choice((*PIECES, text[at:to] * 2)) + text[to:]
    return text


def told_of_spoilt_editions(times: int, seed: int) -> list[tuple[str, ...]]:
    """Load editions with a spoilt file; what was said of each that was refused."""
    random, files, told = Random(seed), read_folder(MINIMAL), []
    for _ in range(times):
        name = random.choice(list(files))
        try:
            check_files(files | {name: spoilt(files[name], random)}, DAY)
        except EditionError as error:
            told.append(error.lines)
    return told


def test_a_spoilt_edition_ends_in_messages_with_their_places_and_never_in_another_error() -> None:
    told = told_of_spoilt_editions(250, seed=1)
    assert len(told) > 125
    assert [line for lines in told for line in lines if not PLACED.fullmatch(line)] == []


@pytest.mark.parametrize(
    "editions",
    [
        pytest.param(1_500, marks=pytest.mark.slow),
        pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.full]),
    ],
)
def test_many_spoilt_editions_end_in_messages_and_never_in_another_error(editions: int) -> None:
    assert len(told_of_spoilt_editions(editions, seed=2)) > editions // 2


def test_a_condition_can_be_turned_around() -> None:
    files = read_folder(SHIPPED)
    scope = "scope: {fact: registered_in_henan, is: true}"
    assert scope in files["plan.yaml"]
    turned = files["plan.yaml"].replace(scope, "scope: {not: {fact: registered_in_henan, is: false}}")
    edition = parse_edition(files | {"plan.yaml": turned})
    assert edition.scope.evaluate({"registered_in_henan": True}).truth is Truth.YES
    assert edition.scope.evaluate({"registered_in_henan": False}).truth is Truth.NO
    assert edition.scope.evaluate({}).truth is Truth.UNKNOWN
