"""Settings that both servers need to know."""

from __future__ import annotations

import os
from pathlib import Path

from actions.own_secret import own_secret

DEFAULT_ACTIONS_PORT = 5055
ACTIONS_SECRET = "BAITIAO_ACTIONS_SECRET"
OWN_ACTIONS_SECRET = Path("var/actions-secret")
MINIMUM_SECRET = 32
"""Characters of any secret that is set; a shorter one can be guessed."""


def actions_port() -> int:
    """The action server's port: ``BAITIAO_ACTIONS_PORT``, else 5055."""
    return int(os.environ.get("BAITIAO_ACTIONS_PORT") or DEFAULT_ACTIONS_PORT)


def actions_secret() -> str:
    """What every call of an action carries: ``BAITIAO_ACTIONS_SECRET``, else this installation's own, so that both servers find the same.

    Raises:
        ValueError: it can be guessed or cannot stand in a header, or there is none and none can be made.
    """
    try:
        secret = os.environ.get(ACTIONS_SECRET) or own_secret(OWN_ACTIONS_SECRET)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"set {ACTIONS_SECRET}: {OWN_ACTIONS_SECRET} cannot be used ({type(error).__name__})") from None
    if len(secret) < MINIMUM_SECRET or not secret.isascii() or not secret.isprintable() or secret != secret.strip():
        raise ValueError(f"{ACTIONS_SECRET} must have {MINIMUM_SECRET} characters or more, of ASCII and without blanks around them")
    return secret


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
