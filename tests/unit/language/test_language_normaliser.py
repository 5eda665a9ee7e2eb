"""One spelling for many."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.knowledge.glossary import load_glossary
from actions.yaml_source import Source
from bot.language.normaliser import Normaliser, normalise
from bot.language.numerals import plain, spoken_number

HERE = Path(__file__).parent
GLOSSARY = load_glossary(Path("knowledge/glossary.yml"))


def cases(name):
    return Source.read(HERE / name).data


@pytest.mark.parametrize("case", cases("normaliser_cases.yml"), ids=lambda case: repr(case["text"]))
def test_normalised(case):
    assert normalise(case["text"]) == case["normalised"]


@pytest.mark.parametrize("case", cases("correction_cases.yml"), ids=lambda case: case["text"])
def test_corrected(case):
    assert Normaliser(GLOSSARY.corrections)(case["text"]) == case["corrected"]


@pytest.mark.parametrize("case", cases("number_cases.yml"), ids=lambda case: repr(case["said"]))
def test_spoken_numbers(case):
    value = spoken_number(case["said"], GLOSSARY.numerals)
    assert (None if value is None else plain(value)) == case["value"]


@given(st.text(max_size=80))
def test_nothing_a_customer_types_is_a_command_or_breaks_the_normaliser(text):
    assert not Normaliser(GLOSSARY.corrections)(text).lstrip().startswith("/")


@given(st.text(max_size=80))
def test_normalising_twice_changes_no_more_than_once_for_plain_signs(text):
    once = normalise(text)
    assert "  " not in once
