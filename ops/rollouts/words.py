"""What the console says of comparisons."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from actions.yaml_source import Source


@cache
def rollout_words() -> dict[str, Any]:
    """The words of ``texts.yml``."""
    data: dict[str, Any] = Source.read(Path(__file__).with_name("texts.yml")).data
    return data
