"""Entities and cues on annotated sentences, and what the scorer makes of them."""

import pytest

from actions.yaml_source import SourceError
from tools.evaluation.entities import ANNOTATED, CUES, read_annotated, score


def test_entities_reach_the_wanted_precision_and_recall():
    sentences = read_annotated(ANNOTATED)
    assert len(sentences) >= 400
    scores, lines = score(sentences)
    assert scores["all"].precision >= 0.97, lines
    assert scores["all"].recall >= 0.97, lines


def test_cues_are_found_and_negations_are_not():
    scores, lines = score(read_annotated(CUES), cues=True)
    assert scores["all"].precision >= 0.97, lines
    assert scores["all"].recall >= 0.97, lines


def test_a_line_without_annotation_is_refused_with_its_number(tmp_path):
    file = tmp_path / "bad.tsv"
    file.write_text("text\tentities\nfine\t\nno tab here\n", "utf-8")
    with pytest.raises(SourceError) as refusal:
        read_annotated(file)
    assert refusal.value.problems[0].line == 3
