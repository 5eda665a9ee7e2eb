"""The training sentences as they stand in ``data/nlu``: one file per intent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Tuple

TRAINING = Path("data/nlu")
HOLDBACK = Path("tests/nlu")
_INTENT = re.compile(r"^\s*- intent:\s*(\S+)\s*$")
_METADATA = re.compile(r"^\s{4}metadata:\s*(\S.*)$")
_EXAMPLE = re.compile(r"^\s{6}- (.*\S)\s*$")


@dataclass(frozen=True)
class Sentence:
    """A training sentence.

    Attributes:
        intent, topic: its label is ``intent/topic``.
        file, line: where it stands.
        said: when it is said, as the metadata of its label has it; empty for at any time.
    """

    text: str
    intent: str
    file: str
    line: int
    topic: str = ""
    said: str = ""


def training_sentences(directory: Path = TRAINING) -> Tuple[Sentence, ...]:
    """All training sentences in the order of files and lines."""
    return tuple(sentence for path in sorted(directory.glob("*.yml")) for sentence in _read(path))


def texts_and_intents(directory: Path = TRAINING) -> Tuple[List[str], List[str]]:
    """Texts and intents side by side."""
    sentences = training_sentences(directory)
    return [s.text for s in sentences], [s.intent for s in sentences]


def _read(path: Path) -> Iterator[Sentence]:
    intent = topic = said = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        header, metadata = _INTENT.match(line), _METADATA.match(line)
        example = _EXAMPLE.match(line)
        if header:
            (intent, _, topic), said = header.group(1).partition("/"), ""
        elif metadata:
            said = metadata.group(1)
        elif example:
            yield Sentence(example.group(1), intent, str(path), number, topic, said)
