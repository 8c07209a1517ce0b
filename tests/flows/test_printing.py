"""The report as PDF and PNG: one page whatever the firm, every character drawn, nothing of it read as markup."""

import json
import re
import struct
import threading
import zlib
from typing import Any

import pytest
from pylopdf_fonts_zh_cn import sans_path, serif_path

from flows import printing
from flows.printing import BusyError, can_print, file_name, printed
from tests.papers import BELOW, BIG, CODE, EVERYTHING, OUTSIDE, SMALL, paper, paper_of
from tests.policy.owners import golden_firms

RARE = "犇堃䶮"
NASTY = '#read("/etc/passwd") *bold* $x$ <label> @ref `raw` \\u{41} // /* = - + [a](b) #panic()'


def sheet(told: dict[str, Any], form: printing.Form) -> bytes:
    found = printed(told, form)
    assert found is not None
    return found


def insides(pdf: bytes) -> str:
    """All of a PDF, with what is compressed made plain."""
    parts = [pdf]
    for match in re.finditer(rb"stream\r?\n", pdf):
        try:
            parts.append(zlib.decompressobj().decompress(pdf[match.end() :]))
        except zlib.error:
            continue
    return b"\n".join(parts).decode("latin-1")


def pages(pdf: str) -> int:
    return len(re.findall(r"/Type\s*/Page\b", pdf))


def size_of(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize(
    "facts", [SMALL, BIG, BELOW, OUTSIDE, {}], ids=["small", "big", "below", "outside", "empty"]
)
def test_any_firm_is_one_page_in_both_forms(facts: dict[str, Any]) -> None:
    told = paper(facts, "洛阳某某轴承有限公司", EVERYTHING)
    pdf = insides(sheet(told, "pdf"))
    assert pages(pdf) == 1
    assert size_of(sheet(told, "png")) == (1080, 1527)


def test_every_made_up_firm_in_full_depth_is_one_page() -> None:
    for name, given in golden_firms().items():
        told = paper_of(given, name, EVERYTHING)
        assert pages(insides(sheet(told, "pdf"))) == 1, name


@pytest.mark.parametrize("many", [12, 60, 400])
def test_what_is_far_too_much_is_one_page_still(many: int) -> None:
    told = paper(BIG, "某" * 60, EVERYTHING)
    told["schemes"][0]["because"] = ["国家级创新平台：所答 某某实验室（新创建，2025年11月，依托单位）"] * many
    told["unanswered"] = ["技术改造项目的总投资"] * many
    assert pages(insides(sheet(told, "pdf"))) == 1
    assert size_of(sheet(told, "png")) == (1080, 1527)


def has_glyph(font: bytes, letter: str) -> bool:
    """Whether a font file's own table of characters (cmap, format 12) holds the letter."""
    tables = {font[12 + 16 * n : 16 + 16 * n]: n for n in range(struct.unpack(">H", font[4:6])[0])}
    start = struct.unpack(">I", font[12 + 16 * tables[b"cmap"] + 8 :][:4])[0]
    count = struct.unpack(">H", font[start + 2 : start + 4])[0]
    for each in range(count):
        at = start + struct.unpack(">I", font[start + 8 + 8 * each : start + 12 + 8 * each])[0]
        if struct.unpack(">H", font[at : at + 2])[0] == 12:
            groups = struct.unpack(">I", font[at + 12 : at + 16])[0]
            spans = (struct.unpack(">III", font[at + 16 + 12 * n : at + 28 + 12 * n]) for n in range(groups))
            return any(low <= ord(letter) <= high for low, high, _ in spans)
    raise AssertionError("no table of format 12")


def test_both_faces_have_the_rare_characters() -> None:
    for path in (sans_path(), serif_path()):
        font = path.read_bytes()
        assert [letter for letter in RARE if not has_glyph(font, letter)] == []
        assert not has_glyph(font, "\U0001f600")


def test_rare_characters_are_drawn_each_in_its_own_way() -> None:
    missing = {sheet(paper(SMALL, letter), "png") for letter in "\U0001f600\U0001f680"}
    assert len(missing) == 1  # the empty box that stands for what a font has not
    drawn = {sheet(paper(SMALL, letter), "png") for letter in RARE}
    assert len(drawn) == len(RARE)
    assert not drawn & missing


def test_the_text_of_a_pdf_can_be_searched_and_read_aloud() -> None:
    pdf = insides(sheet(paper(SMALL, f"{RARE}有限公司"), "pdf"))
    for letter in RARE:
        assert f"<{ord(letter):04x}>" in pdf.lower()  # in the table that leads from glyphs to characters
    assert "/Lang" in pdf
    assert "/StructTreeRoot" in pdf
    assert "/MarkInfo" in pdf
    assert "pdfuaid:part>1<" in pdf
    title = "创新阶梯自测报告".encode("utf-16-be").decode("latin-1")
    assert title in pdf or "创新阶梯自测报告".encode().decode("latin-1") in pdf


def test_what_people_write_is_never_read_as_markup() -> None:
    told = paper(SMALL, NASTY[:60])
    told["unanswered"] = [NASTY, "#" * 300, "W" * 300, "\u200b" * 50]
    told["schemes"][0]["because"] = [NASTY]
    told["operator"] = NASTY
    pdf = insides(sheet(told, "pdf"))
    assert pages(pdf) == 1
    assert "root:" not in pdf
    star = sheet(paper(SMALL, "*a*"), "png")
    assert star != sheet(paper(SMALL, "a"), "png")  # the asterisks are there to be seen


def test_the_template_reaches_no_other_file() -> None:
    compiler = printing._compiler("report.typ")
    for path in ("/../../pyproject.toml", "../../pyproject.toml", "/etc/passwd"):
        with pytest.raises(RuntimeError, match=r"access denied|not found|failed to load|escape"):
            compiler.compile(input=f"#read({json.dumps(path)})".encode(), format="pdf", sys_inputs={})


def test_the_same_report_is_the_same_file_to_the_last_byte() -> None:
    printing._printer.made.clear()
    first = sheet(paper(SMALL, "某某"), "pdf")
    printing._printer.made.clear()
    assert sheet(paper(SMALL, "某某"), "pdf") == first


def test_many_threads_get_each_their_own() -> None:
    names = [f"第{number}家公司" for number in range(8)]
    found: dict[str, bytes] = {}
    threads = [
        threading.Thread(target=lambda name=name: found.update({name: sheet(paper(SMALL, name), "pdf")}))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found.values())) == len(names)


def test_only_so_many_are_kept_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = printing._Printer()
    monkeypatch.setattr(printing._Printer, "_compiled", lambda _self, told, _form, _paper: told.encode())
    for number in range(60):
        printer.print({"n": number}, "pdf")
    assert len(printer.made) == printing._KEPT
    monkeypatch.setattr(printing, "_KEPT_SECONDS", 0.0)
    printer.print({"n": 99}, "pdf")
    assert len(printer.made) <= 1


def test_who_would_wait_overlong_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_PATIENCE", 0.01)
    with printing._printer.lock, pytest.raises(BusyError):
        printed(paper(SMALL, "等着"), "pdf")


def test_without_the_extra_there_is_no_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "find_spec", lambda _name: None)
    assert not can_print()
    assert printed(paper(SMALL), "pdf") is None


def test_a_file_is_named_for_people() -> None:
    assert file_name(paper(SMALL), "pdf") == f"创新阶梯自测报告-2025-{CODE}.pdf"
