"""Training sentences as Rasa's messages: the same as Rasa's own reader makes, told apart by a fingerprint of what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.engine.rasa_command import leave_out_of
from bot.language.components.featurizers import SparseRow, rows_of
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
        made.add_features(SparseRow(sparse.csr_matrix(np.array([values])), 0, "ngrams"))
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


def test_the_rows_of_messages_stand_below_each_other_whether_they_are_of_one_matrix_or_not() -> None:
    matrix, other = sparse.csr_matrix(np.array([[0.5, 0], [0, 0.25]])), sparse.csr_matrix(np.array([[1.0], [2.0]]))
    of_one = [message(text) for text in "ab"]
    for at, each in enumerate(of_one):
        each.add_features(SparseRow(matrix, at, "ngrams"))
        each.add_features(SparseRow(other, at, "flags"))
    assert rows_of(of_one).toarray().tolist() == [[0.5, 0, 1], [0, 0.25, 2]]
    assert rows_of(of_one[1:]).toarray().tolist() == [[0, 0.25, 2]]
    assert rows_of([message("a", 0.5), message("b", 0.25)]).toarray().tolist() == [[0.5], [0.25]]
    assert of_one[0].features[0].features.toarray().tolist() == [[0.5, 0]] and of_one[0].features[0].is_sparse()


@pytest.fixture
def lean() -> type[TrainingData]:
    """A class like Rasa's training data, without what it does for each sentence for nothing."""
    likeness = type("Lean", (TrainingData,), {})
    leave_out_of(likeness)
    return likeness


def test_merged_training_data_hold_the_sentences_themselves_and_all_else_that_rasa_merges(lean: type[TrainingData]) -> None:
    first, second = [message("a"), message("b")], [message("c")]
    mine = lean(first, entity_synonyms={"花呗": "蚂蚁花呗"})
    together = mine.merge(lean(second, responses={"greet/x": [{"text": "好"}]}), None)
    assert [id(each) for each in together.training_examples] == [id(each) for each in (*first, *second)]
    rasas = TrainingData(first, entity_synonyms={"花呗": "蚂蚁花呗"}).merge(TrainingData(second, responses={"greet/x": [{"text": "好"}]}))
    assert (together.entity_synonyms, together.responses) == (rasas.entity_synonyms, rasas.responses)
    assert [each.data for each in together.training_examples] == [each.data for each in rasas.training_examples]
    assert mine.training_examples == first


def test_nobody_is_warned_of_matters_that_no_response_answers(lean: type[TrainingData], recwarn: pytest.WarningsRecorder) -> None:
    TrainingData([SentenceMessage.build("a", "faq/fee")]).validate()
    warned = len(recwarn)
    lean([SentenceMessage.build("a", "faq/fee")]).validate()
    assert warned > 0 and len(recwarn) == warned
