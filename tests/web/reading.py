"""A served page read as a person (or a program that knows only HTML) reads it: elements, forms, and the text that is shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"input", "br", "meta", "link", "rect", "hr", "img"}
_BLOCKS = {
    *("p", "li", "div", "ul", "h1", "h2", "h3", "h4", "tr", "summary", "details", "br", "article"),
    *("table", "caption", "desc", "title", "text", "form", "section"),
}


@dataclass(slots=True)
class Element:
    """One element with what is in it, in order."""

    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    def has_class(self, name: str) -> bool:
        return name in self.attributes.get("class", "").split()

    def all(self, tag: str | None = None, **attributes: str) -> Iterator["Element"]:
        """Every element inside with that tag and those attributes; `class_` asks for one class among several."""
        for each in self.inside:
            if isinstance(each, str):
                continue
            if tag in {None, each.tag} and all(each._is(name, value) for name, value in attributes.items()):
                yield each
            yield from each.all(tag, **attributes)

    def one(self, tag: str | None = None, **attributes: str) -> "Element":
        found = list(self.all(tag, **attributes))
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]

    def _is(self, name: str, value: str) -> bool:
        return self.has_class(value) if name == "class_" else self.attributes.get(name) == value

    def text(self) -> str:
        """What is shown, a line for each block."""
        lines = (" ".join(line.split()) for line in "".join(self._pieces()).splitlines())
        return "\n".join(line for line in lines if line)

    def _pieces(self) -> Iterator[str]:
        if self.has_class("unseen"):
            return
        mark = "\n" if self.tag in _BLOCKS else " " if self.tag in {"td", "th"} else ""
        yield mark
        for each in self.inside:
            if isinstance(each, str):
                yield each.replace("\n", " ") if mark != "pre" else each
            else:
                yield from each._pieces()
        yield mark

    def hidden(self) -> dict[str, str]:
        """The hidden fields of a form."""
        return {each["name"]: each["value"] for each in self.all("input", type="hidden")}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(found)
        if tag not in _VOID:
            self.open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        closed = self.open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str) -> Element:
    """The page. An AssertionError says which element is not closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.open[0]
