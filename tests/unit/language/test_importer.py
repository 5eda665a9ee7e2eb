"""Training sentences as Rasa's messages: the same as Rasa's own reader makes, told apart by a fingerprint of what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from scipy import sparse

from bot.language.components.featurizers import SparseRow
from bot.language.components.importer import SentenceImporter, SentenceMessage

pytestmark = pytest.mark.slow

FILES = ["data/nlu/bill_installment_missing.yml", "data/nlu/about_case.yml", "data/nlu/greet.yml"]


MOST_PARTS, SENTENCES_OF_EACH = 40, 4


def shortened(file: str, folder: Path) -> str:
    """A file with parts from everywhere in another, and of each only the first sentences: Rasa's reader takes seconds for thousands."""
    head, *parts = Path(file).read_text(encoding="utf-8").split("\n  - ")
    made = folder / Path(file).name
    every = -(-len(parts) // MOST_PARTS)
    made.write_text("\n  - ".join([head, *map(_first_sentences, parts[::every])]) + "\n", encoding="utf-8")
    return str(made)


def _first_sentences(part: str) -> str:
    about, *sentences = part.split("\n      - ")
    return "\n      - ".join([about, *sentences[:SENTENCES_OF_EACH]])


@pytest.mark.parametrize("file", FILES)
def test_the_messages_are_those_of_rasas_reader(file: str, tmp_path: Path) -> None:
    file = shortened(file, tmp_path)
    own = SentenceImporter(training_data_paths=[file]).get_nlu_data()
    rasas = load_data(file)
    assert [message.data for message in own.training_examples] == [message.data for message in rasas.training_examples] != []


def message(text: str = "a", *values: float) -> SentenceMessage:
    made = SentenceMessage.build(text, "greet")
    if values:
        made.add_features(SparseRow(sparse.csr_matrix(np.array([values])), FEATURE_TYPE_SENTENCE, TEXT, "ngrams"))
    return made


def test_a_fingerprint_changes_with_text_label_and_features() -> None:
    texts = [message("a"), message("b"), message("a", 0.5), message("a", 0.25), SentenceMessage.build("a", "goodbye")]
    assert len({each.fingerprint() for each in texts}) == len(texts)
    assert message("a", 0.5).fingerprint() == message("a", 0.5).fingerprint()


def test_a_fingerprint_is_made_anew_when_something_was_found() -> None:
    made = message()
    before = made.fingerprint()
    made.set("tokens", [])
    assert made.fingerprint() != before
