"""``baitiao policy rollout``: before and after in a policy's own regions, at a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.commands import Refusal, rollouts
from ops.rollouts.telling import NO_EXPERIMENT
from tests.unit.commands.test_policy_command import of_commands
from tests.unit.ops.rollouts.planting import NOW, complaints, world


def _run(*arguments: str) -> str:
    result = CliRunner().invoke(cli.app, ["policy", "rollout", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_it_is_told_in_lines_and_as_json_and_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = of_commands(tmp_path, monkeypatch)
    world(database, residents=1)
    complaints(database, after=0.2)
    monkeypatch.setattr(rollouts, "real_now", lambda: NOW)
    said = _run("p-gd", "--outcome", "handoff")
    assert "handoff in 广东: +" in said and said.strip().endswith(NO_EXPERIMENT)
    (found,) = json.loads(_run("p-gd", "--outcome", "handoff", "--before", "6", "--json"))["comparisons"]
    assert found["verdict"] == "more" and len(found["weeks"]) == 10
    for arguments, code in (
        (("p-none",), "unknown-policy: there is no policy p-none"),
        (("p-gd", "--outcome", "luck"), "unknown-outcome: there is no outcome luck; there are came"),
        (("p-gd", "--before", "2"), "no-such-weeks: 2 weeks before cannot be compared; 4 to 12 can"),
    ):
        with pytest.raises(Refusal) as refused:
            _run(*arguments)
        assert str(refused.value).startswith(code)
