"""What a bot message says in machine words: one model per type of ``data``, and nothing else may be sent.

The JSON Schema in ``docs/schemas``, the chat widget's types and the table in ``docs/widget-api.md`` are made from these models.
"""

from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, Tuple, Type, Union, get_args

from pydantic import BaseModel, Extra, Field

from actions.core.causes import FixedBy
from actions.core.plans import PricedPlan

_LEADING = ("instruction", "intro")
"""The fields that hold the beginning of the text."""


def _volatile(description: str) -> Any:
    """A field that differs from one playing of a conversation to the next, or that only repeats the text."""
    return Field(..., description=description, volatile=True)


class _Model(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class EvidenceData(_Model):
    """A fact that proves a cause."""

    fact: str = Field(..., description="dotted path of the fact in a world file")
    value: Any = Field(..., description="amounts in yuan, moments as ISO text")
    source: Literal["account", "order", "bill", "item", "merchant", "policy", "incident"]
    read_at: str = Field(..., description="ISO 8601, on the clock of the facts")


class CauseData(_Model):
    """A cause that holds."""

    id: str
    kind: Literal["block", "limit"]
    evidence: List[EvidenceData]


class PlanData(_Model):
    """One tenor with its cost; amounts in yuan."""

    tenor: int
    per_period: float
    fee_total: float
    total: float
    apr: float = Field(..., description="nominal annual rate as a ratio: 0.0808 is 8.08 %")


class ChoiceData(_Model):
    """A button."""

    title: str
    payload: str


class MessageData(_Model):
    """The data of one message."""

    type: str

    def to_data(self) -> Dict[str, Any]:
        """Plain JSON, as it is sent and stored."""
        return self.dict()

    def led_by(self, line: str) -> MessageData:
        """The same data for a text that begins with one more line; the parts of the text it carries begin with it too."""
        leading = next((name for name in _LEADING if name in self.__fields__), None)
        return self if leading is None else self.copy(update={leading: f"{line}\n{getattr(self, leading)}"})

    @classmethod
    def stable_fields(cls) -> Tuple[str, ...]:
        """The fields that are the same whenever a conversation is played again."""
        volatile = {name for name, field in cls.__fields__.items() if field.field_info.extra.get("volatile")}
        return tuple(name for name in cls.__fields__ if name != "type" and name not in volatile)


class DiagnosisData(MessageData):
    """Every cause of the subject, in the order in which they must be fixed; comes first, also when there is none."""

    type: Literal["diagnosis"] = "diagnosis"
    order: Optional[str]
    bill: Optional[str]
    causes: List[CauseData] = _volatile("empty when nothing blocks or limits the option")


class StepData(MessageData):
    """A step of the customer's."""

    type: Literal["step"] = "step"
    cause: str
    step: int = Field(..., ge=1)
    steps: int = Field(..., ge=1)
    path: Optional[str] = _volatile("where in the app, levels joined by →")
    instruction: str = _volatile("what to do, without the number of the step and without the path")


class CheckData(MessageData):
    """A cause was looked at again; the recovery notice is one with ``passed: true``."""

    type: Literal["check"] = "check"
    cause: str
    passed: bool


class ResolvedData(MessageData):
    """No block is left. Limits are named in the intro, beside the plans."""

    type: Literal["resolved"] = "resolved"
    order: Optional[str]
    bill: Optional[str]
    plans: List[PlanData] = _volatile("empty for the account alone")
    intro: str = _volatile("what the text says before the plans")
    note: Optional[str] = _volatile("what it says after them")


class ExplainedData(MessageData):
    """The customer cannot fix this cause."""

    type: Literal["explained"] = "explained"
    cause: str
    fixed_by: FixedBy
    alternatives: List[str] = Field(..., description="ids of answers, offered as buttons")
    startable: bool = Field(..., description="other causes can be worked on meanwhile: the case goes on")


class PlansData(MessageData):
    """What an amount would cost."""

    type: Literal["plans"] = "plans"
    amount: float
    plans: List[PlanData] = _volatile("at least one")
    intro: str = _volatile("what the text says before the plans")
    note: Optional[str] = _volatile("what it says after them")


class AnswerData(MessageData):
    """An answer from the knowledge."""

    type: Literal["answer"] = "answer"
    topic: str


class ClarifyData(MessageData):
    """The customer is asked what they meant."""

    type: Literal["clarify"] = "clarify"
    choices: List[ChoiceData] = _volatile("the message's buttons")


class WaitingData(MessageData):
    """Only time removes this cause."""

    type: Literal["waiting"] = "waiting"
    cause: str
    subscribed: bool = Field(..., description="the customer gets one message when it is over")
    startable: bool = Field(..., description="other causes can be worked on meanwhile: the case goes on")


class HandoffData(MessageData):
    """A person takes over."""

    type: Literal["handoff"] = "handoff"
    handoff_id: str = _volatile("the number the customer is told")
    reason: str
    queue: str


class OutOfScopeData(MessageData):
    """The matter is not this assistant's."""

    type: Literal["out_of_scope"] = "out_of_scope"


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
    OutOfScopeData,
]

DATA_TYPES: Dict[str, Type[MessageData]] = {model.__fields__["type"].default: model for model in get_args(AnyData)}
"""Every model by its type."""


def read_data(data: Dict[str, Any]) -> MessageData:
    """Sent data as its model.

    Raises:
        ValueError: an unknown type, or fields that do not fit it.
    """
    model = DATA_TYPES.get(str(data.get("type")))
    if model is None:
        raise ValueError(f"no message data has the type {data.get('type')}")
    return model.parse_obj(data)


def plan_data(plans: Tuple[PricedPlan, ...]) -> List[PlanData]:
    """Priced plans in machine words."""
    return [PlanData(**plan.to_data()) for plan in plans]
