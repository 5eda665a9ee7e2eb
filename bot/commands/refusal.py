"""How commands refuse."""

from __future__ import annotations


class Refusal(RuntimeError):
    """The command cannot do what was asked; the message says why and what to do."""
