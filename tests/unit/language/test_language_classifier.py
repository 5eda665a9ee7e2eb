"""The classifier in Rasa's terms: intents and topics of training sentences, the state of the case in metadata, storing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, INTENT_RESPONSE_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.components.classifier import CASE, CLAUSES, SECOND_INTENT, TOPIC, TOPIC_RANKING, NetworkClassifier
from bot.language.components.normaliser import ANNOUNCED
from bot.language.components.typos import PARTS, put_variants, rows_with_variants
from bot.language.features import NgramVocabulary

LABELS = {
    "no option here": "installment_missing/no_option",
    "what is the rate": "faq_fee/annual_rate",
    "is there a fee": "faq_fee/total_fee",
    "hello there": "greet",
}
DOING, WAITING = {"phase": "doing", "nature": "self"}, {"phase": "waiting", "nature": "time"}
THEN = "and then"
"""Means something else at a step than while time passes."""
SAID_THEN: list[tuple[str, Mapping[str, str]]] = [("about_case/next_step", DOING), ("about_case/how_long", WAITING)]

VOCABULARY = NgramVocabulary.learn([*LABELS, THEN])
SMALL = {"hidden": 32, "epochs": 40, "batch": 8, "learning_rate": 0.01, "seeds": [1, 2], "in_case": 0.5}


def message(text: str, **data: Any) -> Message:
    """A message as the featurizers leave it."""
    made = Message({TEXT: text, **data})
    if text:
        made.add_features(Features(VOCABULARY.rows([text]), FEATURE_TYPE_SENTENCE, TEXT, "ngrams"))
    return made


def examples(text: str, label: str, said: Mapping[str, str] | None = None, times: int = 12) -> list[Message]:
    """A training sentence as Rasa reads it, from several lines, because Rasa keeps only one of what is the same in all."""
    intent, slash, _ = label.partition("/")
    data: dict[str, Any] = {INTENT: intent}
    if slash:
        data[INTENT_RESPONSE_KEY] = label
    if said is not None:
        data[METADATA] = {METADATA_INTENT: said}
    return [message(text, line=line, **data) for line in range(times)]


EXAMPLES = [
    *(made for text, label in LABELS.items() for made in examples(text, label)),
    *(made for label, said in SAID_THEN for made in examples(THEN, label, said)),
]


class Shelf:
    """Trains classifiers into a storage, and loads them from there."""

    def __init__(self, directory: Path) -> None:
        self._storage = LocalModelStorage(directory)
        self._resource = Resource("classifier")
        self._context = ExecutionContext(GraphSchema({}))

    def trained(self, sentences: Sequence[Message], **config: Any) -> NetworkClassifier:
        settings = {**NetworkClassifier.get_default_config(), **SMALL, **config}
        NetworkClassifier.create(settings, self._storage, self._resource, self._context).train(TrainingData(list(sentences)))
        return NetworkClassifier.load(settings, self._storage, self._resource, self._context)


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> NetworkClassifier:
    return Shelf(tmp_path_factory.mktemp("models")).trained(EXAMPLES)


def heard(classifier: NetworkClassifier, text: str, case: Mapping[str, str] | None = None) -> Message:
    (processed,) = classifier.process([message(text, **({METADATA: {CASE: case}} if case is not None else {}))])
    return processed


@pytest.mark.broad
@pytest.mark.parametrize("text, label", [item for item in LABELS.items() if "/" in item[1]])
def test_one_net_finds_the_intent_and_the_topic(classifier: NetworkClassifier, text: str, label: str) -> None:
    found = heard(classifier, text)
    assert f"{found.get(INTENT)['name']}/{found.get(TOPIC)['name']}" == label


def test_a_sentence_without_a_topic_teaches_its_intent_and_the_ranking_holds_no_topic_that_is_none(classifier: NetworkClassifier) -> None:
    found = heard(classifier, "hello there")
    assert found.get(INTENT)["name"] == "greet"
    assert {entry["name"] for entry in found.get(TOPIC_RANKING)} == {"no_option", "annual_rate", "total_fee", "next_step", "how_long"}


def test_both_rankings_are_probabilities_best_first(classifier: NetworkClassifier) -> None:
    found = heard(classifier, "is there a rate")
    for ranking in (found.get("intent_ranking"), found.get(TOPIC_RANKING)):
        shares = [entry["confidence"] for entry in ranking]
        assert shares == sorted(shares, reverse=True) and sum(shares) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("label, case", SAID_THEN)
def test_the_state_of_the_case_decides_what_the_same_words_mean(classifier: NetworkClassifier, label: str, case: Mapping[str, str]) -> None:
    assert "about_case/" + heard(classifier, THEN, case).get(TOPIC)["name"] == label


@pytest.mark.parametrize("case", [DOING, WAITING, {"phase": "resolved"}])
@pytest.mark.parametrize("text", ["no option here", "what is the rate"])
def test_what_is_asked_at_any_time_is_understood_in_the_middle_of_a_case_too(
    classifier: NetworkClassifier, text: str, case: Mapping[str, str]
) -> None:
    assert heard(classifier, text, case).get(TOPIC)["name"] == LABELS[text].partition("/")[2]


def test_a_case_that_has_not_begun_is_as_none(classifier: NetworkClassifier) -> None:
    assert heard(classifier, THEN, {"phase": "idle"}).get(TOPIC_RANKING) == heard(classifier, THEN).get(TOPIC_RANKING)


@pytest.mark.parametrize("text", ["", "?!"])
def test_a_text_without_a_letter_has_neither_intent_nor_topic(classifier: NetworkClassifier, text: str) -> None:
    found = heard(classifier, text)
    assert (found.get(INTENT)["name"], found.get(TOPIC)["name"], found.get(TOPIC_RANKING)) == (None, None, [])


@pytest.mark.broad
def test_the_ranking_is_no_longer_than_it_is_told(tmp_path: Path) -> None:
    found = heard(Shelf(tmp_path).trained(EXAMPLES, ranking_length=2), "is there a fee")
    assert len(found.get("intent_ranking")) == len(found.get(TOPIC_RANKING)) == 2


def two_parts(first: str, second: str, case: Mapping[str, str] | None = None) -> Message:
    both = message(f"{first}; {second}", **{ANNOUNCED: True, METADATA: {CASE: case}})
    put_variants(both, PARTS, (first, second))
    rows_with_variants([both], VOCABULARY.rows)
    return both


@pytest.mark.parametrize("case", [None, DOING])
def test_a_second_matter_comes_with_its_topic(classifier: NetworkClassifier, case: Mapping[str, str] | None) -> None:
    (found,) = classifier.process([two_parts("no option here", "what is the rate", case)])
    assert (found.get(INTENT)["name"], found.get(TOPIC)["name"]) == ("installment_missing", "no_option")
    assert (found.get(SECOND_INTENT)["name"], found.get(SECOND_INTENT)["topic"]) == ("faq_fee", "annual_rate")


def test_each_part_says_by_itself_what_it_is_about(classifier: NetworkClassifier) -> None:
    (found,) = classifier.process([two_parts("no option here", "what is the rate")])
    assert [(part[TEXT], part[INTENT]["name"], part[TOPIC_RANKING][0]["name"]) for part in found.get(CLAUSES)] == [
        ("no option here", "installment_missing", "no_option"),
        ("what is the rate", "faq_fee", "annual_rate"),
    ]


def test_a_rant_has_no_parts_of_its_own(classifier: NetworkClassifier) -> None:
    rant = message("x", **{ANNOUNCED: False})
    put_variants(rant, PARTS, ("hello there",) * 6)
    rows_with_variants([rant], VOCABULARY.rows)
    assert classifier.process([rant])[0].get(CLAUSES) == []


def test_sentences_without_any_topic_make_a_classifier_of_intents_only(tmp_path: Path) -> None:
    classifier = Shelf(tmp_path).trained([*examples("hello there", "greet"), *examples("what is the rate", "faq_fee")])
    found = heard(classifier, "hello there")
    assert (found.get(INTENT)["name"], found.get(TOPIC)["name"], found.get(TOPIC_RANKING)) == ("greet", None, [])
    (both,) = classifier.process([two_parts("hello there", "what is the rate")])
    assert both.get(TOPIC)["name"] is None
