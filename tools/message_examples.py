"""The messages of ``docs/examples/messages.yml``, one of every kind as the assistant sends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

EXAMPLES_FILE = Path(__file__).resolve().parents[1] / "docs/examples/messages.yml"


def read_examples() -> dict[str, dict[str, Any]]:
    """Text, buttons and data of every example by its name."""
    examples: dict[str, dict[str, Any]] = yaml.safe_load(EXAMPLES_FILE.read_text(encoding="utf-8"))
    return examples


def example_of(data_type: str) -> dict[str, Any]:
    """The data of the first example of a type.

    Raises:
        LookupError: there is none.
    """
    for example in read_examples().values():
        data: dict[str, Any] = example.get("data", {})
        if data.get("type") == data_type:
            return data
    raise LookupError(f"docs/examples/messages.yml needs an example of {data_type}")
