"""Obligations name controls that exist, else the file is refused with its line; reviews are recorded with what they found."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.knowledge.loading import DEFAULT_ROOT
from actions.state import audit
from actions.state.columns import real_now
from actions.state.database import Database
from actions.yaml_source import SourceError
from ops.compliance.importing import import_obligations
from ops.compliance.obligations import FILE, Obligation, read_obligations
from ops.compliance.refusals import ComplianceRefused
from ops.compliance.register import record_check, register_of
from ops.policies.calendar import obligation_entries

ENTRY = """# What the law asks.
obligations:
  costs:
    title: 明示综合融资成本
    issuer: 金融监管总局
    source: 公布文本
    trust: O
    published: 2026-03-15
    in_force: 2026-08-01
    applies_to: 放贷机构
    asks: 逐项写明
    owner: 合规
    review_every: 90
    controls:
      - test: tests/unit/test_costs.py::test_costs
      - forbidden: plays the cost down
      - policy: student
      - answer: installment_fee
      - retention: messages
sources:
  nfra: {title: 金融监管总局, where: 规章, address: "https://www.nfra.gov.cn", check_every: 14}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a knowledge folder beside tests, with obligations."""

    def make(text: str) -> Path:
        root = tmp_path / "knowledge"
        (root / "answers").mkdir(parents=True)
        shutil.copy(DEFAULT_ROOT / "forbidden.yml", root)
        shutil.copy(DEFAULT_ROOT / "answers" / "faq_fee.yml", root / "answers")
        (tmp_path / "tests" / "unit").mkdir(parents=True)
        (tmp_path / "tests" / "unit" / "test_costs.py").write_text("def test_costs() -> None:\n    assert True\n", encoding="utf-8")
        (root / FILE).write_text(text, encoding="utf-8")
        return root

    return make


def problems(root: Path) -> list[str]:
    with pytest.raises(SourceError) as refused:
        read_obligations(root)
    return [str(problem) for problem in refused.value.problems]


def test_the_projects_own_have_controls_that_exist_and_say_how_sure_they_are() -> None:
    book = read_obligations()
    assert len(book.obligations) >= 15 and len(book.sources) >= 5
    assert book.obligations["all_in_cost"].in_force == date(2026, 8, 1)
    law = [each for each in book.obligations.values() if each.trust == "O"]
    # Of some only the month is known, which stands in the source; warnings are repeated every year.
    assert all(each.in_force or each.published or "提示" in each.title or re.search(r"\b20\d\d\b", each.source) for each in law)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("test_costs.py::test_costs", "test_costs.py::test_nothing", r"yml:15: costs: tests/unit/test_costs.py has no test test_nothing"),
        ("tests/unit/test_costs.py::test_costs", "tests/unit/test_gone.py::test_costs", r"yml:15: costs: there is no test file"),
        ("test_costs.py::test_costs", "test_costs.py", r"yml:15: costs: .* holds many tests"),
        ("tests/unit/test_costs.py::test_costs", "tests/../knowledge/obligations.yml", r"yml:15: costs: there is no test file"),
        ("plays the cost down", "is never said", r"yml:16: costs: no entry of forbidden.yml says why is never said"),
        ("policy: student", "policy: mood", r"yml:17: costs: a kind of policy is one of .*, not mood"),
        ("installment_fee", "weather", r"yml:18: costs: no topic of answers/ is called weather"),
        ("retention: messages", "retention: secrets", r"yml:19: costs: actions/state/retention.yml has no table secrets"),
        ("- policy: student", "- prayer: student", r"yml:17: .*must be one of test, forbidden, policy, answer, retention with a name"),
        ("- policy: student", "- student", r"yml:17: .*must be one of test"),
        ("- policy: student", "- policy: ''", r"yml:17: .*policy needs a name"),
        ("in_force: 2026-08-01", "in_force: 2026-01-01", r"yml:3: in_force is before published"),
        ("in_force: 2026-08-01", "in_force: 八月", r"yml:9: in_force"),
        ("trust: O", "trust: X", r"yml:7: trust must be one of O, Q, U, C, D"),
        ("review_every: 90", "review_every: 0", r"yml:13: review_every"),
        ("    owner: 合规\n", "", r"yml:3: owner is missing"),
        ("asks: 逐项写明", 'asks: " "', r"yml:11: asks must not be empty"),
        ("  costs:", "  要求 一:", r"yml:3: 要求 一 is no id"),
        ("  nfra:", "  costs:", r"yml:21: costs is an obligation already"),
        ("https://www.nfra.gov.cn", "nfra.gov.cn", r"yml:21: address must be an http or https address"),
        ("sources:", "resources:", r"yml:20: resources is not a field here"),
        ("check_every: 14", "check_every: often", r"yml:21: check_every"),
    ],
)
def test_what_is_wrong_is_refused_with_line_and_reason(folder: Callable[[str], Path], old: str, new: str, reason: str) -> None:
    assert old in ENTRY
    (found, *_) = problems(folder(ENTRY.replace(old, new, 1)))
    assert re.search(reason, found), found


def test_without_the_tests_beside_it_a_test_is_believed(folder: Callable[[str], Path]) -> None:
    root = folder(ENTRY)
    assert len(read_obligations(root).obligations["costs"].controls) == 5
    shutil.rmtree(root.parent / "tests")
    assert len(read_obligations(root).obligations["costs"].controls) == 5


def standing(database: Database, root: Path, name: str, ahead: int = 0) -> Any:
    with database.session() as session:
        register = register_of(session, read_obligations(root), real_now().date() + timedelta(days=ahead))
    return next(each for each in (*register.obligations, *register.sources) if each.id == name)


def checked(database: Database, root: Path, name: str, outcome: object, note: object) -> None:
    with database.session() as session:
        record_check(session, read_obligations(root), name, outcome, note, "approver-1")


def test_a_review_lasts_as_long_as_it_should_and_no_longer_than_what_is_asked(database: Database, folder: Callable[[str], Path]) -> None:
    root = folder(ENTRY)
    assert standing(database, root, "costs").overdue == "never" == standing(database, root, "nfra").overdue
    checked(database, root, "costs", "met", "逐条看过，付款页有年化，13800138000 也问过")
    checked(database, root, "nfra", "nothing_new", "没有新的公布")
    found = [standing(database, root, "costs", ahead).overdue for ahead in (0, 90, 91)]
    assert found == [None, None, "late"] and standing(database, root, "nfra", 15).overdue == "late"
    assert "13800138000" not in standing(database, root, "costs").last.note
    (root / FILE).write_text(ENTRY.replace("逐项写明", "逐项写明，弹窗强制阅读"), encoding="utf-8")
    assert standing(database, root, "costs").overdue == "changed"
    with database.session() as session:
        assert [entry.action for entry in audit.entries(session)] == ["obligation.check"] * 2


@pytest.mark.parametrize(
    ("name", "outcome", "note", "code"),
    [
        ("taxes", "met", "逐条看过了", "not_found"),
        ("costs", "nothing_new", "逐条看过了", "outcome_unknown"),
        ("nfra", "met", "逐条看过了", "outcome_unknown"),
        ("costs", None, "逐条看过了", "outcome_unknown"),
        ("costs", "partly", "好", "note_missing"),
        ("costs", "partly", 7, "note_missing"),
    ],
)
def test_a_review_that_says_nothing_is_refused(
    database: Database, folder: Callable[[str], Path], name: str, outcome: object, note: object, code: str
) -> None:
    root = folder(ENTRY)
    with pytest.raises(ComplianceRefused) as refused:
        checked(database, root, name, outcome, note)
    assert refused.value.code == code


def test_the_signed_stress_test_is_asked_for_again_each_quarter_in_the_calendar(database: Database) -> None:
    name = "stress_each_quarter"
    assert "baitiao policy stress FILE --report FILE" in read_obligations().obligations[name].asks
    checked(database, DEFAULT_ROOT, name, "met", "11 月的报告没有超限，已签字存档")
    due = real_now().date() + timedelta(days=90)
    entries = list(obligation_entries([standing(database, DEFAULT_ROOT, name)]))
    assert [(each.on, each.what, each.about) for each in entries] == [(due, "obligation_due", name)]
    assert standing(database, DEFAULT_ROOT, name, 91).overdue == "late"


def test_what_nothing_keeps_is_not_said_to_be_met(database: Database, folder: Callable[[str], Path]) -> None:
    root = folder(ENTRY.partition("    controls:")[0] + "    controls: []\n")
    with pytest.raises(ComplianceRefused, match="no control"):
        checked(database, root, "costs", "met", "大家都说做到了")
    checked(database, root, "costs", "not_met", "还没有控制")
    assert standing(database, root, "costs").last.outcome == "not_met"


def test_what_comes_into_force_soon_is_told_and_first_reviewed_then(database: Database, folder: Callable[[str], Path]) -> None:
    day = real_now().date() + timedelta(days=90)
    root = folder(ENTRY.replace("2026-08-01", day.isoformat()))
    with database.session() as session:
        data = register_of(session, read_obligations(root)).to_data()
    assert data["soon"] == ["costs"] and data["overdue"] == [] and data["obligations"][0]["days_to_force"] == 90


def test_what_the_team_brings_is_added_and_changed_and_nothing_is_lost(folder: Callable[[str], Path], tmp_path: Path) -> None:
    root = folder(ENTRY)
    other = ENTRY.replace("  costs:", "  other:").partition("sources:")[0].replace("明示综合融资成本", "另一条要求")
    (tmp_path / "brought.yml").write_text(other, encoding="utf-8")
    found = import_obligations(tmp_path / "brought.yml", root, dry_run=True)
    assert found.added == ("other",) and "other" not in read_obligations(root).obligations
    import_obligations(tmp_path / "brought.yml", root)
    book = read_obligations(root)
    assert list(book.obligations) == ["costs", "other"] and list(book.sources) == ["nfra"]
    assert (root / FILE).read_text(encoding="utf-8").startswith("# What the law asks.\n")
    (tmp_path / "brought.yml").write_text(other.replace("review_every: 90", "review_every: 30"), encoding="utf-8")
    again = import_obligations(tmp_path / "brought.yml", root)
    assert again.changed == ("other",) and read_obligations(root).obligations["other"].review_every == 30
    assert import_obligations(tmp_path / "brought.yml", root).same == ("other",)


def test_what_is_wrong_is_not_taken_in(folder: Callable[[str], Path], tmp_path: Path) -> None:
    root = folder(ENTRY)
    (tmp_path / "brought.yml").write_text(ENTRY.replace("student", "mood"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"brought.yml:17: costs: a kind of policy"):
        import_obligations(tmp_path / "brought.yml", root)
    assert (root / FILE).read_text(encoding="utf-8") == ENTRY


def test_a_digest_is_of_what_is_written() -> None:
    one = read_obligations().obligations["all_in_cost"]
    assert one.digest == Obligation.parse_obj(one.dict()).digest != one.copy(update={"owner": "风控"}).digest
