"""What a measurement says: accuracy, figures per intent, confusions as a list and as a picture, and latency."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bot.evaluation.rows import ReadSubQuestion, Row
from bot.language.training_sentences import COMPLAINTS, OUT_OF_SCOPE


@dataclass(frozen=True)
class Understood:
    """What was made of a row: its intent, its topic, and the sub-question of its matter, if the row names one."""

    intent: str
    topic: str | None = None
    asked: ReadSubQuestion | None = None


Parse = Callable[[Row], Understood]


@dataclass(frozen=True)
class Answer:
    """A row, what was made of it, and how long that took in milliseconds."""

    row: Row
    intent: str
    topic: str | None = None
    milliseconds: float = 0.0
    asked: ReadSubQuestion | None = None

    @property
    def strict(self) -> bool:
        """The intent is the label."""
        return self.intent == self.row.label

    @property
    def accepted(self) -> bool:
        """The intent is the label or one of the alternatives."""
        return self.strict or self.intent in self.row.alternatives

    @property
    def topic_strict(self) -> bool:
        """The topic is the one of the row."""
        return self.topic == self.row.topic

    @property
    def topic_accepted(self) -> bool:
        """The topic is the one of the row or one of its alternatives."""
        return self.topic_strict or self.topic in self.row.topic_alternatives


@dataclass(frozen=True)
class TopicFigures:
    """Of the ``rows`` that name a topic: shares 0–1, and (topic, found, times), most frequent first."""

    rows: int
    strict: float
    with_alternatives: float
    confusions: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class SubQuestionFigures:
    """Of the ``rows`` that name the sub-question they ask of their matter: shares 0–1 that would be answered rightly.

    Attributes:
        read: with what was read of the matter.
        worded: by the words of the texts alone.
    """

    rows: int
    read: float
    worded: float


@dataclass(frozen=True)
class IntentFigures:
    """Precision, recall and F1 of one intent, each 0–1, strictly by label; ``rows`` carry the label."""

    rows: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Report:
    """A measurement. Shares are 0–1, latencies milliseconds; ``confusions`` are (label, found, times), most frequent first."""

    rows: int
    strict: float
    with_alternatives: float
    macro_f1: float
    out_of_scope_recall: float
    out_of_scope_precision: float
    complaint_or_not: float
    latency_median: float
    latency_p95: float
    intents: dict[str, IntentFigures]
    confusions: tuple[tuple[str, str, int], ...]
    topics: TopicFigures | None = None
    sub_questions: SubQuestionFigures | None = None

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON."""
        data = {**asdict(self), "confusions": _confusions_to_json(self.confusions)}
        if self.topics is not None:
            data["topics"]["confusions"] = _confusions_to_json(self.topics.confusions)
        return data


def _confusions_to_json(confusions: Sequence[tuple[str, str, int]]) -> list[dict[str, Any]]:
    return [{"label": label, "found": found, "times": times} for label, found, times in confusions]


def evaluate(rows: Sequence[Row], parse: Parse) -> Report:
    """Parses every row once, in order, and reports.

    Args:
        rows: at least one.
        parse: what is made of a row.
    """
    answers = []
    for row in rows:
        begin = time.perf_counter()
        found = parse(row)
        answers.append(Answer(row, found.intent, found.topic, (time.perf_counter() - begin) * 1000, found.asked))
    return report_of(answers)


def report_of(answers: Sequence[Answer]) -> Report:
    """The figures of answers that are already there."""
    labels = sorted({a.row.label for a in answers})
    found = Counter(a.intent for a in answers)
    intents = {label: _figures(label, answers, found[label]) for label in labels}
    out = intents.get(OUT_OF_SCOPE, IntentFigures(0, 0.0, 0.0, 0.0))
    times = sorted(a.milliseconds for a in answers)
    return Report(
        rows=len(answers),
        strict=_share(a.strict for a in answers),
        with_alternatives=_share(a.accepted for a in answers),
        macro_f1=sum(figures.f1 for figures in intents.values()) / len(intents),
        out_of_scope_recall=out.recall,
        out_of_scope_precision=out.precision,
        complaint_or_not=_share(_same_side(a) for a in answers),
        latency_median=median(times),
        latency_p95=times[min(len(times) - 1, int(len(times) * 0.95))],
        intents=intents,
        confusions=_counted((a.row.label, a.intent) for a in answers if not a.accepted),
        topics=_topic_figures([a for a in answers if a.row.topic is not None]),
        sub_questions=_sub_question_figures([(a.row.asks, a.asked) for a in answers if a.asked is not None]),
    )


def _topic_figures(answers: Sequence[Answer]) -> TopicFigures | None:
    if not answers:
        return None
    return TopicFigures(
        rows=len(answers),
        strict=_share(a.topic_strict for a in answers),
        with_alternatives=_share(a.topic_accepted for a in answers),
        confusions=_counted((str(a.row.topic), str(a.topic)) for a in answers if not a.topic_accepted),
    )


def _sub_question_figures(asked: Sequence[tuple[str | None, ReadSubQuestion]]) -> SubQuestionFigures | None:
    if not asked:
        return None
    return SubQuestionFigures(
        len(asked),
        read=_share(found.read == wanted for wanted, found in asked),
        worded=_share(found.worded == wanted for wanted, found in asked),
    )


def _counted(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
    counts = sorted(Counter(pairs).items(), key=lambda item: (-item[1], item[0]))
    return tuple((label, found, times) for (label, found), times in counts)


def _same_side(answer: Answer) -> bool:
    """Whether a complaint was taken for one and anything else for none; an accepted alternative is never wrong."""
    return answer.accepted or (answer.intent in COMPLAINTS) == (answer.row.label in COMPLAINTS)


def _figures(label: str, answers: Sequence[Answer], found: int) -> IntentFigures:
    rows = sum(a.row.label == label for a in answers)
    right = sum(a.row.label == label and a.strict for a in answers)
    precision = right / found if found else 0.0
    recall = right / rows if rows else 0.0
    return IntentFigures(rows, precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0)


def _share(values: Any) -> float:
    listed: list[bool] = list(values)
    return sum(listed) / len(listed)


def as_text(report: Report) -> str:
    """The report for people."""
    lines = [
        f"utterances               {report.rows}",
        f"accuracy, strict         {report.strict:7.1%}",
        f"accuracy, alternatives   {report.with_alternatives:7.1%}",
        f"macro F1                 {report.macro_f1:7.1%}",
        f"out of scope, recall     {report.out_of_scope_recall:7.1%}",
        f"out of scope, precision  {report.out_of_scope_precision:7.1%}",
        f"complaint or not         {report.complaint_or_not:7.1%}",
        f"latency                  median {report.latency_median:.1f} ms, 95 % below {report.latency_p95:.1f} ms",
        "",
        f"{'intent':<26}{'rows':>6}{'precision':>11}{'recall':>9}{'F1':>9}",
    ]
    lines += [f"{name:<26}{f.rows:>6}{f.precision:>11.1%}{f.recall:>9.1%}{f.f1:>9.1%}" for name, f in report.intents.items()]
    lines += ["", "confusions (label → found, alternatives not counted)"]
    lines += [f"{times:>4}  {label} → {intent}" for label, intent, times in report.confusions[:30]]
    if report.topics is not None:
        figures = report.topics
        lines += ["", f"topics, rows             {figures.rows}", f"topics, strict           {figures.strict:7.1%}"]
        lines += [f"topics, alternatives     {figures.with_alternatives:7.1%}", "", "confusions of topics (topic → found)"]
        lines += [f"{times:>4}  {topic} → {found}" for topic, found, times in figures.confusions[:30]]
    if report.sub_questions is not None:
        asked = report.sub_questions
        lines += ["", f"sub-questions, rows      {asked.rows}", f"sub-questions, read      {asked.read:7.1%}"]
        lines += [f"sub-questions, by words  {asked.worded:7.1%}"]
    return "\n".join(lines)


def save_heat_map(pairs: Sequence[tuple[str, str]], path: Path) -> None:
    """Saves a heat map of (label, found) pairs, each row as shares of its label."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = sorted({name for pair in pairs for name in pair})
    counts = np.zeros((len(names), len(names)))
    for label, found in pairs:
        counts[names.index(label), names.index(found)] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 3 + 0.35 * len(names)
    figure, axes = pyplot.subplots(figsize=(size, size))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("found")
    axes.set_ylabel("label")
    for y, x in zip(*np.nonzero(counts)):
        axes.text(x, y, int(counts[y, x]), ha="center", va="center", fontsize=7, color="white" if shares[y, x] > 0.5 else "black")
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
