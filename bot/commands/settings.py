"""``baitiao settings``: every setting with its value, where that comes from, and what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import SecretStr

from actions.settings import Settings

HIDDEN = "(hidden)"
_LONGEST = 60
_LINK = re.compile(r"\[(.*?)\]\(.*?\)")


class Row(NamedTuple):
    """One setting."""

    variable: str
    value: str
    origin: str
    meaning: str


def rows() -> Iterator[Row]:
    """The settings in the order of the class.

    Raises:
        SettingsError: with everything that is wrong.
    """
    Settings.read()
    asked = Settings.asked()
    for name, field in Settings.__fields__.items():
        value = _shown(name, asked[name]) if name in asked else default_of(name)
        yield Row(
            Settings.variable(name), value, "environment" if name in asked else "default", _LINK.sub(r"\1", field.field_info.description)
        )


def lines() -> Iterator[str]:
    """The rows as columns, and a line for each variable that is no setting although it looks like one."""
    table = list(rows())
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        yield "  ".join([*(text.ljust(width) for text, width in zip(row, widths)), row.meaning])
    for variable in Settings.unknown():
        yield f"{variable} is no setting and changes nothing"


def default_of(name: str) -> str:
    """A setting's default in words."""
    default: Any = Settings.__fields__[name].default
    if isinstance(default, tuple):
        default = " ".join(default)
    return f"{default:g}" if isinstance(default, float) else str(default or "none")


def _shown(name: str, text: str) -> str:
    if Settings.__fields__[name].type_ is SecretStr:
        return HIDDEN
    # A password stands between the user's name and the last @, or among the parameters.
    text = re.sub(r"(://[^:/@]*:).*@", r"\1***@", text)
    text = re.sub(r"(password=)[^&\s]*", r"\1***", text, flags=re.IGNORECASE)
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
