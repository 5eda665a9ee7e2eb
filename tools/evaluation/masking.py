"""Measures masking: recall, false alarms and time: ``python -m tools.evaluation.masking [COUNT [SEED]]``.

Two sets are generated: sentences written beside the rules (``conversations/personal_numbers.yml``), and utterances of a grammar that knows nothing of
them (``tools/evaluation/spellings.yml``). COUNT and SEED are the grammar's; without a seed it is a fresh one, which is printed.
"""

from __future__ import annotations

import secrets
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from actions.masking import mask, warm_up
from actions.masking.reading import read, rules
from actions.masking.window import mask_window
from actions.settings import quiet_libraries
from conversations.personal_numbers import generate, generate_pairs
from tools.evaluation.masked_windows import measure_utterances, render_utterances
from tools.evaluation.masking_time import HARD_PIECES, masking_time
from tools.evaluation.utterances import utterances

RECALL_TARGET = 0.995
FALSE_ALARM_TARGET = 0.005
TIMED_LENGTH = 50
TIME_TARGET = 0.001
"""Seconds for a text of ``TIMED_LENGTH`` characters, median."""
SPLIT_RECALL_TARGET = 0.9
_UTTERANCES = 24000
_READABLE = 8
_MEASURED = ("id", "phone", "card", "code")


class MaskingReport(NamedTuple):
    """What was measured.

    Attributes:
        personal: values per kind that had to go.
        missed: those of them that stayed readable, per kind.
        harmless: values per kind that had to stay.
        alarms: those of them that were changed, per kind.
        failures: the texts that show it, with what became of them.
        median: seconds for fifty characters.
    """

    personal: Counter[str]
    missed: Counter[str]
    harmless: Counter[str]
    alarms: Counter[str]
    failures: list[tuple[str, str, str]]
    median: float

    @property
    def good(self) -> bool:
        """Whether every target is met."""
        recalled = all(self.missed[kind] <= (1 - RECALL_TARGET) * self.personal[kind] for kind in _MEASURED)
        return recalled and sum(self.alarms.values()) <= FALSE_ALARM_TARGET * sum(self.harmless.values()) and self.median < TIME_TARGET


def measure(samples: Iterable[Any]) -> MaskingReport:
    """Masks samples (see ``conversations/personal_numbers.py``) and counts."""
    warm_up()
    personal, missed, harmless, alarms = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    failures: list[tuple[str, str, str]] = []
    times: list[float] = []
    for sample in samples:
        masked = mask(sample.text).text
        for kind, value in sample.personal:
            personal[kind] += 1
            if survives(value, masked):
                missed[kind] += 1
                failures.append((f"missed {kind}", sample.text, masked))
        for kind, value in sample.harmless:
            harmless[kind] += 1
            if value not in masked:
                alarms[kind] += 1
                failures.append((f"false alarm {kind}", sample.text, masked))
        text = (sample.text * TIMED_LENGTH)[:TIMED_LENGTH]
        started = time.perf_counter()
        mask(text)
        times.append(time.perf_counter() - started)
    return MaskingReport(personal, missed, harmless, alarms, failures, statistics.median(times))


class SplitReport(NamedTuple):
    """What was measured on numbers divided between two messages.

    Attributes:
        divided: pairs per kind.
        missed: those of which a part stayed readable, per kind.
        harmless: pairs that had to stay.
        alarms: those of them in which something was changed.
        failures: the pairs that show it, with what became of them.
    """

    divided: Counter[str]
    missed: Counter[str]
    harmless: int
    alarms: int
    failures: list[tuple[str, str, str]]

    @property
    def good(self) -> bool:
        """Whether every target is met."""
        recalled = all(self.missed[kind] <= (1 - SPLIT_RECALL_TARGET) * total for kind, total in self.divided.items())
        return recalled and self.alarms <= FALSE_ALARM_TARGET * self.harmless


def measure_pairs(pairs: Iterable[Any]) -> SplitReport:
    """Masks pairs of messages (see ``generate_pairs``) as the channel does, and counts; both parts must be gone."""
    warm_up()
    divided, missed = Counter[str](), Counter[str]()
    harmless = alarms = 0
    failures: list[tuple[str, str, str]] = []
    for sample in pairs:
        first, second = mask(sample.first).text, mask(sample.second).text
        window = mask_window([first], sample.second)
        earlier, later = window.earlier[0], mask(window.text).text
        shown = (f"{sample.first} | {sample.second}", f"{earlier} | {later}")
        if not sample.parts:
            harmless += 1
            if (earlier, later) != (first, second):
                alarms += 1
                failures.append(("false alarm", *shown))
            continue
        divided[sample.kind] += 1
        head, tail = sample.parts
        if head in earlier or tail in later:
            missed[sample.kind] += 1
            failures.append((f"missed {sample.kind}", *shown))
    return SplitReport(divided, missed, harmless, alarms, failures)


def survives(value: str, masked: str) -> bool:
    """Whether a personal value, or eight characters of it in a row, can still be read in a masked text, however it is written."""
    plain = _compact(value)
    window = min(len(plain), _READABLE)
    left = _compact(masked)
    return any(plain[start : start + window] in left for start in range(len(plain) - window + 1))


def _compact(text: str) -> str:
    return read(text, rules().reading).text.replace("-", "").replace(" ", "").replace("+", "")


def render(report: MaskingReport) -> str:
    """The report as lines for people."""
    lines = []
    for kind, total in report.personal.items():
        lines.append(f"recall {kind:<9}{100 * (1 - report.missed[kind] / total):8.3f} %  of {total}")
    for kind, total in report.harmless.items():
        lines.append(f"false alarms {kind:<8}{100 * report.alarms[kind] / total:8.3f} %  of {total}")
    total = sum(report.harmless.values())
    lines.append(f"false alarms all     {100 * sum(report.alarms.values()) / max(total, 1):8.3f} %  of {total}")
    lines.append(f"median for {TIMED_LENGTH} characters {report.median * 1000:.3f} ms")
    return "\n".join(lines)


def render_pairs(report: SplitReport) -> str:
    """The report on divided numbers as lines for people."""
    lines = [
        f"recall divided {kind:<6}{100 * (1 - report.missed[kind] / total):8.3f} %  of {total}" for kind, total in report.divided.items()
    ]
    lines.append(f"false alarms divided {100 * report.alarms / max(report.harmless, 1):8.3f} %  of {report.harmless}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Prints the reports and the first failures; 1 if a target is missed."""
    quiet_libraries()
    count, seed = (*map(int, arguments), *(_UTTERANCES, secrets.randbelow(10**6))[len(arguments) :])
    report, pairs = measure(generate()), measure_pairs(generate_pairs())
    print(f"{render(report)}\n{render_pairs(pairs)}")
    for what, text, masked in [*report.failures[:40], *pairs.failures[:10]]:
        print(f"{what}: {text} -> {masked}")
    spelled = measure_utterances(utterances(count, seed))
    print(f"\n{count} utterances of the grammar, seed {seed}\n{render_utterances(spelled)}")
    seconds, piece = max((masking_time(piece), piece) for piece in HARD_PIECES)
    print(f"\nthe hardest of the longest texts, {piece!r} over and over: {seconds * 1000:.1f} ms")
    return 0 if report.good and pairs.good and spelled.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
