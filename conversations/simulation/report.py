"""What a run of simulated conversations comes to."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import get_args

from conversations.simulation.outcome import Asked, Outcome, Verdict
from conversations.simulation.personas import personas
from conversations.simulation.scenario import VARIANTS

LEAST_SUCCESS = 0.99
LEAST_ANSWERED = 0.80
"""Which share of the customers' questions must be answered, misunderstood ones included."""
_SHOWN = 40


class Report:
    """Collects outcomes, in any order."""

    def __init__(self) -> None:
        self._outcomes: list[Outcome] = []

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._outcomes)

    @property
    def success(self) -> float:
        """Which share of all conversations ended properly and broke nothing."""
        return sum(outcome.good for outcome in self._outcomes) / self.count if self._outcomes else 0.0

    @property
    def answered(self) -> float:
        """Which share of what was asked got its answer; 1 if nothing was asked."""
        return _share(self._asked, "answered") if self._asked else 1.0

    @property
    def good(self) -> bool:
        """Whether the run keeps what was promised: enough success, enough answers, and every conversation of the cooperative personas."""
        cooperative = [self.passed_every_time(name) for name, persona in personas().items() if persona.cooperative]
        shares = all(share in (None, 1.0) for share in cooperative)
        return self.success >= LEAST_SUCCESS and shares and self.answered >= LEAST_ANSWERED

    def add(self, outcome: Outcome) -> None:
        """Adds one."""
        self._outcomes.append(outcome)

    def passed_every_time(self, persona: str) -> float | None:
        """pass^5: the share of a persona's worlds in which all variants went well; None without a world that was played in all."""
        worlds: dict[int, list[bool]] = {}
        for outcome in self._outcomes:
            if outcome.persona == persona:
                worlds.setdefault(outcome.seed // VARIANTS, []).append(outcome.good)
        whole = [all(variants) for variants in worlds.values() if len(variants) == VARIANTS]
        return sum(whole) / len(whole) if whole else None

    def text(self, seconds: float) -> str:
        """The report as a person reads it."""
        lines = [f"{'persona':14} {'conversations':>13} {'success':>8} {'pass^5':>7} {'turns':>6} {'p95':>4}  ends"]
        for name, persona in personas().items():
            mine = [outcome for outcome in self._outcomes if outcome.persona == name]
            if mine:
                lines.append(self._row(name + ("" if persona.cooperative else " *"), mine, self.passed_every_time(name)))
        lines.append(self._row("all", self._outcomes, None))
        lines.append("* not cooperative: pass^5 is reported, not required")
        lines.append(f"{seconds:.0f} s, {self.count / max(seconds, 0.001):.1f} conversations a second")
        lines.extend(self._questions())
        failed = sorted((outcome for outcome in self._outcomes if not outcome.good), key=lambda outcome: (outcome.persona, outcome.seed))
        kinds = Counter(name for outcome in failed for name in {problem.name for problem in outcome.problems})
        lines.extend(f"broken: {name} in {count}" for name, count in kinds.most_common())
        for outcome in failed[:_SHOWN]:
            first = outcome.problems[0]
            lines.append(f"  --seed {outcome.seed} --persona {outcome.persona}: turn {first.turn}: {first.name}: {first.seen[:160]}")
        if len(failed) > _SHOWN:
            lines.append(f"  and {len(failed) - _SHOWN} more")
        return "\n".join(lines)

    def save(self, folder: Path) -> None:
        """Writes every outcome as JSON, the sentences that were taken for something else, and the questions without an answer."""
        folder.mkdir(parents=True, exist_ok=True)
        ordered = sorted(self._outcomes, key=lambda outcome: (outcome.seed, outcome.persona))
        (folder / "outcomes.json").write_text(
            json.dumps([asdict(outcome) for outcome in ordered], ensure_ascii=False, indent=1), encoding="utf-8"
        )
        misread = Counter(
            (each.text, "|".join(each.means), each.taken_for, f"{each.confidence:.2f}") for outcome in ordered for each in outcome.misread
        )
        with (folder / "misread.tsv").open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, delimiter="\t")
            table.writerow(("text", "means", "taken for", "confidence", "times"))
            table.writerows((*key, times) for key, times in misread.most_common())
        with (folder / "unanswered.tsv").open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, delimiter="\t")
            table.writerow(("seed", "persona", "turn", "question", "at", "text", "how", "taken for", "confidence", "answered by"))
            for outcome in ordered:
                for each in outcome.asked:
                    if each.verdict != "answered":
                        where = (outcome.seed, outcome.persona, each.turn, each.name, each.at, each.text)
                        table.writerow((*where, each.verdict, each.taken_for, f"{each.confidence:.2f}", "|".join(each.seen)))

    @property
    def _asked(self) -> list[Asked]:
        return [asked for outcome in self._outcomes for asked in outcome.asked]

    def _questions(self) -> list[str]:
        """What was asked, per topic and aspect, and how much of it got its answer."""
        if not self._asked:
            return []
        names = sorted({(asked.sort, asked.name) for asked in self._asked})
        lines = [f"{'asked':26} {'times':>6} {'answered':>9} {'misread':>8} {'unanswered':>11}"]
        for sort, name in names:
            lines.append(_asked_row(f"{sort} {name}", [asked for asked in self._asked if (asked.sort, asked.name) == (sort, name)]))
        for sort in dict.fromkeys(sort for sort, _ in names):
            lines.append(_asked_row(f"all {sort}", [asked for asked in self._asked if asked.sort == sort]))
        lines.append(_asked_row("all", self._asked))
        silent = sum(outcome.asked == () for outcome in self._outcomes)
        astray = Counter(kind for asked in self._asked if asked.verdict == "misread" for kind in set(asked.seen) or {"none"})
        shown = ", ".join(f"{kind} {count}" for kind, count in astray.most_common()) or "nothing"
        lines.append(f"misread questions were answered by: {shown}; nothing was asked in {silent} conversations")
        return lines

    def _row(self, name: str, outcomes: Sequence[Outcome], every_time: float | None) -> str:
        turns = sorted(outcome.turns for outcome in outcomes)
        p95 = turns[math.ceil(0.95 * len(turns)) - 1]
        success = sum(outcome.good for outcome in outcomes) / len(outcomes)
        ends = Counter(outcome.end for outcome in outcomes)
        shown = ", ".join(f"{end} {count}" for end, count in ends.most_common())
        share = "" if every_time is None else f"{every_time:.1%}"
        return f"{name:14} {len(outcomes):>13} {success:>8.1%} {share:>7} {median(turns):>6.0f} {p95:>4}  {shown}"


def _share(asked: Sequence[Asked], verdict: Verdict) -> float:
    return sum(each.verdict == verdict for each in asked) / len(asked)


def _asked_row(name: str, asked: Sequence[Asked]) -> str:
    answered, misread, unanswered = (_share(asked, each) for each in get_args(Verdict))
    return f"{name:26} {len(asked):>6} {answered:>9.1%} {misread:>8.1%} {unanswered:>11.1%}"
