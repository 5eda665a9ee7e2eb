"""The names of the streams under watch: a cause's id, ``none``, and what else happens to customers as ``kind:which``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from actions.yaml_source import Source
from ops.watch.complaints import NOTHING_FOUND

UNCLEAR = "unclear"
"""Messages that were not understood."""
RATED_LOW = "rated_low"
"""Ratings that say the help was none."""
TURN_FAILED = "turn_failed"
"""Turns that failed, of which no customer is known: only their number counts."""
LOW_RATING = 2
"""Stars up to which a rating is low."""
WATCHED_INTENTS = ("service_error", "fraud_suspected")
"""What customers say that is worth a warning whatever the state knows."""
ARM = "arm"
"""The dimension of the arms of experiments that customers have met; no observation carries it, as who has met one is known by itself."""
PLACES = ("region", "merchant", "category", "channel", "app_version", "amount", "component", "card")
"""The dimensions of observations in which a trouble may sit; what else an observation carries is no place."""
_HANDOFFS = "handoffs.yml"
_NO_REASONS = ("due_minutes", "answer_days")
_EVENTS = (NOTHING_FOUND, UNCLEAR, RATED_LOW, TURN_FAILED)


def handed_over(reason: str) -> str:
    """The stream of a reason for handing over, a key of ``handoffs.yml``."""
    return f"handoff:{reason}"


def failed_check(cause: str) -> str:
    """The stream of customers who did every step against a cause, and it still holds."""
    return f"check:{cause}"


def said(intent: str) -> str:
    """The stream of an intent that is watched."""
    return f"intent:{intent}"


def known_streams(root: Path) -> frozenset[str]:
    """Every stream that a knowledge folder can have."""
    return frozenset(_known(root))


def _known(root: Path) -> Iterator[str]:
    for cause in (path.stem for path in root.glob("causes/*.yml")):
        yield cause
        yield failed_check(cause)
    if (root / _HANDOFFS).exists():
        yield from (handed_over(reason) for reason in Source.read(root / _HANDOFFS).data if reason not in _NO_REASONS)
    yield from map(said, WATCHED_INTENTS)
    yield from _EVENTS
