"""Typed Chinese answers to readings: `read` is all the interview needs. Wording of hints is not here."""

from flows.answers.reader import read
from flows.answers.reading import Ask, Option, Reading

__all__ = ["Ask", "Option", "Reading", "read"]
