"""Reply -> text, by the templates under templates/messages (small neutral markup: lines, and `**` for stress); and the
pages for a proofreader, by those under templates/proof."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from flows.messages import Reply
from flows.terms import TERMS

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

# Messages are plain text on every channel; the channels escape for their own markup.
_environment = Environment(
    loader=FileSystemLoader(TEMPLATES / "messages"),
    autoescape=False,  # noqa: S701  see above  # nosec B701
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # looking for changed files at each reply costs as much as the reply
)
_environment.globals.update(TERMS)


def render(reply: Reply) -> str:
    """The words of a reply, without its buttons."""
    template = _environment.get_template(f"{reply.topic}.j2")
    text = template.render(reply.data)
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line or before)


_proof = Environment(
    loader=FileSystemLoader(TEMPLATES / "proof"),
    autoescape=select_autoescape(("html",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_DOUBTFUL = ("待核实", "未见")


def _marked(text: str) -> Markup:
    """Text in a page, with what is in doubt marked."""
    found = escape(text)
    for word in _DOUBTFUL:
        found = found.replace(word, Markup("<mark>{}</mark>").format(word))
    return found


_proof.filters["marked"] = _marked


def render_page(name: str, data: Mapping[str, object]) -> str:
    """A page by its template under templates/proof; what goes into HTML is escaped."""
    text = _proof.get_template(name).render(data)
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = (line for line, before in zip(lines, ["", *lines], strict=False) if line or before)
    return "\n".join(kept) + "\n"
