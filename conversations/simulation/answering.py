"""Whether what the customer asked was answered, and what must hold of every reply to a question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile

from actions.core.asked import LIKELY, SURE
from actions.core.case import Phase
from actions.core.diagnosis import Found
from actions.core.planner import MOST_ASPECTS, UPSET, WHY
from actions.dialogue.speaker import names_a_number_beside, unsaid
from actions.knowledge.rendering import Values, fill
from actions.state.conversations import Message
from conversations.simulation.observation import entities_of, look
from conversations.simulation.outcome import Verdict
from conversations.simulation.turn_evidence import Inquiry, TurnEvidence

_CHOICES: Mapping[Phase, frozenset[str]] = {
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


def verdict(evidence: TurnEvidence) -> Verdict:
    """How a question fared: answered, read as something else, or read rightly and not answered all the same."""
    inquiry = evidence.inquiry
    assert inquiry is not None
    answered = _sentence_said(evidence, inquiry) if inquiry.question.sort == "aspects" else _topic_answered(evidence, inquiry)
    if answered:
        return "answered"
    return "unanswered" if _understood(evidence, inquiry) else "misread"


def crowded_out(evidence: TurnEvidence) -> bool:
    """Whether a complaint asked more than one reply answers, so that the last sub-question had to wait; what nothing is said to takes no room."""
    inquiry, known = evidence.inquiry, evidence.record.knowledge.aspects
    assert inquiry is not None
    found = evidence.diagnosis.first
    topic = evidence.record.knowledge.answers.topics.get(inquiry.reading.topics[0][0]) if inquiry.reading.topics else None

    def is_answered(name: str) -> bool:
        by_cause = found is not None and bool(found.cause.aspects.get(name))
        return by_cause or any(known[name].answers.values()) or (topic is not None and topic.answers_to(name))

    # A word of understanding and what is asked most exactly go first.
    answered = sorted(filter(is_answered, inquiry.reading.aspects), key=lambda name: (name != UPSET, not known[name].is_narrow))
    return inquiry.question.name in answered and inquiry.question.name not in answered[:MOST_ASPECTS]


def put_off(evidence: TurnEvidence) -> bool:
    """Whether a complaint could not be diagnosed yet, because the customer must first say which order is meant; what was taken for a question
    was answered."""
    asked = any('"order"' in choice["payload"] for data in evidence.data("clarify") for choice in data["choices"])
    return asked and not evidence.data("diagnosis", "answer")


def sentences(evidence: TurnEvidence, aspect: str) -> tuple[str, ...]:
    """Every sentence that answers a sub-question about the first cause of a diagnosis; empty if the diagnosis itself answers it."""
    knowledge, diagnosis = evidence.record.knowledge, evidence.diagnosis
    found = diagnosis.first
    if found is None:
        usual = knowledge.aspects[aspect].answer("none")
        leads = [topic for topic in knowledge.answers.topics.values() if topic.kind == "failure"]
        texts = (*usual, *(text for topic in leads for text in topic.aspects.get(aspect, ()))) if usual else ()
    else:
        texts = tuple(found.cause.aspects.get(aspect) or knowledge.aspects[aspect].answer(found.cause.nature))
    values = Values(diagnosis.facts, found.matches if found is not None else ())
    return tuple(filter(None, (fill(text, values, knowledge.locale) for text in texts)))


def _of_complaints(evidence: TurnEvidence, aspects: Sequence[str]) -> tuple[str, ...]:
    """What matters that are complained of say to sub-questions themselves."""
    topics = [topic for topic in evidence.record.knowledge.answers.topics.values() if topic.kind == "failure"]
    return tuple(text for topic in topics for aspect in aspects for text in topic.aspects.get(aspect, ()))


def _of_causes(evidence: TurnEvidence, aspects: Sequence[str], causes: Sequence[Found]) -> tuple[str, ...]:
    """What some of the causes that were found say to sub-questions."""
    diagnosis, locale = evidence.diagnosis, evidence.record.knowledge.locale
    texts = (
        fill(text, Values(diagnosis.facts, found.matches), locale)
        for found in causes
        for aspect in aspects
        for text in found.cause.aspects.get(aspect, ())
    )
    return tuple(filter(None, texts))


def _topic_answered(evidence: TurnEvidence, inquiry: Inquiry) -> bool:
    question = inquiry.question
    said = any(data["topic"] in question.topics for data in evidence.data("answer"))
    told = [message.text for message in evidence.record.replies]
    nearer = any(not unsaid(text, told) for text in _of_causes(evidence, question.nearer, evidence.diagnosis.found))
    quoted = "plan_quote" in question.topics and bool(evidence.data("plans"))
    # A question that was taken for "done" costs the customer a failed check: that is no answer.
    failed = any(not data["passed"] for data in evidence.data("check"))
    done = any(look([message]).kind in question.effects for message in evidence.record.replies)
    return said or nearer or quoted or (done and not failed)


def _sentence_said(evidence: TurnEvidence, inquiry: Inquiry) -> bool:
    told = [message.text for message in evidence.record.replies if message.data and message.data["type"] == "diagnosis"]
    name, nearer, found = inquiry.question.name, inquiry.question.nearer, evidence.diagnosis.first
    asked = next((message.text for message in reversed(evidence.record.history) if message.role == "user"), "")
    # A cause that is called by name speaks for itself, wherever it stands.
    speaking = [each for each in evidence.diagnosis.found if each is found or each.cause.is_called_in(asked)]
    answers = (*sentences(evidence, name), *_of_causes(evidence, (name, *nearer), speaking), *_of_complaints(evidence, nearer))
    if name == WHY and found is not None:
        # Why it does not work is what was found, in whichever words it was named, with every number of it.
        values = Values(evidence.diagnosis.facts, found.matches)
        explanation = fill("\n".join(found.cause.explanation), values, evidence.record.knowledge.locale)
        if any(map(found.cause.is_told_in, told)) and not names_a_number_beside(explanation, told):
            return True
    if _is_led_by_what_tells(evidence, name):
        return bool(told)
    # What the diagnosis says itself need not be said behind it once more.
    return bool(told) and (not answers or any(not unsaid(answer, told) for answer in answers))


def _is_led_by_what_tells(evidence: TurnEvidence, aspect: str) -> bool:
    """Whether the matter that was complained of leads the diagnosis in and answers a sub-question by itself."""
    inquiry = evidence.inquiry
    assert inquiry is not None
    name = inquiry.reading.topics[0][0] if inquiry.reading.topics else ""
    topic = evidence.record.knowledge.answers.topics.get(name)
    return topic is not None and topic.kind == "failure" and aspect in topic.speaks_of


def _understood(evidence: TurnEvidence, inquiry: Inquiry) -> bool:
    """Whether it was read as what it means, surely enough to be acted upon."""
    question, reading = inquiry.question, inquiry.reading
    if question.sort == "aspects":
        return question.name in reading.aspects and bool(evidence.data("diagnosis"))
    name, confidence = reading.topics[0] if reading.topics else ("", 0.0)
    act = evidence.record.knowledge.intents[reading.intent].kind == "act" and reading.confidence >= confidence
    return name in question.topics and confidence >= (LIKELY if question.sort == "case" else SURE) and not act


# --- properties ------------------------------------------------------------------------------------------------------------------------


def _asked_answered(evidence: TurnEvidence) -> Iterator[str]:
    inquiry = evidence.inquiry
    if inquiry is not None and verdict(evidence) == "unanswered":
        yield f"{inquiry.question.name} was understood ({inquiry.reading.phase}), but not answered: {_texts(evidence)}"


def _in_scope(evidence: TurnEvidence) -> Iterator[str]:
    inquiry = evidence.inquiry
    if inquiry is not None and inquiry.question.sort != "side" and _understood(evidence, inquiry) and evidence.data("out_of_scope"):
        yield f"{inquiry.question.name} is none of the assistant's business: {_texts(evidence)}"


def _choices_restored(evidence: TurnEvidence) -> Iterator[str]:
    if evidence.inquiry is None or evidence.inquiry.reading.phase not in _CHOICES or not evidence.record.replies:
        return
    phase = evidence.inquiry.reading.phase
    offered = {entities_of(button["payload"])[0] for button in evidence.record.replies[-1].buttons}
    missing = _CHOICES[phase] - offered
    # Who was handed over in this very turn is told a number and may go.
    if missing and not evidence.data("handoff"):
        yield f"{phase}, but the last message lacks {', '.join(sorted(missing))}: {_texts(evidence)}"


def _told_once(evidence: TurnEvidence) -> Iterator[str]:
    found = evidence.diagnosis.first
    if evidence.inquiry is None or evidence.inquiry.question.sort == "aspects" or found is None or verdict(evidence) == "misread":
        # Who seems to ask for it may be told again.
        return
    whole = fill("\n".join(found.cause.explanation), Values(evidence.diagnosis.facts, found.matches), evidence.record.knowledge.locale)
    replies = evidence.record.replies
    before = [message for message in evidence.record.history if message.role == "bot" and message not in replies]
    if any(whole in message.text for message in replies) and any(whole in message.text for message in before):
        yield f"the whole diagnosis again: {_texts(evidence)}"


def _queued_by_wish(evidence: TurnEvidence) -> Iterator[str]:
    if evidence.inquiry is None:
        return
    before = [message for message in evidence.record.history if message not in evidence.record.replies]
    known = {message.data["handoff_id"] for message in before if _is(message, "handoff") and message.data}
    spoken = (message for message in reversed(before) if message.role == "bot")
    misses = len(list(takewhile(lambda message: _is(message, "clarify"), spoken)))
    for data in evidence.data("handoff"):
        third = data["reason"] == "misunderstood" and misses >= _MISSES
        if data["handoff_id"] not in known and not third and evidence.inquiry.question.sort != "aspects":
            yield f"asked {evidence.inquiry.question.name} and was handed over for {data['reason']}: {_texts(evidence)}"


def _is(message: Message, kind: str) -> bool:
    return bool(message.data) and message.data is not None and message.data["type"] == kind


def _texts(evidence: TurnEvidence) -> str:
    return " / ".join(message.text for message in evidence.record.replies)


ANSWERING: dict[str, Callable[[TurnEvidence], Iterator[str]]] = {
    "asked_answered": _asked_answered,
    "in_scope": _in_scope,
    "choices_restored": _choices_restored,
    "told_once": _told_once,
    "queued_by_wish": _queued_by_wish,
}
"""What must hold of a reply to a question."""
