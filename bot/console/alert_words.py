"""What alerts are called on pages: their streams, the places where a trouble sits, and the census's findings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actions.knowledge.model import Knowledge
from actions.yaml_source import Source
from ops.outgoing.news import place_title, stream_title


class AlertWords:
    """The words of ``alerts.yml`` and of the knowledge.

    Args:
        knowledge: titles of causes, reasons and intents.
        names: of merchants and categories, by dimension and id.
    """

    def __init__(self, knowledge: Knowledge, names: Mapping[str, Mapping[str, str]]) -> None:
        self._knowledge = knowledge
        self._names = names
        self._said: Mapping[str, Any] = Source.read(Path(__file__).with_name("alerts.yml")).data

    def called(self, group: str, name: str) -> str:
        """A word of one of the file's groups; what it does not know stays as it is."""
        return str(self._said[group].get(name, name))

    def stream(self, name: str) -> str:
        """What a stream is called."""
        return stream_title(name, self._knowledge)

    def cause(self, name: str) -> str:
        """What a cause is called."""
        cause = self._knowledge.causes.get(name)
        return name if cause is None else cause.title

    def where(self, dim: str, value: str) -> str:
        """Where somebody is, as part of a sentence about the affected."""
        called = self._names.get(dim, {}).get(value) or place_title(dim, value, self._knowledge)
        return str(self._said["where"].get(dim, self._said["other_dim"])).format(dim=dim, value=called)

    def name_of(self, dim: str, value: str) -> str:
        """What a merchant or a category is called."""
        return self._names.get(dim, {}).get(value, value)
