"""Settings of handoffs, read from the environment."""

from __future__ import annotations

import os
from typing import Optional

from actions.settings import MINIMUM_SECRET, positive_number

DEFAULT_RETENTION_DAYS = 180
DEFAULT_PATIENCE = 300.0
FORMATS = ("handoff", "chatwoot", "zendesk")


def retention_days() -> int:
    """Days after closing until a handoff is purged: ``BAITIAO_RETENTION_DAYS``, else 180.

    Raises:
        ValueError: not a positive number.
    """
    return int(positive_number("BAITIAO_RETENTION_DAYS", DEFAULT_RETENTION_DAYS))


def patience() -> float:
    """Seconds until a customer is told that nobody has come: ``BAITIAO_HANDOFF_PATIENCE``, else 300.

    Raises:
        ValueError: not a positive number.
    """
    return positive_number("BAITIAO_HANDOFF_PATIENCE", DEFAULT_PATIENCE)


def webhook() -> Optional[str]:
    """Where handoffs are delivered: ``BAITIAO_HANDOFF_WEBHOOK``; None: nowhere.

    Raises:
        ValueError: not the address of an HTTP service.
    """
    url = os.environ.get("BAITIAO_HANDOFF_WEBHOOK") or None
    if url is not None and not url.startswith(("http://", "https://")):
        raise ValueError("BAITIAO_HANDOFF_WEBHOOK must be an http or https address")
    return url


def webhook_secret() -> bytes:
    """What deliveries are signed with: ``BAITIAO_HANDOFF_WEBHOOK_SECRET``.

    Raises:
        ValueError: it is missing or too short to protect anything.
    """
    secret = os.environ.get("BAITIAO_HANDOFF_WEBHOOK_SECRET") or ""
    if len(secret) < MINIMUM_SECRET:
        raise ValueError(f"BAITIAO_HANDOFF_WEBHOOK needs BAITIAO_HANDOFF_WEBHOOK_SECRET, {MINIMUM_SECRET} characters or more")
    return secret.encode()


def webhook_format() -> str:
    """The shape of what is delivered: ``BAITIAO_HANDOFF_FORMAT``, one of ``FORMATS``.

    Raises:
        ValueError: another word.
    """
    chosen = os.environ.get("BAITIAO_HANDOFF_FORMAT") or FORMATS[0]
    if chosen not in FORMATS:
        raise ValueError(f"BAITIAO_HANDOFF_FORMAT must be one of {', '.join(FORMATS)}, not {chosen!r}")
    return chosen


def check() -> None:
    """Reads every setting, so that a mistake stops the start and not a turn.

    Raises:
        ValueError: one of them cannot be used; the message names it.
    """
    retention_days()
    patience()
    webhook_format()
    if webhook() is not None:
        webhook_secret()
