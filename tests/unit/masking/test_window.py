"""What masking takes out of messages that are only together personal, and how its time grows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.masking import mask
from actions.masking.window import mask_window
from actions.yaml_source import Source
from bot.channel.plain_text import LONGEST_TEXT
from tests.unit.masking.test_mask import TYPED
from tools.evaluation.masked_windows import measure_utterances, render_utterances, stored
from tools.evaluation.masking_time import HARD_PIECES, masking_time
from tools.evaluation.utterances import DEVELOPMENT_SEED, HARMLESS, Utterance, ValuePart, utterances

CASES = Source.read(Path(__file__).with_name("windows.yml")).data


@pytest.mark.parametrize("case", CASES["masked"], ids=lambda case: " ".join(map(str, case["said"])))
def test_what_only_several_messages_tell_is_taken_out_of_each(case: dict) -> None:
    assert stored([str(text) for text in case["said"]]) == [str(text) for text in case["stored"]]
    *earlier, last = map(str, case["said"])
    assert list(mask_window(stored(earlier), last).kinds) == case["kinds"]


@pytest.mark.parametrize("said", CASES["kept"], ids=lambda said: " ".join(map(str, said)))
def test_messages_that_have_nothing_to_do_with_each_other_stay(said: list) -> None:
    texts = [str(text) for text in said]
    assert stored(texts) == texts


@pytest.mark.slow
def test_the_grammar_is_masked_and_sentences_of_customers_stay() -> None:
    report = measure_utterances(utterances(4000, DEVELOPMENT_SEED))
    assert report.good, render_utterances(report)


def test_a_survivor_and_a_false_alarm_of_the_grammar_are_counted() -> None:
    seen = Utterance("phone", ("script ascii",), ("就是77",), (ValuePart(0, ("7", "7"), "77"),))
    changed = Utterance(HARMLESS, ("one message",), ("13800138000",), ())
    report = measure_utterances([seen, changed])
    assert (report.missed["phone"], report.missed_of["script ascii"], report.alarms, report.good) == (1, 1, 1, False)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(TYPED, max_size=4), TYPED)
def test_reading_messages_together_never_fails_and_only_changes_what_it_names(earlier: list[str], text: str) -> None:
    kept = [mask(each).text for each in earlier]
    window = mask_window(kept, text)
    assert len(window.earlier) == len(kept)
    assert bool(window.kinds) == ((*window.earlier, window.text) != (*kept, text))


@pytest.mark.broad
@pytest.mark.parametrize("piece", HARD_PIECES)
def test_the_time_for_hard_texts_grows_with_their_length_and_not_with_its_cube(piece: str) -> None:
    # Twice as long: linear is 2, squares are 4, cubes 8. `make bench-masking` says the milliseconds.
    assert masking_time(piece, LONGEST_TEXT) < 6 * masking_time(piece, LONGEST_TEXT // 2)
