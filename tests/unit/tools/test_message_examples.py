"""The examples of messages are what the assistant says, and what their models and the published schema allow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from actions.core.messages import DATA_TYPES, ENDS, stable_part
from conversations.application import composed
from conversations.message_data import read_new
from tests.databases import migrated
from tests.unit.handoff.conftest import WORLD, House
from tools.generate import ROOT
from tools.message_examples import example_of, read_examples

EXAMPLES = read_examples()
WITH_DATA = {name: example for name, example in EXAMPLES.items() if "data" in example}
SCHEMA = json.loads((ROOT / "docs/schemas/message-data.json").read_text(encoding="utf-8"))
SAID: dict[str, tuple[str, str, dict[str, Any]]] = {
    "diagnosis": ("2001", "installment_missing", {}),
    "step": ("2001", "installment_missing", {}),
    "limited": ("2005", "installment_missing", {}),
    "plans": ("1060", "plan_quote", {"entities": {"amount": ("5000",), "tenor": ("12",)}}),
    "answer": ("1060", "faq_fee", {"text": "分期怎么收费"}),
    "clarify": ("1060", "nlu_fallback", {}),
    "explained": ("1048", "installment_missing", {}),
    "out_of_scope": ("1060", "out_of_scope", {"text": "帮我订机票"}),
}
"""Example → customer and order, intent, and more about the turn that is answered with it."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Any:
    database = migrated(f"sqlite:///{tmp_path_factory.mktemp('examples')}/demo.db", WORLD)
    yield House(composed(database))
    database.close()


@pytest.mark.parametrize("name", SAID)
def test_an_example_says_what_the_assistant_says_whatever_the_wording(name: str, house: House) -> None:
    number, intent, more = SAID[name]
    response = house.turn(f"u-{number}", intent, order=f"o-{number}", **more)
    said = [reply.data.to_data() for reply in response.replies if reply.data]
    data = EXAMPLES[name]["data"]
    assert stable_part(data) in [stable_part(each) for each in said]
    assert data.keys() in [each.keys() for each in said]


@pytest.mark.parametrize("name", WITH_DATA)
def test_the_data_of_an_example_is_that_of_its_model_and_fits_the_published_schema(name: str) -> None:
    data = WITH_DATA[name]["data"]
    assert read_new(data).to_data() == data
    jsonschema.validate(data, SCHEMA)


@pytest.mark.parametrize("name", WITH_DATA)
def test_the_parts_of_a_text_are_parts_of_it(name: str) -> None:
    text, data = WITH_DATA[name]["text"], WITH_DATA[name]["data"]
    assert text.startswith(data.get("intro", "")) and text.endswith(data.get("note") or "")
    assert data.get("instruction", "") in text and (data.get("path") or "") in text


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_every_type_of_data_has_an_example_and_says_what_its_fields_mean(data_type: str) -> None:
    assert read_new(example_of(data_type)).type == data_type
    model = DATA_TYPES[data_type]
    assert model.__doc__
    assert [name for name, field in model.__fields__.items() if name != "type" and not field.field_info.description] == []


def test_a_type_without_an_example_is_named() -> None:
    with pytest.raises(LookupError, match="docs/examples/messages.yml needs an example of song"):
        example_of("song")


@pytest.mark.broad
@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_the_published_schema_allows_what_was_stored_before_a_field_was_added_and_nothing_else(data_type: str) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    data, added = example_of(data_type), DATA_TYPES[data_type].marked("added")
    jsonschema.validate({name: value for name, value in data.items() if name not in added}, SCHEMA)
    for broken in ({**data, "more": 1}, {**data, "type": "song"}, *({**data, name: {}} for name in data)):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)
    for name in data.keys() - set(added):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({key: value for key, value in data.items() if key != name}, SCHEMA)


@pytest.mark.parametrize("data_type", [name for name in DATA_TYPES if DATA_TYPES[name].marked("added")])
def test_a_new_message_has_the_fields_that_old_ones_lack(data_type: str) -> None:
    data = example_of(data_type)
    for added in DATA_TYPES[data_type].marked("added"):
        with pytest.raises(ValueError, match=added):
            read_new({name: value for name, value in data.items() if name != added})


def test_the_widgets_types_say_what_may_be_null_or_absent() -> None:
    types = Path(ROOT / "bot/widget/data.d.ts").read_text(encoding="utf-8")
    assert "  instruction?: string;" in types and "  path: string | null;" in types and "  note?: string | null;" in types
    assert [name for name in DATA_TYPES if f'  type: "{name}";' not in types] == []


def test_what_is_stable_of_data_is_neither_null_nor_wording() -> None:
    assert stable_part(example_of("step")) == {"type": "step", "cause": "overdue", "step": 1, "steps": 2}
    assert stable_part(example_of("resolved")) == {"type": "resolved", "order": "o-1013"}
    assert stable_part({"type": "text"}) == {"type": "text"}


def test_the_ends_of_a_case_are_those_that_can_be_rated() -> None:
    (stated,) = [line for line in (ROOT / "docs/widget-api.md").read_text(encoding="utf-8").splitlines() if "that ended it:" in line]
    assert {name for name in DATA_TYPES if f"`{name}`" in stated} == ENDS
