"""Builds the payload, with its numbered transcript, from everything that is known at the moment of handing over. Pure: it reads nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.core.case import Case, Tried
from actions.core.diagnosis import Diagnosis
from actions.core.handoff import HandoffRequest
from actions.core.moments import local
from actions.core.signs import cleaned
from actions.core.turn import Reply, Turn
from actions.handoff import payload
from actions.handoff.claims_made import ClaimMade, SaidByCustomer, claims_made
from actions.handoff.payload import Line
from actions.handoff.payload_state import (
    bill_block,
    diagnosis_block,
    incidents_block,
    masked_name,
    order_block,
    plans_block,
    ruled_out,
    without_person,
)
from actions.handoff.summary import Summariser
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill
from actions.masking import mask
from actions.state.conversations import Message


def transcript(stored: Sequence[Message], turn: Turn, said: Sequence[Reply], action: str) -> list[Line]:
    """The messages in order, numbered as the customer sees them.

    Args:
        stored: the latest messages so far.
        turn: the message that led here.
        said: what was answered to it before the handover.
        action: what answers it.
    """
    lines = [line_of(message, turn.mended.get(message.id)) for message in stored]
    confidence = _rounded(turn.confidence)
    lines.append(
        Line(number=0, at=None, role="user", text=words_of(turn), intent=turn.intent, confidence=confidence, buttons=[], action=action)
    )
    for reply in said:
        titles = [button.title for button in reply.buttons]
        lines.append(Line(number=0, at=None, role="bot", text=reply.text, intent=None, confidence=None, buttons=titles, action=action))
    first = stored[0].seq if stored else 1
    return [line.copy(update={"number": number}) for number, line in enumerate(lines, start=first)]


def words_of(turn: Turn) -> str:
    """What the customer wrote, masked: channels mask before they pass a message on, and only Rasa's own shell does not."""
    return mask(turn.text).text if turn.written is None else turn.written


def line_of(message: Message, text: str | None = None) -> Line:
    """A stored message as agents see it, numbered as the customer sees it.

    Args:
        text: takes the place of the stored text, which was masked when it was stored.
    """
    return Line(
        number=message.seq,
        at=str(message.to_json()["at"]),
        role=message.role,
        text=cleaned(message.text if text is None else text),
        intent=message.intent,
        confidence=_rounded(message.confidence),
        buttons=[str(button["title"]) for button in message.buttons],
        action=message.action,
    )


def _rounded(confidence: float | None) -> float | None:
    return None if confidence is None else round(confidence, 3)


@dataclass(frozen=True)
class Material:
    """What a payload is made of.

    Attributes:
        handoff_id: the number the customer is told.
        at: real time.
        reference: the customer's pseudonym.
        begun: when the first message came, None without any.
        history: the latest stored messages, as many as a transcript holds.
        masking_rules: version of the masking rules.
        retention_days: days after closing until deletion.
    """

    handoff_id: str
    at: datetime
    reference: str
    request: HandoffRequest
    diagnosis: Diagnosis
    begun: datetime | None
    history: tuple[Message, ...]
    masking_rules: int
    retention_days: int


def build(material: Material, knowledge: Knowledge) -> payload.Payload:
    """The payload of a handoff."""
    request, diagnosis, briefing = material.request, material.diagnosis, knowledge.briefing
    facts, reason = diagnosis.facts, knowledge.handoffs[request.reason].agents
    words = words_of(request.turn)
    lines = transcript(material.history, request.turn, request.said, request.action)
    said = _said_by_customer(material, lines)
    claims = claims_made(request.case, said, diagnosis, knowledge)
    opened, last = _opened(request, said, claims)
    words_for = Summariser(knowledge, request.reason, request.case, diagnosis, claims)
    why = briefing.line("priority.why", knowledge.locale, reason=reason.title, priority=briefing.priorities[request.priority])
    queue = briefing.queues[request.queue]  # type: ignore[index]
    at = local(material.at).isoformat(timespec="seconds")
    begun = at if material.begun is None else local(material.begun).isoformat(timespec="milliseconds")
    return payload.Payload(
        id=material.handoff_id,
        created_at=at,
        conversation=payload.Conversation(reference=material.reference, started_at=begun, messages=lines[-1].number),
        customer=payload.Customer(reference=material.reference, display=masked_name(facts.user.name), region=facts.user.region),
        reason=payload.Reason(code=request.reason, title=reason.title, words=words),
        priority=payload.Priority(level=request.priority, why=why),
        routing=payload.Routing(queue=request.queue, title=queue.title, skills=list(queue.skills)),
        summary=words_for.summary(words, _told(material), opened, last),
        diagnosis=diagnosis_block(diagnosis, knowledge.facts),
        ruled_out=ruled_out(diagnosis, knowledge.causes),
        steps_tried=_steps(request.case, diagnosis, knowledge),
        order=order_block(facts),
        bill=bill_block(facts),
        plans=plans_block(facts),
        incidents=incidents_block(facts),
        recommended=words_for.recommended(),
        do_not=words_for.do_not(),
        do_not_ask=words_for.do_not_ask(lines[-1].number),
        transcript=lines,
        claims=claims,
        privacy=payload.Privacy(masking_rules=material.masking_rules, retention_days=material.retention_days),
        resume=words_for.resume(),
    )


def _said_by_customer(material: Material, lines: Sequence[Line]) -> list[SaidByCustomer]:
    """The customer's messages, the last of them the one that hands over."""
    ids = [message.id for message in material.history]
    ids.append(material.request.turn.message or "")
    numbered = zip((*ids, *("" for _ in material.request.said)), lines)
    return [
        # A button is understood without any doubt.
        SaidByCustomer(each, line.number, line.at, line.text, line.intent, line.confidence is None or line.confidence < 1.0)
        for each, line in numbered
        if line.role == "user"
    ]


def _opened(request: HandoffRequest, said: Sequence[SaidByCustomer], claims: Sequence[ClaimMade]) -> tuple[str, str]:
    """What the customer complained of first and, where nothing was complained of, what they said last; empty if that is told anyway."""
    quoted, before = {each.number for each in claims} | {said[-1].number}, said[:-1]
    complained = [each for each in before if request.case.intent is not None and each.intent == request.case.intent]
    if complained:
        # A conversation may hold cases of long ago: of several such complaints, the one that opened this case is the latest.
        return ("" if complained[-1].number in quoted else complained[-1].text), ""
    spoken = [each for each in before if each.typed]
    return "", (spoken[-1].text if spoken and spoken[-1].number not in quoted else "")


def _told(material: Material) -> Sequence[Mapping[str, Any]]:
    stored = [message.data for message in material.history if message.role == "bot"]
    return [data for data in [*stored, *(reply.data.to_data() for reply in material.request.said if reply.data)] if data]


def _steps(case: Case, diagnosis: Diagnosis, knowledge: Knowledge) -> list[payload.StepTried]:
    return [_step(tried, diagnosis, knowledge) for tried in case.tried]


def _step(tried: Tried, diagnosis: Diagnosis, knowledge: Knowledge) -> payload.StepTried:
    found = diagnosis.get(tried.cause)
    cause = found.cause if found is not None else knowledge.causes.get(tried.cause)
    step = cause.steps[tried.step - 1] if cause is not None and 0 < tried.step <= len(cause.steps) else None
    # By the state of now, the only one there is; a sentence of which something is not known any more is left out.
    values = Values(diagnosis.facts, found.matches if found is not None else ())
    states = {"before": tried.before, "after": tried.after}
    known: dict[str, Any] = {
        when: {path: without_person(path, value, knowledge.facts) for path, value in state.items()} for when, state in states.items()
    }
    return payload.StepTried(
        cause=tried.cause,
        title=cause.title if cause is not None else knowledge.briefing.other_cause,
        step=tried.step,
        text=(fill(step.text, values, knowledge.locale) or None) if step else None,
        result=tried.result,
        at=tried.at,
        **known,
    )
