"""Why a case goes to a person: one entry per reason with everything about it, read from ``handoffs.yml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, get_args

from pydantic import BaseModel, Extra, StrictStr, validator

from actions.core.causes import Queue
from actions.core.handoff import GivenReason, Priority
from actions.knowledge.checking import Forbidden
from actions.knowledge.intents import IntentMeaning
from actions.knowledge.rendering import Locale
from actions.knowledge.phrases import unknown_placeholders
from actions.knowledge.refusals import read_entries
from actions.knowledge.rendering import fill_all
from actions.knowledge.texts import bad_braces, literal_numbers
from actions.yaml_source import Problem, Source

_TOLD = ("number",)
"""The placeholders of the sentence a customer is told: the handoff's number."""


class _Part(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class ReasonForAgents(_Part):
    """What a reason means to the person who takes over.

    Attributes:
        asked_for: what the customer wants, to follow the word customer.
        questions: what is still to be found out.
        action: what to do next; without one the first cause decides.
    """

    title: StrictStr
    asked_for: StrictStr
    questions: tuple[StrictStr, ...] = ()
    action: StrictStr | None = None


class HandoffReason(_Part):
    """A reason.

    Attributes:
        queue, priority: to whom it goes.
        cue: an entity that hands over at once, whatever the intent.
        intent: an intent that does so too; ``unless``: an entity beside which it does not.
        overruled: whether neither of them counts in a message that is surely about a matter which is no emergency.
        when_open: what such an alarm does while a handoff is open: ``leave`` (nothing), ``name`` that handoff, or ``say`` the sentence again.
        ends_when_solved: whether nobody needs to come any more once the case has solved itself.
        said: what the customer is told, with ``{number}``.
        examples: what customers say, for reasons with a cue.
    """

    queue: Queue
    priority: Priority
    cue: StrictStr | None = None
    intent: StrictStr | None = None
    unless: StrictStr | None = None
    overruled: bool = False
    when_open: Literal["leave", "name", "say"] = "leave"
    ends_when_solved: bool = False
    said: tuple[StrictStr, ...]
    agents: ReasonForAgents
    examples: tuple[StrictStr, ...] = ()

    @validator("said")
    def _says_something(cls, said: tuple[str, ...]) -> tuple[str, ...]:
        if not said:
            raise ValueError("needs at least one")
        return said

    def texts(self, number: str, locale: Locale) -> tuple[str, ...]:
        """What the customer is told, with the number of the handoff."""
        return tuple(fill_all(text, _TOLD, {"number": number}, locale) for text in self.said)


def read_handoffs(
    sources: Sequence[Source], intents: Mapping[str, IntentMeaning], cues: Sequence[str], forbidden: Forbidden, problems: list[Problem]
) -> dict[str, HandoffReason]:
    """Reads the reasons; what is wrong is added to ``problems``.

    Args:
        intents: the known intents.
        cues: the cues of the glossary.
    """
    reasons: dict[str, HandoffReason] = {}
    for source in sources:
        for name, reason in read_entries(source, HandoffReason, problems).items():
            reasons[name] = reason
            for field, cue in (("cue", reason.cue), ("unless", reason.unless)):
                if cue is not None and cue not in cues:
                    problems.append(source.problem((name, field), f"unknown cue {cue}"))
            if reason.intent is not None and reason.intent not in intents:
                problems.append(source.problem((name, "intent"), f"unknown intent {reason.intent}"))
            if reason.unless is not None and reason.intent is None:
                problems.append(source.problem((name, "unless"), "unless needs an intent beside which it stands"))
            if bool(reason.cue) != bool(reason.examples):
                problems.append(source.problem((name,), "cue and examples belong together: each example is played as a test"))
            for index, text in enumerate(reason.said):
                wrong = [*bad_braces(text), *unknown_placeholders(text, _TOLD), *literal_numbers(text), *forbidden.found_in(text)]
                problems.extend(source.problem((name, "said", index), f"said: {each}") for each in wrong)
        problems.extend(source.problem((), f"{name} is missing") for name in get_args(GivenReason) if name not in reasons)
        problems.extend(_of_alarms(source, reasons, intents))
    return reasons


def _of_alarms(source: Source, reasons: Mapping[str, HandoffReason], intents: Mapping[str, IntentMeaning]) -> Iterator[Problem]:
    given = Counter(reason.intent for reason in reasons.values() if reason.intent is not None)
    for name, meaning in intents.items():
        if meaning.kind == "alarm" and given[name] != 1:
            yield source.problem((), f"the alarm {name} needs exactly one reason, not {given[name]}")
        elif meaning.kind != "alarm" and given[name]:
            yield source.problem((), f"{name} hands over at once, but is no alarm in intents.yml")
