"""Pages by their templates: escaped, and with every address of a style sheet or script checked when the page is made."""

from dataclasses import asdict

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.messages import Operator
from flows.render import TEMPLATES
from web.assets import Assets

PRIVATE = {"Cache-Control": "no-store"}
"""The headers of a page that shows somebody's own: kept by nobody on the way."""


class Pages:
    """The templates under templates/chat, templates/console and so on, as pages."""

    def __init__(self, assets: Assets, operator: Operator) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals["asset"] = assets.address
        self._environment.globals["operator"] = asdict(operator)

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
