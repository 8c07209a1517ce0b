"""What is wrong with what an author wrote: one clear line a mistake, `file:line: what, what to do`."""

import difflib
from collections.abc import Iterable


class EditionError(Exception):
    """An edition (or a document) that cannot be used. `lines` holds one message a mistake."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


class DocumentError(ValueError):
    """A document that cannot be taken in. `where` is the path of the entry (`facts.revenue`)."""

    def __init__(self, where: str, message: str) -> None:
        self.where = where
        super().__init__(f"{where}: {message}")


class Complaints:
    """What was found wrong so far, so that an author sees every mistake at once, file by file and line by line."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str], None] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, file: str, line: int, message: str) -> None:
        self._found[file, line, message] = None

    def raise_if_any(self) -> None:
        """Raise EditionError with all of them, each once."""
        if self._found:
            raise EditionError(f"{file}:{line}: {message}" for file, line, message in sorted(self._found))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'revenue'?`, or nothing where no known word is close."""
    close = closest(word, known)
    return f"; did you mean '{close}'?" if close else ""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant; None where no one is close."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)


def known_are(word: str, known: Iterable[str]) -> str:
    """The known word that is close, or else all of them: `; known are: from, until`."""
    known = tuple(known)
    return did_you_mean(word, known) or f"; known are: {', '.join(known)}"
