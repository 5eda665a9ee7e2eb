"""Settings that both servers need to know."""

from __future__ import annotations

import os

DEFAULT_ACTIONS_PORT = 5055


def actions_port() -> int:
    """The action server's port: ``BAITIAO_ACTIONS_PORT``, else 5055."""
    return int(os.environ.get("BAITIAO_ACTIONS_PORT") or DEFAULT_ACTIONS_PORT)


def positive_number(name: str, default: float) -> float:
    """A setting that is a positive number.

    Raises:
        ValueError: it is something else.
    """
    text = os.environ.get(name, "")
    try:
        number = float(text) if text else default
    except ValueError:
        number = 0.0
    if not number > 0:
        raise ValueError(f"{name} must be a positive number, not {text!r}")
    return number
