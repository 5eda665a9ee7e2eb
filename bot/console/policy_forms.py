"""What people send about policies, from a form or as JSON, as the register takes it; and its refusals as the console tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic import StrictInt

from actions.core.platform import POLICY_FIELDS, Policy
from actions.core.record import hints_of, listed, without_none
from bot.console.places import ConsoleRefused
from ops.policies.refusals import PolicyRefused
from ops.policies.service import TEXTS

SHARED = ("id", "kind", "effective_from", "effective_to", "notice")
ABOUT = (*TEXTS, "risk", "review_on", "backdated")
_HINTS = {name: without_none(hint)[0] for name, hint in hints_of(Policy).items()}
LISTS = frozenset(name for name, hint in _HINTS.items() if listed(hint) is not None)
"""The fields of policies that forms take several words for."""
_NUMBERS = frozenset(name for name, hint in _HINTS.items() if hint is StrictInt)
_BETWEEN = re.compile(r"[\s,，、;；]+")


def body_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a policy: as ``policy`` in JSON, in a form each field by itself.

    Raises:
        ConsoleRefused: it is no map.
    """
    body = given.get("policy")
    if body is not None:
        if not isinstance(body, dict) or not isinstance(body.get("id"), str):
            raise ConsoleRefused("malformed")
        return dict(body)
    row: dict[str, Any] = {name: _text(given[name]) for name in SHARED if given.get(name)}
    for name in POLICY_FIELDS.get(str(row.get("kind")), ()):
        if name not in SHARED:
            row[name] = _value(name, _text(given.get(name, "")))
    return row


def about_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a policy beside its row.

    Raises:
        ConsoleRefused: something is no text.
    """
    about: dict[str, Any] = {name: _text(given[name]) for name in ABOUT if given.get(name) is not None}
    return {**about, "supersedes": _text(given.get("supersedes") or "").strip() or None}


def number_of(given: Mapping[str, Any]) -> int | None:
    """The number of a version, if one is named.

    Raises:
        ConsoleRefused: it is none.
    """
    version = given.get("version")
    if version in (None, ""):
        return None
    try:
        return int(str(version))
    except ValueError:
        raise ConsoleRefused("malformed") from None


@contextmanager
def as_policy_refusals() -> Iterator[None]:
    """Tells what the register refuses as the console tells refusals."""
    try:
        yield
    except PolicyRefused as refused:
        raise ConsoleRefused(refused.code.replace("-", "_"), reason=refused.reason, **refused.extra) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ConsoleRefused("malformed")
    return value


def _value(name: str, text: str) -> Any:
    text = text.strip()
    if name in LISTS:
        return [word for word in _BETWEEN.split(text) if word]
    if name in _NUMBERS and re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return int(text)
    return text or None
