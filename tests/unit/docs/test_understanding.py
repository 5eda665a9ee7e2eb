"""docs/understanding.md: its entities, pipeline and counts are those of the program."""

from __future__ import annotations

import pytest
import yaml

from bot.language.components.classifier import NetworkClassifier
from tests.unit.docs.tables import rows, section
from tools.pages import ROOT

PAGE = ROOT / "docs/understanding.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_entity_and_every_cue_is_named() -> None:
    domain = yaml.safe_load((ROOT / "bot/domain/entities.yml").read_text(encoding="utf-8"))["entities"]
    shown = {name.strip() for cells in rows(section(PAGE, "Entities"))[1:] for name in cells[0].split(",")}
    assert shown == set(domain) - {"topic"}


def test_the_pipeline_is_the_one_of_the_configuration() -> None:
    pipeline = {part["name"].rpartition(".")[2]: part for part in
                yaml.safe_load((ROOT / "bot/config.yml").read_text(encoding="utf-8"))["pipeline"]}  # fmt: skip
    threshold = pipeline["FallbackClassifier"]["threshold"]
    assert f"| **{threshold}** |" in TEXT and f"{threshold} is served" in TEXT
    hidden = NetworkClassifier.get_default_config()["hidden"]
    assert len(pipeline["NetworkClassifier"]["seeds"]) == 3 and f"three small nets (one hidden layer of {hidden})" in TEXT
    classifier = pipeline["NetworkClassifier"]
    assert f"Served are {classifier['epochs']} epochs in batches of {classifier['batch']}." in TEXT
    assert pipeline["CharacterNgramFeaturizer"]["longest"] == 2 and "runs of one and two characters" in TEXT


@pytest.mark.parametrize("file, words", [("holdback", "{} sentences of our own"), ("second_turns", "{} sentences that are said"), ("entities", "{} annotated sentences"),
                                         ("cues", "{} sentences for the cues")])  # fmt: skip
def test_as_many_sentences_are_measured_as_the_page_says(file: str, words: str) -> None:
    lines = (ROOT / f"tests/nlu/{file}.tsv").read_text(encoding="utf-8").splitlines()
    assert words.format(len([line for line in lines if line.strip()]) - 1) in TEXT
