"""A case that an incident alone had made ends with it: the desk says how, by whom and why, and nothing that nobody did."""

from __future__ import annotations

import pytest

from ops.incidents.cases import LinkedCases
from ops.worker import Surroundings
from tests.unit.desk.conftest import AgentsBrowser
from tests.unit.handoff.conftest import House
from tests.unit.ops.incidents.desk import Duty

USER, ORDER = "u-1005", "o-1005"


@pytest.mark.parametrize("taken", [False, True])
def test_the_end_of_a_linked_case_is_told_as_it_was(browser: AgentsBrowser, house: House, taken: bool) -> None:
    browser.sign_in()
    duty, cases, around = Duty(house.application), LinkedCases(), Surroundings.of(house.application)
    incident = duty.declare()
    case = house.turn(USER, "installment_missing", "为什么不能分期", order=ORDER).case
    house.turn(USER, "request_human", "转人工", case, ORDER)
    address = f"/desk/cases/{house.open(USER).id}"
    cases.look(around)
    if taken:
        browser.send(f"{address}/take")
    duty.update(incident, stage="resolved")
    cases.look(around)
    page = browser.ask("GET", address).text
    ended = "已结束" if taken else "排队时已自行解除，不用再处理"
    assert f"{ended}：随故障恢复结束，系统故障处理中" in page
    assert f"故障编号：{incident}" in page and "备注：inc" not in page
    assert (
        f"助手 {'结束' if taken else '结束，排队时已解除'}" in page
        and "assistant" not in page.partition('id="held"')[2].partition("</ol>")[0]
    )
