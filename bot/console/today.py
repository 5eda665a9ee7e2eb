"""Today: what needs somebody now, from sections that each feature adds; nothing that does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channel.tokens import ROLE_VIEWER
from bot.console.places import Place, Shown, Visit

Item = Mapping[str, Any]
"""For programs as it is; in the section's template ``item``."""


@dataclass(frozen=True)
class Section:
    """One part of the page; it stands there only while it has items.

    Attributes:
        name: of its template ``today_<name>.html``, which shows one ``item``, and the key of its title in ``places.yml`` under ``sections``.
        items: what there is, the most urgent first; blocking.
        seen_by: roles, one of which is needed.
    """

    name: str
    items: Callable[[], Sequence[Item]]
    seen_by: frozenset[str] = frozenset({ROLE_VIEWER})


def today_place(sections: Sequence[Section]) -> Place:
    """The console's first page.

    Args:
        sections: in the order of the page.
    """

    def show(visit: Visit) -> Shown:
        seen = {each.name: list(each.items()) for each in sections if not visit.who.roles.isdisjoint(each.seen_by)}
        return Shown({"sections": {name: items for name, items in seen.items() if items}}, "today.html")

    return Place("today", "/today", show, listed=True, home=True)
