"""What was reached of each dimension, by tests and by simulation, and whether it may be that little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from actions.yaml_source import Source
from conversations.coverage.observing import Reached

RATCHET = Path(__file__).with_name("ratchet.yml")
_HEAD = """# Percent of each dimension that conversation tests and simulation reach together. It may only rise: `python -m conversations.coverage --raise`.
"""


@dataclass(frozen=True)
class Cell:
    """One thing that can be reached, and how often it was."""

    name: str
    tests: int
    simulation: int

    @property
    def reached(self) -> bool:
        """Whether anything reached it."""
        return self.tests + self.simulation > 0


@dataclass(frozen=True)
class Row:
    """One dimension."""

    dimension: str
    cells: tuple[Cell, ...]

    @property
    def missing(self) -> list[str]:
        """What nothing reached."""
        return [cell.name for cell in self.cells if not cell.reached]

    @property
    def percent(self) -> float:
        """How much was reached, of 100, rounded down to one decimal so that 100 means all."""
        return int(1000 * (len(self.cells) - len(self.missing)) / len(self.cells)) / 10

    def by(self, source: str) -> int:
        """How many were reached by one source."""
        return sum(getattr(cell, source) > 0 for cell in self.cells)


def rows(known: Mapping[str, Sequence[str]], reached: Mapping[str, Reached]) -> list[Row]:
    """One row per dimension."""

    def count(source: str, dimension: str, name: str) -> int:
        counted: Mapping[str, int] = reached[source].get(dimension, {})
        return counted.get(name, 0)

    return [
        Row(
            dimension,
            tuple(Cell(name, count("tests", dimension, name), count("simulation", dimension, name)) for name in names),
        )
        for dimension, names in known.items()
    ]


def text(table: Sequence[Row]) -> str:
    """The table as a person reads it, with everything that is missing."""
    lines = [f"{'':12} {'known':>6} {'tests':>6} {'simulation':>11} {'together':>9}"]
    for row in table:
        together = len(row.cells) - len(row.missing)
        lines.append(
            f"{row.dimension:12} {len(row.cells):>6} {row.by('tests'):>6} {row.by('simulation'):>11} {together:>9}  {row.percent:.1f} %"
        )
    for row in table:
        if row.missing:
            lines.append(f"not reached of {row.dimension}: {', '.join(row.missing)}")
    return "\n".join(lines)


def problems(table: Sequence[Row], least: Mapping[str, float]) -> Iterator[str]:
    """Why the coverage is not good enough."""
    for row in table:
        if row.percent < least.get(row.dimension, 0.0):
            yield (
                f"{row.dimension}: {row.percent:.1f} % is less than the {least[row.dimension]:.1f} % of {RATCHET.name}, "
                f"missing are {', '.join(row.missing)}"
            )


def read_ratchet(path: Path = RATCHET) -> dict[str, float]:
    """The least percentage of each dimension."""
    return {dimension: float(percent) for dimension, percent in (Source.read(path).data or {}).items()}


def raise_ratchet(table: Sequence[Row], path: Path = RATCHET) -> None:
    """Writes down what was reached where it is more than before."""
    before = read_ratchet(path)
    lines = [f"{row.dimension}: {max(row.percent, before.get(row.dimension, 0.0)):.1f}\n" for row in table]
    path.write_text(_HEAD + "".join(lines), encoding="utf-8")
