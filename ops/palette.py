"""The colours of plots: those of the desk and the console by day and night, from the one file of tokens."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from actions.state.plots import PlotTheme

TOKENS = Path(__file__).parents[1] / "bot/widget/style/tokens.css"
_COLOUR = re.compile(r"--_([a-z-]+): [^;]*var\(--_day, (#[0-9a-f]+)\) var\(--_night, (#[0-9a-f]+)\)")


@lru_cache(maxsize=2)
def palette(theme: PlotTheme) -> dict[str, str]:
    """Colours by the names of the tokens, such as ``accent``; where the desk has its own, those."""
    place = 2 if theme == "light" else 3
    return {found[1]: found[place] for found in _COLOUR.finditer(TOKENS.read_text(encoding="utf-8"))}
