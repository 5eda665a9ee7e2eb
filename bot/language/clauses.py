"""Texts that hold two matters, and where the second one begins."""

from __future__ import annotations

import re

from actions.knowledge.glossary import Clauses

_SHORTEST = 3


class ClauseSplitter:
    """Splits a text before a word that announces another matter, else into its clauses."""

    def __init__(self, clauses: Clauses) -> None:
        self._separator = re.compile(clauses.separator)
        self._connective = re.compile(clauses.connective)

    def announced(self, text: str) -> tuple[str, ...]:
        """What stands before and after the first connective that has something on both sides; empty if there is none."""
        for match in self._connective.finditer(text):
            parts = tuple(self._bare(part) for part in (text[: match.start()], text[match.end() :]))
            if all(len(part) >= _SHORTEST for part in parts):
                return parts
        return ()

    def clauses(self, text: str) -> tuple[str, ...]:
        """The clauses that are long enough to mean something; empty if there are fewer than two."""
        parts: list[str] = [part for part in self._separator.split(text) if len(part) >= _SHORTEST]
        return tuple(parts) if len(parts) > 1 else ()

    def _bare(self, text: str) -> str:
        return self._separator.sub(" ", text).strip()
