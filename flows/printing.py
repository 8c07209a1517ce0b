"""The one place of the optional extra `report`: a report as PDF and PNG by Typst, a case as PDF. Without it the printable pages serve.

Typst reads one template each; what is printed goes in as data, never as markup, and no other file can be reached.
"""

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Literal, TypeAlias

from flows.render import TEMPLATES

Form: TypeAlias = Literal["pdf", "png"]
PNG_WIDTH = 1080
_A4_INCHES = 210 / 25.4
_PATIENCE = 5.0  # seconds that one waits for those before
_KEPT, _KEPT_SECONDS = 24, 600.0
_FONTS = "pylopdf_fonts_zh_cn"


class BusyError(Exception):
    """Too many want a report just now; it can be had a little later."""


@dataclass(slots=True)
class _Printer:
    """One template's compiler, kept warm. It serves one at a time; what it made is kept for a few minutes."""

    template: str = "report.typ"
    compiler: Any = None
    lock: Lock = field(default_factory=Lock)
    made: OrderedDict[tuple[str, Form], tuple[float, bytes]] = field(default_factory=OrderedDict)

    def print(self, paper: Mapping[str, Any], form: Form) -> bytes:
        told = json.dumps(paper, ensure_ascii=False, sort_keys=True)
        key = (hashlib.sha256(told.encode()).hexdigest(), form)
        if not self.lock.acquire(timeout=_PATIENCE):
            raise BusyError
        try:
            found = self.made.pop(key, None)
            if found is None or found[0] < time.monotonic() - _KEPT_SECONDS:
                found = time.monotonic(), self._compiled(told, form, paper)
            self.made[key] = found
            self._forget()
            return found[1]
        finally:
            self.lock.release()

    def _compiled(self, told: str, form: Form, paper: Mapping[str, Any]) -> bytes:
        if self.compiler is None:
            self.compiler = _compiler(self.template)
        how = {
            "format": form,
            "ppi": PNG_WIDTH / _A4_INCHES if form == "png" else None,
            "pdf_standards": ["ua-1"] if form == "pdf" else [],
            "timestamp": datetime.fromisoformat(paper["as_of"]).replace(tzinfo=UTC),
        }
        try:
            page = self.compiler.compile(sys_inputs={"report": told}, **how)
        except RuntimeError:  # more than was guessed to fit; measuring costs twice the time
            page = self.compiler.compile(sys_inputs={"report": told, "careful": "yes"}, **how)
        if isinstance(page, list):
            raise OverflowError(f"a report is one page, not {len(page)}")
        return bytes(page)

    def _forget(self) -> None:
        """What is old, and what is more than is kept."""
        too_old = time.monotonic() - _KEPT_SECONDS
        for key in [key for key, (at, _) in self.made.items() if at < too_old]:
            del self.made[key]
        while len(self.made) > _KEPT:
            self.made.popitem(last=False)


_printer, _case_printer = _Printer(), _Printer("case.typ")


def can_print() -> bool:
    """Whether the extra `report` is installed."""
    return all(find_spec(name) is not None for name in ("typst", _FONTS))


def printed(paper: Mapping[str, Any], form: Form) -> bytes | None:
    """The report as one A4 page; None without the extra. Takes some 20 ms of this thread; raises BusyError.

    `paper` is what flows/frozen.py froze, with its check code.
    """
    return _printer.print(paper, form) if can_print() else None


def printed_case(paper: Mapping[str, Any]) -> bytes | None:
    """A case as PDF, of as many pages as it takes; None without the extra. As `printed`.

    `paper` is what flows/casepaper.py makes.
    """
    return _case_printer.print(paper, "pdf") if can_print() else None


def _compiler(template: str) -> Any:  # noqa: ANN401  the extra's own type, which may not be there
    typst, folder = import_module("typst"), Path(import_module(_FONTS).sans_path()).parent
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    root = TEMPLATES / "report"
    return typst.Compiler(root / template, root=root, font_paths=fonts, ignore_system_fonts=True)


def file_name(paper: Mapping[str, Any], form: Form) -> str:
    """How the file is called to people: `创新阶梯自测报告-2025-K7M-Q2X-PD4.pdf`. Without the firm's name: files travel."""
    return f"创新阶梯自测报告-{paper['year']}-{paper['check_code']}.{form}"
