"""The table of settings in docs/operating.md."""

from __future__ import annotations

from actions.settings import Settings
from bot.commands.settings import default_of


def settings_table() -> str:
    """A row per setting: variable, default, meaning."""
    rows = (
        f"| `{Settings.variable(name)}` | {default_of(name)} | {field.field_info.description} |"
        for name, field in Settings.__fields__.items()
    )
    return "\n".join(("| variable | default | |", "|---|---|---|", *rows)) + "\n"
