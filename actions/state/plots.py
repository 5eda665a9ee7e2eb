"""Plots that the operators' worker has drawn, as files for their pages: twice each, for day and night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from actions.state.columns import rows_as, table_of

PlotTheme = Literal["light", "dark"]


@dataclass(frozen=True)
class PlotRow:
    """One drawing.

    Attributes:
        name: what it is of, such as ``alert-a-abcdefgh``.
        theme: of the page that it stands on.
        svg: the document.
        data: what is drawn, for the table under it; the same in every theme.
        made_at: epoch milliseconds until which what it is of was looked at.
    """

    name: str
    theme: PlotTheme
    svg: str
    data: dict[str, Any]
    made_at: int


PLOTS = table_of("plots", PlotRow, key=("name", "theme"))


def plot_name(alert_id: str, size: str) -> str:
    """What the plot of an alert is called.

    Args:
        size: ``wide`` or ``narrow``.
    """
    return f"alert-{alert_id}-{size}"


def keep_plot(session: Session, name: str, drawn: Mapping[PlotTheme, str], data: dict[str, Any], at: int) -> None:
    """Stores a plot in the place of the one before.

    Args:
        drawn: a document per theme.
    """
    session.execute(delete(PLOTS).where(PLOTS.c.name == name))
    session.execute(insert(PLOTS), [vars(PlotRow(name, theme, svg, data, at)) for theme, svg in drawn.items()])


def find_plot(session: Session, name: str, theme: PlotTheme = "light") -> PlotRow | None:
    """A plot; None while the worker has not drawn it."""
    wanted = select(PLOTS).where(PLOTS.c.name == name, PLOTS.c.theme == theme)
    return next(iter(rows_as(PlotRow, session.execute(wanted))), None)


def drawn_at(session: Session) -> dict[str, int]:
    """When each plot was drawn last, epoch milliseconds."""
    rows = session.execute(select(PLOTS.c.name, func.max(PLOTS.c.made_at)).group_by(PLOTS.c.name)).all()
    return {name: int(at) for name, at in rows}


def forget_plots(session: Session, before: int) -> int:
    """Deletes plots that were drawn before a time in epoch milliseconds; how many documents there were."""
    return int(session.execute(delete(PLOTS).where(PLOTS.c.made_at < before)).rowcount)
