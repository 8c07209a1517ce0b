"""A document's mistakes are said with the line they stand on."""

from datetime import date

import pytest

from policy.complaints import EditionError
from policy.documents import line_of, read_facts_text
from tests.policy.strategies import HENAN

TODAY = date(2026, 11, 23)
GOOD = '{"as_of": "2026-11-01", "facts": {"revenue": 320000000}}'


@pytest.mark.parametrize(
    ("text", "day", "judged_on"),
    [
        (GOOD, None, date(2026, 11, 1)),
        (GOOD, date(2026, 1, 2), date(2026, 1, 2)),
        ('{"facts": {}}', None, TODAY),
    ],
)
def test_the_day_asked_for_goes_before_the_documents_own_and_that_before_today(
    text: str, day: date | None, judged_on: date
) -> None:
    assert read_facts_text(HENAN, text, "firm.json", day, TODAY).day == judged_on


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n"facts": {\n"revenue": 5,\n}}', "4: not readable as JSON: Expecting property name enclosed in double quotes; check commas, quotes and brackets"),
        ("", "1: not readable as JSON: Expecting value; check commas, quotes and brackets"),
        ('{"facts": {"revenue": NaN}}', "1: not readable as JSON: NaN is no number; correct it"),
        ('{"facts": {"revenue": ' + "9" * 5000 + "}}", "1: not readable as JSON: a number of 5000 digits; correct it"),
        ("[" * 100_000, "1: not readable as JSON: nested too deep; write it flatter"),
        ("[]", "1: document: expected an object {...}, found list"),
        ('{"facts": {\n"revenue": 5,\n"revenue": 6}}', "3: facts.revenue: stands here twice; keep one"),
        ('{"facts": {\n"revenu": 5}}', "2: facts.revenu: unknown fact; did you mean 'revenue'?"),
        ('{"as_of":\n"soon"}', "1: as_of: 'soon' is not a day; write it as \"2026-11-01\""),
        (
            '{"facts": {"national_platforms": [\n{"kind": "new"},\n{"name": "[{,:", "kind":\n"brand_new"}]}}',
            "3: facts.national_platforms[2].kind: 'brand_new' is not one of new, restructured, existing",
        ),
        ('{"facts": {\n"certificates": ["hnte",\n"hntee"]}}', "3: facts.certificates[2].code: 'hntee' is not one of hnte, tech_sme, innovative_sme, zjtx, little_giant, innovation_leader, gazelle, green_factory; did you mean 'hnte'?"),
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_place(text: str, message: str) -> None:
    with pytest.raises(EditionError) as refused:
        read_facts_text(HENAN, text, "firm.json", None, TODAY)
    assert refused.value.lines == (f"firm.json:{message}",)


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("a", 1),
        ("a[2]", 3),
        ("a[2].b", 3),
        ("a[2].b[2][1]", 4),
        ("c", 5),
        ("c.a", 6),
        ("a[9].b", 1),
        ("x.y", 1),
        ("", 1),
    ],
)
def test_the_line_of_a_path_or_of_what_it_lies_in(where: str, line: int) -> None:
    text = '{"a": [\n1,\n{"b": [2,\n[3]]}],\n"c": {\n"a": "\\"b\\": ["}}'
    assert line_of(text, where) == line
