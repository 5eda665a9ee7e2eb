"""The readings of sub-questions: what is learned from sentences, what words add, and storing."""

from __future__ import annotations

import numpy as np
import pytest

from bot.language.features import NgramVocabulary
from bot.language.sub_questions import LEAST, Matter, SubQuestions, unit_rows

SENTENCES = {
    "提前还要不要手续费": "fee",
    "早点还会收钱吗": "fee",
    "提前结清另收费用吗": "fee",
    "能只还一期吗": "one_period",
    "先还掉下一期行不行": "one_period",
    "一期一期提前还可以吗": "one_period",
    "怎么提前还": "",
    "我想早点还掉": "",
    "提前还款": "",
}
VOCABULARY = NgramVocabulary.learn(list(SENTENCES))
SILENT: list[list[str]] = [[] for _ in SENTENCES]


def meaning(*texts: str) -> np.ndarray:
    return unit_rows(VOCABULARY.rows(texts).toarray())


def learned() -> SubQuestions:
    return SubQuestions({"early": Matter.learn(meaning(*SENTENCES), SILENT, list(SENTENCES.values()))})


@pytest.mark.parametrize("text, asked", [("提前还另外收手续费吗", "fee"), ("可以先还一期吗", "one_period"), ("我想提前还", "")])
def test_what_is_asked_in_other_words_is_read(text: str, asked: str) -> None:
    (name, _), *_ = learned().read("early", meaning(text), ())
    assert name == asked


def test_readings_come_best_first_and_leave_out_what_is_hardly_asked() -> None:
    shares = [share for _, share in learned().read("early", meaning("提前还收费吗"), ())]
    assert shares == sorted(shares, reverse=True)
    assert min(shares) >= LEAST


def test_words_are_told_apart_even_where_they_hardly_ask() -> None:
    assert "one_period" in dict(learned().read("early", meaning("提前还收费吗"), ("one_period",)))


def test_words_that_stood_in_the_sentences_add_to_the_reading() -> None:
    heard = [[asks] if asks == "fee" else [] for asks in SENTENCES.values()]
    reading = Matter.learn(meaning(*SENTENCES), heard, list(SENTENCES.values()))
    said = meaning("这个怎么说")
    assert reading.shares(said, [["fee"]])["fee"] > reading.shares(said, [[]])["fee"]


def test_a_matter_without_sub_questions_is_not_read() -> None:
    assert learned().read("late", meaning("提前还收费吗"), ()) == ()
    with pytest.raises(ValueError, match="without sub-questions"):
        Matter.learn(meaning("提前还"), [[]], [""])


def test_what_was_stored_reads_the_same() -> None:
    known = learned()
    again = SubQuestions.from_arrays(known.arrays())
    for text in SENTENCES:
        assert [name for name, _ in again.read("early", meaning(text), ())] == [name for name, _ in known.read("early", meaning(text), ())]
