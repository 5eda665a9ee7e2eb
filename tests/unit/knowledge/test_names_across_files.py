"""A name that one file of the knowledge uses and another one must know is refused where it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from actions.knowledge.loading import DEFAULT_ROOT, load
from actions.yaml_source import SourceError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("file", "old", "new", "refusal"),
    [
        ("intents.yml", "action: action_thanks}", "action: action_thank}", r"intents.yml:\d+: action must be one of"),
        ("intents.yml", "bot_challenge: {kind: act, action: action_introduce", "bot_challenge: {kind: act, action: action_answer",
         r"intents.yml:\d+: action_answer answers questions only"),
        ("intents.yml", "bot_challenge: {kind: act,", "bot_challenge: {kind: alarm,",
         r"handoffs.yml:\d+: the alarm bot_challenge needs exactly one reason, not 0"),
        ("handoffs.yml", "  intent: fraud_suspected", "  intent: thanks", r"handoffs.yml:\d+: thanks hands over at once, but is no alarm"),
        ("handoffs.yml", "  intent: fraud_suspected\n", "", r"handoffs.yml:\d+: unless needs an intent"),
        ("handoffs.yml", "due_minutes: {urgent: 2, ", "due_minutes: {", r"handoffs.yml:\d+: due_minutes must give minutes for each of urgent, high"),
        ("handoffs.yml", "due_minutes: {urgent: 2, ", "due_minutes: {urgent: 0, ", r"handoffs.yml:\d+: must be whole minutes from 1 to 10080"),
        ("handoffs.yml", "due_minutes: {urgent: 2, ", "due_minutes: {urgent: soon, ", r"handoffs.yml:\d+: must be whole minutes"),
        ("intents.yml", "nlu_fallback:", "faq_weather: {kind: question, title: 天气}\nnlu_fallback:",
         r"intents.yml:\d+: no file of answers has intent: faq_weather"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_refused(tmp_path: Path, file: str, old: str, new: str, refusal: str) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(DEFAULT_ROOT, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SourceError, match=refusal):
        load(folder)
