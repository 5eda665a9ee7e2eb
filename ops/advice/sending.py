"""Tells customers what is to come, by day, each thing once: what no longer comes when it is to be told is not told, and why stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from actions.core.facts import Facts
from actions.core.messages import AdviceData
from actions.core.moments import local, start_of
from actions.core.observations import milliseconds
from actions.core.subject import ACCOUNT
from actions.dialogue.buttons import Buttons
from actions.dialogue.notices import notices_of
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.state import advice, consents, conversations, handoffs, reasons
from actions.state.advice import ALL_TOPICS, Advice, AdviceStatus
from actions.state.columns import real_now
from actions.state.conversations import MessageDraft
from actions.state.experiments import note_met
from actions.state.world.tables import facts_now
from ops.advice.foresight import has_just_ended, still_comes, told_before
from ops.advice.planning import states_of
from ops.advice.restraint import FOR_GOOD, MONTH, Standing, against, is_quiet
from ops.advice.trying import arm_met, arms_that_run

if TYPE_CHECKING:
    from ops.worker import Surroundings

ACTION = "advice"
"""What produced such a message."""
AT_ONCE = 200
_AGAIN_AFTER = timedelta(hours=1)
_INCIDENT = "incident"


def send_due(here: Surroundings, now: datetime | None = None) -> int:
    """Tells what is due; how many customers were written to.

    Args:
        now: real time; default: the present.
    """
    now, knowledge = now or real_now(), here.knowledge.current
    if is_quiet(now, knowledge.advice):
        return 0
    here.experiments.look()
    _tell_as_usual(here)
    with here.database.session() as session:
        if ALL_TOPICS in advice.switched_off(session):
            return 0
        today = local(facts_now(session, here.settings.now)).date()
        due = advice.due_advice(session, today.isoformat(), milliseconds(now), AT_ONCE)
        states = states_of(here, session, sorted({row.user for row in due})) if due else {}
    return sum(_settle(here, knowledge, row, states.get(row.user), now, today) for row in due)


def _tell_as_usual(here: Surroundings) -> None:
    """Puts what an arm was to tell on another day back on the control's, once its experiment is over or the arm was stopped."""
    with here.database.session() as session:
        for row in advice.tried_in(session, set(arms_that_run(here.experiments.arms)), AT_ONCE):
            # What was decided stays counted; who was to be told later is told at once, if the usual day is over.
            advice.set_advice(session, row.id, due_on=row.usual_on, own_on=None, usual_on=None)


def _settle(here: Surroundings, knowledge: Knowledge, row: Advice, account: Facts | None, now: datetime, today: date) -> bool:
    """Tells one thing, or notes why not; whether the customer reads something."""
    with here.database.session() as session:
        status, reason, say = _decided(session, knowledge, row, account, now)
        if status == "planned":
            advice.put_off(session, row.id, str(reason), milliseconds(now + _AGAIN_AFTER))
            return False
        if row.own_on is not None and status in ("sent", "held_out") and not _is_own_day(session, row, today):
            return False
        told = {"sent_at": milliseconds(now)} if status in ("sent", "held_out") else {}
        if not advice.claim_advice(session, row.id, status, reason=reason, **told) or say is None:
            return False
        worded = here.experiments.texts(session).told(row.user, say, lambda _: (row.cause,))
        stored = conversations.append(session, row.user, [worded.told])
        note_met(session, row.user, worded.met, stored[0].seq)
        return True


def _is_own_day(session: Session, row: Advice, today: date) -> bool:
    """Notes that arms differ from now on in something that would be told now; whether the customer's own tells it by today.

    Who is never told anything meets no arm, and waits for its day all the same, so that they can be held against those who are told.
    """
    differ = not row.holdout and today.isoformat() < str(row.last_on)
    if differ:
        note_met(session, row.user, [arm_met(row)], 0)
    advice.set_advice(session, row.id, due_on=row.own_on, own_on=None, exposed=differ)
    return str(row.own_on) <= today.isoformat()


def _decided(
    session: Session, knowledge: Knowledge, row: Advice, account: Facts | None, now: datetime
) -> tuple[AdviceStatus, str | None, Callable[[Knowledge], MessageDraft] | None]:
    """What becomes of something that is due, why, and what is said of it if it is sent."""
    on, cause = date.fromisoformat(row.event_on), knowledge.causes.get(row.cause)
    facts = account.about(row.subject) if account is not None else None
    if facts is None or facts.subject != row.subject or cause is None or cause.told_before is None:
        return "not_coming", None, None
    if facts.now >= start_of(on):
        # Nobody is told of what has begun: by then they see it.
        return "withheld", row.reason or "late", None
    if row.subject.order is not None and facts.order is not None and facts.order.status not in ("cart", "unpaid"):
        return "not_coming", None, None
    if still_comes(facts, cause, on) is None:
        if has_just_ended(facts, cause, on):
            # What was kept back until it was over did come, only too soon to be told.
            return "withheld", row.reason or "late", None
        return "not_coming", None, None
    reason = against(_standing(session, knowledge, row, facts, now), knowledge.advice)
    if reason is not None:
        return ("withheld" if reason in FOR_GOOD else "planned"), reason, None
    if row.holdout:
        return "held_out", None, None
    return "sent", None, partial(advice_message, row, facts, on)


def _standing(session: Session, knowledge: Knowledge, row: Advice, facts: Facts, now: datetime) -> Standing:
    rules, month = knowledge.advice, milliseconds(now - MONTH)
    noticed = (*notices_of(facts, knowledge), *(notices_of(facts.about(ACCOUNT), knowledge) if facts.subject != ACCOUNT else ()))
    return Standing(
        stopped=row.topic in advice.switched_off(session),
        consents=any(consent.topic == row.topic for consent in consents.consents_of(session, row.user)),
        knows=advice.was_told(session, row.user, row.topic, row.event_on, besides=[row.id]),
        in_trouble=reasons.were_lately(session, row.user, rules.trouble, now - timedelta(days=rules.trouble_days)),
        with_person=handoffs.open_handoff(session, row.user) is not None,
        incident=any(notice.kind == _INCIDENT for notice in noticed),
        told_lately=advice.told_since(session, row.user, month),
        asked=row.again,
    )


def advice_message(row: Advice, facts: Facts, on: date, knowledge: Knowledge) -> MessageDraft:
    """What a customer reads of something that comes on a day.

    Args:
        facts: of now, about what it is for.
    """
    cause = knowledge.causes[row.cause]
    found = still_comes(facts, cause, on)
    assert found is not None
    # Of what ends, today's state is what can be told.
    text = told_before(found, facts if cause.ends is not None else replace(facts, now=start_of(on)), knowledge)
    topic = knowledge.advice.topics[row.topic].title
    words = phrases.ADVICE_TOLD_END if knowledge.advice.topics[row.topic].ends else phrases.ADVICE_TOLD
    said = knowledge.phrases.title(words, told=text, topic=topic)
    data = AdviceData(cause=row.cause, order=row.subject.order, bill=row.subject.bill, on=row.event_on, topic=row.topic)
    buttons: Sequence[dict[str, str]] = [button.to_json() for button in Buttons(knowledge).advice(row.cause)]
    return MessageDraft("bot", said, buttons, data.to_data(), action=ACTION)
