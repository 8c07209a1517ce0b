"""HTML as Telegram reads it, and Telegram's words for what it cannot read."""

from typing import Any

import pytest

from tests.botapi.entities import Formatted, formatted, units
from tests.botapi.refusals import ApiError


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


READ: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("plain", "plain", []),
    ("<b>a</b><i>b</i>", "ab", [entity("bold", 0, 1), entity("italic", 1, 1)]),
    ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
    ("<B>a</B>", "a", [entity("bold", 0, 1)]),
    ("😀<u>好</u>", "😀好", [entity("underline", 2, 1)]),
    ("1 &lt; 2 &amp;&amp; &#52; &#x35; &quot;", '1 < 2 && 4 5 "', []),
    ("&copy; & Co", "&copy; & Co", []),
    (
        '<a href="https://a.cn/?x=1&amp;y=2">a</a>',
        "a",
        [entity("text_link", 0, 1, url="https://a.cn/?x=1&y=2")],
    ),
    ("<a>https://a.cn</a>", "https://a.cn", []),
    ('<span class="tg-spoiler">a</span>', "a", [entity("spoiler", 0, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
    ('<pre><code class="language-py">a</code></pre>', "a", [entity("pre", 0, 1, language="py")]),
    ("<b></b>a", "a", []),
    ("  <b> a</b>\n", "a", [entity("bold", 0, 1)]),
    ("<s >a</s >", "a", [entity("strikethrough", 0, 1)]),
]


@pytest.mark.parametrize(("source", "text", "entities"), READ)
def test_html(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert formatted(source, "HTML", None) == Formatted(text, tuple(entities))


REFUSED = [
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("好<foo>a</foo>", 'Unsupported start tag "foo" at byte offset 3'),
    ("3 < 5", 'Unsupported start tag "" at byte offset 2'),
    ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
    ("<b", 'Unclosed start tag "b" at byte offset 0'),
    ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
]


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_html_that_telegram_refuses(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        formatted(source, "html", None)
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


GIVEN = [
    (entity("bold", 9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
    (
        entity("bold", 1, 9),
        "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10",
    ),
    (entity("bold", -1, 1), "receive an entity with incorrect offset -1"),
    (entity("loud", 0, 1), "can't parse MessageEntity: Unsupported type specified"),
]


@pytest.mark.parametrize(("given", "reason"), GIVEN)
def test_entities_that_telegram_refuses(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        formatted("hello", None, [given])
    assert caught.value.description == f"Bad Request: {reason}"


def test_given_entities_are_kept() -> None:
    given = [entity("bold", 0, 2)]
    assert formatted("好的", None, given) == Formatted("好的", tuple(given))


def test_parse_modes() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        formatted("a", "BBCode", None)
    with pytest.raises(ApiError, match="HTML only"):
        formatted("a", "MarkdownV2", None)


def test_length_is_counted_in_utf16() -> None:
    assert [units(text) for text in ("a", "好", "😀", "\ud83d")] == [1, 1, 2, 1]
