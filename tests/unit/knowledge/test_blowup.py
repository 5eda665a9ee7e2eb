"""Regular expressions that blow up are found, and whoever adds one is told where it stands."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from actions.knowledge.adversarial import blow_ups
from actions.knowledge.expressions import expressions_in
from actions.knowledge.folder import Folder
from actions.knowledge.loading import DEFAULT_ROOT, check
from tests.unit.knowledge.minimal import NO_CAUSE
from tools import check_nlu

pytestmark = pytest.mark.slow

GLOSSARY = """\
numerals: {digits: {}, units: {}}
macros: {CN: '零一二三四五六七八九'}
clauses: {separator: ',', connective: 'and'}
numbers:
  - {kind: tenor, pattern: '(?P<n>[<CN>]+)元'}
  - {kind: tenor, pattern: '(?P<n>[<CN>]+[<CN>百]*[<CN>千]*)元'}
cues:
  - name: cue_minor
    patterns: ['我十七', '我(是|还是|还)*未成年']
"""
INTENTS = """\
installment_missing: {kind: complaint, assumed: true}
deny:
  {kind: act, action: action_decline,
  corrections: ['(不|不是)*账单'],
  denials: ['(不|不要|要)*人工']}
"""
FORBIDDEN = """\
warnings: []
sentences:
  - {pattern: '(很快)+就(好|很好)*了', why: x}
  - {pattern: '(很|很快|快)*就好', why: x}
"""


@pytest.mark.parametrize(
    "expression",
    [
        "(a+)+b",
        "(a|a)*b",
        r"\d+\d+\d+x",
        "(.*)(.*)(.*)x",
        r"(?s)^(.{3,}?)[\s\W]*(?:\1[\s\W]*)+$",
        "(?P<n>[一二三十]+[一二三十百]*)(多|来|几)?(个)?(元|块)",
        "(我|本人|俺)(是|还是|还|没|还没)*(未成年)",
        "(?<=x)(y+)+z",
        "(?:(?i:a)|A)*b",
    ],
)
def test_an_expression_that_blows_up_is_found(expression: str) -> None:
    assert list(blow_ups([expression, "(a|b)+c"])) == [expression]


@pytest.mark.parametrize(
    "expression", ["a+b+c+", r"\d+(\.\d+)?元", "(a|b)*c", ".{0,8}x.{0,8}", r"(\w)\1{2,}", "[^a]*a", "(?!x)y+", "a{2,}", "(a?)(b)(?(1)c|d)+"]
)
def test_an_honest_expression_is_left_alone(expression: str) -> None:
    assert blow_ups([expression]) == {}


@pytest.fixture
def tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What processes were told to try, in an environment that remembers nothing yet."""
    asked: list[list[str]] = []
    run = subprocess.run

    def listening(*arguments: Any, **options: Any) -> Any:
        asked.append(json.loads(options["input"]))
        return run(*arguments, **options)

    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", listening)
    return asked


def test_what_was_found_harmless_is_not_tried_again_and_what_blows_up_is(tried: list[list[str]]) -> None:
    assert list(blow_ups(["a+b", "(a+)+b"])) == ["(a+)+b"]
    assert list(blow_ups(["a+b", "(a+)+b", "c+d"])) == ["(a+)+b"]
    assert blow_ups(["a+b", "c+d"]) == {}
    assert tried == [["(a+)+b", "a+b"], ["(a+)+b", "c+d"]]


def test_a_memory_that_is_damaged_or_cannot_be_written_stops_nothing(tried: list[list[str]], tmp_path: Path) -> None:
    blow_ups(["a+b", "c+d"])
    (remembered,) = (tmp_path / "var" / "harmless_expressions").iterdir()
    remembered.write_text(remembered.read_text(encoding="utf-8")[:-4], encoding="utf-8")
    assert blow_ups(["a+b", "c+d"]) == {}
    assert tried[1:] == [["c+d"]]
    shutil.rmtree(tmp_path / "var")
    (tmp_path / "var").write_text("no folder", encoding="utf-8")
    assert list(blow_ups(["(a+)+b", "c+d"])) == ["(a+)+b"]


def _folder(tmp_path: Path, **files: str) -> Path:
    root = tmp_path / "knowledge"
    (root / "causes").mkdir(parents=True)
    (root / "causes/no_cause_found.yml").write_text(NO_CAUSE, "utf-8")
    for shipped in ("locale.yml", "facts.yml"):
        shutil.copy(DEFAULT_ROOT / shipped, root)
    for name, text in files.items():
        (root / f"{name}.yml").write_text(text, "utf-8")
    return root


def test_the_knowledge_check_refuses_it_with_file_line_and_reason(tmp_path: Path) -> None:
    report = check(_folder(tmp_path, glossary=GLOSSARY, intents=INTENTS, forbidden=FORBIDDEN))
    assert [(problem.file, problem.line) for problem in report.problems] == [
        ("knowledge/glossary.yml", 6),
        ("knowledge/glossary.yml", 9),
        ("knowledge/forbidden.yml", 4),
        ("knowledge/intents.yml", 5),
    ]
    assert all("two repetitions in it can take the same characters" in problem.reason for problem in report.problems)


def test_the_check_of_training_sentences_refuses_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_nlu, "GLOSSARY", _folder(tmp_path, glossary=GLOSSARY) / "glossary.yml")
    # The patterns are looked at whatever the sentences are like; to compare all of them with each other is the most of that check.
    monkeypatch.setattr(check_nlu, "training_sentences", list)
    assert check_nlu.main() == 1
    assert "knowledge/glossary.yml:6: the pattern takes more than" in capsys.readouterr().out


def test_every_file_with_expressions_is_looked_at() -> None:
    files = {each.source.file for each in expressions_in(Folder(DEFAULT_ROOT))}
    assert {each for each in files if not each.startswith("knowledge/causes/")} == {
        "knowledge/glossary.yml",
        "knowledge/forbidden.yml",
        "knowledge/intents.yml",
        "knowledge/aspects.yml",
        "knowledge/claims.yml",
    }
    assert "knowledge/causes/overdue.yml" in files
