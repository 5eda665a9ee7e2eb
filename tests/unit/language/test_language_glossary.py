"""The glossary's file: what is accepted, and how the rest is refused."""

from pathlib import Path

import pytest

from actions.knowledge.glossary import load_glossary
from actions.yaml_source import SourceError

GOOD = """
numerals: {digits: {}, units: {}}
clauses: {separator: ',', connective: 'and'}
terms:
  - {form: one, kind: term, also: [uno]}
"""


def write(tmp_path, text):
    file = tmp_path / "glossary.yml"
    file.write_text(text, "utf-8")
    return file


def test_the_projects_glossary_loads():
    glossary = load_glossary(Path("knowledge/glossary.yml"))
    assert {"product", "category", "item", "merchant"} <= {term.kind for term in glossary.terms}
    assert len(glossary.of_kind("merchant")) > 10


def test_a_small_glossary_loads(tmp_path):
    assert load_glossary(write(tmp_path, GOOD)).terms[0].forms == ("one", "uno")


@pytest.mark.parametrize(
    ("addition", "line", "reason"),
    [
        ("  - {form: two, kind: thing}\n", 6, "kind"),
        ("  - {form: uno, kind: term}\n", 6, "already stands under one"),
        ("  - {form: two, kind: term, colour: red}\n", 6, "colour"),
        ("cues:\n  - {name: cue_x, patterns: ['(']}\n", 7, "not a regular expression"),
        ("cues:\n  - {name: cue_x, patterns: ['a*']}\n", 7, "empty text"),
        ("cues:\n  - {name: x, patterns: ['a']}\n", 7, "name"),
        ("flags:\n  - {name: a, patterns: ['<NOPE>']}\n", 7, "unknown macro NOPE"),
        ("flags:\n  - {name: a, patterns: [x]}\n  - {name: a, patterns: [x]}\n", 8, "given twice"),
        ("numbers:\n  - {kind: tenor, pattern: '\\d'}\n", 7, "no group n"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(tmp_path, addition, line, reason):
    with pytest.raises(SourceError) as refusal:
        load_glossary(write(tmp_path, GOOD + addition))
    problem = refusal.value.problems[0]
    assert (problem.line, reason in problem.reason) == (line, True), problem
