"""What a bot message says in machine words: one model per type of ``data``, and nothing else may be sent.

The JSON Schema in ``docs/schemas``, the chat widget's types and the table in ``docs/widget-api.md`` are made from these models. Beside
pydantic's own arguments, a field may be *volatile* (it differs from one playing of a conversation to the next, or only repeats the text)
and *added* (messages stored before it existed lack it).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Union, get_args

from pydantic import BaseModel, Field

from actions.core.causes import CauseKind, FixedBy
from actions.core.fields import Strict
from actions.core.names import SourceName
from actions.core.plans import PricedPlan


def allow_null(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Says which fields may be null; a ``schema_extra`` of a model's configuration."""
    for field in model.__fields__.values():
        described = schema["properties"][field.alias]
        if field.allow_none and described.keys() & {"type", "$ref"}:
            bare = {key: described.pop(key) for key in list(described) if key not in ("title", "description")}
            described["anyOf"] = [bare, {"type": "null"}]


_LEADING = ("instruction", "intro", "short")
"""The fields that hold the beginning of the text."""


def _field(description: str, **marks: Any) -> Any:
    return Field(..., description=description, **marks)


def _volatile(description: str, **marks: Any) -> Any:
    return _field(description, volatile=True, **marks)


def _optional(description: str) -> Any:
    return Field(None, description=description, added=True)


class _Model(Strict):
    class Config:
        @staticmethod
        def schema_extra(schema: dict[str, Any], model: type[_Model]) -> None:
            """Says what is always there: every field, the type among them, but those that came later."""
            schema["required"] = [name for name in model.__fields__ if name not in model.marked("added")]
            for each in schema["properties"].values():
                for mark in ("volatile", "added", "default"):
                    each.pop(mark, None)
            allow_null(schema, model)

    @classmethod
    def marked(cls, mark: str) -> tuple[str, ...]:
        """The fields with a mark, ``volatile`` or ``added``."""
        return tuple(name for name, field in cls.__fields__.items() if field.field_info.extra.get(mark))


class EvidenceData(_Model):
    """A fact that proves a cause."""

    fact: str = _field("dotted path of the fact in a world file")
    value: Any = _field("amounts in yuan, moments as ISO text")
    source: SourceName = _field("where it is read")
    read_at: str = _field("ISO 8601, on the clock of the facts")


class CauseData(_Model):
    """A cause that holds."""

    id: str = _field("its name in machine words")
    kind: CauseKind = _field("whether it takes the option away or only limits it")
    evidence: list[EvidenceData] = _field("may be empty")


class ShownData(_Model):
    """A fact as a list of causes shows it."""

    fact: str = _field("its dotted path, or the name of a computed fact such as `limit.missing`")
    value: Any = _field("as in evidence; never nothing")


class FindingData(_Model):
    """What a list of causes shows of one."""

    cause: str = _field("id of the cause")
    by: FixedBy = _field("who can change something about it now")
    shown: list[ShownData] = _field("what proves it at a glance, at most three; may be empty")


class PlanData(_Model):
    """One tenor with its cost; amounts in yuan."""

    tenor: int = _field("number of periods")
    per_period: float = _field("about what each period costs")
    fee_total: float = _field("0 for a plan without fees")
    total: float = _field("everything to be paid")
    apr: float = _field("nominal annual rate as a ratio: 0.0808 is 8.08 %")


class ChoiceData(_Model):
    """A button; one that stands for an order or a bill says what people know it by."""

    title: str = _field("what the customer reads")
    payload: str = _field("what pressing it sends")
    order: str | None = _optional("the order it stands for")
    bill: str | None = _optional("the bill it stands for")
    item: str | None = _optional("the goods in full, of an order")
    count: int | None = _optional("how many kinds of goods the order holds")
    shop: str | None = _optional("who sells the first of them")
    amount: float | None = _optional("in yuan: what is to be paid, of a bill what it comes to")
    date: str | None = _optional("ISO 8601: when the order was made; of a bill its month, such as 2026-11")
    status: str | None = _optional("where it stands, as in a world file")


class MessageData(_Model):
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
    order: str | None = _field("the order it is about")
    bill: str | None = _field("the bill it is about")
    causes: list[CauseData] = _volatile("empty when nothing blocks or limits the option")
    findings: list[FindingData] = _volatile("for each cause, what a list of them shows", added=True)
    short: str | None = _volatile(
        "the text without what stands beside it: the causes of the list, and that a robot speaks; null if that leaves it as it is",
        added=True,
    )

    def introduced_by(self, line: str, text: str) -> DiagnosisData:
        """The same data; who shows the short text says beside it who speaks."""
        return self.copy(update={"short": self.short or text})


class StepData(MessageData):
    """A step of the customer's."""

    type: Literal["step"] = "step"
    cause: str = _field("id of the cause")
    step: int = _field("its number, from 1", ge=1)
    steps: int = _field("how many the cause has", ge=1)
    path: str | None = _volatile("where in the app, levels joined by →")
    instruction: str = _volatile("what to do, without the number of the step and without the path", added=True)
    link: str | None = _volatile("opens that page: https or a scheme of the app; null where none is known", added=True)


class CheckData(MessageData):
    """A cause was looked at again: after a step, or because what was waited for is over (the recovery notice)."""

    type: Literal["check"] = "check"
    cause: str = _field("id of the cause")
    passed: bool = _field("whether the cause is gone")


class ResolvedData(MessageData):
    """No block is left. Limits are named in the intro, beside the plans."""

    can_end: ClassVar[bool] = True

    type: Literal["resolved"] = "resolved"
    order: str | None = _field("the order it is about")
    bill: str | None = _field("the bill it is about")
    plans: list[PlanData] = _volatile("empty for the account alone")
    intro: str = _volatile("what the text says before the plans", added=True)
    note: str | None = _volatile("what the text says after the plans", added=True)


class ExplainedData(MessageData):
    """The customer cannot fix this cause."""

    can_end: ClassVar[bool] = True

    type: Literal["explained"] = "explained"
    cause: str = _field("id of the cause")
    fixed_by: FixedBy = _field("who can")
    alternatives: list[str] = _field("ids of answers, offered as buttons")
    startable: bool = _field("other causes can be worked on meanwhile: the case goes on", added=True)


class PlansData(MessageData):
    """What an amount would cost."""

    type: Literal["plans"] = "plans"
    amount: float = _field("in yuan")
    plans: list[PlanData] = _volatile("at least one")
    intro: str = _volatile("what the text says before the plans", added=True)
    note: str | None = _volatile("what the text says after the plans", added=True)


class AnswerData(MessageData):
    """An answer from the knowledge."""

    type: Literal["answer"] = "answer"
    topic: str = _field("id of the answer")
    facts: list[EvidenceData] = _volatile("the state it rests on; may be empty", added=True)


class ClarifyData(MessageData):
    """The customer is asked what they meant."""

    type: Literal["clarify"] = "clarify"
    choices: list[ChoiceData] = _volatile("the message's buttons")

    def to_data(self) -> dict[str, Any]:
        """Plain JSON; a choice says only what there is to say of it."""
        return {**super().to_data(), "choices": [each.dict(exclude_none=True) for each in self.choices]}


class WaitingData(MessageData):
    """Only time removes this cause."""

    can_end: ClassVar[bool] = True

    type: Literal["waiting"] = "waiting"
    cause: str = _field("id of the cause")
    subscribed: bool = _field("the customer gets one message when it is over")
    startable: bool = _field("other causes can be worked on meanwhile: the case goes on", added=True)


class HandoffData(MessageData):
    """A person takes over."""

    can_end: ClassVar[bool] = True

    type: Literal["handoff"] = "handoff"
    handoff_id: str = _volatile("the number the customer is told")
    reason: str = _field("why, in machine words")
    queue: str = _field("whose it is, in machine words")


class EndedData(MessageData):
    """The case is over: the customer sees the option, or a person has closed the case."""

    can_end: ClassVar[bool] = True

    type: Literal["ended"] = "ended"
    by: Literal["customer", "person"] = _field("who says so")


class OutOfScopeData(MessageData):
    """The matter is not this assistant's."""

    type: Literal["out_of_scope"] = "out_of_scope"


class PictureData(MessageData):
    """A picture that the customer or a person has sent; the assistant sends none."""

    type: Literal["picture"] = "picture"
    id: str = _volatile("what it is fetched by")
    width: int = _field("in pixels", ge=1)
    height: int = _field("in pixels", ge=1)


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
