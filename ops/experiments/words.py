"""The words of the console, and of drawings, for experiments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from actions.yaml_source import Source


@cache
def experiment_words() -> Mapping[str, Any]:
    """What is said of experiments."""
    words: Mapping[str, Any] = Source.read(Path(__file__).with_name("texts.yml")).data
    return words
