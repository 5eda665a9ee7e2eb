"""Whatever a file holds, reading it ends soon: with its data, or with file, line and reason."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actions import yaml_source
from actions.yaml_source import DEEPEST, LARGEST_FILE, LONGEST_NUMBER, MOST_REPEATED, Source, SourceError

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)


def refusal(text: str) -> str:
    with pytest.raises(SourceError) as refused:
        Source("file.yml", text)
    return str(refused.value)


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 100_000, "- " * 100_000, "? " * 100_000, "{a: " * 60])
def test_what_goes_too_deep_is_refused_before_it_is_read_to_its_end(text: str) -> None:
    assert refusal(text) == f"file.yml:1: more than {DEEPEST} maps and lists within each other"


def test_a_file_may_be_as_deep_as_the_bound() -> None:
    assert Source("file.yml", "[" * DEEPEST + "]" * DEEPEST).data


def test_aliases_of_aliases_that_stand_for_billions_are_refused() -> None:
    assert refusal(BOMB) == f"file.yml:5: aliases repeat more than {MOST_REPEATED} values"


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 101, "1e999999999", "1e-999999999", "0e999999999", "0." + "1" * 200])
def test_a_number_that_nobody_can_mean_is_refused(number: str) -> None:
    assert refusal(f"a: 1\nb: {number}") == f"file.yml:2: a number of more than {LONGEST_NUMBER} digits"


def test_a_file_of_more_values_than_anybody_writes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_source, "MOST_VALUES", 6)
    assert Source("file.yml", "a: 1\nb: [2, 3,\n 4]").data
    assert refusal("a: 1\nb: [2, 3,\n 4, 5]") == "file.yml:3: more than 6 values; divide it into several files"


def test_long_digits_in_quotes_are_text() -> None:
    assert Source("file.yml", f"'{'9' * 5000}'").data == "9" * 5000


def test_an_alias_stands_for_values_of_its_own() -> None:
    data = Source("file.yml", "a: &x {k: [1]}\nb: *x\nc: [*x]").data
    assert data == {"a": {"k": [1]}, "b": {"k": [1]}, "c": [{"k": [1]}]}
    data["b"]["k"].append(2)
    assert data["a"] == {"k": [1]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &a\n  b: *a", "2: an alias that contains itself"),
        ("a: 1\nb: *c", "2: not valid YAML: found undefined alias c"),
        ("a: 1\n---\nb: 2", "2: not valid YAML: there is a second document"),
        ("a: 1\n? [b]\n: c", "2: a key must be plain text"),
        ("a: 1\na: {b: 2}", "2: a is given twice"),
        ("a: 1\nb: [", "3: not valid YAML: did not find expected node content"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, reason: str) -> None:
    assert refusal(text) == f"file.yml:{reason}"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("# nothing\n", None),
        ("[1, -2.5, +3e3, 0x1F, 2026-11-22, true, ~, '5']", [1, Decimal("-2.5"), Decimal("3e3"), "0x1F", "2026-11-22", True, None, "5"]),
        ("{1: a, true: b, ~: c}", {"1": "a", "true": "b", "~": "c"}),
    ],
)
def test_plain_values_are_read_as_yaml_1_2_says_and_times_stay_text(text: str, data: Any) -> None:
    assert Source("file.yml", text).data == data


def test_only_files_are_read_and_none_without_end(tmp_path: Path) -> None:
    pipe, large, gone = tmp_path / "pipe.yml", tmp_path / "large.yml", tmp_path / "gone.yml"
    os.mkfifo(pipe)
    with large.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    gone.symlink_to(tmp_path / "nowhere.yml")
    reasons = {"pipe.yml": "is not a file", "large.yml": f"is larger than {LARGEST_FILE} bytes", ".": "is not a file"}
    for name, reason in {**reasons, "gone.yml": "cannot be read: No such file or directory"}.items():
        with pytest.raises(SourceError, match=reason):
            Source.read(tmp_path / name)
