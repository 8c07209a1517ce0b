"""Text as Telegram reads it: parse_mode HTML to text and entities, trimmed, counted in UTF-16 units. No Markdown."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.refusals import ApiError, bad_request, cannot_parse, violation

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
ENTITY_TYPES = frozenset(KINDS.values()) | {"expandable_blockquote"}
START = re.compile(r"<([^\s>]*)")
ATTRIBUTE = re.compile(r"""\s+([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
END = re.compile(r"</([^\s>]*)\s*>")
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
PLAIN = re.compile(r"[^<&]+")


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Formatted:
    text: str
    entities: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    begins: int
    language: str = ""


@dataclass(slots=True)
class _Reader:
    """One pass over HTML text; the wording of its errors is Telegram's."""

    source: str
    at: int = 0
    parts: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    def read(self) -> Formatted:
        while self.at < len(self.source):
            self._step()
        if self.stack:
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        self.entities.sort(key=lambda each: (each["offset"], -each["length"]))
        return Formatted("".join(self.parts), tuple(self.entities))

    def _step(self) -> None:
        if plain := PLAIN.match(self.source, self.at):
            self._text(plain[0], plain.end())
        elif self.source[self.at] == "&":
            known = CHARACTER.match(self.source, self.at)
            self._text(html.unescape(known[0]) if known else "&", known.end() if known else self.at + 1)
        elif self.source.startswith("</", self.at):
            self._end()
        else:
            self._start()

    def _text(self, text: str, reached: int) -> None:
        self.parts.append(text)
        self.length += units(text)
        self.at = reached

    def _refused(self, what: str, rest: str = "") -> ApiError:
        return cannot_parse(f"{what} at byte offset {len(self.source[: self.at].encode())}{rest}")

    def _start(self) -> None:
        name = START.match(self.source, self.at)
        tag = name[1].lower() if name else ""
        if name is None or tag not in KINDS:
            raise self._refused(f'Unsupported start tag "{tag}"')
        attributes, reached = self._attributes(name.end())
        if not self.source.startswith(">", reached):
            raise self._refused(f'Unclosed start tag "{tag}"')
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refused('Tag "span" must have class "tg-spoiler"')
        self.stack.append(_Open(tag, attributes, self.length))
        self.at = reached + 1

    def _attributes(self, reached: int) -> tuple[dict[str, str], int]:
        found: dict[str, str] = {}
        while match := ATTRIBUTE.match(self.source, reached):
            found[match[1].lower()] = html.unescape(match[2] or match[3] or match[4] or "")
            reached = match.end()
        rest = len(self.source) - len(self.source[reached:].lstrip())
        return found, rest

    def _end(self) -> None:
        if not self.stack:
            raise self._refused("Unexpected end tag")
        match = END.match(self.source, self.at)
        if match is None:
            raise self._refused("Unclosed end tag")
        opened = self.stack[-1]
        if match[1] and match[1].lower() != opened.tag:
            raise self._refused(
                "Unmatched end tag", f', expected "</{opened.tag}>", found "</{match[1].lower()}>"'
            )
        self.stack.pop()
        self.at = match.end()
        if self.length > opened.begins:
            self._entity(opened)

    def _entity(self, opened: _Open) -> None:
        outer = self.stack[-1] if self.stack else None
        if opened.tag == "code" and outer is not None and outer.tag == "pre":
            outer.language = opened.attributes.get("class", "").removeprefix("language-")
            return
        entity: dict[str, Any] = {
            "type": KINDS[opened.tag],
            "offset": opened.begins,
            "length": self.length - opened.begins,
        }
        if opened.tag == "a":
            if "href" not in opened.attributes:
                return
            entity["url"] = opened.attributes["href"]
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        if opened.language:
            entity["language"] = opened.language
        self.entities.append(entity)


def trimmed(formatted: Formatted) -> Formatted:
    """Without white space at both ends, as Telegram stores it; entities move along."""
    text = formatted.text.strip()
    lead = units(formatted.text[: len(formatted.text) - len(formatted.text.lstrip())])
    end = units(text)
    kept = []
    for each in formatted.entities:
        begins = max(each["offset"] - lead, 0)
        length = min(each["offset"] + each["length"] - lead, end) - begins
        if length > 0:
            kept.append({**each, "offset": begins, "length": length})
    return Formatted(text, tuple(kept))


def _given(text: str, entities: list[dict[str, Any]]) -> Formatted:
    total = units(text)
    for each in entities:
        begins, ends = each["offset"], each["offset"] + each["length"]
        if each["type"] not in ENTITY_TYPES:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if begins < 0:
            raise bad_request(f"receive an entity with incorrect offset {begins}")
        if begins > total:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {begins}")
        if ends > total:
            raise bad_request(
                f"entity beginning at UTF-16 offset {begins} ends after the end of the text"
                f" at UTF-16 offset {ends}"
            )
    return Formatted(text, tuple(entities))


def formatted(text: str, parse_mode: str | None, entities: list[dict[str, Any]] | None) -> Formatted:
    """Read text as a call gives it; raises ApiError in Telegram's words."""
    mode = (parse_mode or "").lower()
    if mode in {"markdown", "markdownv2"}:
        raise violation("this server reads parse_mode HTML only")
    if mode not in {"", "html"}:
        raise bad_request("unsupported parse_mode")
    read = _Reader(text).read() if mode else _given(text, entities or [])
    return trimmed(read)
