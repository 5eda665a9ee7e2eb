"""A lead's tables as they are read: with titles and words of ``lead.yml``, as a plot, and as CSV that no spreadsheet executes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from actions.yaml_source import Source
from bot.desk.lead_numbers import LeadReport, NumberTable, Spread, Value
from bot.desk.lead_plots import Plot
from bot.web.spreadsheets import csv_file


@dataclass(frozen=True)
class Panel:
    """A table and its plot, in words.

    Attributes:
        columns: titles by machine words, in order.
        kinds: ``duration`` or ``count`` by column; the others are texts or counts.
        plot: what of it is drawn, and how.
    """

    name: str
    title: str
    note: str
    columns: Mapping[str, str]
    plot: Mapping[str, Any]
    kinds: Mapping[str, str] = field(default_factory=dict)


class Panels:
    """All of them, and the words between."""

    def __init__(self) -> None:
        words = Source.read(Path(__file__).with_name("lead.yml")).data
        self.panels = {name: Panel(name, **each) for name, each in words["panels"].items()}
        self.missed: Mapping[str, str] = words["missed"]
        self.spoken: Mapping[str, str] = words["spoken"]
        self.other = str(words["other"])
        self._words = words

    def cell(self, panel: Panel, column: str, value: Value) -> str:
        """What stands in a cell of the page."""
        if value is None:
            return str(self._words["pooled" if column == next(iter(panel.columns)) else "hidden"])
        if column == "slot":
            return self.slot(str(value))
        return self.duration(float(value)) if panel.kinds.get(column) == "duration" else str(value)

    def slot(self, slot: str) -> str:
        """A day of a period as people write it; hours stay as they are."""
        month, dash, day = slot.partition("-")
        return str(self._words["day"].format(month=int(month), day=int(day))) if dash else slot

    def rows(self, panel: Panel, table: NumberTable) -> list[list[str]]:
        """The cells of the page."""
        return [self._row(panel, dict(zip(panel.columns, row))) for row in table.rows]

    def _row(self, panel: Panel, row: Mapping[str, Value]) -> list[str]:
        if "ninety" not in row:
            return [self.cell(panel, column, value) for column, value in row.items()]
        median, ninety = row["median"], row["ninety"]
        spread = Spread(int(row["n"] or 0), *(None if each is None else float(each) for each in (median, ninety)))
        told = {"median": self.spread(spread, "median"), "ninety": self.spread(spread, "ninety")}
        return [told[column] if column in told else self.cell(panel, column, value) for column, value in row.items()]

    def spread(self, spread: Spread, which: Literal["median", "ninety"]) -> str:
        """A time of several cases in words, or why there is none: nothing was measured, or too little for it."""
        if spread.count and getattr(spread, which) is None:
            return str(self._words["hidden" if spread.median is None else "few"])
        return self.duration(getattr(spread, which)) if spread.count else str(self._words["none"])

    def duration(self, seconds: float | None) -> str:
        """A time in words, as exact as somebody wants to read it."""
        if seconds is None:
            return str(self._words["hidden"])
        unit, size = next((name, size) for name, size, most in _UNITS if seconds < most)
        amount = seconds / size
        return str(
            self._words["durations"][unit].format(
                n=f"{amount:.0f}" if unit == "seconds" or amount >= 10 else f"{amount:.1f}".removesuffix(".0")
            )
        )

    def plot(self, panel: Panel, report: LeadReport, period: str) -> Plot:
        """What is drawn of a table."""
        table, drawn, names = report.tables[panel.name], panel.plot, list(panel.columns)
        labels = tuple(self.cell(panel, drawn["label"], row[names.index(drawn["label"])]) for row in table.rows)
        values = tuple(tuple(_drawn(panel, name, row[names.index(name)]) for row in table.rows) for name in drawn["series"])
        words = self._words["summary"].format(title=panel.title, period=period)
        totals = {label: sum(each[place] or 0 for each in values) for place, label in enumerate(labels)}
        if any(totals.values()):
            label = max(totals, key=lambda each: totals[each])
            words += self._words["peak"].format(label=label, value=f"{totals[label]:g}", unit=drawn["unit"])
        series = tuple(panel.columns[name] for name in drawn["series"])
        nothing = str(self._words["nothing"])
        return Plot(drawn["kind"], panel.title, words, labels, series, tuple(drawn["colours"]), values, drawn["unit"], nothing)

    def csv(self, panel: Panel, table: NumberTable) -> bytes:
        """The table for a spreadsheet: UTF-8 with a mark by which one knows it, times in seconds, and nothing in it that would be calculated."""
        shown = zip(table.rows, self.rows(panel, table))
        titles = [
            self._words["in_seconds"].format(title=title) if panel.kinds.get(name) == "duration" else title
            for name, title in panel.columns.items()
        ]
        return csv_file([titles, *([_plain(*each) for each in zip(row, words)] for row, words in shown)])


_UNITS = (("seconds", 1, 90), ("minutes", 60, 90 * 60), ("hours", 3600, float("inf")))


def _plain(value: Value, words: str) -> object:
    if isinstance(value, float):
        return round(value, 1)
    return value if isinstance(value, int) else words


def _drawn(panel: Panel, column: str, value: Value) -> float | None:
    if not isinstance(value, (int, float)):
        return None
    return round(value / 60, 1) if panel.kinds.get(column) == "duration" else value
