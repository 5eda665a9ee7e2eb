"""``baitiao badges export``: every product's badge as a table that spreadsheets open."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from bot.commands import Refusal, badges
from bot.demo.remedies import DEMO_FILES
from tests.databases import migrated


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"sqlite:///{tmp_path / 'world.db'}"
    database = migrated(address, DEMO_FILES / "world.yml")
    database.close()
    monkeypatch.setenv("BAITIAO_DATABASE_URL", address)


@pytest.mark.usefixtures("here")
def test_every_product_has_a_row_that_says_what_its_badge_says() -> None:
    rows = {row["sku"]: row for row in csv.DictReader(io.StringIO(badges.exported(None, "app").decode("utf-8-sig")))}
    assert len(rows) == 29
    assert rows["100001"]["state"] == "available" and rows["100001"]["badge"] == ""
    limited = rows["100018"]
    assert (limited["tenors"], limited["down_payment"], limited["causes"]) == ("3 6 12 24", "0.3", "down_payment_required")
    assert rows["100023"]["until"] == rows["100023"]["valid_until"] == "2026-12-01T00:00:00+08:00"
    shown = badges.shown(list(rows), None, "app")["badges"]
    assert [(each["sku"], each["state"], "；".join(each["why"])) for each in shown] == [
        (row["sku"], row["state"], row["why"]) for row in rows.values()
    ]
    with pytest.raises(Refusal, match="--channel must be one of"):
        badges.exported(None, "fax")
