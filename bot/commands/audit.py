"""What ``baitiao audit`` does."""

from __future__ import annotations

import re

from actions.bootstrap import Application
from actions.state import audit
from bot.commands import Refusal

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def verify(here: Application, noted: str | None) -> str:
    """Says that the chain holds.

    Args:
        noted: a head of earlier.

    Raises:
        Refusal: it does not, or what was noted is no head.
    """
    noted = None if noted is None else noted.strip().lower()
    if noted is not None and not _HASH.fullmatch(noted):
        raise Refusal("a head is 64 hexadecimal digits, as `baitiao audit head` prints it")
    with here.database.session() as session:
        found = audit.verify(session, noted)
        broken = audit.entry(session, found.broken.entry) if found.broken and found.broken.entry is not None else None
    if found.broken is None:
        return f"the audit holds: {found.count} entries, head {found.head}"
    if broken is None:
        raise Refusal(f"the audit does not hold after its last entry: {found.broken.why}")
    at = broken.at.isoformat(timespec="seconds")
    raise Refusal(f"the audit does not hold from entry {broken.id} on ({at}, {broken.action} by {broken.actor}): {found.broken.why}")


def head(here: Application) -> str:
    """The hash of the last entry."""
    with here.database.session() as session:
        return audit.head(session)
