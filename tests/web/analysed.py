"""Routes analysed once for all applications of a process: the same function at the same path takes the same parameters."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import CodeType, FunctionType
from typing import Any, TypeAlias

import pytest
from fastapi import routing
from fastapi.dependencies import utils
from fastapi.dependencies.models import Dependant

_Key: TypeAlias = tuple[CodeType, tuple[object, ...], tuple[tuple[str, object], ...]]


class _Analysed:
    """What FastAPI found out about a call, kept by its code. The first application of the process is analysed in full.

    A function that is made anew for each application has the same code each time; only the call itself differs. What
    leans on a call of one application's own, or has values of its own to begin with, is analysed every time.
    """

    def __init__(self) -> None:
        self._kept: dict[_Key, Dependant] = {}
        self._analyse: Callable[..., Dependant] = utils.get_dependant

    def __call__(self, *, call: Callable[..., Any], **named: Any) -> Dependant:
        key = _key(call, named)
        if key is None:
            return self._analyse(call=call, **named)
        if key not in self._kept:
            found = self._analyse(call=call, **named)
            if not _is_shared(found):
                return found
            self._kept[key] = found
        found = self._kept[key]
        return replace(
            found,
            call=call,
            dependencies=list(found.dependencies),
            path_params=list(found.path_params),
            query_params=list(found.query_params),
            header_params=list(found.header_params),
            cookie_params=list(found.cookie_params),
            body_params=list(found.body_params),
        )


def _key(call: Callable[..., Any], named: dict[str, Any]) -> _Key | None:
    """None where the code alone does not tell the parameters."""
    function = call if isinstance(call, FunctionType) else vars(type(call)).get("__call__")
    if not isinstance(function, FunctionType) or function.__kwdefaults__:
        return None
    defaults = function.__defaults__ or ()
    if not all(each is None or isinstance(each, str | int) for each in defaults):
        return None
    return (
        function.__code__,
        defaults,
        tuple((name, _hashable(value)) for name, value in sorted(named.items())),
    )


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _is_shared(found: Dependant) -> bool:
    """Every call it leans on is the module's, not one application's."""
    return all(
        isinstance(each.call, FunctionType) and each.call.__closure__ is None and _is_shared(each)
        for each in found.dependencies
    )


@contextmanager
def analysed_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        kept = _Analysed()
        patch.setattr(utils, "get_dependant", kept)
        patch.setattr(routing, "get_dependant", kept)
        yield
