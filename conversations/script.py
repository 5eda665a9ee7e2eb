"""The format of conversation tests: Rasa Pro's end-to-end format, and what is said about worlds, time and the database beside it.

This is the only description of the format; ``schema.json``, which editors read, is made from it. docs/conversation-tests.md teaches it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Extra, Field, root_validator

from actions.core.messages import DATA_TYPES

SCHEMA_FILE = Path(__file__).with_name("schema.json")

Fault = Literal["actions_down", "database_down", "slow"]
Way = Literal["process", "http"]
DataType = Literal[(*DATA_TYPES, "text")]  # type: ignore[valid-type]
"""A type of data, or ``text`` for a message without."""
World = list[Literal["demo", "healthy"] | dict[str, Any]]


class Entry(BaseModel):
    """A part of a file; a field it does not know is a mistake."""

    class Config:
        extra = Extra.forbid


class OneOf(Entry):
    """A part of which exactly one field is given."""

    class Config:
        schema_extra = {"minProperties": 1, "maxProperties": 1}

    @root_validator(pre=True)
    def one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Refuses several things in one part."""
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

    world: World | None = Field(
        default=None,
        description="Loaded in this order: demo, healthy, {inject: [cause …]} into the healthy world, {approve: [policy …]} into the register as well, or a patch in the form of a world file.",
    )
    user: str | None = Field(default=None, description="The customer, as in the token.")
    order: str | None = Field(default=None, description="The order the token names; left out: none.")
    now: str | None = Field(default=None, description="The instant at which the clock of the facts stands.")
    faults: list[Fault] = Field(default=[], description="What does not work.")


class Fixture(Given):
    """What test cases share, by name. Any other field is a slot and the value it starts with, as in Rasa."""

    class Config:
        extra = Extra.allow

    @property
    def slots(self) -> dict[str, Any]:
        """The slots it sets."""
        return {name: value for name, value in self.__dict__.items() if name not in Fixture.__fields__}


class Button(Entry):
    """A button; without a payload only its title is compared."""

    title: str
    payload: str | None


class Uttered(Entry):
    """A message that fits everything given here."""

    utter_name: str | None = Field(description="A phrase of knowledge/phrases, or a response of the domain.")
    text_matches: str | None = Field(description="A regular expression found in the text.")
    buttons: list[str | Button] | None = Field(description="All its buttons, in order; a text is a title.")
    restores: bool | None = Field(description="Whether it says whose choices its buttons repeat (choices_of).")


class SlotValue(Entry):
    """A slot, or a part of one after dots; without a value anything but null."""

    name: str
    value: Any = None


class HandedOver(Entry):
    """The handoff that this turn makes or names."""

    reason: str | None = None
    queue: str | None = None
    priority: str | None = None
    same: bool | None = Field(default=None, description="Whether it was named before in this conversation.")
    fields: list[str] = Field(default=[], description="Parts of the payload, after dots, that must be there and not empty.")


class Rows(Entry):
    """Rows of a table; values are compared as text."""

    table: str
    where: dict[str, Any] = {}
    rows: int | None = Field(description="How many; left out: at least one; 0: none.")


class DataFields(Entry):
    """Data of a type, with some of its fields."""

    class Config:
        extra = Extra.allow

    type: DataType

    @root_validator(skip_on_failure=True)
    def fields_of_the_type(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Refuses fields that data of this type does not have."""
        model = DATA_TYPES.get(values["type"])
        odd = sorted(set(values) - set(model.__fields__ if model is not None else ("type",)))
        if odd:
            raise ValueError(f"{values['type']} has no field {', '.join(odd)}")
        return values


class Assertion(OneOf):
    """Something that must hold of the answer."""

    action_executed: str | None
    slot_was_set: list[SlotValue] | None
    slot_was_not_set: list[SlotValue] | None
    bot_uttered: Uttered | None
    bot_did_not_utter: Uttered | None
    diagnosis: list[str | dict[str, dict[str, Any]]] | None = Field(
        description="The causes of the one diagnosis, in order; {cause: {fact: value}} also names evidence."
    )
    data: list[DataType | DataFields] | None = Field(
        description="The data of every message in order: its type, some of its fields, or 'text' for a message without data."
    )
    plans: list[int] | None = Field(description="The tenors offered.")
    handoff: Literal[False] | str | HandedOver | None = Field(description="Its reason, or more about it; false: none.")
    database: list[Rows] | None
    nowhere: list[str] | None = Field(description="Texts that stand nowhere in the database.")
    no_repeat: Literal[True] | None = Field(description="Nothing that was said before in this conversation.")
    silent: Literal[True] | None = Field(description="No answer, because a person has the case.")
    refused: str | None = Field(description="No answer but this problem of bot/channel/problems.yml, and nothing stored.")


class OtherDevice(Entry):
    """What the customer's second device sends while the first one sends the next message."""

    user: str | None
    press: str | None
    refused: str | None

    @root_validator
    def says_something(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Refuses both and neither."""
        if (values.get("user") is None) == (values.get("press") is None):
            raise ValueError("a device sends either user or press")
        return values


class Event(OneOf):
    """What happens between two messages."""

    class Config:
        @staticmethod
        def schema_extra(schema: dict[str, Any], _: Any) -> None:
            """Publishes what the check refuses."""
            schema.update(OneOf.Config.schema_extra)
            # pydantic says nothing of null, and a page of no order is one.
            schema["properties"]["order"]["type"] = ["string", "null"]

    remedy: str | None = Field(description="What removes this cause happens, as in the demo shop's panel.")
    patch: dict[str, Any] | None = Field(description="The world changes; the form of a world file.")
    order: str | None = Field(description="The customer comes back from the page of another order; null: of none.")
    hours: int | None = Field(description="Time passes.")
    minutes: int | None = Field(description="Time passes.")
    restart: Literal[True] | None = Field(description="Everything between the customer and the database starts anew.")
    notices: int | None = Field(
        description="Whoever tells customers something unasked looks, the chat being open; this many messages must come."
    )
    advice: int | None = Field(
        description="By day, the worker looks for what is to come and tells it; this many messages must come. The customer must be none of those who are never told."
    )
    taken: Literal[True] | None = Field(description="A person takes the case that was handed over.")
    closed: Literal[True] | None = Field(description="A person closes it.")
    returned: Literal[True] | None = Field(description="The person gives it back to the assistant.")
    transferred: Literal[True] | None = Field(description="The person gives it to another person.")
    moved: str | None = Field(description="The person moves it to this queue, where the customer waits again.")
    released: Literal[True] | None = Field(description="The person puts it back into its queue.")
    late: Literal[True] | None = Field(description="Nobody has taken the case in time, and the customer is told so.")
    picture: Literal[True] | None = Field(description="The customer sends a picture; what is said to it is the next that is said.")
    faults: list[Fault] | None = Field(description="What does not work from now on; an empty list: everything works.")
    second_device: OtherDevice | None


class Step(Entry):
    """One step: a customer's message, what the bot says to it, a slot, or an event."""

    user: str | None = Field(description="What the customer types.")
    press: str | None = Field(description="The title of a button since the customer's last message; 转人工 always works.")
    resend: Literal[True] | None = Field(description="The client sends the last message again, with the same id.")
    bot: str | None = Field(description="The exact text of a message of this turn.")
    utter: str | None = Field(description="A message of this turn says this phrase or response.")
    slot_was_set: list[str | dict[str, Any]] | None
    slot_was_not_set: list[str | dict[str, Any]] | None
    when: Event | None
    assertions: list[Assertion] = Field(default=[], description="Only for user, press and resend.")
    assertion_order_enabled: bool = Field(False, description="bot_uttered assertions must fit messages in this order.")
    metadata: str | None = Field(description="The name of an entry of the file's metadata.")

    @root_validator(skip_on_failure=True)
    def one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Refuses several things in one part."""
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
    metadata: str | None = Field(description="The name of an entry of the file's metadata.")
    fixtures: list[str] = Field(default=[], description="Names of the file's fixtures, later ones over earlier ones.")
    given: Given = Given()
    over: list[Way] = Field(
        ["process"], min_items=1, description="How it is played: actions in this process, or over HTTP against `baitiao up`."
    )
    max_turns: int | None = Field(description="The conversation comes to an end within this many messages of the customer.")
    no_repeat: bool = Field(False, description="No text is said twice in the whole conversation.")
    examples: list[dict[str, Any]] | None = Field(
        min_items=1, description="A table: the test case is played once per row, with the row's value for every <name> in its texts."
    )
    steps: list[Step] = Field(..., min_items=1)

    @root_validator(skip_on_failure=True)
    def somebody_speaks(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Refuses a test case in which the customer says nothing."""
        steps: list[Step] = values["steps"]
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

    fixtures: list[dict[str, Fixture]] = []
    metadata: list[dict[str, dict[str, Any]]] = Field(
        [], description="Notes on test cases and steps. The widget channel takes none from clients."
    )
    test_cases: list[TestCase] = Field(..., min_items=1)


def schema() -> str:
    """The format as JSON Schema, as it is published for editors."""
    return json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", **File.schema()}, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema(), encoding="utf-8")
