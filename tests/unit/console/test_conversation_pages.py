"""A conversation is read from the console masked, for a reason that is kept, and never by analysts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.state import audit, references
from actions.state.erasure import erase
from bot.channel.tokens import issue
from tests.unit.console.conftest import Caller
from tests.unit.desk.conftest import SECRET, audited_by
from tests.unit.handoff.conftest import House

Call = Callable[[str], Caller]
REASON = "核对故障期间的投诉"
PHONE = "13800138000"


@pytest.fixture
def case(house: House) -> str:
    return f"/conversations/{house.handed_over().id}"


def test_without_a_reason_nothing_of_it_is_shown(call: Call, case: str, house: House) -> None:
    operator = call("operator")
    page, asked = operator.look(f"/console{case}"), operator.get(case)
    assert page.status_code == asked.status_code == 200 and "查看理由" in page.text
    assert "怎么不能分期了" not in page.text + asked.text and "messages" not in asked.json()
    for reason in ("", "看看", "字" * 301, None, 7):
        assert operator.post(case, {"reason": reason}).json()["type"] == "urn:baitiao:problem:reason"
    assert audited_by(house.database, "console.conversation") == []


def test_with_a_reason_it_is_shown_masked_and_the_reason_is_kept_masked(call: Call, case: str, house: House) -> None:
    operator = call("operator")
    page = operator.submit(f"/console{case}", reason=f"{REASON} {PHONE}").text
    assert "怎么不能分期了" in page and PHONE not in page and "138****8000" in page
    number = case.rpartition("/")[2]
    with house.database.session() as session:
        reference = references.find(session, "u-1013")
    expected = ("operator-1", number, {"reference": reference, "words": f"{REASON} 138****8000"})
    assert audited_by(house.database, "console.conversation") == [expected]


def test_it_is_found_by_the_customers_reference_too_and_by_nothing_else(call: Call, case: str, house: House) -> None:
    with house.database.session() as session:
        reference = references.find(session, "u-1013")
    auditor = call("auditor")
    messages = auditor.post(f"/conversations/{reference}", {"reason": REASON}).json()["messages"]
    assert [message["role"] for message in messages][:2] == ["user", "bot"]
    for name in ("u-1013", "h-nothing", "c-nobody"):
        assert auditor.get(f"/conversations/{name}").status_code == 404
        assert auditor.post(f"/conversations/{name}", {"reason": REASON}).status_code == 404


@pytest.mark.parametrize("roles", [["analyst"], ["analyst", "operator"], ["viewer"], ["author"]], ids=" ".join)
def test_analysts_never_read_one_whatever_else_they_are_and_others_only_by_role(
    call: Call, case: str, house: House, roles: list[str]
) -> None:
    caller = Caller(call("viewer").address, "nobody", issue(SECRET, "ana-1", roles=roles))
    assert caller.get(case).status_code == caller.post(case, {"reason": REASON}).status_code == 403
    assert caller.look(f"/console{case}").status_code == caller.submit(f"/console{case}", reason=REASON).status_code == 403
    assert audited_by(house.database, "console.conversation") == []
    assert {detail["why"] for _, _, detail in audited_by(house.database, "console.refused")} == {"forbidden"}


def test_erasing_the_customer_takes_the_reason_and_the_audit_holds(call: Call, case: str, house: House) -> None:
    call("operator").post(case, {"reason": REASON})
    with house.database.session() as session:
        erase(session, "u-1013", "operator")
    assert [detail for _, _, detail in audited_by(house.database, "console.conversation")] == [{"erased": True}]
    with house.database.session() as session:
        assert audit.verify(session).broken is None
    assert call("operator").get(case).status_code == 404
