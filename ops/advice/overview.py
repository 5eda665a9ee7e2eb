"""Advice as its team sees it: what would go out on a day, what was kept back and why, what is known of the effect; and the switch that stops it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import local
from actions.core.observations import milliseconds
from actions.knowledge.advice_rules import AdviceRules
from actions.state import advice, audit, consents
from actions.state.advice import ADVICE, ALL_TOPICS
from ops.advice.restraint import MONTH

SHORTEST, LONGEST = 5, 200
"""Characters of a reason."""
_FEWEST = 20
"""Customers who had a consent, below which a share of them says nothing."""


class AdviceRefused(ValueError):
    """It cannot be switched so; ``code`` is the machine's word for why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def due_on(session: Session, rules: AdviceRules, day: date) -> dict[str, Any]:
    """What would go out on a day of the facts' clock, if nothing speaks against it then; nothing is sent."""
    rows = advice.counted(session, ADVICE.c.due_on == day.isoformat(), ADVICE.c.status == "planned")
    held = advice.counted(session, ADVICE.c.due_on == day.isoformat(), ADVICE.c.status == "planned", ADVICE.c.holdout.is_(True))
    by = {topic: sum(count for name, _, _, count in rows if name == topic) for topic in rules.topics}
    return {
        "day": day.isoformat(),
        "topics": by,
        "total": sum(by.values()),
        "held_out": sum(count for *_, count in held),
        "never_looked_up": consents.never_planned(session),
        "stopped": sorted(advice.switched_off(session)),
    }


def overview(session: Session, rules: AdviceRules, day: date, now: datetime) -> dict[str, Any]:
    """Everything that the page of advice shows; of what was planned in the last month, and of the effect since ever.

    Args:
        day: tomorrow on the facts' clock.
        now: real time.
    """
    since = milliseconds(now - MONTH)
    rows = advice.counted(session, ADVICE.c.planned_at > since)
    opened = advice.counted(session, ADVICE.c.planned_at > since, ADVICE.c.opened_at.is_not(None))
    agreed, known, off = consents.consenting(session), advice.effects(session), advice.switched_off(session)
    topics = []
    for name, topic in rules.topics.items():
        mine = [(status, reason, count) for of, status, reason, count in rows if of == name]
        reasons: dict[str, int] = {}
        for status, reason, count in mine:
            if reason and status in ("planned", "withheld"):
                reasons[reason] = reasons.get(reason, 0) + count
        topics.append(
            {
                "id": name,
                "title": topic.title,
                "ends": topic.ends,
                "consents": agreed.get(name, 0),
                **{status: sum(count for each, _, count in mine if each == status) for status in _STATUSES},
                "opened": sum(count for of, *_, count in opened if of == name),
                "reasons": reasons,
                "effect": known[name].body if name in known else None,
                "stopped": _stopped(off.get(name)),
            }
        )
    return {
        "tomorrow": due_on(session, rules, day),
        "topics": topics,
        "stopped": _stopped(off.get(ALL_TOPICS)),
        "opt_outs": {**opt_outs(session, now), "above": rules.opt_outs},
        "rules": {"a_month": rules.a_month, "quiet": rules.quiet.dict(), "trouble_days": rules.trouble_days, "hold_out": rules.hold_out},
    }


_STATUSES = ("planned", "sent", "held_out", "withheld", "not_coming")


def _stopped(row: advice.AdviceSwitch | None) -> Mapping[str, Any] | None:
    if row is None:
        return None
    at = local(datetime.fromtimestamp(row.at / 1000, timezone.utc)).isoformat(timespec="seconds")
    return {"at": at, "by": row.by, "why": row.why}


def opt_outs(session: Session, now: datetime) -> dict[str, Any]:
    """How many customers withdrew a consent within a month, of how many who had one; the share is missing where these are few."""
    left, of = consents.opted_out(session, milliseconds(now - MONTH))
    return {"left": left, "of": of, "share": round(left / of, 4) if of >= _FEWEST else None}


def set_switch(session: Session, rules: AdviceRules, topic: str, off: bool, by: str, why: str, now: datetime) -> None:
    """Stops all advice or a topic's at once, or lets it go on; who did it stands in the audit.

    Raises:
        AdviceRefused: no such topic, no reason, or it is so already.
    """
    why = " ".join(why.split())
    if topic != ALL_TOPICS and topic not in rules.topics:
        raise AdviceRefused("unknown_topic", f"there is no topic {topic}; there are {', '.join(rules.topics)}, and {ALL_TOPICS} for all")
    if not SHORTEST <= len(why) <= LONGEST:
        raise AdviceRefused("advice_reason", f"a reason of {SHORTEST} to {LONGEST} characters is needed")
    if (topic in advice.switched_off(session)) == off:
        raise AdviceRefused("advice_already", f"advice on {topic} is {'stopped' if off else 'not stopped'} already")
    advice.switch(session, topic, off, milliseconds(now), by, why)
    audit.record(session, by, "advice.pause" if off else "advice.resume", detail={"topic": topic, "reason": why})
