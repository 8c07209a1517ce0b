"""The pages for a proofreader: nothing is left out, nothing unconfirmed goes unmarked, every link leads somewhere."""

import inspect
import re
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath

import pytest

from flows.proofs.examples import LADDER_STATES, RUNG_STATES, VERDICTS
from flows.proofs.pages import slug_of
from flows.proofs.site import STYLE, pages_of, write_pages
from policy.citations import Certainty
from policy.comparisons import Compare, OneOf, Operator
from policy.facts import Fact, Kind, Option
from policy.guides import Guide
from policy.lists import Empty, Has, Some
from policy.load import SHIPPED, load_edition
from policy.logic import All, Any, Condition, Not, OpenReading
from policy.margins import read_margins
from policy.phrases import UNCONFIRMED, phrase
from policy.ratios import Elapsed, Share, Sum
from policy.recognitions import Recognition
from policy.schemes import Edition
from policy.scores import Part, Score, Step
from policy.standing import LadderState, RungState
from policy.verdicts import Verdict

DAY = date(2026, 12, 1)
MINIMAL = Path(__file__).parent.parent / "policy" / "editions" / "minimal"
OVERVIEWS = ("index", "ladder", "money", "doubts")


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_edition(SHIPPED)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return dict(pages_of(SHIPPED, DAY))


class Page(HTMLParser):
    """What a test looks at: links, headings, tags, and whether every element is closed."""

    VOID = frozenset({"meta", "link", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.headings: list[int] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.languages: list[str | None] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.seen.add(tag)
        self.attributes |= named.keys()
        self.links += [str(named[key]) for key in ("href", "src") if key in named]
        if tag == "html":
            self.languages.append(named.get("lang"))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(pages: dict[str, str]) -> Iterator[tuple[str, Page]]:
    return ((name, Page(text)) for name, text in pages.items() if name.endswith(".html"))


def slugs(edition: Edition) -> set[str]:
    spared = {each.key for article in edition.articles for each in article.not_for_firms}
    rungs = {f"ladder-{rung.key.replace('_', '-')}" for rung in edition.ladder.rungs}
    return {slug_of(each) for each in edition.measures()} | rungs | spared


def test_every_measure_has_both_pages_and_stands_in_the_index(
    edition: Edition, pages: dict[str, str]
) -> None:
    expected = {f"measures/{slug}" for slug in slugs(edition)} | {*OVERVIEWS}
    assert {*pages} == {f"{name}{ending}" for name in expected for ending in (".html", ".txt")} | {STYLE}
    for slug in slugs(edition):
        assert f'"measures/{slug}.html"' in pages["index.html"]
        assert f"measures/{slug}.txt" in pages["index.txt"]


def test_the_index_goes_by_article_and_shows_targets_as_targets(
    edition: Edition, pages: dict[str, str]
) -> None:
    for text in (pages["index.html"], pages["index.txt"]):
        at = [text.index(f"{article.place} {article.heading}") for article in edition.articles]
        assert at == sorted(at)
        targets = text.index("全省的目标（不是企业的条件）")
        assert targets > at[-1]
        assert all(text.index(f"{each.title}", targets) for each in edition.targets)
        assert all(each.title in text and each.name in text for each in edition.supplements)
        assert "到 2026-03-31 为止；2026-12-01 不在有效期" in text


def test_every_link_leads_somewhere(pages: dict[str, str]) -> None:
    for name, page in parsed(pages):
        for link in page.links:
            if link.startswith(("http://", "https://")):
                continue
            target = normpath((PurePosixPath(name).parent / link).as_posix())
            assert target in pages, f"{name}: {link}"


def test_pages_are_plain_whole_and_load_nothing_from_elsewhere(pages: dict[str, str]) -> None:
    for name, page in parsed(pages):
        assert page.open == [], name
        assert page.languages == ["zh-Hans"], name
        assert page.headings[0] == 1, name
        assert page.headings.count(1) == 1, name
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), name
        assert page.seen.isdisjoint({"script", "style", "img", "iframe"}), name
        assert not [each for each in page.attributes if each == "style" or each.startswith("on")], name
        assert re.findall(r'<link rel="stylesheet" href="([^"]*)"', pages[name]) in (
            ["proof.css"],
            ["../proof.css"],
        )
    assert "url(" not in pages[STYLE]
    assert "@import" not in pages[STYLE]


def test_no_page_names_the_folders_of_this_machine(pages: dict[str, str]) -> None:
    assert [name for name, text in pages.items() if str(SHIPPED.parent.parent.parent) in text] == []


def test_a_page_tells_everything_of_its_measure(edition: Edition, pages: dict[str, str]) -> None:
    for measure in edition.measures():
        text = pages[f"measures/{slug_of(measure)}.txt"]
        told = [measure.title, *measure.left_open, *measure.next_steps]
        told += ["时限：", "经办部门：", "电话：", "有效期：", "1. "]
        for each in measure.citations:
            document = edition.documents[each.document]
            told += [document.title, document.number or "未见", document.issuer, each.place, each.note]
            told += [str(document.issued), str(document.checked), document.address]
        if isinstance(measure, Guide):
            told += [measure.audience, measure.offers, measure.time_limit, measure.office.name]
        if isinstance(measure, Recognition):
            told += [measure.gives, measure.authority]
            told += [text for each in measure.criteria for text in (each.title, each.asks, each.place)]
        assert [each for each in told if each not in text] == [], measure.key


def test_the_upgrade_subsidy_reads_as_the_plan_does(pages: dict[str, str]) -> None:
    text = pages["measures/tech-upgrade-demo-subsidy.txt"]
    assert "给什么：设备和软件的实际投资的 15%，最多 1000万元；一次性" in text
    assert "- 技改项目总投资 5000万元以上（含）" in text
    assert "企业的情况：技术改造项目：有；技改项目总投资：4999万元\n" in text
    assert "应当得出：判定：够不上；金额：0元；因为：技改项目总投资；差多少：1万；还要知道：没有了" in text


def test_nothing_unconfirmed_goes_unmarked(edition: Edition, pages: dict[str, str]) -> None:
    doubtful = 0
    for measure in edition.measures():
        unsure = measure.certainty is Certainty.UNCONFIRMED
        unsure |= any(
            edition.documents[each.document].certainty is Certainty.UNCONFIRMED for each in measure.citations
        )
        criteria = measure.criteria if isinstance(measure, Recognition) else ()
        for ending in (".html", ".txt"):
            text = pages[f"measures/{slug_of(measure)}{ending}"]
            assert not unsure or UNCONFIRMED in text, measure.key
        for each in criteria:
            if each.certainty is Certainty.UNCONFIRMED:
                doubtful += 1
                assert f"{each.title}（{UNCONFIRMED}；" in pages[f"measures/{slug_of(measure)}.txt"]
                assert f"{each.title}（{UNCONFIRMED}）" in pages["doubts.txt"]
    assert doubtful > 0
    for item in edition.money:
        if item.certainty is Certainty.UNCONFIRMED:
            assert f"{item.amount}（{UNCONFIRMED}）" in pages["money.txt"]
            assert item.title in pages["doubts.txt"]


def test_the_page_of_doubts_names_every_document_that_was_not_seen(
    edition: Edition, pages: dict[str, str]
) -> None:
    text = pages["doubts.txt"]
    for document in edition.documents.values():
        assert document.title in text or (document.certainty is Certainty.OFFICIAL and document.number)
    for measure in edition.measures():
        for each in measure.left_open:
            assert each in text or not re.search(rf"{UNCONFIRMED}|未见|没有看到", each), each
    assert "还缺原件：办法全文和评价指标表" in text
    assert "按通行说法，摘录里没有看到日期，待核实" in text


def test_the_ladder_tells_its_rungs_remarks_and_all_examples(edition: Edition, pages: dict[str, str]) -> None:
    text = pages["ladder.txt"]
    assert [rung.title for rung in edition.ladder.rungs if rung.title not in text] == []
    assert [remark.say for remark in edition.ladder.remarks if remark.say not in text] == []
    assert "差一块钱不到一亿，还没上阶梯" in text
    assert "离下一级差：1元" in text


MONEY = Fact("money", Kind.MONEY, "营业收入")
SINCE = Fact("since", Kind.MONTH, "注册年月")
LAB = Fact("lab", Kind.YESNO, "研发机构", options=(Option("yes", "有"), Option("no", "没有")))
ROLE = Fact("role", Kind.CHOICE, "角色", options=(Option("host", "依托"), Option("member", "参加")))
LIST = Fact("list", Kind.RECORDS, "平台", fields={"role": ROLE})
CHOSEN = Fact("chosen", Kind.RECORDS, "资格", fields={"role": ROLE}, key_field="role")
BIG = Compare(MONEY, Operator.AT_LEAST, 100_000_000)
HAS_LAB = OneOf(LAB, (True,))
SCORE = Score((Part("收入", (Step(BIG, 20),), (0, 20), (Step(BIG, 20), Step(HAS_LAB, 10))),), 15)
WORDS = [
    (All((BIG, HAS_LAB)), ["- 下面都要：", "  - 营业收入 1亿元以上（含）", "  - 研发机构：有"]),
    (Any((HAS_LAB,)), ["- 下面有一样就行：", "  - 研发机构：有"]),
    (Not(HAS_LAB), ["- 不是：研发机构：有"]),
    (Not(Any((HAS_LAB,))), ["- 不是下面这样：", "  - 下面有一样就行：", "    - 研发机构：有"]),
    (OpenReading(HAS_LAB, "算不算"), ["- 没有写明：算不算", "  - 说的是这种情况：研发机构：有"]),
    (
        OpenReading(All((HAS_LAB,)), "算不算"),
        ["- 没有写明：算不算", "  - 说的是这种情况：", "    - 下面都要：", "      - 研发机构：有"],
    ),
    (Compare(SINCE, Operator.LESS_THAN, 2025 * 12 + 8), ["- 注册年月 早于 2025年9月"]),
    (OneOf(ROLE, ("host", "member")), ["- 角色是依托或参加"]),
    (Empty(LIST, empty=True), ["- 平台：一个也没有"]),
    (Empty(LIST, empty=False), ["- 平台：有"]),
    (Some(LIST, OneOf(ROLE, ("host",))), ["- 平台里至少有一个这样的：", "  - 角色是依托"]),
    (Has(CHOSEN, ("host", "member")), ["- 资格里有依托或参加"]),
    (Sum((MONEY, MONEY), Operator.AT_MOST, 10_000), ["- 合计：营业收入＋营业收入 不超过 1万元"]),
    (Share((MONEY,), (MONEY,), Operator.AT_LEAST, Decimal(3)), ["- 营业收入占营业收入的比例 3%以上（含）"]),
    (Elapsed(SINCE, Operator.AT_LEAST, 12), ["- 注册年月至今 12 个月以上（含）"]),
    (
        SCORE,
        [
            "- 分数加起来 15 分以上（含）：",
            "  - 收入（0 到 20 分）",
            "    - 20 分：营业收入 1亿元以上（含）",
            "    - 中间各档没有看到出处，只用来估计，不作判断（待核实）：",
            "      - 10 分：研发机构：有",
        ],
    ),
]


@pytest.mark.parametrize(("condition", "lines"), WORDS, ids=lambda each: type(each).__name__)
def test_a_condition_in_words(condition: Condition, lines: list[str]) -> None:
    assert list(phrase(condition).lines()) == lines


def kinds(of: type) -> set[str]:
    """By name: a class with slots is there twice, once before it got them."""
    ours = of.__module__.startswith("policy.") and not inspect.isabstract(of)
    own = {of.__name__} if ours else set[str]()
    below: list[type] = of.__subclasses__()
    return own.union(*map(kinds, below))


def test_every_kind_of_condition_verdict_and_state_has_words() -> None:
    assert kinds(Condition) == {type(condition).__name__ for condition, _ in WORDS}
    assert {*VERDICTS} == {*Verdict}
    assert {*LADDER_STATES} == {*LadderState}
    assert {*RUNG_STATES} == {*RungState}


def test_a_kind_of_condition_without_words_is_refused() -> None:
    with pytest.raises(TypeError, match=re.escape("add them in policy/phrases.py")):
        phrase.registry[object](HAS_LAB)


def test_notes_in_the_margin() -> None:
    text = "# 第一句。\n# 还缺：甲；\n# 乙。\na: \"x # y\"   # 旁注\nb: x#y\n  # 另一句\nc: '# 不是'\n"
    margins = read_margins(text)
    assert margins.alone == ("第一句。", "还缺：甲；乙。", "另一句")
    assert margins.beside == {4: "旁注"}


def test_an_edition_without_articles_still_shows_its_schemes(tmp_path: Path) -> None:
    count = write_pages(MINIMAL, tmp_path / "pages", DAY)
    written = [path for path in (tmp_path / "pages").rglob("*") if path.is_file()]
    assert len(written) == count + 1
    assert "measures/subsidy.txt" in (tmp_path / "pages" / "index.txt").read_text(encoding="utf-8")
    assert "这一版没有列" in (tmp_path / "pages" / "money.txt").read_text(encoding="utf-8")


def test_what_stands_in_the_rules_is_escaped_and_foreign_files_stay(tmp_path: Path) -> None:
    shutil.copytree(MINIMAL, tmp_path / "edition")
    plan = tmp_path / "edition" / "plan.yaml"
    text = plan.read_text(encoding="utf-8").replace(
        "title: 计划", "title: <b>计划 & 别的</b>\n    address: javascript:x"
    )
    plan.write_text(text, encoding="utf-8")
    target = tmp_path / "pages"
    target.mkdir()
    (target / "mine.txt").write_text("keep", encoding="utf-8")
    write_pages(tmp_path / "edition", target, DAY)
    page = (target / "measures" / "subsidy.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;计划 &amp; 别的&lt;/b&gt;" in page
    assert "<b>" not in page
    assert 'href="javascript' not in page
    assert "<b>计划 & 别的</b>" in (target / "measures" / "subsidy.txt").read_text(encoding="utf-8")
    assert (target / "mine.txt").read_text(encoding="utf-8") == "keep"
