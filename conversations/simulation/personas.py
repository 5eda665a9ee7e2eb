"""Who the simulated customers are: data, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from actions.yaml_source import Source

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Persona:
    """One kind of customer; the fields are explained in personas.yml."""

    name: str
    about: str
    cooperative: bool
    types: float
    closes: float
    most: int
    asks: int
    digressions: Mapping[str, float]


@lru_cache(maxsize=1)
def personas() -> Mapping[str, Persona]:
    """Every persona by name, in the order of the file.

    Raises:
        TypeError: a field is missing or unknown.
    """
    read = Source.read(HERE / "personas.yml").data
    return {name: _persona(name, **fields) for name, fields in read.items()}


def _persona(
    name: str, about: str, cooperative: bool, types: float, closes: float, most: int, asks: int, digressions: Mapping[str, float]
) -> Persona:
    chances = {kind: float(chance) for kind, chance in digressions.items()}
    return Persona(name, about, cooperative, float(types), float(closes), most, asks, chances)
