"""Measures masking on the grammar's utterances: what stays readable once the channel has stored every message, and what was masked in vain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from actions.masking import mask, warm_up
from actions.masking.window import mask_window
from bot.channel.store import MOST_EARLIER
from tools.evaluation.utterances import HARMLESS, Utterance, ValuePart

RECALL_TARGET = 0.99
FALSE_ALARM_TARGET = 0.005
_READABLE = 8
"""Signs in a row that are left of a number when it counts as readable; all of a shorter one."""
_SHOWN = 25


class GrammarReport(NamedTuple):
    """What was measured.

    Attributes:
        personal: utterances with something personal, per kind.
        missed: those of them in which it stayed readable.
        classes: utterances per class of spelling, of announcement and of division.
        missed_of: those of them in which it stayed readable.
        harmless: utterances in which nothing may change.
        alarms: those of them in which something did.
        failures: the utterances that show it, with what became of them.
    """

    personal: Counter[str]
    missed: Counter[str]
    classes: Counter[str]
    missed_of: Counter[str]
    harmless: int
    alarms: int
    failures: list[tuple[str, Sequence[str | None], Sequence[str | None]]]

    @property
    def good(self) -> bool:
        """Whether every target is met."""
        recalled = all(self.missed[kind] <= (1 - RECALL_TARGET) * total for kind, total in self.personal.items())
        return recalled and self.alarms <= FALSE_ALARM_TARGET * self.harmless


def stored(messages: Sequence[str | None]) -> list[str | None]:
    """What the channel keeps of messages sent within half an hour; None is a pressed button, whose title says nothing of a number."""
    kept: list[str | None] = []
    for message in messages:
        if message is None:
            kept.append(None)
            continue
        places = [place for place, text in enumerate(kept) if text is not None][-MOST_EARLIER:]
        window = mask_window([str(kept[place]) for place in places], message)
        for place, text in zip(places, window.earlier):
            kept[place] = text
        kept.append(mask(window.text).text)
    return kept


def is_readable(part: ValuePart, text: str) -> bool:
    """Whether eight signs in a row of what had to go, or all if there are fewer, still stand in a text as they were written."""
    spans, position = [], 0
    for piece in part.pieces:
        start = part.text.index(piece, position)
        position = start + len(piece)
        spans.append((start, position))
    window = min(len(spans), _READABLE)
    return any(part.text[spans[first][0] : spans[first + window - 1][1]] in text for first in range(len(spans) - window + 1))


def measure_utterances(samples: Iterable[Utterance]) -> GrammarReport:
    """Masks utterances as the channel does, and counts."""
    warm_up()
    personal, missed, classes, missed_of = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    harmless = alarms = 0
    failures: list[tuple[str, Sequence[str | None], Sequence[str | None]]] = []
    for sample in samples:
        kept = stored(sample.messages)
        if sample.kind == HARMLESS:
            harmless += 1
            if tuple(kept) != sample.messages:
                alarms += 1
                failures.append(("false alarm", sample.messages, kept))
            continue
        readable = any(is_readable(part, str(kept[part.message])) for part in sample.parts)
        personal[sample.kind] += 1
        missed[sample.kind] += readable
        classes.update(sample.classes)
        if readable:
            missed_of.update(sample.classes)
            failures.append((f"missed {sample.kind}", sample.messages, kept))
    return GrammarReport(personal, missed, classes, missed_of, harmless, alarms, failures)


def render_utterances(report: GrammarReport) -> str:
    """The report as lines for people, the first failures last."""
    lines = [_line(kind, report.missed[kind], total) for kind, total in sorted(report.personal.items())]
    lines.append(_line("all kinds", report.missed.total(), report.personal.total()))
    lines += [f"  {_line(name, report.missed_of[name], total)}" for name, total in sorted(report.classes.items())]
    share = 100 * report.alarms / max(report.harmless, 1)
    lines.append(f"{'false alarms':<28}{share:8.3f} %  of {report.harmless}")
    lines += [f"{what}: {' | '.join(map(str, said))} -> {' | '.join(map(str, kept))}" for what, said, kept in report.failures[:_SHOWN]]
    return "\n".join(lines)


def _line(name: str, missed: int, total: int) -> str:
    return f"{'recall ' + name:<28}{100 * (1 - missed / total):8.3f} %  of {total}"
