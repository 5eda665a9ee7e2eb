"""What is told of compliance: clocks of complaints that end, looks at cases that auditors are to see, of which nobody is named outside, and that more
customers than usual want no advice any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.core.moments import SHANGHAI
from actions.knowledge.model import Knowledge
from actions.state.access_alerts import get_access_alert
from actions.state.answer_clocks import get_clock
from ops.outgoing.news import News, outgoing_texts

COMPLIANCE = "compliance."
PAGE = "/console/compliance"
_ADVICE_PAGE = "/console/advice"


def news_of_compliance(session: Session, knowledge: Knowledge, event: str, detail: Mapping[str, Any], address: str | None) -> News:
    """What a delivery tells, as it stands now.

    Args:
        detail: of the delivery: ``clock``, ``access``, or how many have ``left``.
        address: of the console, if it is known.

    Raises:
        LookupError: what it is about is gone, or needs nobody any more.
    """
    if "left" in detail:
        return _of_opt_outs(event, detail, address)
    return _of_clock(session, knowledge, event, detail, address) if "clock" in detail else _of_access(session, event, detail, address)


def _of_clock(session: Session, knowledge: Knowledge, event: str, detail: Mapping[str, Any], address: str | None) -> News:
    row = get_clock(session, int(detail["clock"]))
    if row is None or row.ended_at is not None:
        raise LookupError(f"clock {detail['clock']} runs no longer")
    clock, texts, known = row.clock, outgoing_texts(), knowledge.handoffs.get(row.clock.kind)
    what = f"{clock.kind if known is None else known.agents.title} {clock.handoff_id}"
    lines = [texts["lines"]["answer_by"].format(until=f"{_at(clock.answer_by):%Y-%m-%d %H:%M}"), *_link(address)]
    about = {"id": clock.handoff_id, "kind": clock.kind, "answer_by": clock.answer_by}
    return News(event, texts["titles"][event].format(what=what), tuple(lines), about, clock.handoff_id, _at(clock.begun_at), None, PAGE)


def _of_access(session: Session, event: str, detail: Mapping[str, Any], address: str | None) -> News:
    alert = get_access_alert(session, int(detail["access"]))
    if alert is None or alert.verdict is not None:
        raise LookupError(f"alert {detail['access']} about an access needs nobody any more")
    texts = outgoing_texts()
    lines = (texts["lines"]["access"], *_link(address))
    return News(event, texts["titles"][event], lines, {"id": str(alert.id)}, f"access-{alert.id}", _at(alert.found_at), None, PAGE)


def _of_opt_outs(event: str, detail: Mapping[str, Any], address: str | None) -> News:
    texts, shares = outgoing_texts(), {name: f"{detail[name]:.1%}" for name in ("share", "above")}
    lines = (texts["lines"]["opt_outs"].format(left=detail["left"], of=detail["of"], **shares), *_link(address, _ADVICE_PAGE))
    return News(event, texts["titles"][event], lines, {"id": "advice", **detail}, "advice", _at(detail["at"]), None, _ADVICE_PAGE)


def _link(address: str | None, page: str = PAGE) -> list[str]:
    return [] if address is None else [outgoing_texts()["lines"]["link"].format(link=f"{address}{page}")]


def _at(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, SHANGHAI)
