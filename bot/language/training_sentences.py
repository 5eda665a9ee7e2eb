"""The training sentences as they stand in ``data/nlu``: one file per intent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from actions.knowledge.intents import load_intents
from actions.knowledge.loading import DEFAULT_ROOT

TRAINING = Path("data/nlu")
HOLDBACK = Path("tests/nlu")
ASKS = "asks"
"""Key of a training sentence's metadata: the sub-question of its topic, or of the case, that it asks."""
_INTENT = re.compile(r"^\s*- intent:\s*(\S+)\s*$")
_METADATA = re.compile(r"^\s{4}metadata:\s*(\S.*)$")
_FIELD = re.compile(r"(\w+):\s*(\w+)")
_EXAMPLE = re.compile(r"^\s{6}- (.*\S)\s*$")


@dataclass(frozen=True)
class Sentence:
    """A training sentence.

    Attributes:
        intent, topic: its label is ``intent/topic``.
        file, line: where it stands.
        said: when it is said, as the metadata of its label has it, by key; empty for at any time.
        asks: the sub-question of its topic, or of the case, that it asks; empty for the topic itself.
    """

    text: str
    intent: str
    file: str
    line: int
    topic: str = ""
    said: tuple[tuple[str, str], ...] = ()
    asks: str = ""


def training_sentences(directory: Path = TRAINING) -> tuple[Sentence, ...]:
    """All training sentences in the order of files and lines."""
    return tuple(sentence for path in sorted(directory.glob("*.yml")) for sentence in read_sentences(path))


def read_sentences(path: Path) -> Iterator[Sentence]:
    """The training sentences of one file, in the order of its lines."""
    intent = topic = asks = ""
    said: tuple[tuple[str, str], ...] = ()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        header, metadata = _INTENT.match(line), _METADATA.match(line)
        example = _EXAMPLE.match(line)
        if header:
            (intent, _, topic), said, asks = header.group(1).partition("/"), (), ""
        elif metadata:
            fields = dict(_FIELD.findall(metadata.group(1)))
            asks = fields.pop(ASKS, "")
            said = tuple(fields.items())
        elif example:
            yield Sentence(example.group(1), intent, str(path), number, topic, said, asks)


_TRAINED = {name: meaning for name, meaning in load_intents(DEFAULT_ROOT / "intents.yml").items() if meaning.trained}


def _of(*kinds: str) -> tuple[str, ...]:
    return tuple(name for name, meaning in _TRAINED.items() if meaning.kind in kinds)


COMPLAINTS = _of("complaint")
"""Lead to a diagnosis."""
QUESTIONS = _of("question")
"""Lead to an answer."""
DIALOGUE_ACTS = _of("act", "alarm")
"""Are about the talk itself, or go to a person at once."""
INTENTS = tuple(_TRAINED)
"""Everything a text can be taken for."""

OUT_OF_SCOPE = "out_of_scope"
REQUEST_HUMAN = "request_human"
ABOUT_CASE = "about_case"
