"""Button payloads: `/intent` or `/intent{"entity": "value"}`, turned into parsed data without Rasa's command parser."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_PAYLOAD = re.compile(r"/([A-Za-z_][A-Za-z0-9_]*)\s*(\{.*\})?", re.DOTALL)


class MalformedPayload(ValueError):
    """A payload that no button of ours should ever have carried."""


@functools.lru_cache(maxsize=1)
def always_accepted() -> Mapping[str, str]:
    """Payload → title of those that need not have been offered: a person is always within reach."""
    text = Path(__file__).with_name("texts.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)["always"])


def parsed(payload: str, title: str) -> dict[str, Any]:
    """What Rasa's NLU would have returned for the customer pressing the button.

    Args:
        payload: as offered.
        title: the button's title, which becomes the text of the customer's message.

    Raises:
        MalformedPayload: not of the form above.
    """
    match = _PAYLOAD.fullmatch(payload.strip())
    if match is None:
        raise MalformedPayload(payload)
    intent, arguments = match.groups()
    try:
        values = json.loads(arguments) if arguments else {}
    except ValueError as error:
        raise MalformedPayload(payload) from error
    name = {"name": intent, "confidence": 1.0}
    return {"text": title, "intent": name, "intent_ranking": [dict(name)], "entities": _entities(values)}


def _entities(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    entities = []
    for entity, value in values.items():
        for single in value if isinstance(value, list) else [value]:
            entities.append({"entity": entity, "value": single, "start": 0, "end": 0, "extractor": "payload"})
    return entities
