"""``baitiao alerts replay``: what outside checkers call."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tools.evaluation.complaint_traffic import BEGIN, CALM, ComplaintTraffic, Injected

pytestmark = pytest.mark.broad

START = 4 * 1440 + 600


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which m-7 fails for customers from the fifth day on, its lines not in order."""
    trouble = Injected("merchant_integration_error", START, 120, 10, merchant="m-7")
    found = ComplaintTraffic(CALM, 94, {"merchant_integration_error": 0.03}).complaints(4.6 / 7, [trouble])
    lines = []
    for each in found:
        where: dict[str, list[str]] = {}
        for dim, value in each.values:
            where.setdefault(dim, []).append(value)
        at = datetime.fromtimestamp(each.at, timezone.utc).isoformat()
        causes = [] if each.streams == ("none",) else list(each.streams)
        places = {"merchants": where["merchant"], "region": where["region"][0], "channel": where["channel"][0]}
        lines.append(json.dumps({"at": at, "customer": each.customer, "causes": causes, **places, "end": "resolved"}))
    file = tmp_path_factory.mktemp("complaints") / "complaints.jsonl"
    file.write_text("\n".join(sorted(lines, key=hash)), encoding="utf-8")
    return file


def test_an_alert_is_one_object_a_line_with_the_fields_of_the_contract(complaints: Path) -> None:
    result = CliRunner().invoke(app, ["alerts", "replay", str(complaints), "--json"])
    assert result.exit_code == 0, result.output
    alerts = [json.loads(line) for line in result.output.splitlines()]
    (alert,) = [each for each in alerts if each["stream"] == "merchant_integration_error"]
    assert list(alert) == ["opened_at", "closed_at", "stream", "observed", "expected", "ratio", "drill"]
    opened = datetime.fromisoformat(alert["opened_at"])
    assert 0 < opened.timestamp() - (BEGIN + START * 60) < 30 * 60 and opened.utcoffset() is not None
    assert alert["observed"] > alert["expected"] > 0 and alert["ratio"][0] < alert["ratio"][1]
    first = alert["drill"][0]
    assert (first["dim"], first["value"]) == ("merchant", "m-7") and first["share"] > first["others"]


def test_people_get_a_line_each(complaints: Path) -> None:
    result = CliRunner().invoke(app, ["alerts", "replay", str(complaints)])
    assert result.exit_code == 0
    (line,) = [line for line in result.output.splitlines() if "merchant_integration_error" in line]
    assert "merchant m-7: " in line and " were to be expected (" in line
