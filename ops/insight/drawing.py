"""The plots of an insight report, made from its data: for day and night, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, get_args

from actions.state.plots import PlotTheme
from ops.insight.showing import words
from ops.insight.walks import OUTCOMES
from ops.plots.framing import WIDTHS
from ops.plots.heat_plot import HeatPlot, draw_heat
from ops.plots.row_plots import BarPlot, Dot, DotPlot, DotRow, draw_bars, draw_dots
from ops.plots.survival_plot import SurvivalPanel, draw_survival

Row = Mapping[str, Any]
Draw = Callable[[PlotTheme, str], str]

_MOST_ROWS, _MOST_COLUMNS, _MOST_PANELS = 14, 10, 9
_NARROW_COLUMNS = 6


def plots_of(data: Mapping[str, Any]) -> dict[str, dict[str, dict[PlotTheme, str]]]:
    """Every plot of a report for which there is something to draw: documents by name, size and theme."""
    if data["few"]:
        return {}
    found = {}
    for name, draw in _drawings(data):
        found[name] = {size: {theme: draw(theme, size) for theme in get_args(PlotTheme)} for size in WIDTHS}
    return found


def _drawings(data: Mapping[str, Any]) -> Iterator[tuple[str, Draw]]:
    tables, said = data["tables"], words()["series"]
    yield "funnel", partial(draw_bars, _funnel(data))
    candidates = (
        ("results", _dots(tables["results"], ("rate", "before"), (said["now"], said["before"]))),
        ("ratings", _dots(tables["ratings"], ("rate", "badly"), (said["well"], said["badly"]))),
        ("votes", _dots(tables["votes"], ("rate",), (words()["rate_titles"]["votes"],))),
        ("causes", _dots(tables["causes"], ("rate", "census"), (said["complaints"], said["census"]))),
        ("waiting", _waiting(tables["reasons"])),
        ("waits", _dots(tables["waits"], ("rate",), (words()["rate_titles"]["waits"],))),
        ("late", _dots(tables["reasons"], ("rate",), (words()["rate_titles"]["reasons"],))),
        ("shops", _dots(tables["shops"], ("shrunken",), (said["shrunken"],), near=True)),
        ("regions", _dots(tables["regions"], ("shrunken",), (said["shrunken"],), near=True)),
        ("work", _work(data["work"])),
    )
    for name, dots in candidates:
        if dots.rows:
            yield name, partial(draw_dots, dots)
    for name, heat in (
        ("steps", _steps(tables["steps"])),
        ("claims", _pairs(tables["claims"], "cause_title")),
        ("roots", _pairs(tables["roots"], "root_title")),
    ):
        if heat("wide").rows:
            yield name, partial(_heat, heat)
    panels = _panels(tables["survival"])
    if panels:
        yield "survival", partial(draw_survival, panels)


def _heat(made: Callable[[str], HeatPlot], theme: PlotTheme, size: str) -> str:
    return draw_heat(made(size), theme, size)


def _funnel(data: Mapping[str, Any]) -> BarPlot:
    rows = [(words()["funnel"]["all"], int(data["episodes"]))]
    rows += [
        (row["title"], int(row["rate"]["hits"]))
        for row in data["tables"]["results"]
        if row["rate"].get("hits") and row["measure"] != "lasted" and row["measure"] != "alone"
    ]
    return BarPlot(rows)


def _dots(rows: Sequence[Row], fields: tuple[str, ...], series: tuple[str, ...], near: bool = False) -> DotPlot:
    told = [row for row in rows if row[fields[0]] is not None and row[fields[0]]["rate"] is not None][:_MOST_ROWS]
    return DotPlot([DotRow(row["title"], tuple(_dot(row[field]) for field in fields)) for row in told], series, near=near)


def _dot(value: Any) -> Dot | None:
    return None if value is None or value["rate"] is None else Dot(value["rate"], value["low"], value["high"])


def _work(rows: Sequence[Row]) -> DotPlot:
    told = [
        DotRow(f"{row['rank']}. {_short(row)}", (Dot(row["per_week"], row["low"], row["high"]),), _end(row)) for row in rows[:_MOST_ROWS]
    ]
    return DotPlot(told, (words()["plots"]["work"],), percent=False)


def _waiting(rows: Sequence[Row]) -> DotPlot:
    told = [row for row in rows if row.get("minutes_low") is not None][:_MOST_ROWS]
    dots = [DotRow(row["title"], (Dot(row["minutes"], row["minutes_low"], row["minutes_high"]),)) for row in told]
    return DotPlot(dots, (words()["plots"]["waiting"],), percent=False)


def _short(row: Row) -> str:
    title = str(row["title"])
    named = title.split("”")[0].rpartition("“")[2] or title
    return f"“{row['parts'][1]}”" if row["kind"] == "unclear" else named


def _end(row: Row) -> str:
    """By which two steps of a cause are told apart on a phone, too."""
    return str(words()["short_step"]).format(step=row["parts"][1]) if row["kind"] == "step" else ""


def _steps(rows: Sequence[Row]) -> Callable[[str], HeatPlot]:
    told = sorted((row for row in rows if row["done"]["rate"] is not None), key=lambda row: -row["shown"])[:_MOST_ROWS]
    told = [row for row in rows if row in told]
    values = [[row[each]["rate"] for each in OUTCOMES] for row in told]
    names, ends = [row["title"] for row in told], [f" {row['step']}" for row in told]
    return lambda size: HeatPlot(names, [words()["outcomes"][each] for each in OUTCOMES], values, untold="<5", ends=ends)


def _pairs(rows: Sequence[Row], column: str) -> Callable[[str], HeatPlot]:
    def made(size: str) -> HeatPlot:
        told = [row for row in rows if row["rate"]["rate"] is not None]
        names = list(dict.fromkeys(row["title"] for row in told))[:_MOST_ROWS]
        sums: dict[str, int] = {}
        for row in told:
            sums[row[column]] = sums.get(row[column], 0) + row["rate"]["hits"]
        columns = sorted(sums, key=lambda each: -sums[each])[: _MOST_COLUMNS if size == "wide" else _NARROW_COLUMNS]
        cells = {(row["title"], row[column]): row for row in told}
        names = [name for name in names if any((name, each) in cells for each in columns)]
        values = [[cells[name, each]["rate"]["rate"] if (name, each) in cells else None for each in columns] for name in names]
        marked = frozenset(
            (line, place)
            for line, name in enumerate(names)
            for place, each in enumerate(columns)
            if (name, each) in cells and cells[name, each]["agrees"] is False
        )
        return HeatPlot(names, columns, values, marked)

    return made


def _panels(rows: Sequence[Row]) -> list[SurvivalPanel]:
    by_cause: dict[str, list[Row]] = {}
    for row in rows:
        by_cause.setdefault(row["title"], []).append(row)
    ends = words()["steps"]
    panels = []
    for title, theirs in by_cause.items():
        told = [row for row in theirs if row["rate"]["rate"] is not None]
        if len(told) >= 2:
            reached = [
                (ends["walked"] if row["step"] is None else str(row["step"]), *(row["rate"][each] for each in ("rate", "low", "high")))
                for row in told
            ]
            panels.append(SurvivalPanel(title, reached))
    return panels[:_MOST_PANELS]
