"""Reply -> text, by the templates under templates/messages. The text is small neutral markup: lines, and `**` for stress."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.messages import Reply

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

# Messages are plain text on every channel; the channels escape for their own markup.
_environment = Environment(
    loader=FileSystemLoader(TEMPLATES / "messages"),
    autoescape=False,  # noqa: S701  see above
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # looking for changed files at each reply costs as much as the reply
)


def render(reply: Reply) -> str:
    """The words of a reply, without its buttons."""
    template = _environment.get_template(f"{reply.topic}.j2")
    text = template.render(reply.data)
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line or before)
