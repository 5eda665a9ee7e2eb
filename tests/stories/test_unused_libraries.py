"""The model says the same whether or not TensorFlow is there; all other tests ask it without."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

from tools.pages import ROOT

TEXTS = ("为什么没有分期", "账单能分几期", "我要找人工", "提前还款收手续费吗")
PARSE = """
import asyncio, json, sys
from bot.engine.training import newest_model
from conversations.stage import load_agent
agent = load_agent(newest_model())
print(sys.modules["tensorflow"].__file__)
print(json.dumps([asyncio.run(agent.parse_message(text))["intent_ranking"][:3] for text in json.loads(sys.argv[1])]))
"""


def test_a_message_is_understood_alike_with_and_without_them(agent: Any, loop: asyncio.AbstractEventLoop) -> None:
    assert not hasattr(sys.modules["tensorflow"], "__file__")
    command = [sys.executable, "-W", "ignore", "-c", PARSE, json.dumps(TEXTS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    here = [loop.run_until_complete(agent.parse_message(text))["intent_ranking"][:3] for text in TEXTS]
    *_, file, said = done.stdout.splitlines()
    assert file.endswith("tensorflow/__init__.py") and json.loads(said) == here
