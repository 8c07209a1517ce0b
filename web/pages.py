"""Pages by their templates: escaped, and with every address of a style sheet or script checked when the page is made."""

from dataclasses import asdict

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from flows.messages import Operator, Reply
from flows.render import TEMPLATES, render
from flows.terms import TERMS
from web.assets import Assets
from web.talk_view import MENU
from web.wording import cited, linked, paragraphs

PRIVATE = {"Cache-Control": "no-store"}
"""The headers of a page that shows somebody's own: kept by nobody on the way."""


class Pages:
    """The templates under templates/chat, templates/console and so on, as pages."""

    def __init__(self, assets: Assets, operator: Operator) -> None:
        self._environment = Environment(
            loader=FileSystemLoader((TEMPLATES, TEMPLATES / "messages")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(TERMS)
        self._environment.globals["asset"] = assets.address
        self._environment.globals["operator"] = asdict(operator)
        self._environment.globals["words_of"] = self._words_of
        self._environment.globals["menu"] = MENU
        self._environment.filters["cited"] = cited
        self._environment.filters["linked"] = linked
        self._environment.filters["said"] = paragraphs
        self._rich = set(self._environment.list_templates(filter_func=_is_a_reply))

    def _words_of(self, reply: Reply) -> Markup:
        """A reply as HTML: by templates/chat/replies/<topic>.html where there is one, else the words that every channel has."""
        name = f"chat/replies/{reply.topic}.html"
        if name in self._rich:
            made = self._environment.get_template(name).render({**reply.data, "reply": reply})
            return Markup(made)  # noqa: S704  # nosec B704  made by an escaping template
        return paragraphs(render(reply), asks=reply.fact is not None and reply.kind != "notice")

    def tell(self, name: str, value: object) -> None:
        """Let every template know something by this name."""
        self._environment.globals[name] = value

    def text(self, template: str, data: dict[str, object]) -> str:
        """The page, or piece of a page, as text."""
        return self._environment.get_template(template).render(data)

    def page(
        self,
        template: str,
        data: dict[str, object],
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> HTMLResponse:
        """The page as a response; somebody's own (`PRIVATE`) unless other headers are named."""
        return HTMLResponse(self.text(template, data), status, PRIVATE if headers is None else headers)


def _is_a_reply(name: str) -> bool:
    return name.startswith("chat/replies/")
