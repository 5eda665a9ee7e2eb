"""Watches what subscribed customers wait for and tells each of them once when it is over."""

from __future__ import annotations

import asyncio
from typing import Dict, List, Optional, Sequence, Tuple

import structlog
from sqlalchemy.orm import Session

from actions.core.diagnosis import diagnose
from actions.core.facts import UnknownCustomer, UnknownSubject
from actions.core.moments import is_over
from actions.core.names import View, value_of
from actions.dialogue.buttons import payload
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import fill
from actions.services import Services
from actions.settings import positive_number
from actions.state import conversations, subscriptions
from actions.state.facts_source import SqlFacts

INTERVAL_SECONDS = 5.0
_GONE, _DUE = "gone", "due"

log = structlog.get_logger()


def interval() -> float:
    """Seconds between two looks: ``BAITIAO_RECOVERY_INTERVAL``, else 5.

    Raises:
        ValueError: the setting is not a positive number.
    """
    return positive_number("BAITIAO_RECOVERY_INTERVAL", INTERVAL_SECONDS)


def look(services: Services) -> int:
    """Looks once; returns how many messages were sent.

    Subscriptions are claimed and their message is written in one transaction, so that of any number of watchers exactly one tells; who
    waits for the same cause with several orders is told once.
    """
    with services.database.session() as session:
        waiting = subscriptions.open_subscriptions(session)
    together: Dict[Tuple[str, str], List[subscriptions.Subscription]] = {}
    for subscription in waiting:
        together.setdefault((subscription.conversation_id, subscription.cause), []).append(subscription)
    return sum(_tell_if_over(services, group) for group in together.values())


async def watch(services: Services, seconds: float) -> None:
    """Looks again and again until cancelled; whatever goes wrong is logged and tried again."""
    while True:
        try:
            await asyncio.to_thread(look, services)
        except Exception as error:
            log.warning("recovery.failed", error=type(error).__name__)
        await asyncio.sleep(seconds)


def _tell_if_over(services: Services, group: Sequence[subscriptions.Subscription]) -> bool:
    knowledge = services.knowledge
    with services.database.session() as session:
        ends = {each: _end(session, knowledge, each) for each in group}
        claimed = [each for each in group if ends[each] and subscriptions.claim(session, each.id)]
        if not claimed:
            return False
        subscription = claimed[0]
        gone = ends[subscription] == _GONE
        cause = knowledge.causes.get(subscription.cause)
        phrases = knowledge.phrases
        title = cause.title if cause else subscription.cause
        text = fill(phrases.get("recovered" if gone else "recovered.due")[0], {"title": title}, knowledge.locale)
        buttons = [
            {"title": phrases.get("button.continue")[0], "payload": payload("step_done")},
            {"title": phrases.get("button.person")[0], "payload": payload("request_human")},
        ]
        data = {"type": "check", "cause": subscription.cause, "passed": True} if gone else None
        draft = conversations.MessageDraft(role="bot", text=text, buttons=buttons, data=data, action="recovery_notice")
        conversations.append(session, subscription.conversation_id, [draft])
        return True


def _end(session: Session, knowledge: Knowledge, subscription: subscriptions.Subscription) -> Optional[str]:
    """How the wait ended: the cause is gone, or the moment has come from which the customer can do something about it."""
    try:
        facts = SqlFacts(session).snapshot(subscription.user, subscription.subject)
    except (UnknownCustomer, UnknownSubject):
        # Nobody is left to wait for this; claiming it without the customer's state would tell them something unproven.
        return None
    cause = knowledge.causes.get(subscription.cause)
    found = diagnose(facts, [cause]).get(cause.id) if cause is not None else None
    if found is None:
        return _GONE
    until = found.cause.wait.until if found.cause.wait else None
    moment = value_of(until, View(facts)) if until else None
    return _DUE if found.cause.steps and moment is not None and is_over(moment, facts.now) else None
