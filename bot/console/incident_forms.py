"""What operators send about incidents, from a form or as JSON, as the service takes it; and its refusals as the console tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.console.places import ConsoleRefused
from ops.incidents.refusals import IncidentRefused

LISTS = ("regions", "merchants", "categories", "channels")
SCOPE = (*LISTS, "app_below")
TEXTS = ("component", "severity", "eta", "notice", "internal", "stage", "draft", "from_alert", "customer", "text")
_BETWEEN = re.compile(r"[\s,，、;；]+")


def given_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an incident that are there; a scope of its own for JSON as ``affects``, in a form each part a field.

    Raises:
        ConsoleRefused: a field is of the wrong type.
    """
    given: dict[str, Any] = {name: _text(fields[name]) for name in TEXTS if fields.get(name) is not None}
    if fields.get("affects") is not None:
        given["affects"] = _affects(fields["affects"])
    elif any(name in fields for name in SCOPE):
        given["affects"] = _affects({name: fields[name] for name in SCOPE if fields.get(name)})
    return given


@contextmanager
def as_refusals() -> Iterator[None]:
    """Tells what the service refuses as the console tells refusals."""
    try:
        yield
    except IncidentRefused as refused:
        raise ConsoleRefused(refused.code.replace("-", "_"), reason=refused.reason, **refused.extra) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ConsoleRefused("malformed")
    return value


def _affects(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not set(value) <= set(SCOPE):
        raise ConsoleRefused("malformed")
    lists = {name: _words(value[name]) for name in LISTS if value.get(name)}
    return {**lists, **({"app_below": _text(value["app_below"]).strip()} if value.get("app_below") else {})}


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [word for word in _BETWEEN.split(value) if word]
    if not isinstance(value, list):
        raise ConsoleRefused("malformed")
    return [_text(each) for each in value]
