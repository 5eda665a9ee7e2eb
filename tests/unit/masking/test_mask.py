"""What masking takes out of texts, what it leaves, and that it never fails."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.masking import Masked, mask
from actions.masking.__main__ import mask_lines
from actions.masking.checks import id_checksum, luhn
from actions.masking.reading import rules
from actions.yaml_source import Source
from conversations.personal_numbers import Sample, generate, generate_pairs
from tools.evaluation.masking import measure, measure_pairs, render, render_pairs, survives

CASES = Source.read(Path(__file__).with_name("cases.yml")).data

_PIECES = (
    *rules().cues["code"],
    *rules().cues["password"],
    *rules().cues["phone"],
    *rules().cues["card"],
    *rules().cues["order"],
    *rules().cues["name"],
    *rules().cues["named"],
    *rules().cues["address"],
    *rules().reading.characters,
    *(rule.label for rule in rules().masks.values() if rule.label),
    *"0123456789xX -.*[]()@:,/",
    rules().values["surnames"][:20],
    rules().values["address_marks"],
    "13800138000",
    "11010519491231002X",
    "6228480402564890018",
    "abc123",
    "a.b@example.com",
    "\u200b",
    "\n",
)
TYPED = st.lists(st.sampled_from(_PIECES) | st.text(max_size=6), max_size=25).map("".join)


@pytest.mark.parametrize("case", CASES["masked"], ids=lambda case: case["text"])
def test_personal_values_are_replaced(case: dict) -> None:
    assert mask(case["text"]) == Masked(case["masked"], tuple(case["kinds"]))


@pytest.mark.parametrize("text", CASES["kept"])
def test_harmless_texts_stay(text: str) -> None:
    assert mask(text) == Masked(text, ())


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(TYPED)
def test_masking_a_masked_text_changes_nothing(text: str) -> None:
    masked = mask(text).text
    assert mask(masked) == Masked(masked, ())


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_masking_never_fails_and_names_only_known_kinds(text: str) -> None:
    masked = mask(text)
    assert set(masked.kinds) <= set(rules().masks)
    assert bool(masked.kinds) or masked.text == text


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{14,17}", fullmatch=True),
    st.text(alphabet=" ,:;!?", max_size=3),
)
def test_no_maskable_number_is_left(phone: str, body: str, between: str) -> None:
    card = next(body + str(digit) for digit in range(10) if luhn(body + str(digit)))
    masked = mask(f"{phone};{between};{card}").text
    assert not survives(phone, masked)
    assert not survives(card, masked)


def test_checksums_agree_with_known_numbers() -> None:
    assert id_checksum("11010519491231002x") and not id_checksum("110105194912310021")
    assert luhn("4111111111111111") and not luhn("4111111111111112")


@pytest.mark.slow
def test_the_generated_set_meets_the_targets() -> None:
    report = measure(generate(5004))
    assert report.good, render(report) + "\n" + "\n".join(map(str, report.failures[:20]))


@pytest.mark.slow
def test_numbers_divided_between_two_messages_meet_the_targets() -> None:
    report = measure_pairs(generate_pairs(2000))
    assert report.good, render_pairs(report) + "\n" + "\n".join(map(str, report.failures[:20]))


def test_the_generated_set_is_the_same_each_time() -> None:
    assert list(generate(100)) == list(generate(100))


def test_a_survivor_and_a_false_alarm_are_counted() -> None:
    report = measure([Sample("phone", "12345", (("phone", "12345"),), ()), Sample("order", "13800138000", (), (("order", "13800138000"),))])
    assert (report.missed["phone"], report.alarms["order"], report.good) == (1, 1, False)


def test_lines_are_masked_and_their_ends_kept() -> None:
    target = io.StringIO()
    mask_lines(io.StringIO("13800138000\r\n\n5299", newline=""), target)
    assert target.getvalue() == "138****8000\r\n\n5299"


def test_importing_masking_does_not_import_spacy() -> None:
    code = "import sys, actions.masking; sys.exit(any(name in sys.modules for name in ('spacy', 'numpy', 'rasa')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
