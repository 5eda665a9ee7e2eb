"""Whether what the customer asked was answered, and what must hold of every reply to a question."""

from __future__ import annotations

from itertools import takewhile
from typing import Callable, Dict, FrozenSet, Iterator, Mapping, Tuple

from actions.core.case import Phase
from actions.core.planner import LIKELY, MOST_ASPECTS, SURE
from actions.knowledge.rendering import Values, fill
from actions.state.conversations import Message
from tests.simulation.outcome import Verdict
from tests.simulation.sight import entities_of, look
from tests.simulation.witness import Inquiry, Witness

_CHOICES: Mapping[Phase, FrozenSet[str]] = {
    "doing": frozenset({"step_done", "cannot_find", "step_failed"}),
    "offered": frozenset({"affirm"}),
    "confirming": frozenset({"affirm", "step_failed"}),
    "handoff_offered": frozenset({"step_done", "deny"}),
    "waiting": frozenset({"step_done"}),
    "explained": frozenset(),
    "resolved": frozenset({"step_failed"}),
    "handed_over": frozenset({"step_done", "about_case"}),
}
"""What each phase lets the customer answer, beside asking for a person."""
_MISSES = 2
"""Misunderstandings in a row after which a third may call a person."""


def verdict(witness: Witness) -> Verdict:
    """How a question fared: answered, read as something else, or read rightly and not answered all the same."""
    inquiry = witness.inquiry
    assert inquiry is not None
    answered = _sentence_said(witness, inquiry) if inquiry.question.sort == "aspects" else _topic_answered(witness, inquiry)
    if answered:
        return "answered"
    return "unanswered" if _understood(witness, inquiry) else "misread"


def crowded_out(inquiry: Inquiry) -> bool:
    """Whether a complaint asked more than one reply answers, so that the last sub-question had to wait."""
    name, found = inquiry.question.name, inquiry.reading.aspects
    return name in found and name not in found[:MOST_ASPECTS]


def put_off(witness: Witness) -> bool:
    """Whether a complaint could not be diagnosed yet, because the customer must first say which order is meant."""
    asked = any('"order"' in choice["payload"] for data in witness.data("clarify") for choice in data["choices"])
    return asked and not witness.data("diagnosis")


def sentences(witness: Witness, aspect: str) -> Tuple[str, ...]:
    """Every sentence that answers a sub-question about the first cause of a diagnosis; empty if nothing is to be said to it."""
    knowledge, diagnosis = witness.exchange.knowledge, witness.diagnosis
    found = next(iter((*diagnosis.blocks, *diagnosis.found)), None)
    if found is None:
        own = [text for topic in knowledge.answers.topics.values() if topic.kind == "failure" for text in topic.aspects.get(aspect, ())]
        texts = (*own, *knowledge.aspects[aspect].answer("none"))
    else:
        texts = tuple(found.cause.aspects.get(aspect) or knowledge.aspects[aspect].answer(found.cause.nature))
    values = Values(diagnosis.facts, found.matches if found is not None else ())
    return tuple(filter(None, (fill(text, values, knowledge.locale) for text in texts)))


def _topic_answered(witness: Witness, inquiry: Inquiry) -> bool:
    question = inquiry.question
    said = any(data["topic"] in question.topics for data in witness.data("answer"))
    quoted = "plan_quote" in question.topics and bool(witness.data("plans"))
    # A question that was taken for "done" costs the customer a failed check: that is no answer.
    failed = any(not data["passed"] for data in witness.data("check"))
    done = any(look([message]).kind in question.effects for message in witness.exchange.replies)
    return said or quoted or (done and not failed)


def _sentence_said(witness: Witness, inquiry: Inquiry) -> bool:
    told = [message.text for message in witness.exchange.replies if message.data and message.data["type"] == "diagnosis"]
    answers = sentences(witness, inquiry.question.name)
    return bool(told) and (not answers or any(answer in text for answer in answers for text in told))


def _understood(witness: Witness, inquiry: Inquiry) -> bool:
    """Whether it was read as what it means, surely enough to be acted upon."""
    question, reading = inquiry.question, inquiry.reading
    if question.sort == "aspects":
        return question.name in reading.aspects and bool(witness.data("diagnosis"))
    name, confidence = reading.topics[0] if reading.topics else ("", 0.0)
    act = witness.exchange.knowledge.intents[reading.intent].kind == "act" and reading.confidence >= confidence
    return name in question.topics and confidence >= (LIKELY if question.sort == "case" else SURE) and not act


# --- properties ------------------------------------------------------------------------------------------------------------------------


def _asked_answered(witness: Witness) -> Iterator[str]:
    inquiry = witness.inquiry
    if inquiry is not None and verdict(witness) == "unanswered":
        yield f"{inquiry.question.name} was understood ({inquiry.reading.phase}), but not answered: {_texts(witness)}"


def _in_scope(witness: Witness) -> Iterator[str]:
    inquiry = witness.inquiry
    if inquiry is not None and inquiry.question.sort != "side" and _understood(witness, inquiry) and witness.data("out_of_scope"):
        yield f"{inquiry.question.name} is none of the assistant's business: {_texts(witness)}"


def _choices_restored(witness: Witness) -> Iterator[str]:
    if witness.inquiry is None or witness.inquiry.reading.phase not in _CHOICES or not witness.exchange.replies:
        return
    phase = witness.inquiry.reading.phase
    offered = {entities_of(button["payload"])[0] for button in witness.exchange.replies[-1].buttons}
    missing = _CHOICES[phase] - offered
    # Who was handed over in this very turn is told a number and may go.
    if missing and not witness.data("handoff"):
        yield f"{phase}, but the last message lacks {', '.join(sorted(missing))}: {_texts(witness)}"


def _told_once(witness: Witness) -> Iterator[str]:
    found = next(iter((*witness.diagnosis.blocks, *witness.diagnosis.found)), None)
    if witness.inquiry is None or witness.inquiry.question.sort == "aspects" or found is None or verdict(witness) == "misread":
        # Who seems to ask for it may be told again.
        return
    whole = fill("\n".join(found.cause.explanation), Values(witness.diagnosis.facts, found.matches), witness.exchange.knowledge.locale)
    replies = witness.exchange.replies
    before = [message for message in witness.exchange.history if message.role == "bot" and message not in replies]
    if any(whole in message.text for message in replies) and any(whole in message.text for message in before):
        yield f"the whole diagnosis again: {_texts(witness)}"


def _queued_by_wish(witness: Witness) -> Iterator[str]:
    if witness.inquiry is None:
        return
    before = [message for message in witness.exchange.history if message not in witness.exchange.replies]
    known = {message.data["handoff_id"] for message in before if _is(message, "handoff") and message.data}
    spoken = (message for message in reversed(before) if message.role == "bot")
    misses = len(list(takewhile(lambda message: _is(message, "clarify"), spoken)))
    for data in witness.data("handoff"):
        third = data["reason"] == "misunderstood" and misses >= _MISSES
        if data["handoff_id"] not in known and not third and witness.inquiry.question.sort != "aspects":
            yield f"asked {witness.inquiry.question.name} and was handed over for {data['reason']}: {_texts(witness)}"


def _is(message: Message, kind: str) -> bool:
    return bool(message.data) and message.data is not None and message.data["type"] == kind


def _texts(witness: Witness) -> str:
    return " / ".join(message.text for message in witness.exchange.replies)


ANSWERING: Dict[str, Callable[[Witness], Iterator[str]]] = {
    "asked_answered": _asked_answered,
    "in_scope": _in_scope,
    "choices_restored": _choices_restored,
    "told_once": _told_once,
    "queued_by_wish": _queued_by_wish,
}
"""What must hold of a reply to a question."""
