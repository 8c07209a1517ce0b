"""What the loader complains of is told in Chinese: every mistake of the zoo of broken editions."""

import re
from pathlib import Path

from tests.written import written
from web.console.complaints import Mistake, mistakes

ZOO = Path(__file__).parents[2] / "policy" / "broken"


def test_every_mistake_of_the_zoo_is_told_in_chinese() -> None:
    said = [
        line
        for path in sorted(ZOO.glob("*.yaml"))
        for line in written(path.read_text(encoding="utf-8"))["says"]
    ]
    assert len(said) > 150
    for line, told in zip(said, mistakes(said, "zh"), strict=True):
        assert line.startswith(f"{told.file}:{told.line}: ")
        assert re.search("[\u4e00-\u9fff]", told.text), line
        assert not re.search(r"; (did you|known are|write|remove|add|name)", told.text), told.text


def test_a_hint_keeps_its_word_and_english_stays_as_it_was() -> None:
    line = "schemes/x.yaml:9: unknown fact 'revenu'; did you mean 'revenue'?"
    assert mistakes([line], "zh") == [
        Mistake("schemes/x.yaml", 9, "没有“revenu”这个事实项；是不是想写“revenue”？")
    ]
    assert mistakes([line], "en")[0].text == "unknown fact 'revenu'; did you mean 'revenue'?"
    assert mistakes(["something new"], "zh") == [Mistake("", 0, "something new")]
