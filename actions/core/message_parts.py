"""The parts of what messages say in machine words: the kinds of fields, and what several types of data hold."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from actions.core.causes import CauseKind, FixedBy
from actions.core.fields import Strict
from actions.core.names import SourceName


def allow_null(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Says which fields may be null; a ``schema_extra`` of a model's configuration."""
    for field in model.__fields__.values():
        words = schema["properties"][field.alias]
        if field.allow_none and words.keys() & {"type", "$ref"}:
            bare = {key: words.pop(key) for key in list(words) if key not in ("title", "description")}
            words["anyOf"] = [bare, {"type": "null"}]


def described(description: str, **marks: Any) -> Any:
    """A field that every message of its type has."""
    return Field(..., description=description, **marks)


def volatile(description: str, **marks: Any) -> Any:
    """A field that differs from one playing of a conversation to the next, or only repeats the text."""
    return described(description, volatile=True, **marks)


def added(description: str) -> Any:
    """A field that messages stored before it existed lack."""
    return Field(None, description=description, added=True)


class MessagePart(Strict):
    """Something that a message says in machine words."""

    class Config:
        @staticmethod
        def schema_extra(schema: dict[str, Any], model: type[MessagePart]) -> None:
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


class EvidenceData(MessagePart):
    """A fact that proves a cause."""

    fact: str = described("dotted path of the fact in a world file")
    value: Any = described("amounts in yuan, moments as ISO text")
    source: SourceName = described("where it is read")
    read_at: str = described("ISO 8601, on the clock of the facts")


class CauseData(MessagePart):
    """A cause that holds."""

    id: str = described("its name in machine words")
    kind: CauseKind = described("whether it takes the option away or only limits it")
    evidence: list[EvidenceData] = described("may be empty")


class ShownData(MessagePart):
    """A fact as a list of causes shows it."""

    fact: str = described("its dotted path, or the name of a computed fact such as `limit.missing`")
    value: Any = described("as in evidence; never nothing")


class FindingData(MessagePart):
    """What a list of causes shows of one."""

    cause: str = described("id of the cause")
    by: FixedBy = described("who can change something about it now")
    shown: list[ShownData] = described("what proves it at a glance, at most three; may be empty")


class PlanData(MessagePart):
    """One tenor with its cost; amounts in yuan."""

    tenor: int = described("number of periods")
    per_period: float = described("about what each period costs")
    fee_total: float = described("0 for a plan without fees")
    total: float = described("everything to be paid")
    apr: float = described("nominal annual rate as a ratio: 0.0808 is 8.08 %")


class ChoiceData(MessagePart):
    """A button; one that stands for an order or a bill says what people know it by."""

    title: str = described("what the customer reads")
    payload: str = described("what pressing it sends")
    order: str | None = added("the order it stands for")
    bill: str | None = added("the bill it stands for")
    item: str | None = added("the goods in full, of an order")
    count: int | None = added("how many kinds of goods the order holds")
    shop: str | None = added("who sells the first of them")
    amount: float | None = added("in yuan: what is to be paid, of a bill what it comes to")
    date: str | None = added("ISO 8601: when the order was made; of a bill its month, such as 2026-11")
    status: str | None = added("where it stands, as in a world file")
