"""What must hold of every turn of every conversation, each under a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile

from actions.core.causes import NO_CAUSE_FOUND
from actions.core.money import yuan_number
from actions.core.planner import UPSET
from actions.core.plans import plans_for, price_amount
from actions.state.conversations import Message
from conversations.rules import RULES
from conversations.simulation.answering import ANSWERING
from conversations.simulation.turn_evidence import TurnEvidence

MOST_TURNS = 15
MOST_CLARIFICATIONS = 2
REFUSED = "command"
"""The act that the channel refuses, and the name of its refusal: a typed command, which is no message at all."""
_INTRODUCTIONS = ("opening.robot", "greeting", "robot")

_REASONS: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"person"}),
    "complaint": frozenset({"anger"}),
    "objection": frozenset({"object", "complaint", "anger"}),
    "fraud": frozenset({"fraud_suspected"}),
}
"""Reasons that only the customer can give → what they must have done or meant. The others follow from the state or the walkthrough."""


def broken(evidence: TurnEvidence) -> Iterator[tuple[str, str]]:
    """The properties a turn breaks, each with what was seen."""
    for name, rule in RULES.items():
        yield from ((name, problem) for problem in rule(evidence.record))
    for name, holds in PROPERTIES.items():
        yield from ((name, problem) for problem in holds(evidence))


def person_reached(replies: Sequence[Message], open_handoff: str | None) -> Iterator[str]:
    """Why the replies to the wish for a person are not good enough: a handoff must be stored and named in the same turn."""
    named = [message.data["handoff_id"] for message in replies if message.data and message.data.get("type") == "handoff"]
    if open_handoff is None:
        yield f"nothing was handed over: {[message.text for message in replies]}"
    elif named != [open_handoff]:
        yield f"the handoff {open_handoff} is not named but {named}"


def ended(end: str, turns: int) -> Iterator[str]:
    """Why a conversation did not end properly."""
    if not end:
        yield f"no proper end after {turns} turns of at most {MOST_TURNS}"


def rightly_refused(act: str, refusal: str) -> Iterator[str]:
    """Why a message should not have been refused."""
    if not act == refusal == REFUSED:
        yield f"{act} was refused: {refusal}"


def _true_diagnosis(evidence: TurnEvidence) -> Iterator[str]:
    expected = evidence.diagnosis.to_data()
    for data in evidence.data("diagnosis"):
        said = {key: data[key] for key in expected}
        if said != expected:
            yield f"said {said}, the state shows {expected}"


def _finds_what_is_there(evidence: TurnEvidence) -> Iterator[str]:
    for data in evidence.data("diagnosis"):
        found = tuple(cause["id"] for cause in data["causes"])
        if evidence.injected is not None and found != evidence.injected:
            yield f"found {found}, the world holds {evidence.injected}"


def _true_check(evidence: TurnEvidence) -> Iterator[str]:
    for data in evidence.data("check"):
        gone = evidence.diagnosis.get(data["cause"]) is None
        if data["passed"] is not gone:
            yield f"{data['cause']} is {'gone' if gone else 'still there'}, but passed is {data['passed']}"


def _true_resolution(evidence: TurnEvidence) -> Iterator[str]:
    facts = evidence.diagnosis.facts
    expected = {
        "order": facts.order.id if facts.order else None,
        "bill": facts.bill.id if facts.bill else None,
        "plans": [plan.to_data() for plan in plans_for(facts)],
    }
    for data in evidence.data("resolved"):
        if evidence.diagnosis.blocks:
            yield f"resolved, but there is still {', '.join(found.cause.id for found in evidence.diagnosis.blocks)}"
        if {key: data[key] for key in expected} != expected:
            yield f"resolved with {data}, the state gives {expected}"


def _true_cause(evidence: TurnEvidence) -> Iterator[str]:
    for data in evidence.data("step", "explained", "waiting"):
        refreshing = data["cause"] == NO_CAUSE_FOUND
        if refreshing and evidence.diagnosis.blocks:
            yield f"said that nothing blocks, but there is {', '.join(evidence.diagnosis.cause_ids)}"
        if not refreshing and evidence.diagnosis.get(data["cause"]) is None:
            yield f"{data['type']} is about {data['cause']}, which does not hold"


def _true_subscription(evidence: TurnEvidence) -> Iterator[str]:
    for data in evidence.data("waiting"):
        if data["subscribed"] is not (data["cause"] in evidence.subscribed):
            yield f"subscribed is {data['subscribed']} for {data['cause']}, stored are {sorted(evidence.subscribed)}"


def _true_quote(evidence: TurnEvidence) -> Iterator[str]:
    facts = evidence.diagnosis.facts
    for data in evidence.data("plans"):
        amount = round(data["amount"] * 100)
        priced = [plan.to_data() for plan in (*plans_for(facts), *price_amount(amount, facts.plans))]
        if yuan_number(amount) != data["amount"] or not data["plans"] or any(plan not in priced for plan in data["plans"]):
            yield f"quoted {data}, the plan table gives {priced}"


def _true_handoff(evidence: TurnEvidence) -> Iterator[str]:
    for data in evidence.data("handoff"):
        stored = evidence.handoffs.get(data["handoff_id"])
        if stored is None:
            yield f"no handoff {data['handoff_id']} is stored"
        elif stored != (data["reason"], data["queue"]):
            yield f"said {data}, stored is {stored}"


def _reason_given(evidence: TurnEvidence) -> Iterator[str]:
    for data in evidence.data("handoff"):
        needed = _REASONS.get(data["reason"])
        if needed is None and evidence.record.knowledge.handoffs[data["reason"]].cue is not None:
            yield f"handed over for {data['reason']}, which nobody spoke of"
        elif needed is not None and not needed & evidence.acts:
            yield f"handed over for {data['reason']}, but the customer only did {sorted(evidence.acts)}"


def _few_clarifications(evidence: TurnEvidence) -> Iterator[str]:
    asked = [message for message in evidence.record.history if _asks(message, False)]
    if len(asked) > MOST_CLARIFICATIONS and asked[-1] in evidence.record.replies:
        yield f"asks what is meant, time number {len(asked)}"
    # Which order is meant may have to be asked anew later on, but not for ever until it is answered.
    spoken = [message for message in evidence.record.history if message.role == "bot" and message.data]
    unanswered = len(list(takewhile(lambda message: _asks(message, True), reversed(spoken))))
    if unanswered > MOST_CLARIFICATIONS and spoken[-1] in evidence.record.replies:
        yield f"asks for the order, time number {unanswered} in a row"


def _asks(message: Message, for_order: bool) -> bool:
    if not message.data or message.data["type"] != "clarify":
        return False
    return for_order is any('"order"' in choice["payload"] for choice in message.data["choices"])


def _introduced(evidence: TurnEvidence) -> Iterator[str]:
    history, phrases = evidence.record.history, evidence.record.knowledge.phrases
    first = next((message for message in history if message.role == "bot"), None)
    said = [text for phrase_id in _INTRODUCTIONS for text in phrases.variants[phrase_id]]
    begins = first is not None and first in evidence.record.replies
    if first is not None and begins and not _is_distressed(evidence) and not any(text in first.text for text in said):
        yield f"does not say that it is a robot: {first.text}"


def _is_distressed(evidence: TurnEvidence) -> bool:
    """Whether the customer told of an emergency, or in anger: nobody introduces themselves to whom that happens."""
    alarmed = any(data["reason"] != "requested" for data in evidence.data("handoff"))
    return alarmed or UPSET in evidence.heard or "anger" in evidence.acts


def _nobody_else(evidence: TurnEvidence) -> Iterator[str]:
    for message in evidence.record.replies:
        seen = f"{message.text} {message.buttons} {message.data}"
        yield from (f"{secret} was said: {message.text}" for secret in sorted(evidence.secrets) if secret in seen)


def _masked(evidence: TurnEvidence) -> Iterator[str]:
    yield from (f"the database holds {number}" for number in evidence.numbers if number in evidence.dump)


PROPERTIES: dict[str, Callable[[TurnEvidence], Iterator[str]]] = {
    "true_diagnosis": _true_diagnosis,
    "finds_what_is_there": _finds_what_is_there,
    "true_check": _true_check,
    "true_resolution": _true_resolution,
    "true_cause": _true_cause,
    "true_subscription": _true_subscription,
    "true_quote": _true_quote,
    "true_handoff": _true_handoff,
    "reason_given": _reason_given,
    "few_clarifications": _few_clarifications,
    "introduced": _introduced,
    "nobody_else": _nobody_else,
    "masked": _masked,
    **ANSWERING,
}
"""Every property beside the rules of conversations/rules.py."""
