"""A case that must be answered for good says at the desk until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from actions.core.observations import milliseconds
from actions.state import handoffs
from actions.state.answer_clocks import ANSWER_CLOCKS
from actions.state.columns import real_now
from ops.compliance.clocks import start_clocks
from tests.unit.desk.conftest import AgentsBrowser
from tests.unit.handoff.conftest import House


@pytest.mark.parametrize(("left", "shown"), [(10.5, "剩 10 天"), (0.5, "今天到期"), (-1, "已过答复期限")])
def test_how_long_is_left_stands_beside_the_case(browser: AgentsBrowser, house: House, left: float, shown: str) -> None:
    house.turn("u-1013", "complaint_angry", "我要向银保监会投诉你们", entities={"cue_regulator": "银保监会"})
    case = house.open().id
    with house.database.session() as session:
        start_clocks(session, house.application.knowledge.current)
        session.execute(update(ANSWER_CLOCKS).values(answer_by=milliseconds(real_now() + timedelta(days=left))))
    browser.sign_in()
    assert shown in browser.ask("GET", f"/desk/cases/{case}").text
    with house.database.session() as session:
        handoffs.close(session, case)
    assert ("期限内结束" if left > 0 else "已过答复期限") in browser.ask("GET", f"/desk/cases/{case}").text


def test_a_case_that_needs_no_final_answer_says_nothing_of_it(browser: AgentsBrowser, house: House) -> None:
    browser.sign_in()
    assert (
        "答复" not in browser.ask("GET", f"/desk/cases/{house.handed_over().id}").text.partition("pane-case")[2].partition("</section>")[0]
    )
