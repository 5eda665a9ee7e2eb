"""What simulated customers say: sentences by act, and complaints and questions from held-back data."""

from __future__ import annotations

import csv
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.yaml_source import Source
from conversations.simulation.questions import Question

HERE = Path(__file__).parent
HELD_BACK = HERE.parents[1] / "tests" / "nlu" / "holdback.tsv"
_EVERYBODY = "any"


@dataclass(frozen=True)
class Line:
    """A sentence.

    Attributes:
        act: what the customer does with it.
        means: the intents it may rightly be taken for; empty if any will do.
        asks: what it asks, if it asks something whose answer is known.
    """

    text: str
    act: str
    means: tuple[str, ...] = ()
    asks: Question | None = None


class Phrasings:
    """Draws sentences.

    Args:
        acts: act → persona or ``any`` → sentences with ``{placeholders}``.
        means: act → the intents it may be taken for.
        heard: held-back sentences by intent, each with every intent it may be taken for.
    """

    def __init__(
        self,
        acts: Mapping[str, Mapping[str, Sequence[str]]],
        means: Mapping[str, Sequence[str]],
        heard: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]],
    ) -> None:
        self._acts, self._means, self._heard = acts, means, heard

    @property
    def acts(self) -> Collection[str]:
        """Every act there are sentences for."""
        return self._acts.keys()

    @property
    def sentences(self) -> list[str]:
        """Every sentence of ours as it stands in the file."""
        return [text for by_persona in self._acts.values() for texts in by_persona.values() for text in texts]

    def say(self, act: str, persona: str, chance: random.Random, **values: str) -> Line:
        """A sentence for an act, in the persona's own words where it has some."""
        return Line(self._draw(act, persona, chance).format(**values), act, tuple(self._means.get(act, ())))

    def hear(self, intents: Sequence[str], act: str, persona: str, chance: random.Random) -> Line:
        """A held-back sentence of one of the intents, framed as the persona speaks."""
        text, means = chance.choice([entry for intent in intents for entry in self._heard.get(intent, ())])
        return Line(self._draw("frame", persona, chance).format(words=text), act, means)

    def _draw(self, act: str, persona: str, chance: random.Random) -> str:
        known = self._acts[act]
        own = known.get(persona, ())
        return chance.choice(own if act == "frame" and own else [*known[_EVERYBODY], *own, *own])


@lru_cache(maxsize=1)
def phrasings() -> Phrasings:
    """The sentences of phrasings.yml and of the held-back data."""
    data: dict[str, Any] = dict(Source.read(HERE / "phrasings.yml").data)
    means = data.pop("means")
    heard: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    with HELD_BACK.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            others = tuple(filter(None, (row["alternatives"] or "").split("|")))
            heard.setdefault(row["label"], []).append((row["text"], (row["label"], *others)))
    return Phrasings(data, means, heard)
