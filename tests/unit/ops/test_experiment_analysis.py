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
            f"c-{number},{'short' if variant else 'control'},2026-11-0{1 + number % 9}T10:00:00+08:00,{outcome},{1_795_000_000 + number}"
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
        ("c-1,control,2026-11-01", "outcome must be 0 or 1"),
        ("c-1,control,2026-11-01,1,", "at is no instant"),
        ("c-1,control,nan,1,2026-11-01", "exposed_at is no instant: nan"),
        ("c-1,control,2026-11-01,1,inf", "at is no instant: inf"),
        ("c-1,control,2026-11-02,1,2026-11-01", "at is before exposed_at"),
        ("c-1,control,2026-11-01,1,2026-11-01,7", "holds more values than there are columns"),
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
        ("weight: 1}, {id: short, weight: 1}", "weight: 0.3}, {id: short, weight: 0.3}", "must sum to it, not to 0.6"),
        ("direction: up", "direction: sideways", "must be one of up, down"),
        ("planned_n: 6000", "", "planned_n is missing"),
        ("owner: design", "owner: design\nbandit: true", "bandit is not a field here"),
    ],
)
def test_an_experiment_that_cannot_be_one_is_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    result = _run(tmp_path, [], SPEC.replace(old, new))
    assert result.exit_code == 1 and reason in str(result.exception)


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    result = _run(tmp_path, ["c-1,control,2026-11-01,1,2026-11-01,0"], head=f"{HEAD},outcome")
    assert result.exit_code == 1 and "holds the columns outcome twice" in str(result.exception)


def test_marks_line_ends_order_and_zones_of_the_file_change_nothing(tmp_path: Path) -> None:
    rows = _rows(1200, 0.5, 0.1, seed=5)
    usual = _found(tmp_path, rows)
    turned = [rows[at] for at in np.random.default_rng(1).permutation(len(rows))]
    written = [row.replace("T10:00:00+08:00", "T02:00:00Z" if at % 2 else "T10:00:00") for at, row in enumerate(turned)]
    (tmp_path / "data.csv").write_bytes(b"\xef\xbb\xbf" + "\r\n".join([HEAD, *written, ""]).encode())
    files = (str(tmp_path / "data.csv"), "--spec", str(tmp_path / "experiment.yml"))
    assert json.loads(CliRunner().invoke(app, ["experiment", "analyse", *files, "--json"]).output) == usual


def test_whose_outcome_is_not_known_yet_counts_for_the_split_alone(tmp_path: Path) -> None:
    rows = _rows(1200, 0.5, 0.2, seed=6)
    waiting = [f"w-{number},{('control', 'short')[number % 2]},2026-11-09,,{('', '2026-11-20')[number % 4 // 2]}" for number in range(400)]
    known, both = _found(tmp_path, rows), _found(tmp_path, [*rows, *waiting])
    assert sum(both["n"].values()) == 1600
    assert {**both, "n": 0} == {**known, "n": 0} and known["interval"] is not None
    assert _found(tmp_path, [*rows, *(row.replace("short", "control") for row in waiting)])["srm"]["blocked"]


def test_a_guardrail_without_a_column_is_told_as_one_of_which_nothing_is_known(tmp_path: Path) -> None:
    found = _found(tmp_path, _rows(300, 0.5, 0.0, seed=7), SPEC.replace("guardrails: []", "guardrails: [handoff]"))
    assert found["guardrails"] == [{"name": "handoff", "arm": "short", "e_value": None, "stopped": False}]


def test_what_is_known_at_one_instant_is_looked_at_together_in_whatever_order_it_stands(tmp_path: Path) -> None:
    day = ",2026-11-01,{outcome},2026-11-05,{outcome}"
    rows = [f"{arm}-{number},{arm}" + day.format(outcome=number % 2) for arm in ("short", "control") for number in range(400)]
    found = _found(tmp_path, rows, SPEC.replace("guardrails: []", "guardrails: [handoff]"), f"{HEAD},handoff")
    assert not found["srm"]["blocked"] and not found["guardrails"][0]["stopped"] and found["verdict"] == "not_decided"


@pytest.mark.parametrize("weights", [(0.8, 0.2), (80, 20), (4, 1)])
def test_weights_are_parts_of_one_or_relative(tmp_path: Path, weights: tuple[float, float]) -> None:
    spec = SPEC.replace("weight: 1}, ", f"weight: {weights[0]}}}, ").replace("weight: 1}]", f"weight: {weights[1]}}}]")
    found = _found(tmp_path, _rows(900, 0.5, 0.0, seed=8, share=0.2), spec)
    assert not found["srm"]["blocked"] and found["srm"]["e_value"] < 10
