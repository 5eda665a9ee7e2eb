"""What stands beside the matter of a message: sub-questions and claims, found by the patterns of the knowledge folder."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from actions.yaml_source import Source
from bot.language.matching import PhraseFinder

ASPECTS = Path("knowledge/aspects.yml")
CLAIMS = Path("knowledge/claims.yml")
ASPECT_WORDS = "asked"
CLAIM_WORDS = "said"


class NameFinder:
    """Finds what of a file a text speaks of; entries without patterns are never found.

    Args:
        phrases: what finds the patterns.
    """

    def __init__(self, phrases: PhraseFinder) -> None:
        self._phrases = phrases

    def __call__(self, text: str) -> tuple[str, ...]:
        """Names in the order of their first place in the text, each once; those that begin together stay in the order of the file."""
        return tuple(found.label for found in sorted(self._phrases.find(text), key=lambda found: found.start))


@lru_cache(maxsize=8)
def finder_at(path: Path, words: str) -> NameFinder:
    """The finder of a file below the working directory, made once per process.

    Args:
        path: a map of entries.
        words: the field of an entry that holds its patterns.
    """
    entries = Source.read(path).data
    named = [(name, entry[words], entry.get("unless") or ()) for name, entry in entries.items() if entry.get(words)]
    return NameFinder(PhraseFinder(named))


def heard_of(names: Collection[str], path: Path = ASPECTS) -> NameFinder:
    """A finder of some of the aspects only."""
    entries = Source.read(path).data
    chosen = [(name, entries[name]) for name in names if name in entries]
    return NameFinder(PhraseFinder([(n, entry[ASPECT_WORDS], entry.get("unless") or ()) for n, entry in chosen if entry.get(ASPECT_WORDS)]))


def words_fingerprint(*paths: Path) -> str:
    """A hash that changes with the files and with the code that reads them."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*paths, here / "aspects.py", here / "matching.py"))).hexdigest()[:16]
