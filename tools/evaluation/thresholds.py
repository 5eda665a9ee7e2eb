"""Risk against coverage of topics on a held-back slice: where to answer, and where to ask back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.dialogue.choices import CHOICES
from bot.evaluation.rows import MODELS, Row, load_parser, newest_model, read_rows

HELD_BACK = Path("tests/nlu/second_turns.tsv")
_STEPS = tuple(step / 20 for step in range(2, 17))


@dataclass(frozen=True)
class ThresholdPoint:
    """What a threshold means: shares 0–1, and how often the customer would be asked back."""

    threshold: float
    coverage: float
    right_when_answered: float
    asked: int
    offered_when_asked: float


def curve(rows: Sequence[Row], rankings: Sequence[Sequence[dict[str, Any]]]) -> list[ThresholdPoint]:
    """One point per threshold.

    Args:
        rows: utterances that name their topic.
        rankings: of the topics of each, best first.
    """

    def fits(row: Row, name: str) -> bool:
        return name == row.topic or name in row.topic_alternatives

    points = []
    for threshold in _STEPS:
        answered = [(row, ranking) for row, ranking in zip(rows, rankings) if ranking and ranking[0]["confidence"] >= threshold]
        asked = [(row, ranking) for row, ranking in zip(rows, rankings) if not ranking or ranking[0]["confidence"] < threshold]
        right = sum(fits(row, ranking[0]["name"]) for row, ranking in answered)
        offered = sum(any(fits(row, entry["name"]) for entry in ranking[:CHOICES]) for row, ranking in asked)
        points.append(
            ThresholdPoint(
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
    rows = [row for row in read_rows(Path(sys.argv[2]) if len(sys.argv) > 2 else HELD_BACK) if row.topic is not None]
    parse = load_parser(newest_model(directory))
    rankings = [parse(row)["topic_ranking"] for row in rows]
    print("| threshold | answered | right when answered | asked back | right topic among the choices |\n|---|---|---|---|---|")
    for p in curve(rows, rankings):
        print(f"| {p.threshold:.2f} | {p.coverage:.1%} | {p.right_when_answered:.1%} | {p.asked} | {p.offered_when_asked:.0%} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
