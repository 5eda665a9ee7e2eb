"""Lines of complaints: what is read from them, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from actions.yaml_source import SourceError
from ops.watch.complaints import read_complaints
from tools.pages import ROOT, marked

LINE: dict[str, Any] = {"at": "2026-11-22T10:00:00+08:00", "customer": "c-1", "causes": ["overdue"], "region": "广东"}


def _file(folder: Path, *lines: Any) -> Path:
    file = folder / "complaints.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return file


def test_a_line_gives_time_customer_streams_and_places(tmp_path: Path) -> None:
    places = {"merchants": ["m-1", "m-2"], "categories": ["phones"], "channel": "app", "end": "handoff", "seq": 3, "note": ""}
    (found,) = read_complaints(_file(tmp_path, {**LINE, **places}))
    assert (found.at, found.customer, found.streams) == (1795312800.0, "c-1", ("overdue",))
    assert found.values == {("region", "广东"), ("merchant", "m-1"), ("merchant", "m-2"), ("category", "phones"), ("channel", "app")}


def test_the_line_that_the_page_shows_is_one(tmp_path: Path) -> None:
    (text,) = marked(ROOT / "docs/watching.md", "complaint").values()
    (found,) = read_complaints(_file(tmp_path, text))
    assert found.streams == ("merchant_integration_error",) and ("merchant", "m-7") in found.values


def test_no_cause_is_a_stream_of_its_own_and_a_cause_counts_once(tmp_path: Path) -> None:
    found = read_complaints(_file(tmp_path, {**LINE, "causes": []}, "", {**LINE, "causes": ["overdue", "overdue"]}))
    assert [each.streams for each in found] == [("none",), ("overdue",)]


def test_lines_are_put_in_order_and_instants_may_be_written_in_any_zone(tmp_path: Path) -> None:
    ats = ["2026-11-22T11:00:00+08:00", "2026-11-22T02:30:00Z", "2026-11-22T10:15:00"]
    found = read_complaints(_file(tmp_path, *({**LINE, "at": at} for at in ats)))
    assert [each.at - 1795312800.0 for each in found] == [900.0, 1800.0, 3600.0]


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        ("2026-11-22T02:00:00Z", 0),
        ("2026-11-22T02:00:00z", 0),
        ("2026-11-22T10:00:00.5+08:00", 0.5),
        ("2026-11-22T02:00:00.123456789Z", 0.123456),
        ("2026-11-22T10:00:00,25+0800", 0.25),
        ("2026-11-22 10:00:00+08", 0),
        ("2026-11-22T10:00:00.1", 0.1),
    ],
)
def test_an_instant_may_be_written_as_other_programs_write_it(tmp_path: Path, at: str, seconds: float) -> None:
    (found,) = read_complaints(_file(tmp_path, {**LINE, "at": at}))
    assert found.at - 1795312800.0 == pytest.approx(seconds, abs=1e-5)


def test_a_mark_at_the_begin_of_a_file_is_no_part_of_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "marked.jsonl").write_text(json.dumps(LINE), encoding="utf-8-sig")
    assert len(read_complaints(tmp_path / "marked.jsonl")) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ({**LINE, "at": None}, "at must be an instant such as 2026-11-22T10:00:00+08:00"),
        ({**LINE, "at": "gestern"}, "at is no instant: gestern"),
        ({**LINE, "at": "2026-11-22T10:00:00+99:00"}, "at is no instant: 2026-11-22T10:00:00+99:00"),
        ({**LINE, "at": "2026-13-22T10:00:00Z"}, "at is no instant: 2026-13-22T10:00:00Z"),
        ({**LINE, "customer": 7}, "customer must be text"),
        ({**LINE, "customer": ""}, "customer must be text"),
        ({**LINE, "causes": "overdue"}, "causes must be a list of ids, empty if none was found"),
        ({**LINE, "causes": [None]}, "causes must be a list of ids, empty if none was found"),
        ({"at": LINE["at"], "customer": "c-1"}, "causes must be a list of ids, empty if none was found"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_reason(tmp_path: Path, line: Any, reason: str) -> None:
    file = _file(tmp_path, LINE, line)
    with pytest.raises(SourceError) as refused:
        read_complaints(file)
    assert [(each.file, each.line, each.reason) for each in refused.value.problems] == [(str(file), 2, reason)]


def test_a_file_full_of_mistakes_is_not_told_to_its_end(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        read_complaints(_file(tmp_path, *(["{"] * 1000)))
    assert len(refused.value.problems) == 20


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_complaints(tmp_path / "nothing.jsonl")
    (tmp_path / "odd.jsonl").write_bytes(b"\xff\xfe{}")
    with pytest.raises(SourceError, match="is not UTF-8"):
        read_complaints(tmp_path / "odd.jsonl")


def test_years_that_every_minute_of_would_have_to_be_gone_through_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="more than three years"):
        read_complaints(_file(tmp_path, {**LINE, "at": "1970-01-01T00:00:00Z"}, LINE))
