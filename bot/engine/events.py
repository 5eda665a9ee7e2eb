"""Rasa's events from the form in which they are stored and sent, their classes looked up once instead of for every event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses


def events_from(stored: Iterable[Mapping[str, Any]]) -> list[Event]:
    """The events that `Event.as_dict` wrote; what is no event is left out, as Rasa does.

    Raises:
        ValueError: an event of an unknown kind.
    """
    events = []
    for parameters in stored:
        if "event" in parameters:
            made = _kind(parameters["event"])._from_parameters(dict(parameters))
            if made is not None:
                events.append(made)
    return events


@cache
def _kinds() -> dict[str, type[Event]]:
    # Of several classes with one name the first counts, as in Event.resolve_by_type.
    return {kind.type_name: kind for kind in reversed(all_subclasses(Event))}


def _kind(name: str) -> type[Event]:
    try:
        return _kinds()[name]
    except KeyError:
        raise ValueError(f"Unknown event name '{name}'.") from None
