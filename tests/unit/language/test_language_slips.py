"""Slips of the pen: which other readings a text has."""

from pathlib import Path

import pytest

from actions.yaml_source import Source
from bot.language.typos import Reading, TypoModel, TypoSettings

CASES = Source.read(Path(__file__).parent / "slip_cases.yml").data
SETTINGS = TypoSettings(penalty=2.0)


@pytest.fixture(scope="module")
def model():
    return TypoModel.learn(CASES["written"] * 20, SETTINGS)


@pytest.mark.parametrize("case", CASES["cases"], ids=range(len(CASES["cases"])))
def test_a_slip_has_the_meant_text_as_its_likeliest_reading(model, case):
    readings = model.readings(case["text"])
    assert readings[0].text == case["text"]
    assert max(readings, key=lambda reading: reading.weight).text == case["meant"]
    assert sum(reading.weight for reading in readings) == pytest.approx(1.0)


@pytest.mark.parametrize("text", map(str, CASES["left_alone"]), ids=range(len(CASES["left_alone"])))
def test_what_is_usual_or_wholly_unknown_has_no_other_reading(model, text):
    assert model.readings(text) == (Reading(text, 1.0),)


def test_more_reluctance_leaves_more_texts_as_they_are():
    slip = CASES["cases"][0]["text"]
    reluctant = TypoModel.learn(CASES["written"] * 20, TypoSettings(penalty=50.0))
    assert len(reluctant.readings(slip)) == 1


def test_a_model_survives_saving(model, tmp_path):
    model.save(tmp_path / "triples.json")
    again = TypoModel.load(tmp_path / "triples.json", SETTINGS)
    assert [again.readings(case["text"]) for case in CASES["cases"]] == [model.readings(case["text"]) for case in CASES["cases"]]
