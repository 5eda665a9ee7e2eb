"""Stress tests: what would happen to whom, limits that fail, files that are refused with their line, and a heat map without small cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from actions.state.world.loading import load_world_data
from actions.yaml_source import Source, SourceError
from bot.cli import app
from bot.commands import Refusal
from ops.policies.stress import StressRun, more_overdue, stress
from ops.policies.stress_files import read_stress_file
from ops.policies.stress_report import heat_map, report
from tests.unit.ops.policies.registering import Office

pytestmark = pytest.mark.broad

MIN_300 = "{id: min-300, title: 起点, policy: {kind: min_amount, amount: 300.00}}"


def run(office: Office, *scenarios: str, limits: str = "{}") -> StressRun:
    file = read_stress_file(Source("stress.yml", f"scenarios:\n{''.join(f'  - {each}{chr(10)}' for each in scenarios)}limits: {limits}\n"))
    with office.here.database.session() as session:
        return stress(session, office.here.knowledge.current, file)


def shares(found: StressRun) -> dict[str, float]:
    return {each.id: round(4 * each.all.share, 6) for each in found.results}


def test_each_thing_that_may_happen_is_counted_against_today(office: Office) -> None:
    found = run(
        office,
        MIN_300,
        "{id: out, outage: installment}",
        "{id: shop, pause_shops: 1}",
        "{id: app, policy: {kind: app_version, minimum: 99.0.0}}",
        "{id: all, all_of: [min-300, out]}",
    )
    # Of three orders and a bill, the order of 80 yuan is below the minimum already.
    assert shares(found) == {"today": 1, "min-300": 2, "out": 4, "shop": 3, "app": 4, "all": 4}
    assert [each.newly for each in found.results] == [0, 1, 1, 1, 1, 1]


def test_more_customers_are_overdue_as_the_seed_draws_them(office: Office) -> None:
    users = [{"id": f"u-{n}", "baitiao": {"overdue": "1.00" if n < 4 else "0.00"}} for n in range(24)]
    load_world_data(office.here.database, {"users": users})
    with office.here.database.session() as session:
        drawn = [more_overdue(session, 0.5, seed) for seed in (1, 1, 2)]
    assert len(drawn[0]) == 2 and drawn[0] == drawn[1] != drawn[2]
    assert not drawn[0] & {f"u-{n}" for n in range(4)}


def test_a_card_that_cannot_be_used_is_no_alternative(office: Office) -> None:
    load_world_data(office.here.database, {"users": [{"id": "u", "bank_card": "expired"}]})
    found = run(office, "{id: out, outage: installment}")
    before, after = (each.all.without_alternative for each in found.results)
    load_world_data(office.here.database, {"users": [{"id": "u", "bank_card": "ok"}]})
    assert [each.all.without_alternative for each in run(office, "{id: out, outage: installment}").results] == [0, 0]
    assert before > 0 or after > 0


@pytest.mark.parametrize(
    ("limit", "exceeded"),
    [
        ("without_option: 0.4", ["min-300: without_option is 0.5, more than 0.4"]),
        ("without_option: 0.5", []),
        ("handoffs: 0.01", ["min-300: handoffs is 0.04, more than 0.01"]),
        ("peak_per_hour: 0.001", ["min-300: peak_per_hour is 0.0048, more than 0.001"]),
    ],
)
def test_a_limit_that_is_exceeded_is_said(office: Office, limit: str, exceeded: list[str]) -> None:
    assert list(run(office, MIN_300, limits=f"{{min-300: {{{limit}}}}}").exceeded) == exceeded


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("scenarios: []", "there is no scenario"),
        ("scenarios:\n  - {id: a, outage: installment, pause_shops: 1}", "stress.yml:2: .*exactly one of"),
        ("scenarios:\n  - {id: a, policy: {kind: min_amount}}", "stress.yml:2: .*needs amount"),
        ("scenarios:\n  - {id: a, outage: cellar}", "stress.yml:2: .*checkout"),
        ("scenarios:\n  - {id: a, all_of: [b]}", "no scenario b before a"),
        ("scenarios:\n  - {id: a, outage: credit}\n  - {id: a, outage: credit}", "stress.yml:3: a is given twice"),
        ("scenarios:\n  - {id: a, outage: credit}\nlimits:\n  b: {}", "stress.yml:4: there is no scenario b"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read_stress_file(Source("stress.yml", text))


def test_the_heat_map_and_the_report_hide_regions_of_few(office: Office) -> None:
    few = heat_map(run(office, MIN_300))
    region = office.region()
    assert few.startswith("<?xml") and region not in few
    load_world_data(office.here.database, {"orders": [{"id": "o-9", "user": "u", "lines": [{"sku": "2"}]}]})
    page = report(run(office, MIN_300))
    assert "data:image/svg+xml;base64," in page and "签字" in page and "&lt;5" in page
    assert "60%" in heat_map(run(office, MIN_300)) and region in heat_map(run(office, MIN_300))


def test_the_command_writes_its_files_and_fails_on_a_limit(tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file, svg = tmp_path / "stress.yml", tmp_path / "heat.svg"
    file.write_text(f"scenarios: [{MIN_300}]\nlimits: {{min-300: {{without_option: 0.1}}}}\n", encoding="utf-8")
    monkeypatch.setenv("BAITIAO_DATABASE_URL", str(office.here.database.engine.url))
    done: Any = CliRunner().invoke(app, ["policy", "stress", str(file), "--svg", str(svg), "--json"])
    assert done.exit_code == 1 and json.loads(done.stdout)["exceeded"]
    assert svg.read_text(encoding="utf-8").startswith("<?xml")
    nowhere: Any = CliRunner().invoke(app, ["policy", "stress", str(file), "--report", str(tmp_path / "no" / "report.html")])
    assert isinstance(nowhere.exception, Refusal) and "report.html cannot be written: No such file" in str(nowhere.exception)
