"""No text that a customer can send stops the server: no regular expression of this project blows up on any."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from actions.knowledge.adversarial import blow_ups, texts_against
from actions.knowledge.expressions import expressions_in
from actions.knowledge.folder import Folder
from actions.knowledge.loading import DEFAULT_ROOT
from actions.yaml_source import Source

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
GUARD_SECONDS = 280.0
"""Many times what these processes need on a busy machine; a blow-up would take days."""


def _run(module: str, given: Any = None) -> str:
    command = [sys.executable, "-W", "ignore", "-m", f"tests.unit.language.{module}"]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=GUARD_SECONDS, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_no_expression_of_code_or_data_blows_up() -> None:
    where = json.loads(_run("expressions"))
    where.update({each.pattern: each.source.file for each in expressions_in(Folder(DEFAULT_ROOT))})
    assert {
        "bot/language/normaliser.py", "bot/language/matching.py", "bot/language/features.py", "bot/channel/plain_text.py",
        "bot/channel/buttons.py", "actions/masking/reading.py", "actions/masking/numbers.py", "actions/masking/divided.py", "actions/masking/window.py", "actions/knowledge/texts.py",
        "knowledge/glossary.yml", "knowledge/forbidden.yml", "knowledge/intents.yml",
    } <= {*where.values()}  # fmt: skip
    assert {where[expression]: (expression, text[:20]) for expression, text in blow_ups(where).items()} == {}


def _messages() -> list[str]:
    general = texts_against("x+")
    return [*Source.read(Path(__file__).with_name("hard_messages.yml")).data, *general, *(text[::-1] for text in general)]


def test_a_message_made_to_stop_the_server_is_heard_like_any_other() -> None:
    messages = _messages()
    long = [(message * 500)[:500] for message in messages]
    _run("hearing", [*messages, *long])
