"""Writing what a turn changes beside the conversation, in the transaction that stores the turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.orm import Session

from actions.core.effects import (
    AdviceAnswered,
    ArmMet,
    CaseSolved,
    ChoiceMade,
    ConsentGiven,
    ConsentWithdrawn,
    DisputeNoted,
    Effect,
    HandoffMade,
    NoticesEnded,
    NoticeWanted,
    PriorityRaised,
    ReasonNoted,
)
from actions.core.subject import Subject
from actions.handoff import ownership
from actions.handoff.said_later import MESSAGE
from actions.state import advice, consents, conversations, experiments, handoffs, outbox, references, subscriptions
from actions.state.alerts import now_millis
from actions.state.reasons import DISPUTE


class Overtaken(RuntimeError):
    """Somebody else has changed what the turn was decided on; decided anew, it may come out otherwise."""


def carry_out(session: Session, user: str, effects: Iterable[Effect]) -> None:
    """Writes effects in their order.

    Args:
        user: whose turn it is.

    Raises:
        Overtaken: one of them does not fit what is in the database now; the transaction must be rolled back.
    """
    for effect in effects:
        _WRITERS[type(effect)](session, user, effect)


def _make(session: Session, user: str, effect: HandoffMade) -> None:
    subject = Subject.of(effect.order, effect.bill)
    references.keep(session, user, effect.reference)
    row = handoffs.create(session, user, user, effect.reason, effect.queue, effect.payload, subject, effect.priority, effect.handoff)
    if row.id != effect.handoff or references.find(session, user) != effect.reference:
        raise Overtaken("another case of the same customer was handed over meanwhile")
    handoffs.append(session, row.id, "hand_over", ownership.ASSISTANT, {"reason": row.reason, "priority": row.priority})
    outbox.put(session, row.id, "handoff.created")


def _raise(session: Session, user: str, effect: PriorityRaised) -> None:
    row = _still_open(session, user, effect.handoff)
    if not handoffs.raise_priority(session, row.id, effect.priority, effect.queue):
        raise Overtaken("the case was made more urgent meanwhile")
    detail = {"reason": effect.reason, "from": effect.before, "priority": effect.priority, "queue": effect.queue, **_message(session, user)}
    handoffs.append(session, row.id, "raise", ownership.ASSISTANT, detail)
    outbox.put(session, row.id, "handoff.raised", detail)


def _note(session: Session, user: str, effect: ReasonNoted) -> None:
    ownership.note_reason(session, _still_open(session, user, effect.handoff), effect.reason, _message(session, user))


def _dispute(session: Session, user: str, effect: DisputeNoted) -> None:
    row = _still_open(session, user, effect.handoff)
    handoffs.append(session, row.id, DISPUTE, ownership.CUSTOMER, {"name": effect.name, "cause": effect.cause, **_message(session, user)})


def _choose(session: Session, user: str, effect: ChoiceMade) -> None:
    _still_open(session, user, effect.handoff)
    if not ownership.note_choice(session, user, effect.choice):
        raise Overtaken("a person took the case meanwhile")


def _solve(session: Session, user: str, effect: CaseSolved) -> None:
    if not ownership.end_solved(session, _still_open(session, user, effect.handoff), effect.cause):
        raise Overtaken("a person took the case meanwhile")


def _subscribe(session: Session, user: str, effect: NoticeWanted) -> None:
    subscriptions.subscribe(session, user, user, effect.subject, effect.cause)


def _unsubscribe(session: Session, user: str, _effect: NoticesEnded) -> None:
    subscriptions.cancel_all(session, user)


def _meet(session: Session, user: str, effect: ArmMet) -> None:
    experiments.note_exposure(session, user, effect.experiment, effect.version, effect.arm, _message(session, user).get(MESSAGE, 0))


def _consent(session: Session, user: str, effect: ConsentGiven) -> None:
    consents.give_consent(session, user, effect.topic, effect.wording, now_millis())


def _withdraw(session: Session, user: str, effect: ConsentWithdrawn) -> None:
    now = now_millis()
    consents.withdraw_consent(session, user, effect.topic, now)
    advice.note_opt_out(session, user, effect.topic, now)


def _answer_advice(session: Session, user: str, effect: AdviceAnswered) -> None:
    advice.note_answer(session, user, effect.cause, effect.answer, effect.days, now_millis())


_WRITERS: dict[type[Effect], Callable[[Session, str, Any], None]] = {
    HandoffMade: _make,
    PriorityRaised: _raise,
    ReasonNoted: _note,
    DisputeNoted: _dispute,
    ChoiceMade: _choose,
    CaseSolved: _solve,
    NoticeWanted: _subscribe,
    NoticesEnded: _unsubscribe,
    ArmMet: _meet,
    ConsentGiven: _consent,
    ConsentWithdrawn: _withdraw,
    AdviceAnswered: _answer_advice,
}


def _message(session: Session, user: str) -> dict[str, int]:
    """Which message brings it about: the turn's are stored before its effects are carried out."""
    said = conversations.latest_of_customer(session, user, 1)
    return {MESSAGE: said[0].seq} if said else {}


def _still_open(session: Session, user: str, handoff_id: str) -> handoffs.Handoff:
    row = handoffs.open_handoff(session, user)
    if row is None or row.id != handoff_id:
        raise Overtaken("the case was closed meanwhile")
    return row
