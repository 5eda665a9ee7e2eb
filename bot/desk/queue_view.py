"""The queue as its page shows it: the filter that its address holds, the cases found by it, and how many there are of each kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.orm import Session

from actions.core.signs import cleaned
from actions.handoff.ownership import OTHER_CAUSE
from actions.handoff.standing import named_as_they_stand
from actions.knowledge.model import Knowledge
from actions.masking import mask
from actions.state import audit
from actions.state.desk_views import DeskView, views_of
from actions.state.handoff_search import Counts, Listed, Wanted, count_open, find_listed, urgent_waiting

LONGEST_WORDS = 60
"""Signs to search for."""
MOST_PAGES = 200
_SWITCHES = ("mine", "waiting", "soon", "late", "closed")
_REFERENCE = re.compile(r"c-\w+", re.ASCII)


@dataclass(frozen=True)
class QueueFilter:
    """What the address of the queue asks for; what it holds besides, or wrongly, is left out.

    Attributes:
        q: words to search for, masked.
        mine, waiting, soon, late, closed: switches; see ``Wanted``.
        page: counts from 1.
    """

    q: str = ""
    queue: str = ""
    priority: str = ""
    cause: str = ""
    mine: bool = False
    waiting: bool = False
    soon: bool = False
    late: bool = False
    closed: bool = False
    page: int = 1

    @classmethod
    def read(cls, query: str, knowledge: Knowledge) -> QueueFilter:
        """The filter of an address's query."""
        try:
            given = dict(reversed(parse_qsl(query, max_num_fields=32)))
        except ValueError:
            return cls()
        page = given.get("page", "")
        return cls(
            # What nobody can find, because it is never stored, need not stand in the page or a saved view either.
            q=mask(cleaned(given.get("q", "")).strip()[:LONGEST_WORDS]).text,
            queue=_one_of(knowledge.briefing.queues, given.get("queue")),
            priority=_one_of(knowledge.briefing.priorities, given.get("priority")),
            cause=_one_of({**knowledge.causes, OTHER_CAUSE: None}, given.get("cause")),
            **{name: given.get(name) == "1" for name in _SWITCHES},
            page=min(max(int(page), 1), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )

    def but(self, **changes: Any) -> str:
        """The query of this filter with some of it otherwise, from its first page unless another is named."""
        return urlencode(replace(self, **{"page": 1, **changes}).fields)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The fields of a form or a query that make this filter."""
        given = {name: value for name, value in vars(self).items() if value and (name, value) != ("page", 1)}
        return [(name, "1" if value is True else str(value)) for name, value in given.items()]

    @property
    def query(self) -> str:
        """The query that makes this filter."""
        return urlencode(self.fields)

    def for_audit(self, found: int) -> dict[str, Any]:
        """A search as the audit keeps it: what was searched for, masked; a customer's reference where it goes when they are erased.

        Args:
            found: cases on the page that was shown.
        """
        others = {name: value for name, value in self.fields if name not in ("q", "page")}
        asked = {audit.REFERENCE: self.q} if _REFERENCE.fullmatch(self.q) else {audit.WORDS: self.q}
        return {**others, **asked, "page": self.page, "found": found}

    @property
    def kind(self) -> str:
        """Which of the links above the list leads here."""
        return next((name for name in ("closed", "late", "soon", "waiting", "mine") if getattr(self, name)), "open")

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for that the links above the list do not say."""
        return bool(self.queue or self.priority or self.cause)

    def wanted(self, agent: str, knowledge: Knowledge) -> Wanted:
        """What is to be found, with the causes and the reasons whose titles the words name."""
        called = tuple(cause.id for cause in knowledge.causes.values() if self.q and self.q in cause.title)
        return Wanted(
            words=self.q,
            called=called,
            why=tuple(code for code, reason in knowledge.handoffs.items() if self.q and self.q in reason.agents.title),
            taken_by=agent if self.mine else "",
            queue=self.queue,
            priority=self.priority,
            cause=self.cause,
            waiting=self.waiting,
            soon=self.soon,
            late=self.late,
            closed=self.closed,
        )


@dataclass(frozen=True)
class QueueView:
    """The list on the screen.

    Attributes:
        filter: what was asked for.
        cases: one page of what was found.
        more: whether there is another page.
        counts: of all open cases.
        urgent: the ids of urgent cases whose customers wait.
        saved: the agent's named filters.
    """

    filter: QueueFilter
    cases: tuple[Listed, ...]
    more: bool
    counts: Counts
    urgent: tuple[str, ...]
    saved: tuple[DeskView, ...]


def read_queue(session: Session, agent: str, knowledge: Knowledge, filter_: QueueFilter) -> QueueView:
    """Finds what a filter asks for."""
    minutes = knowledge.due_minutes
    found, more = find_listed(session, filter_.wanted(agent, knowledge), minutes, filter_.page)
    cases, counts = named_as_they_stand(session, found, knowledge), count_open(session, agent, minutes)
    return QueueView(filter_, cases, more, counts, urgent_waiting(session), views_of(session, agent))


def _one_of(known: Mapping[Any, Any], given: str | None) -> str:
    return given if given is not None and given in known else ""
