"""The JSON Schema of message data, ``docs/schemas/message-data.json``."""

from __future__ import annotations

import json
from typing import Any

from pydantic.tools import schema_of

from actions.core.messages import AnyData

TITLE = "MessageData"


def data_schema() -> dict[str, Any]:
    """Every type of ``data``, as a choice between them."""
    schema = schema_of(AnyData, title=TITLE)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "description": "The data of a message.", **schema}


def message_schema() -> str:
    """The published schema."""
    return json.dumps(data_schema(), ensure_ascii=False, indent=2) + "\n"
