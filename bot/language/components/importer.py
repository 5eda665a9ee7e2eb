"""Rasa importer: reads the training sentences as lines, and tells them apart without writing out all that the pipeline makes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.training_sentences import ASKS, Sentence, read_sentences

_SAID = (TEXT, INTENT, INTENT_RESPONSE_KEY, METADATA)


class SentenceImporter(RasaFileImporter):
    """Rasa's importer of files, but for the sentences: with tens of thousands of them, what it does for each costs more than the nets."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The training sentences, each as the message that Rasa's own reader makes of it."""
        return TrainingData(list(messages_of(sentence for file in sorted(self._nlu_files) for sentence in read_sentences(Path(file)))))


def messages_of(sentences: Iterable[Sentence]) -> Iterator[SentenceMessage]:
    """Sentences as Rasa's messages."""
    for sentence in sentences:
        label = f"{sentence.intent}/{sentence.topic}" if sentence.topic else sentence.intent
        metadata = {**dict(sentence.said), **({ASKS: sentence.asks} if sentence.asks else {})}
        yield SentenceMessage.build(sentence.text, label, intent_metadata=metadata or None)


class SentenceMessage(Message):
    """A training sentence whose fingerprint is made of what it says, of the names of what the pipeline found in it, and of its features."""

    _cached_fingerprint: str | None

    def fingerprint(self) -> str:
        """A short hash; Rasa looks for the cached output of a component by those of its input."""
        if self._cached_fingerprint is None:
            said = [repr(self.data.get(name)) for name in _SAID]
            parts = [*said, *sorted(self.data), *(features.fingerprint() for features in self.features)]
            self._cached_fingerprint = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
        return self._cached_fingerprint
