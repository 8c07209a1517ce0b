"""Who may come to which route, as declared: the public ones by name here, the console's by the guard that stands before them."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from web.console.access import Permission
from web.console.frame import HOME, Guard, Open

PUBLIC = frozenset(
    {
        *("/", "/static/{name}", "/healthz", "/favicon.ico", "/robots.txt", "/sitemap.xml", "/privacy"),
        *("/plan", "/plan/{key}", "/schemes/{name}"),
        *("/chat", "/chat/new", "/result", "/resume", "/telegram"),
        *("/report", "/report.pdf", "/report.png", "/report/share", "/report/share/{share_id}/revoke"),
        *("/s/{token}", "/check", "/leave/{key}/{bulletin}"),
    }
)
"""Everything that anybody may ask for. A new public route is added here on purpose."""


class UndeclaredRouteError(Exception):
    """A route that says neither who may come nor that everybody may."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A route and what it asks for. `permission` None: open to people who are not signed in."""

    path: str
    method: str
    permission: Permission | None
    confirmed: bool = False


def declared(app: FastAPI) -> list[Declared]:
    """Return every route of the application; one that is not declared raises UndeclaredRouteError."""
    return list(_declared(app))


def refuse_undeclared(app: FastAPI) -> None:
    """Stop the start of an application that has an undeclared route."""
    declared(app)


def _declared(app: FastAPI) -> Iterator[Declared]:
    for context in iter_route_contexts(app.routes):
        guard = _guard(context.original_route)
        path = str(context.path)
        if guard is None and (path.startswith(HOME) or path not in PUBLIC):
            raise UndeclaredRouteError(
                f"{path}: declare its permission with frame.get or frame.post, or name it in web/declared.py PUBLIC"
            )
        for method in sorted(context.methods or ()):
            if isinstance(guard, Guard):
                yield Declared(path, method, guard.permission, guard.confirmed)
            else:
                yield Declared(path, method, None)


def _guard(route: object) -> Guard | Open | None:
    if not isinstance(route, APIRoute):
        return None
    found = (each.dependency for each in route.dependencies if isinstance(each.dependency, Guard | Open))
    return next(found, None)
