"""Hears texts as the servers do before any action runs: ``python -m tests.unit.language.hearing`` reads them from standard input as JSON."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Mapping
from functools import lru_cache

from actions.knowledge.intents import IntentMeaning, load_intents
from actions.knowledge.loading import DEFAULT_ROOT
from actions.masking import mask
from actions.masking.window import mask_window
from bot.channel.plain_text import LONGEST_TEXT, spoken, trimmed
from bot.language.dual_intent import ClauseSplitter
from bot.language.normaliser import Normaliser
from bot.language.pipeline import build_pipeline, glossary_at
from bot.web.responses import ProblemError

MOST_SECONDS = 100
"""Of computing, for all texts; many times what they need. Only this limit ends a match that has blown up."""


@lru_cache(maxsize=1)
def intents() -> Mapping[str, IntentMeaning]:
    """The meanings of the project's intents, read once: a server does not read them for each message either."""
    return load_intents(DEFAULT_ROOT / "intents.yml")


def hear(text: str) -> None:
    """Masks, normalises and reads one text in every way."""
    glossary = glossary_at()
    try:
        masked = mask(mask_window([text], trimmed(text)).text).text
        heard = Normaliser(glossary.corrections)(spoken(masked))
    except ProblemError:
        return
    splitter = ClauseSplitter(glossary.clauses)
    for part in (heard, *splitter.announced(heard), *splitter.clauses(heard)):
        build_pipeline()(part)
    for meaning in intents().values():
        meaning.corrected_by(masked)
        meaning.denied_by(masked)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    for each in json.load(sys.stdin):
        hear(each[:LONGEST_TEXT])
