"""What editors are told about conversation files: each names the published schema, and holds to it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from actions.yaml_source import Source
from conversations.loading import CONVERSATIONS
from conversations.script import SCHEMA_FILE


def follow_the_published_schema(file: Path, root: Path = CONVERSATIONS) -> None:
    """Holds a file below ``root`` against the schema.

    Raises:
        AssertionError: its first line does not name the schema as editors would find it.
        jsonschema.ValidationError: the schema refuses it.
    """
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={'../' * (len(file.relative_to(root).parts) - 1)}schema.json", file
    data = json.loads(json.dumps(Source.read(file).data, default=float))
    jsonschema.validate(data, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
