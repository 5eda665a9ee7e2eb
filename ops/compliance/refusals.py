"""Why something about compliance is refused."""

from __future__ import annotations


class ComplianceRefused(ValueError):
    """It is not done; nothing has changed.

    Attributes:
        code: a key of the console's ``problems.yml``.
        reason: for people at a terminal.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
