"""What operators call the stages of incidents and the figures of their reviews."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from actions.yaml_source import Source


@cache
def titles() -> dict[str, Any]:
    """The words by kind and name, of ``titles.yml``."""
    data: dict[str, Any] = Source.read(Path(__file__).with_name("titles.yml")).data
    return data
