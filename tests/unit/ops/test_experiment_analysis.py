"""``baitiao experiment analyse``: what outside checkers call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

SPEC = """
id: shorter-step
version: 1
hypothesis: 短的步骤更容易做完
owner: design
unit: customer
who: {causes: [overdue]}
arms: [{id: control, weight: 1}, {id: short, weight: 1}]
metric: resolved
direction: up
smallest_effect: 0.03
alpha: 0.05
planned_n: 6000
longest_weeks: 6
guardrails: []
"""
HEAD = "unit,arm,exposed_at,outcome,at"


def _rows(units: int, base: float, effect: float, seed: int, share: float = 0.5) -> list[str]:
    random = np.random.default_rng(seed)
    rows = []
    for number in range(units):
        variant = random.random() < share
        outcome = int(random.random() < base + effect * variant)
        rows.append(
            f"c-{number},{'short' if variant else 'control'},2026-11-0{1 + number % 9}T10:00:00+08:00,{outcome},{1_793_000_000 + number}"
        )
    return rows


def _run(folder: Path, rows: list[str], spec: str = SPEC, head: str = HEAD) -> Result:
    (folder / "data.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    (folder / "experiment.yml").write_text(spec, encoding="utf-8")
    files = (str(folder / "data.csv"), "--spec", str(folder / "experiment.yml"))
    return CliRunner().invoke(app, ["experiment", "analyse", *files, "--json"])


def _found(*given: Any, **named: Any) -> dict[str, Any]:
    result = _run(*given, **named)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def test_a_better_variant_is_called_better_with_its_interval(tmp_path: Path) -> None:
    found = _found(tmp_path, _rows(6000, 0.6, 0.08, seed=1))
    assert list(found) == ["n", "estimate", "interval", "verdict", "srm", "guardrails"]
    assert sum(found["n"].values()) == 6000 and found["verdict"] == "better"
    assert 0 < found["interval"][0] <= found["estimate"] and not found["srm"]["blocked"]


@pytest.mark.parametrize(("effect", "direction", "verdict"), [(-0.08, "up", "worse"), (-0.08, "down", "better"), (0.08, "down", "worse")])
def test_which_way_is_better_is_the_experiments(tmp_path: Path, effect: float, direction: str, verdict: str) -> None:
    spec = SPEC.replace("direction: up", f"direction: {direction}")
    assert _found(tmp_path, _rows(6000, 0.6, effect, seed=2), spec)["verdict"] == verdict


def test_nothing_worth_having_is_no_difference(tmp_path: Path) -> None:
    spec = SPEC.replace("smallest_effect: 0.03", "smallest_effect: 0.2")
    assert _found(tmp_path, _rows(6000, 0.6, 0.0, seed=3), spec)["verdict"] == "no_difference"


def test_too_few_decide_nothing(tmp_path: Path) -> None:
    found = _found(tmp_path, _rows(300, 0.5, 0.4, seed=4))
    assert (found["verdict"], found["interval"]) == ("not_decided", None) and found["estimate"] > 0.2


def test_a_wrong_split_blocks_the_result(tmp_path: Path) -> None:
    spec = SPEC.replace("{id: control, weight: 1}, {id: short, weight: 1}", "{id: control, weight: 80}, {id: short, weight: 20}")
    found = _found(tmp_path, _rows(6000, 0.6, 0.1, seed=5, share=0.33), spec)
    assert found["srm"]["blocked"] and found["srm"]["e_value"] > 1000 and found["verdict"] == "not_decided"


def test_a_guardrail_stops_an_arm_that_harms(tmp_path: Path) -> None:
    random = np.random.default_rng(6)
    rows = [f"{row},{int(random.random() < (0.25 if ',short,' in row else 0.1))}" for row in _rows(3000, 0.6, 0.0, seed=6)]
    found = _found(tmp_path, rows, SPEC.replace("guardrails: []", "guardrails: [handoff]"), f"{HEAD},handoff")
    (guardrail,) = found["guardrails"]
    assert (guardrail["name"], guardrail["arm"], guardrail["stopped"]) == ("handoff", "short", True)


def test_an_empty_table_decides_nothing(tmp_path: Path) -> None:
    found = _found(tmp_path, [])
    assert (found["n"], found["estimate"], found["verdict"]) == ({"control": 0, "short": 0}, None, "not_decided")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("c-1,other,2026-11-01,1,2026-11-01", "arm other is none of control, short"),
        (",control,2026-11-01,1,2026-11-01", "unit is missing"),
        ("c-1,control,2026-11-01,2,2026-11-01", "outcome must be 0 or 1"),
        ("c-1,control,sometime,1,2026-11-01", "exposed_at is no instant: sometime"),
        ("c-1,control", "exposed_at is no instant"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused(tmp_path: Path, row: str, reason: str) -> None:
    result = _run(tmp_path, [row])
    assert result.exit_code == 1 and reason in str(result.exception)


def test_a_unit_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    row = "c-1,control,2026-11-01,1,2026-11-01"
    result = _run(tmp_path, [row, row])
    assert result.exit_code == 1 and "data.csv:3: unit c-1 stands there twice" in str(result.exception)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("arms: [{id: control, weight: 1}, {id: short, weight: 1}]", "arms: [{id: control, weight: 1}]", "needs at least two"),
        ("weight: 1}]", "weight: 0}]", "greater than 0"),
        ("direction: up", "direction: sideways", "must be one of up, down"),
        ("planned_n: 6000", "", "planned_n is missing"),
        ("owner: design", "owner: design\nbandit: true", "bandit is not a field here"),
    ],
)
def test_an_experiment_that_cannot_be_one_is_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    result = _run(tmp_path, [], SPEC.replace(old, new))
    assert result.exit_code == 1 and reason in str(result.exception)
