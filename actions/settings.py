"""Settings that both servers need to know."""

from __future__ import annotations

import os

DEFAULT_ACTIONS_PORT = 5055


def actions_port() -> int:
    """The action server's port: ``BAITIAO_ACTIONS_PORT``, else 5055."""
    return int(os.environ.get("BAITIAO_ACTIONS_PORT") or DEFAULT_ACTIONS_PORT)
