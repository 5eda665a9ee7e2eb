"""The chat widget's types of message data, ``bot/widget/data.d.ts``, made from their JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from actions.core.messages import ENDS
from tools.message_schema import TITLE, data_schema

_WORDS = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}


def widget_types() -> str:
    """An interface per model, their union, which ``type`` tells apart, and the types of messages with which a case can end."""
    schema = data_schema()
    interfaces = (_interface(name, each) for name, each in schema["definitions"].items())
    union = "".join(f"\n  | {_type(each)}" for each in schema["anyOf"])
    made = "// Made by `make generate` from actions/core/messages.py; change it there.\n"
    ends = " | ".join(json.dumps(name) for name in sorted(ENDS))
    of_ends = f"/** The types of messages with which a case can come to its end. */\ntype EndType = {ends};\n"
    return "\n".join((made, *interfaces, f"/** {schema['description']} */\ntype {TITLE} ={union};\n", of_ends))


def _interface(name: str, schema: dict[str, Any]) -> str:
    return "\n".join((f"/** {schema['description']} */", f"interface {name} {{", *_properties(schema), "}\n"))


def _properties(schema: dict[str, Any]) -> Iterator[str]:
    for name, each in schema["properties"].items():
        if "description" in each:
            yield f"  /** {each['description']} */"
        yield f"  {name}{'' if name in schema['required'] else '?'}: {_type(each)};"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(json.dumps(each) for each in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_type(schema['items'])}[]"
    # Without a type, a schema takes anything.
    return _WORDS[schema["type"]] if "type" in schema else "unknown"
