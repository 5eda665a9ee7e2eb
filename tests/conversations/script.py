"""The format of conversation tests: Rasa Pro's end-to-end format, and what is said about worlds, time and the database beside it.

This is the only description of the format; ``schema.json``, which editors read, is made from it. docs/conversation-tests.md teaches it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Literal, Optional, Union

from pydantic import BaseModel, Extra, Field, root_validator

from actions.core.messages import DATA_TYPES

SCHEMA_FILE = Path(__file__).with_name("schema.json")

Fault = Literal["actions_down", "database_down", "slow"]
Way = Literal["process", "http"]
DataType = Literal[(*DATA_TYPES, "text")]  # type: ignore[valid-type]
"""A type of data, or ``text`` for a message without."""
World = List[Union[Literal["demo", "healthy"], Dict[str, Any]]]


class Entry(BaseModel):
    """A part of a file; a field it does not know is a mistake."""

    class Config:
        extra = Extra.forbid


class OneOf(Entry):
    """A part of which exactly one field is given."""

    class Config:
        schema_extra = {"minProperties": 1, "maxProperties": 1}

    @root_validator(pre=True)
    def one_thing(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        given = [name for name in values if name in cls.__fields__]
        if len(given) != 1 and len(given) == len(values):
            raise ValueError(f"one thing at a time, not {', '.join(given) or 'nothing'}")
        return values

    @property
    def kind(self) -> str:
        """Which field is given."""
        return next(iter(self.__fields_set__))

    @property
    def value(self) -> Any:
        """The field's value."""
        return getattr(self, self.kind)


class Given(Entry):
    """What is so before anybody speaks."""

    world: Optional[World] = Field(
        description="Loaded in this order: demo, healthy, {inject: [cause …]} into the healthy world, or a patch in the form of a world file."
    )
    user: Optional[str] = Field(description="The customer, as in the token.")
    order: Optional[str] = Field(description="The order the token names; left out: none.")
    now: Optional[str] = Field(description="The instant at which the clock of the facts stands.")
    faults: List[Fault] = Field([], description="What does not work.")


class Fixture(Given):
    """What test cases share, by name. Any other field is a slot and the value it starts with, as in Rasa."""

    class Config:
        extra = Extra.allow

    @property
    def slots(self) -> Dict[str, Any]:
        """The slots it sets."""
        return {name: value for name, value in self.__dict__.items() if name not in Fixture.__fields__}


class Button(Entry):
    """A button; without a payload only its title is compared."""

    title: str
    payload: Optional[str]


class Uttered(Entry):
    """A message that fits everything given here."""

    utter_name: Optional[str] = Field(description="A phrase of knowledge/phrases, or a response of the domain.")
    text_matches: Optional[str] = Field(description="A regular expression found in the text.")
    buttons: Optional[List[Union[str, Button]]] = Field(description="All its buttons, in order; a text is a title.")
    restores: Optional[bool] = Field(description="Whether it says whose choices its buttons repeat (choices_of).")


class SlotValue(Entry):
    """A slot, or a part of one after dots; without a value anything but null."""

    name: str
    value: Any


class HandedOver(Entry):
    """The handoff that this turn makes or names."""

    reason: Optional[str]
    queue: Optional[str]
    priority: Optional[str]
    same: Optional[bool] = Field(description="Whether it was named before in this conversation.")
    fields: List[str] = Field([], description="Parts of the payload, after dots, that must be there and not empty.")


class Rows(Entry):
    """Rows of a table; values are compared as text."""

    table: str
    where: Dict[str, Any] = {}
    rows: Optional[int] = Field(description="How many; left out: at least one; 0: none.")


class DataFields(Entry):
    """Data of a type, with some of its fields."""

    class Config:
        extra = Extra.allow

    type: DataType

    @root_validator(skip_on_failure=True)
    def fields_of_the_type(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        model = DATA_TYPES.get(values["type"])
        odd = sorted(set(values) - set(model.__fields__ if model is not None else ("type",)))
        if odd:
            raise ValueError(f"{values['type']} has no field {', '.join(odd)}")
        return values


class Assertion(OneOf):
    """Something that must hold of the answer."""

    action_executed: Optional[str]
    slot_was_set: Optional[List[SlotValue]]
    slot_was_not_set: Optional[List[SlotValue]]
    bot_uttered: Optional[Uttered]
    bot_did_not_utter: Optional[Uttered]
    diagnosis: Optional[List[Union[str, Dict[str, Dict[str, Any]]]]] = Field(
        description="The causes of the one diagnosis, in order; {cause: {fact: value}} also names evidence."
    )
    data: Optional[List[Union[DataType, DataFields]]] = Field(
        description="The data of every message in order: its type, some of its fields, or 'text' for a message without data."
    )
    plans: Optional[List[int]] = Field(description="The tenors offered.")
    handoff: Union[Literal[False], str, HandedOver, None] = Field(description="Its reason, or more about it; false: none.")
    database: Optional[List[Rows]]
    nowhere: Optional[List[str]] = Field(description="Texts that stand nowhere in the database.")
    no_repeat: Optional[Literal[True]] = Field(description="Nothing that was said before in this conversation.")
    silent: Optional[Literal[True]] = Field(description="No answer, because a person has the case.")
    refused: Optional[str] = Field(description="No answer but this problem of bot/channel/problems.yml, and nothing stored.")


class OtherDevice(Entry):
    """What the customer's second device sends while the first one sends the next message."""

    user: Optional[str]
    press: Optional[str]
    refused: Optional[str]

    @root_validator
    def says_something(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        if (values.get("user") is None) == (values.get("press") is None):
            raise ValueError("a device sends either user or press")
        return values


class Event(OneOf):
    """What happens between two messages."""

    class Config:
        @staticmethod
        def schema_extra(schema: Dict[str, Any], _: Any) -> None:
            schema.update(OneOf.Config.schema_extra)
            # pydantic says nothing of null, and a page of no order is one.
            schema["properties"]["order"]["type"] = ["string", "null"]

    remedy: Optional[str] = Field(description="What removes this cause happens, as in the demo shop's panel.")
    patch: Optional[Dict[str, Any]] = Field(description="The world changes; the form of a world file.")
    order: Optional[str] = Field(description="The customer comes back from the page of another order; null: of none.")
    hours: Optional[int] = Field(description="Time passes.")
    minutes: Optional[int] = Field(description="Time passes.")
    restart: Optional[Literal[True]] = Field(description="Everything between the customer and the database starts anew.")
    notices: Optional[int] = Field(description="The recovery watcher looks; this many messages must come.")
    taken: Optional[Literal[True]] = Field(description="A person takes the case that was handed over.")
    closed: Optional[Literal[True]] = Field(description="A person closes it.")
    returned: Optional[Literal[True]] = Field(description="The person gives it back to the assistant.")
    late: Optional[Literal[True]] = Field(description="Nobody has taken the case in time, and the customer is told so.")
    faults: Optional[List[Fault]] = Field(description="What does not work from now on; an empty list: everything works.")
    second_device: Optional[OtherDevice]


class Step(Entry):
    """One step: a customer's message, what the bot says to it, a slot, or an event."""

    user: Optional[str] = Field(description="What the customer types.")
    press: Optional[str] = Field(description="The title of a button since the customer's last message; 转人工 always works.")
    resend: Optional[Literal[True]] = Field(description="The client sends the last message again, with the same id.")
    bot: Optional[str] = Field(description="The exact text of a message of this turn.")
    utter: Optional[str] = Field(description="A message of this turn says this phrase or response.")
    slot_was_set: Optional[List[Union[str, Dict[str, Any]]]]
    slot_was_not_set: Optional[List[Union[str, Dict[str, Any]]]]
    when: Optional[Event]
    assertions: List[Assertion] = Field([], description="Only for user, press and resend.")
    assertion_order_enabled: bool = Field(False, description="bot_uttered assertions must fit messages in this order.")
    metadata: Optional[str] = Field(description="The name of an entry of the file's metadata.")

    @root_validator(skip_on_failure=True)
    def one_thing(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        given = [name for name in (*SAID, *SEEN, "when") if values.get(name) is not None]
        if len(given) != 1:
            raise ValueError(f"a step is one of {', '.join((*SAID, *SEEN, 'when'))}, not {', '.join(given) or 'nothing'}")
        if values["assertions"] and given[0] not in SAID:
            raise ValueError(f"assertions belong to {', '.join(SAID)}, not to {given[0]}")
        return values

    @property
    def is_said(self) -> bool:
        """Whether the customer sends something."""
        return any(getattr(self, name) is not None for name in SAID)


SAID = ("user", "press", "resend")
SEEN = ("bot", "utter", "slot_was_set", "slot_was_not_set")


class TestCase(Entry):
    """One conversation."""

    test_case: str = Field(description="What it shows, in words; unique in its file.")
    metadata: Optional[str] = Field(description="The name of an entry of the file's metadata.")
    fixtures: List[str] = Field([], description="Names of the file's fixtures, later ones over earlier ones.")
    given: Given = Given()
    over: List[Way] = Field(
        ["process"], min_items=1, description="How it is played: actions in this process, or over HTTP against `baitiao up`."
    )
    max_turns: Optional[int] = Field(description="The conversation comes to an end within this many messages of the customer.")
    no_repeat: bool = Field(False, description="No text is said twice in the whole conversation.")
    steps: List[Step] = Field(..., min_items=1)

    @root_validator(skip_on_failure=True)
    def somebody_speaks(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        steps: List[Step] = values["steps"]
        if not any(step.is_said for step in steps):
            raise ValueError("nobody says anything")
        if "http" in values["over"]:
            events = {step.when.kind for step in steps if step.when is not None}
            local = sorted(events & {"restart", "faults", "second_device"}) + (["given.faults"] if values["given"].faults else [])
            if local:
                raise ValueError(f"{', '.join(local)} cannot be played over http")
        return values


class File(Entry):
    """A file of conversation tests."""

    class Config:
        title = "Conversation tests"

    fixtures: List[Dict[str, Fixture]] = []
    metadata: List[Dict[str, Dict[str, Any]]] = Field(
        [], description="Notes on test cases and steps. The widget channel takes none from clients."
    )
    test_cases: List[TestCase] = Field(..., min_items=1)


def schema() -> str:
    """The format as JSON Schema, as it is published for editors."""
    return json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", **File.schema()}, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema(), encoding="utf-8")
