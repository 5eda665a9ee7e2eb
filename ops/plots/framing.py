"""The frame of plots with named rows: sizes, colours and letters as on the pages, and room for names that the layout cannot measure."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from actions.state.plots import PlotTheme
from ops.palette import palette

WIDTHS: dict[str, int] = {"wide": 720, "narrow": 340}
"""Pixels on a desktop and on a phone."""
LETTER = 12.7
"""Pixels of a Chinese letter at the size of the font."""
_INCH = 96
_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "baitiao", "font.family": "sans-serif", "font.size": 9.5}
_LONGEST = {"wide": 18, "narrow": 10}


@dataclass
class Frame:
    """A plot that is being drawn.

    Attributes:
        figure: matplotlib's.
        colours: by the names of the tokens.
        size: ``wide`` or ``narrow``.
        written: the document, once it is drawn.
    """

    figure: Figure
    colours: dict[str, str]
    size: str
    written: StringIO = field(default_factory=StringIO)

    @property
    def svg(self) -> str:
        """The document."""
        return self.written.getvalue()

    def axes(self, left: float, top: float, right: float, bottom: float) -> Any:
        """Axes with these margins in pixels, bare but for what is drawn on them."""
        wide, tall = (float(each) * _INCH for each in self.figure.get_size_inches())
        place = (left / wide, bottom / tall, (wide - left - right) / wide, (tall - top - bottom) / tall)
        axes = self.figure.add_axes(place, facecolor=self.colours["surface"])
        axes.tick_params(colors=self.colours["text"], length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        return axes

    def named(self, text: str, end: str = "") -> str:
        """A row's name as far as there is room for it; the table beside the plot has the whole.

        Args:
            end: what tells it from others that begin alike, and is never cut off.
        """
        most = _LONGEST[self.size] - width(end)
        if width(text) <= most:
            return text + end
        kept = ""
        for letter in text:
            if width(kept + letter) > most - 1:
                break
            kept += letter
        return f"{kept}…{end}"

    def margin(self, names: list[str]) -> float:
        """Pixels that the names of rows take, as ``named`` gives them."""
        return max((width(name) for name in names), default=1.0) * LETTER + 12


@contextmanager
def framed(theme: PlotTheme, size: str, tall: float) -> Iterator[Frame]:
    """A frame to draw in; the document is there when it is left.

    Args:
        tall: pixels.
    """
    colours = palette(theme)
    # What is measured is measured with a font that lacks Chinese letters; the browser has one that does not.
    with matplotlib.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from current font", category=UserWarning)
        frame = Frame(Figure(figsize=(WIDTHS[size] / _INCH, tall / _INCH), facecolor=colours["surface"]), colours, size)
        yield frame
        FigureCanvasSVG(frame.figure).print_svg(frame.written, metadata={"Date": None, "Creator": None})


def width(text: str) -> float:
    """How wide a text is in Chinese letters; others are about half as wide."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in text)
