"""A reply's words as HTML: escaped first, then `**` for stress, paragraphs and lines kept."""

import re
from collections.abc import Iterable
from html import unescape

from markupsafe import Markup, escape

from flows.composing import may_be_named

_STRESSED = re.compile(r"\*\*(.+?)\*\*")
_LEFT = re.compile(r"（(?:最多还剩 \d+ 题|最后一题)[^）]*）")


def stressed(text: str) -> Markup:
    """One line, escaped unless it is `Markup` already."""
    return Markup(_STRESSED.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704  # nosec B704  escaped just here


def paragraphs(text: str, *, asks: bool = False) -> Markup:
    """Rendered words as paragraphs; with `asks` the last one is the question, and how many are left stands small under it."""
    made = (
        Markup if isinstance(text, Markup) else str
    )  # cutting Markup leaves plain text, to be escaped a second time
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    last = len(blocks) - 1
    return Markup("\n").join(
        _block([made(line.strip()) for line in block.splitlines()], asks=asks and at == last)
        for at, block in enumerate(blocks)
    )


def _block(lines: Iterable[str], *, asks: bool) -> Markup:
    kind = Markup(' class="ask"') if asks else Markup("")
    return Markup("<p{}>{}</p>").format(kind, Markup("<br>\n").join(map(_line, lines)))


def _line(line: str) -> Markup:
    found = stressed(line)
    return Markup('<span class="left">{}</span>').format(found) if _LEFT.fullmatch(line) else found


_WRITTEN_OUT = re.compile(r"https://(?:&amp;|[A-Za-z0-9\-._~:/?#\[\]@!$*+=%])+")
_ENDS = ".?!:"


def linked(made: Markup, site: str) -> Markup:
    """Words with the addresses in them as links: those that a bulletin may name, and no others."""

    def link(found: re.Match[str]) -> str:
        address = found[0].rstrip(_ENDS)
        rest = found[0][len(address) :]
        if not may_be_named(unescape(address), site):
            return found[0]
        return f'<a href="{address}" rel="noreferrer">{address}</a>{rest}'

    return Markup(_WRITTEN_OUT.sub(link, str(made)))  # noqa: S704  # nosec B704  escaped before, and no address holds a quote


_PLACE = re.compile(r"第(?P<article>\d{1,2})条|摘要(?P<highlight>H\d)")


def cited(places: str, *, of_plan: bool) -> Markup:
    """Places of a document, `摘要H4、第18条`; those of the plan lead to its articles."""
    if not of_plan:
        return escape(places)
    return Markup(_PLACE.sub(_link, str(escape(places))))  # noqa: S704  # nosec B704  escaped just here; a place holds no mark-up


def _link(found: re.Match[str]) -> str:
    return f'<a href="/plan/{found["article"] or found["highlight"]}">{found[0]}</a>'
