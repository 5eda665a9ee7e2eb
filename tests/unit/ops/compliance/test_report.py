"""The monthly report says what was kept, held off and looked at, with no small number of customers, and from what it was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from actions.bootstrap import bootstrap
from actions.knowledge.model import Knowledge
from actions.settings import Settings
from actions.state import audit
from actions.state.audit import AUDIT
from actions.state.compliance_reports import find_report, kept_months
from actions.state.database import Database
from actions.state.erasure import erase
from ops.compliance import knowledge_watch
from ops.compliance.clocks import start_clocks
from ops.compliance.obligations import read_obligations
from ops.compliance.refusals import ComplianceRefused
from ops.compliance.register import record_check
from ops.compliance.report import Month, report_of
from ops.compliance.reporting import as_document, make_reports
from ops.compliance.small_numbers import FEWEST, hidden
from ops.worker import Surroundings
from tests.unit.ops.compliance.cases import BEGIN, DAY, closed, handed_over

LATER = BEGIN + 20 * DAY


def busy(database: Database, knowledge: Knowledge) -> None:
    """A month in which something of everything happened."""
    for number in range(12):
        case = handed_over(database, number)
        if number < 6:
            closed(database, case, BEGIN + 3 * DAY)
    handed_over(database, 20, "objection")
    with time_machine.travel(BEGIN + DAY, tick=False), database.session() as session:
        start_clocks(session, knowledge)
        for number in range(7):
            audit.record(session, f"agent-{number % 2}", "desk.case", f"h-case{number:04}")
        audit.record(session, "agent-1", "desk.refused", "h-case0001", {"step": "reply", "why": "doubtful"})
        audit.record(session, "agent-1", "desk.confirm", "h-case0001", {"reason": "quoted", "rules": ["urges"]})
        audit.record(session, "op-1", "console.refused", detail={"step": "incidents", "why": "text_refused"})
        audit.record(session, "op-1", "console.refused", detail={"step": "audit", "why": "forbidden"})
        audit.record(session, "auditor-1", "console.conversation", "h-case0001", {audit.WORDS: "核对投诉"})
        audit.record(session, "approver-1", "policy.approve", detail={"policy": "p-1"})
        audit.record(session, "approver-1", "console.refused", detail={"step": "policies", "why": "four_eyes"})
        record_check(session, read_obligations(), "complaints", "partly", "抽查了十件，两件偏晚", "approver-1")
        erase(session, "u-11", "operator")


def made(database: Database, knowledge: Knowledge, month: str = "2026-11") -> dict[str, object]:
    with time_machine.travel(LATER, tick=False), database.session() as session:
        return report_of(session, knowledge, read_obligations(), Month.read(month))


@pytest.mark.slow
def test_every_part_is_counted_and_small_numbers_of_customers_are_not_written(database: Database, knowledge: Knowledge) -> None:
    busy(database, knowledge)
    data = made(database, knowledge)
    complaint, objection = data["clocks"]  # type: ignore[misc]
    assert (complaint["received"], complaint["kept"], complaint["missed"], complaint["running"]) == (11, 6, 5, 0)
    assert (objection["received"], objection["missed"]) == (None, None)
    held = data["held_off"]
    assert held["operators"] == 1 and held["agents"] == {
        "asked": 1,
        "confirmed": 1,
        "rules": [{"rule": "urges", "title": "催促", "count": 1}],
    }  # type: ignore[index]
    assert held["knowledge"]["rules"] == len(knowledge.forbidden.rules)  # type: ignore[index]
    assert data["four_eyes"] == {"approved": [{"action": "policy.approve", "count": 1}], "refused": 1}
    assert data["rights"] == {"erase": None, "purge": 0, "privacy_export": 0}
    accesses: Mapping[str, object] = data["accesses"]  # type: ignore[assignment]
    assert {name: accesses[name] for name in ("with_a_reason", "readers", "without_a_reason", "opened", "openers", "refused")} == {
        "with_a_reason": None,
        "readers": 1,
        "without_a_reason": 0,
        "opened": 7,
        "openers": 2,
        "refused": 1,
    }
    assert data["obligations"]["reviews"] == 1 and "assisted_lending" in data["obligations"]["without_control"]  # type: ignore[index]


@pytest.mark.slow
def test_the_head_is_that_of_the_audit_and_a_change_shows(database: Database, knowledge: Knowledge) -> None:
    busy(database, knowledge)
    with database.session() as session:
        assert made(database, knowledge)["audit"]["head"] == audit.head(session)  # type: ignore[index]
        session.execute(update(AUDIT).where(AUDIT.c.id == 3).values(actor="somebody else"))
    told = made(database, knowledge)
    assert (told["audit"]["holds"], told["audit"]["broken"]["entry"]) == (False, 3)  # type: ignore[index]
    assert "从第 3 条起和写入时不一样" in as_document(told)


def test_the_document_stands_alone_and_names_no_customer(database: Database, knowledge: Knowledge) -> None:
    busy(database, knowledge)
    text = as_document(made(database, knowledge))
    assert "少于 5" in text and "综合融资成本" in text and "<script" not in text and "href=" not in text and "src=" not in text
    assert not any(word in text for word in ("u-1", "h-case", "核对投诉", "agent-1"))
    # A rule of our own holds since it was written.
    assert text.count("内部规定</td>") == sum(each["trust"] == "D" for each in made(database, knowledge)["obligations"]["items"]) > 0


def test_what_lies_outside_of_the_month_does_not_count(database: Database, knowledge: Knowledge) -> None:
    busy(database, knowledge)
    data = made(database, knowledge, "2026-10")
    assert data["clocks"][0]["received"] == 0 and data["audit"]["entries"] == 0 and data["whole"]  # type: ignore[index]


@pytest.mark.parametrize(("name", "code"), [("2026-13", "month_unreadable"), ("november", "month_unreadable"), ("2099-01", "month_ahead")])
def test_a_month_that_is_none_or_has_not_begun_is_refused(name: str, code: str) -> None:
    with pytest.raises(ComplianceRefused) as refused:
        Month.read(name)
    assert refused.value.code == code


@pytest.mark.slow
def test_the_worker_makes_the_month_before_once_and_this_one_once_a_day(tmp_path: Path) -> None:
    here = bootstrap(Settings.read(database_url=f"sqlite:///{tmp_path / 'x.db'}"))
    here.migrate()
    around, made_at = Surroundings.of(here), []
    for at in (BEGIN, BEGIN + timedelta(hours=3), BEGIN + DAY, BEGIN + 29 * DAY):
        with time_machine.travel(at, tick=False):
            made_at.append(make_reports(around))
    assert made_at == [2, 0, 1, 2]
    with here.database.session() as session:
        assert {name: whole for name, (_, whole) in kept_months(session).items()} == {"2026-12": False, "2026-11": True, "2026-10": True}
        found = find_report(session, "2026-11")
    assert found is not None and found.data["until"].startswith("2026-12-01") and "2026-11" in found.html
    here.database.close()


@pytest.mark.slow
def test_a_knowledge_folder_that_cannot_be_used_is_noted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = bootstrap(Settings.read(database_url=f"sqlite:///{tmp_path / 'x.db'}"))
    here.migrate()
    around = Surroundings.of(here)
    assert not knowledge_watch.note_refused_knowledge(around)
    empty, load = tmp_path / "knowledge", knowledge_watch.load
    empty.mkdir()
    monkeypatch.setattr(knowledge_watch, "load", lambda: load(empty))
    assert [knowledge_watch.note_refused_knowledge(around) for _ in range(2)] == [True, False]
    with here.database.session() as session:
        (entry,) = audit.entries(session)
    assert (entry.action, entry.detail["problems"]) == ("knowledge.refused", 1)
    here.database.close()


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 12), min_size=1))
def test_no_small_number_is_written_nor_can_be_worked_out_from_the_whole(counts: dict[str, int]) -> None:
    shown = hidden(counts)
    assert all(value is None or value == counts[name] for name, value in shown.items())
    small = [name for name, count in counts.items() if 0 < count < FEWEST]
    assert all(shown[name] is None for name in small)
    missing = [name for name, value in shown.items() if value is None]
    assert len(missing) != 1 or all(not counts[name] for name in counts if name not in missing)
    assert small or not missing
