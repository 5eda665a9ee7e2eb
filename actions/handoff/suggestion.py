"""What may be said to the customer next: what the assistant itself would say and do in this case, by the state as it is now. Nothing is sent from here."""

from __future__ import annotations

from dataclasses import dataclass

from actions.core.case import Case
from actions.core.diagnosis import Diagnosis
from actions.core.messages import HandoffData
from actions.core.subject import ACCOUNT
from actions.core.turn import Turn
from actions.dialogue.assistant import Answering
from actions.dialogue.buttons import RESUME_TOPIC
from actions.handoff.claims_made import ClaimMade, contradicted, is_contradicted
from actions.handoff.payload import FoundCause, Payload
from actions.handoff.payload_state import diagnosis_block
from actions.handoff.summary import Summariser
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill
from actions.state.handoffs import Handoff

LONGEST = 1000
"""Characters, as many as an agent can send."""
CHECKING = "checking"
"""The reply of ``replies.yml`` which says that what the customer disputes is being looked at."""
_RESUMES = "affirm"
"""The intent of the button by which a case goes on."""


@dataclass(frozen=True)
class Suggestion:
    """One.

    Attributes:
        text: for the reply box.
        advice: what the agent should do.
        causes: what it rests on, with evidence; without any it rests on the reason of the case.
    """

    text: str
    advice: str
    causes: tuple[FoundCause, ...]


def suggested(assistant: Answering, row: Handoff, case: Payload, diagnosis: Diagnosis, knowledge: Knowledge) -> Suggestion | None:
    """The suggestion for a case, None if the assistant would say nothing.

    Args:
        assistant: answers on a look at the database, of which it changes nothing.
        case: as it stands.
        diagnosis: made just now.
    """
    if case.reason.code not in knowledge.handoffs:
        return None
    remembered = _case(row, case)
    claims = [claim for claim in case.claims if is_contradicted(claim, diagnosis, knowledge)]
    advice = Summariser(knowledge, case.reason.code, remembered, diagnosis, claims).recommended().action
    reply = knowledge.handoffs[case.reason.code].agents.reply
    if reply is not None:
        return Suggestion(reply, advice, ())
    turn = Turn(row.user, _RESUMES, entities={"topic": (RESUME_TOPIC,)}, case=remembered, token_order=row.order)
    disputed = contradicted(claims)
    if disputed is not None:
        return _to_dispute(disputed, advice, diagnosis, knowledge)
    said = [reply.text for reply in assistant.respond(turn, "action_queue").replies if not isinstance(reply.data, HandoffData)]
    while len("\n".join(said)) > LONGEST:
        said.pop()
    text = knowledge.briefing.by_person("\n".join(said))
    if not text:
        return None
    first = diagnosis.get(case.resume.cause) or diagnosis.first
    causes = [each for each in diagnosis_block(diagnosis, knowledge.facts).causes if first is not None and each.id == first.cause.id]
    return Suggestion(text, advice, tuple(causes))


def _to_dispute(claim: ClaimMade, advice: str, diagnosis: Diagnosis, knowledge: Knowledge) -> Suggestion:
    """What is said to a customer who disputes what was found: what the record holds, and that somebody looks; never the step once more."""
    found = diagnosis.get(claim.cause) or diagnosis.first
    known = knowledge.claims.get(claim.name)
    texts = known.contradicted if known is not None else found.cause.aspects.get(claim.name, ()) if found is not None else ()
    values = Values(diagnosis.facts, found.matches if found is not None else ())
    said = next((text for text in (fill(each, values, knowledge.locale) for each in texts) if text), "")
    checking = knowledge.replies.get(CHECKING)
    lines = [knowledge.briefing.by_person(said), checking.text if checking is not None else ""]
    causes = [each for each in diagnosis_block(diagnosis, knowledge.facts).causes if found is not None and each.id == found.cause.id]
    return Suggestion("\n".join(filter(None, lines)), advice, tuple(causes))


def _case(row: Handoff, case: Payload) -> Case:
    """The case as the assistant remembers it, as far as the payload tells."""
    resume = case.resume
    return Case(
        phase="doing" if resume.cause else "idle",
        # With nothing to go on about, the assistant asks what it is about.
        subject=row.subject if resume.cause or row.subject != ACCOUNT else None,
        token_order=row.order,
        cause=resume.cause,
        step=max(0, (resume.step or 1) - 1),
        causes=tuple(cause.id for cause in case.diagnosis.causes),
    )
