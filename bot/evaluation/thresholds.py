"""Risk against coverage on the held-back slice: where to answer, and where to ask back."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence

from actions.dialogue.small_talk import choices
from actions.knowledge.intents import IntentMeaning
from actions.knowledge.loading import load
from bot.evaluation.model import MODELS, load_parser, newest_model
from bot.evaluation.rows import Row, read_rows

HELD_BACK = Path("tests/nlu/holdback.tsv")
_STEPS = tuple(step / 20 for step in range(2, 17))


@dataclass(frozen=True)
class Point:
    """What a threshold means: shares 0–1, and how often the customer would be asked back."""

    threshold: float
    coverage: float
    right_when_answered: float
    asked: int
    offered_when_asked: float


def curve(rows: Sequence[Row], rankings: Sequence[Sequence[Dict[str, Any]]], intents: Mapping[str, IntentMeaning]) -> List[Point]:
    """One point per threshold.

    Args:
        rows: labelled utterances.
        rankings: Rasa's ranking of each, best first, without ``nlu_fallback``.
        intents: what they mean for the dialogue; a clarification offers only those that a button can name.
    """

    def fits(row: Row, name: str) -> bool:
        return name == row.label or name in row.alternatives

    points = []
    for threshold in _STEPS:
        answered = [(row, ranking) for row, ranking in zip(rows, rankings) if ranking and ranking[0]["confidence"] >= threshold]
        asked = [(row, ranking) for row, ranking in zip(rows, rankings) if not ranking or ranking[0]["confidence"] < threshold]
        right = sum(fits(row, ranking[0]["name"]) for row, ranking in answered)
        offered = sum(any(fits(row, name) for name in choices((entry["name"] for entry in ranking), intents)) for row, ranking in asked)
        points.append(
            Point(
                threshold,
                len(answered) / len(rows),
                right / max(1, len(answered)),
                len(asked),
                offered / len(asked) if asked else 1.0,
            )
        )
    return points


def main() -> int:
    """Prints the curve for the newest model; a directory of models and a file may be given."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else MODELS
    rows = read_rows(Path(sys.argv[2]) if len(sys.argv) > 2 else HELD_BACK)
    parse = load_parser(newest_model(directory))
    rankings = [[e for e in parse(row.text).get("intent_ranking", []) if e["name"] != "nlu_fallback"] for row in rows]
    print("| threshold | answered | right when answered | asked back | right intent among the choices |\n|---|---|---|---|---|")
    for p in curve(rows, rankings, load().intents):
        print(f"| {p.threshold:.2f} | {p.coverage:.1%} | {p.right_when_answered:.1%} | {p.asked} | {p.offered_when_asked:.0%} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
