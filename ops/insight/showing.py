"""How a report is shown: the words and the templates that the console's pages and the file have in common, and how a number is written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from actions.yaml_source import Source

TEMPLATES = Path(__file__).parent / "templates"
"""Of ``insight_sections.html``, which both include, and of the file."""


@cache
def words() -> dict[str, Any]:
    """The words of ``texts.yml``."""
    found: dict[str, Any] = Source.read(Path(__file__).with_name("texts.yml")).data
    return found


def shown(value: Any) -> str:
    """A value of a table as people read it: a rate with its interval and its n, and what is hidden as hidden."""
    if isinstance(value, Mapping):
        return f"{value['value']:g}（{value['low']:g}–{value['high']:g}）" if "value" in value else _rate(value)
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return "、".join(str(each) for each in value) or "–"
    return f"{value:,}" if isinstance(value, int) else str(value)


def changed(row: Mapping[str, Any]) -> str:
    """By how many points a rate has changed, and whether that is more than chance."""
    if row.get("change") is None:
        return "–"
    said = f"{100 * row['change']:+.1f} 点"
    return f"{said} ★" if row["changed"] else said


def percent(part: float, digits: int = 1) -> str:
    """A part of one."""
    return f"{100 * part:.{digits}f}%"


def _rate(value: Mapping[str, Any]) -> str:
    if value.get("hidden"):
        return "不足 5 人" if value.get("of") is None else f"不足 5 人（n={value['of']:,}）"
    if value["rate"] is None:
        return "–"
    interval = f"{100 * value['low']:.1f}–{100 * value['high']:.1f}"
    return f"{percent(value['rate'])}（{interval}" + (f"，n={value['of']:,}）" if "of" in value else "）")
