"""The chain of the audit: each entry holds the hash of the one before, so that what is changed, removed or moved afterwards shows.

What an entry says in detail goes into its hash as a seal only: the hash of a salt of its own and the detail. Where a customer's words must be erased,
the detail and the salt go and the seal stays: the chain holds, and nothing can be guessed from it. Erasing names the entries in an entry of its own.

There is no secret in it. Who can write to the database can make a new chain from some entry on, or cut the end off; that shows against a head that was
noted somewhere else before.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, NamedTuple

FIRST = "0" * 64
"""What stands before the first entry."""
ERASED: Mapping[str, Any] = {"erased": True}
"""The detail of an entry whose own was erased."""
REDACTED = "redacted"
"""Where an entry names those whose detail it erased."""
_MARK = 16


class Chained(NamedTuple):
    """An entry as it is stored; see ``audit.AuditEntry``."""

    id: int
    at: datetime
    actor: str
    action: str
    handoff_id: str | None
    detail: Any
    salt: str | None
    seal: str
    prev: str
    hash: str


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold.

    Attributes:
        entry: the first entry that is not as it was written; None: all are, and something is missing after them.
        why: for people.
    """

    entry: int | None
    why: str


@dataclass(frozen=True)
class Verified:
    """What a look at the whole chain found.

    Attributes:
        count: how many entries were looked at.
        head: the hash of the last of them.
        broken: where it does not hold; None: nowhere.
    """

    count: int
    head: str
    broken: Break | None


def new_salt() -> str:
    """A salt that nobody guesses."""
    return secrets.token_hex(16)


def seal_of(salt: str, detail: Mapping[str, Any]) -> str:
    """What stands for a detail in the hash of its entry."""
    return _sha256([salt, detail])


def hash_of(prev: str, at: datetime, actor: str, action: str, handoff_id: str | None, seal: str) -> str:
    """The hash of an entry after another."""
    instant = at.astimezone(timezone.utc).isoformat(timespec="microseconds")
    return _sha256({"prev": prev, "at": instant, "actor": actor, "action": action, "handoff_id": handoff_id, "seal": seal})


def mark_of(entry_hash: str) -> str:
    """What an erasure names an entry by."""
    return entry_hash[:_MARK]


def verified(entries: Iterable[Chained], head: str | None = None) -> Verified:
    """Looks at the whole chain.

    Args:
        entries: all, in order.
        head: a hash that was noted somewhere else as the last one; the chain must still hold it.
    """
    count, before, seen, erased = 0, FIRST, head in (None, FIRST), dict[str, int]()
    for entry in entries:
        why = _wrong(entry, before)
        if why is not None:
            return Verified(count, before, Break(entry.id, why))
        count, before, seen = count + 1, entry.hash, seen or entry.hash == head
        if entry.salt is None:
            erased[mark_of(entry.hash)] = entry.id
        for mark in _named(entry):
            erased.pop(mark, None)
    if erased:
        return Verified(count, before, Break(min(erased.values()), "its detail was taken out, and no erasure names it"))
    if not seen:
        return Verified(
            count, before, Break(None, f"no entry has the hash {head}: what was written up to then was cut off or written anew")
        )
    return Verified(count, before, None)


def _wrong(entry: Chained, before: str) -> str | None:
    if entry.prev != before:
        return "it does not follow the entry before it: one was removed between them, or their order was changed"
    if entry.hash != hash_of(entry.prev, entry.at, entry.actor, entry.action, entry.handoff_id, entry.seal):
        return "it was changed after it was written"
    if entry.salt is None:
        return None if entry.detail == ERASED else "its detail was changed after it was erased"
    return None if entry.seal == seal_of(entry.salt, entry.detail) else "its detail was changed after it was written"


def _named(entry: Chained) -> Iterator[str]:
    marks = entry.detail.get(REDACTED, ()) if isinstance(entry.detail, dict) else ()
    return (mark for mark in marks if isinstance(mark, str))


def _sha256(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
