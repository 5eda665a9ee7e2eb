"""The report of a month: obligations and evidence, what was held off, clocks kept and missed, four eyes, accesses, erasures, and the audit's head."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.core.observations import milliseconds
from actions.knowledge.model import Knowledge
from actions.state import audit
from actions.state.access_alerts import access_alerts
from actions.state.answer_clocks import clocks_between
from actions.state.audit import AUDIT
from actions.state.columns import real_now
from actions.state.obligation_checks import count_checks
from ops.compliance.clocks import tallied
from ops.compliance.obligations import ObligationBook
from ops.compliance.refusals import ComplianceRefused
from ops.compliance.register import register_of
from ops.compliance.small_numbers import hidden, hidden_alone

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
_READ_WITH_A_REASON = ("console.conversation", "alert.samples")
_OPENED = ("desk.case", "desk.state", "show")
_RIGHTS = ("erase", "purge", "privacy_export")
_TEXT_REFUSED, _DOUBTFUL, _FOUR_EYES = "text_refused", "doubtful", re.compile("four.eyes|own_access")
_APPROVED = re.compile(r"\.approve[d]?$|^experiment\.start$")
PART_OF_CLOCKS = ("kept", "missed", "withdrawn", "running")


@dataclass(frozen=True)
class Month:
    """A month, its first instant and the first after it, in the time zone people read."""

    name: str
    begins: datetime
    ends: datetime

    @classmethod
    def read(cls, name: str) -> Month:
        """The month of a name such as ``2026-11``.

        Raises:
            ComplianceRefused: it names none, or one that has not begun.
        """
        if _MONTH.fullmatch(name) is None:
            raise ComplianceRefused("month_unreadable", f"a month is written as 2026-11, not {name[:20]}")
        begins = datetime(int(name[:4]), int(name[5:]), 1, tzinfo=SHANGHAI)
        if begins > real_now():
            raise ComplianceRefused("month_ahead", f"{name} has not begun")
        return cls(name, begins, _next(begins))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a day."""
        begins = datetime(day.year, day.month, 1, tzinfo=SHANGHAI)
        return cls(f"{begins:%Y-%m}", begins, _next(begins))

    @property
    def before(self) -> Month:
        """The month before."""
        return Month.of((self.begins - timedelta(days=1)).date())


def _next(begins: datetime) -> datetime:
    return datetime(begins.year + begins.month // 12, begins.month % 12 + 1, 1, tzinfo=SHANGHAI)


def report_of(session: Session, knowledge: Knowledge, book: ObligationBook, month: Month) -> dict[str, Any]:
    """The report of a month as data; of one that goes on, up to now."""
    now = real_now()
    until, whole = min(month.ends, now), month.ends <= now
    entries = _Entries(session, month.begins, until)
    checked = audit.verify(session)
    # Whoever verifies notes nothing: the head is that of the moment.
    return {
        "month": month.name,
        "from": month.begins.isoformat(timespec="seconds"),
        "until": until.isoformat(timespec="seconds"),
        "whole": whole,
        "made_at": now.isoformat(timespec="seconds"),
        "obligations": _obligations(session, book, month, until),
        "held_off": _held_off(knowledge, entries),
        "clocks": _clocks(session, knowledge, month, until),
        "four_eyes": _four_eyes(entries),
        "accesses": _accesses(session, entries, month, until),
        "rights": {each: hidden_alone(entries.count((each,))) for each in _RIGHTS},
        "audit": {
            "entries": entries.total,
            "count": checked.count,
            "head": checked.head,
            "holds": checked.broken is None,
            "broken": None if checked.broken is None else {"entry": checked.broken.entry, "why": checked.broken.why},
        },
    }


class _Entries:
    """What was done in a month, read from the audit once."""

    def __init__(self, session: Session, begins: datetime, until: datetime) -> None:
        columns = (AUDIT.c.actor, AUDIT.c.action, AUDIT.c.handoff_id, AUDIT.c.detail)
        rows = session.execute(select(*columns).where(AUDIT.c.at >= begins, AUDIT.c.at < until).execution_options(yield_per=1000))
        self.total = 0
        self._actions: Counter[str] = Counter()
        self._actors: dict[str, set[str]] = {}
        self._cases: dict[str, set[str]] = {}
        self.refused: Counter[tuple[str, str]] = Counter()
        self.rules: Counter[str] = Counter()
        self.without_a_reason = 0
        for actor, action, case, detail in rows:
            self.total += 1
            self._actions[action] += 1
            self._actors.setdefault(action, set()).add(actor)
            if case is not None:
                self._cases.setdefault(action, set()).add(case)
            self._look_into(action, detail if isinstance(detail, dict) else {})

    def _look_into(self, action: str, detail: dict[str, Any]) -> None:
        if action.endswith(".refused"):
            self.refused[action.partition(".")[0], str(detail.get("why"))] += 1
        elif action == "desk.confirm":
            self.rules.update(str(rule) for rule in detail.get("rules", ()))
        elif action in _READ_WITH_A_REASON and not (detail.get(audit.WORDS) or detail.get("erased")):
            self.without_a_reason += 1

    def count(self, actions: Collection[str]) -> int:
        """How often some of them were done."""
        return sum(self._actions[action] for action in actions)

    def people(self, actions: Collection[str]) -> int:
        """By how many people."""
        return len(set().union(*(self._actors.get(action, set()) for action in actions)))

    def cases(self, actions: Collection[str]) -> int:
        """On how many different cases."""
        return len(set().union(*(self._cases.get(action, set()) for action in actions)))

    def like(self, pattern: re.Pattern[str]) -> Iterator[tuple[str, int]]:
        """What was done of a kind, and how often."""
        yield from ((action, count) for action, count in sorted(self._actions.items()) if pattern.search(action))


def _obligations(session: Session, book: ObligationBook, month: Month, until: datetime) -> dict[str, Any]:
    register = register_of(session, book, until.date()).to_data()
    named = ("id", "title", "issuer", "trust", "in_force", "days_to_force", "owner", "controls", "last", "due", "overdue")
    return {
        "reviews": count_checks(session, milliseconds(month.begins), milliseconds(until)),
        "soon": register["soon"],
        "without_control": register["without_control"],
        "overdue": register["overdue"],
        "items": [{name: each[name] for name in named} for each in register["obligations"]],
        "sources": [{name: each[name] for name in ("id", "title", "last", "due", "overdue")} for each in register["sources"]],
    }


def _held_off(knowledge: Knowledge, entries: _Entries) -> dict[str, Any]:
    """Texts that were not said: the knowledge is refused as a whole with one of them in it, operators' are refused, agents are asked."""
    titles = {rule.why: rule.agents or rule.why for rule in knowledge.forbidden.rules}
    return {
        "knowledge": {"rules": len(knowledge.forbidden.rules), "refused": entries.count(("knowledge.refused",))},
        "operators": entries.refused["console", _TEXT_REFUSED] + entries.refused["terminal", _TEXT_REFUSED],
        "agents": {
            "asked": entries.refused["desk", _DOUBTFUL],
            "confirmed": entries.count(("desk.confirm",)),
            "rules": [{"rule": rule, "title": titles.get(rule, rule), "count": count} for rule, count in entries.rules.most_common()],
        },
    }


def _clocks(session: Session, knowledge: Knowledge, month: Month, until: datetime) -> list[dict[str, Any]]:
    found = tallied(clocks_between(session, milliseconds(month.begins), milliseconds(until)), milliseconds(real_now()))
    return [
        {
            "kind": kind,
            "title": knowledge.handoffs[kind].agents.title,
            "days": list(days),
            "received": hidden_alone(counts.get("received", 0)),
            "moved": hidden_alone(counts.get("moved", 0)),
            **hidden({name: counts.get(name, 0) for name in PART_OF_CLOCKS}),
        }
        for kind, days in knowledge.answer_days.items()
        for counts in [found.get(kind, {})]
    ]


def _four_eyes(entries: _Entries) -> dict[str, Any]:
    return {
        "approved": [{"action": action, "count": count} for action, count in entries.like(_APPROVED)],
        "refused": sum(count for (_, why), count in entries.refused.items() if _FOUR_EYES.search(why)),
    }


def _accesses(session: Session, entries: _Entries, month: Month, until: datetime) -> dict[str, Any]:
    alerts = access_alerts(session, milliseconds(month.begins), milliseconds(until))
    return {
        "with_a_reason": hidden_alone(entries.count(_READ_WITH_A_REASON)),
        "readers": entries.people(_READ_WITH_A_REASON),
        "without_a_reason": entries.without_a_reason,
        "opened": hidden_alone(entries.cases(_OPENED)),
        "openers": entries.people(_OPENED),
        "alerts": len(alerts),
        "judged": sum(alert.verdict is not None for alert in alerts),
        "misuse": sum(alert.verdict == "misuse" for alert in alerts),
        "refused": sum(count for (_, why), count in entries.refused.items() if why == "forbidden"),
    }
