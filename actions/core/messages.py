"""What a bot message says in machine words: one model per type of ``data``, and nothing else may be sent.

The JSON Schema in ``docs/schemas``, the chat widget's types and the table in ``docs/widget-api.md`` are made from these models. Beside
pydantic's own arguments, a field may be *volatile* (it differs from one playing of a conversation to the next, or only repeats the text)
and *added* (messages stored before it existed lack it).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Union, get_args

from actions.core.causes import FixedBy
from actions.core.message_parts import CauseData, ChoiceData, EvidenceData, FindingData, MessagePart, PlanData, described, volatile
from actions.core.plans import PricedPlan

_LEADING = ("instruction", "intro", "short")
"""The fields that hold the beginning of the text."""


class MessageData(MessagePart):
    """The data of one message.

    Attributes:
        can_end: whether a case can come to its end with such a message.
    """

    can_end: ClassVar[bool] = False

    type: str

    def to_data(self) -> dict[str, Any]:
        """Plain JSON, as it is sent and stored."""
        return self.dict()

    def led_by(self, line: str) -> MessageData:
        """The same data for a text that begins with one more line; the parts of the text it carries begin with it too."""
        leading = next((name for name in _LEADING if getattr(self, name, None) is not None), None)
        return self if leading is None else self.copy(update={leading: f"{line}\n{getattr(self, leading)}"})

    def introduced_by(self, line: str, text: str) -> MessageData:
        """The same data for a text before which the assistant says what it is.

        Args:
            text: without that line.
        """
        return self.led_by(line)

    @classmethod
    def stable_fields(cls) -> tuple[str, ...]:
        """The fields that are the same whenever a conversation is played again."""
        volatile = cls.marked("volatile")
        return tuple(name for name in cls.__fields__ if name != "type" and name not in volatile)


class DiagnosisData(MessageData):
    """Every cause of the subject, in the order in which they must be fixed; comes first, also when there is none."""

    type: Literal["diagnosis"] = "diagnosis"
    order: str | None = described("the order it is about")
    bill: str | None = described("the bill it is about")
    causes: list[CauseData] = volatile("empty when nothing blocks or limits the option")
    findings: list[FindingData] = volatile("for each cause, what a list of them shows", added=True)
    short: str | None = volatile(
        "the text without what stands beside it: of several causes it only tells how many and which, and not that a robot speaks; null if it is the same",
        added=True,
    )

    def introduced_by(self, line: str, text: str) -> DiagnosisData:
        """The same data; who shows the short text says beside it who speaks."""
        return self.copy(update={"short": self.short or text})


class StepData(MessageData):
    """A step of the customer's."""

    type: Literal["step"] = "step"
    cause: str = described("id of the cause")
    step: int = described("its number, from 1", ge=1)
    steps: int = described("how many the cause has", ge=1)
    path: str | None = volatile("where in the app, levels joined by →")
    instruction: str = volatile("what to do, without the number of the step and without the path", added=True)
    link: str | None = volatile("opens that page: https or a scheme of the app; null where none is known", added=True)


class CheckData(MessageData):
    """A cause was looked at again: after a step, or because what was waited for is over (the recovery notice)."""

    type: Literal["check"] = "check"
    cause: str = described("id of the cause")
    passed: bool = described("whether the cause is gone")
    blocked: bool = volatile("whether something still stands in the way: a cause that blocks, or an order that has expired", added=True)


class ResolvedData(MessageData):
    """No block is left. Limits are named in the intro, beside the plans."""

    can_end: ClassVar[bool] = True

    type: Literal["resolved"] = "resolved"
    order: str | None = described("the order it is about")
    bill: str | None = described("the bill it is about")
    plans: list[PlanData] = volatile("empty for the account alone")
    intro: str = volatile("what the text says before the plans", added=True)
    note: str | None = volatile("what the text says after the plans", added=True)


class ExplainedData(MessageData):
    """The customer cannot fix this cause."""

    can_end: ClassVar[bool] = True

    type: Literal["explained"] = "explained"
    cause: str = described("id of the cause")
    fixed_by: FixedBy = described("who can")
    alternatives: list[str] = described("ids of answers, offered as buttons")
    startable: bool = described("other causes can be worked on meanwhile: the case goes on", added=True)


class PlansData(MessageData):
    """What an amount would cost."""

    type: Literal["plans"] = "plans"
    amount: float = described("in yuan")
    plans: list[PlanData] = volatile("at least one")
    intro: str = volatile("what the text says before the plans", added=True)
    note: str | None = volatile("what the text says after the plans", added=True)


class AnswerData(MessageData):
    """An answer from the knowledge."""

    type: Literal["answer"] = "answer"
    topic: str = described("id of the answer")
    facts: list[EvidenceData] = volatile("the state it rests on; may be empty", added=True)


class ClarifyData(MessageData):
    """The customer is asked what they meant."""

    type: Literal["clarify"] = "clarify"
    choices: list[ChoiceData] = volatile("the message's buttons")

    def to_data(self) -> dict[str, Any]:
        """Plain JSON; a choice says only what there is to say of it."""
        return {**super().to_data(), "choices": [each.dict(exclude_none=True) for each in self.choices]}


class WaitingData(MessageData):
    """Only time removes this cause."""

    can_end: ClassVar[bool] = True

    type: Literal["waiting"] = "waiting"
    cause: str = described("id of the cause")
    subscribed: bool = described("the customer gets one message when it is over")
    startable: bool = described("other causes can be worked on meanwhile: the case goes on", added=True)


class HandoffData(MessageData):
    """A person takes over."""

    can_end: ClassVar[bool] = True

    type: Literal["handoff"] = "handoff"
    handoff_id: str = volatile("the number the customer is told")
    reason: str = described("why, in machine words")
    queue: str = described("whose it is, in machine words")


class EndedData(MessageData):
    """The case is over: the customer sees the option, or a person has closed the case."""

    can_end: ClassVar[bool] = True

    type: Literal["ended"] = "ended"
    by: Literal["customer", "person"] = described("who says so")


class OutOfScopeData(MessageData):
    """The matter is not this assistant's."""

    type: Literal["out_of_scope"] = "out_of_scope"


class AdviceData(MessageData):
    """What the calendar alone brings to the customer, or ends, of which they wanted to be told before; comes unasked."""

    type: Literal["advice"] = "advice"
    cause: str = described("id of the cause that will begin, or end")
    order: str | None = described("the order it is about")
    bill: str | None = described("the bill it is about")
    on: str = described("the first day that begins with it, or without it")
    topic: str = described("what the customer has said yes to")


class PictureData(MessageData):
    """A picture that the customer or a person has sent; the assistant sends none."""

    type: Literal["picture"] = "picture"
    id: str = volatile("what it is fetched by")
    width: int = described("in pixels", ge=1)
    height: int = described("in pixels", ge=1)


AnyData = Union[
    DiagnosisData,
    StepData,
    CheckData,
    ResolvedData,
    ExplainedData,
    PlansData,
    AnswerData,
    ClarifyData,
    WaitingData,
    HandoffData,
    EndedData,
    OutOfScopeData,
    AdviceData,
    PictureData,
]

DATA_TYPES: dict[str, type[MessageData]] = {model.__fields__["type"].default: model for model in get_args(AnyData)}
"""Every model by its type."""

ENDS = frozenset(name for name, model in DATA_TYPES.items() if model.can_end)
"""The types of messages with which a case can come to its end."""


def stable_part(data: Mapping[str, Any]) -> dict[str, Any]:
    """Of sent data, the type and what is the same whenever the conversation is played again; what is null is left out."""
    model = DATA_TYPES.get(data["type"])
    fields = model.stable_fields() if model is not None else ()
    return {name: data[name] for name in ("type", *fields) if data.get(name) is not None}


def plan_data(plans: tuple[PricedPlan, ...]) -> list[PlanData]:
    """Priced plans in machine words."""
    return [PlanData(**plan.to_data()) for plan in plans]
