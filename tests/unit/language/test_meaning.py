"""What a sentence means as a whole, as features of a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bot.language.features import EncodedAhead, meaning_rows, sentence_encoder

pytestmark = pytest.mark.broad


class Lengths:
    """An encoder of unit length that tells texts apart by their length, and remembers how many it was given at once."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.asked.append(len(texts))
        vectors = np.zeros((len(texts), 512))
        vectors[range(len(texts)), [len(text) for text in texts]] = 1
        return vectors


def test_every_text_has_a_row_of_the_weight_in_the_order_of_the_texts() -> None:
    rows = meaning_rows(Lengths(), ["a", "abc", "ab"], 0.5)
    assert rows.shape == (3, 512)
    assert rows.indices.tolist() == [1, 3, 2] and set(rows.data) == {0.5}
    assert rows.dtype == np.float32


def test_many_texts_are_encoded_in_batches_and_none_is_lost() -> None:
    encoder = Lengths()
    texts = ["a" * (1 + each % 400) for each in range(600)]
    rows = meaning_rows(encoder, texts, 1.0)
    assert rows.indices.tolist() == [len(text) for text in texts]
    assert sum(encoder.asked) == 600 and len(encoder.asked) > 1


def test_what_was_encoded_ahead_is_taken_for_just_those_texts() -> None:
    texts = [f"第{each}期要还多少" for each in range(700)]
    expected = meaning_rows(sentence_encoder(), texts, 1.0)
    encoder = Lengths()
    found = meaning_rows(encoder, texts, 1.0, EncodedAhead(texts))
    assert not encoder.asked and np.allclose(found.toarray(), expected.toarray(), atol=1e-6)
    meaning_rows(encoder, texts[:1], 1.0, EncodedAhead(texts))
    assert encoder.asked == [1]


def test_without_a_text_there_is_no_row() -> None:
    encoder = Lengths()
    assert meaning_rows(encoder, [], 1.0).shape == (0, 512) and not encoder.asked


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    texts = ["手机丢了，怕被别人刷", "手机被偷了，担心有人盗刷", "什么时候还款"]
    return meaning_rows(sentence_encoder(), texts, 1.0).toarray()


def test_the_encoder_that_is_served_gives_rows_of_unit_length(rows: np.ndarray) -> None:
    assert rows.shape == (3, 512)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)


def test_texts_that_mean_the_same_are_closer_than_others(rows: np.ndarray) -> None:
    lost, stolen, due = rows
    assert lost @ stolen > 0.5 > lost @ due


def test_the_encoder_is_read_once() -> None:
    assert sentence_encoder() is sentence_encoder()
