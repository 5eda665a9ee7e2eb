"""What is sent to the desk and refused: it leaves a trace, costs little, and no sign in it reaches the database that does not belong there."""

from __future__ import annotations

import time
from typing import Any

import pytest

from actions.state import handoffs
from bot.channel.tokens import issue
from tests.unit.desk.conftest import SECRET, AgentsBrowser, audited
from tests.unit.handoff.conftest import House


def test_steps_on_cases_of_others_and_on_unknown_ones_are_refused_and_audited(browser: AgentsBrowser, house: House) -> None:
    row = house.handed_over()
    other = AgentsBrowser(browser.address)
    browser.sign_in()
    other.sign_in(issue(SECRET, "agent-2", role="agent"))
    case = f"/desk/cases/{row.id}"
    assert browser.send(f"{case}/take").status_code == 303
    assert other.send(f"{case}/take").status_code == 409
    assert other.send(f"{case}/reply", data={"text": "您好"}).status_code == 409
    assert other.send("/desk/cases/h-none/take").status_code == 404
    assert other.ask("GET", "/desk/cases/h-none").status_code == 404
    assert other.ask("POST", f"{case}/close", data={"csrf": "0" * 64}).status_code == 403
    assert audited(house.database, "refused") == [
        ("agent-2", row.id, {"step": "take", "why": "stage.person"}),
        ("agent-2", row.id, {"step": "reply", "why": "stage.person"}),
        ("agent-2", "h-none", {"step": "take", "why": "not_found"}),
        ("agent-2", "h-none", {"step": "case", "why": "not_found"}),
        ("agent-2", row.id, {"step": "close", "why": "foreign"}),
    ]


@pytest.mark.parametrize("text", ["%00", "h-%00", "h-1%27", "%F0%9F%98%80", "x" * 65, "h-%E2%80%AE"])
def test_what_can_be_no_case_is_not_looked_for(browser: AgentsBrowser, house: House, text: str) -> None:
    browser.sign_in()
    assert browser.ask("GET", f"/desk/cases/{text}").status_code == 404
    assert browser.ask("GET", f"/desk/events?case={text}").status_code == 404
    assert [(who, case) for who, case, _ in audited(house.database, "refused")] == [("agent-1", None)] * 2


def test_signs_that_nobody_reads_are_dropped_from_what_agents_write(browser: AgentsBrowser, house: House) -> None:
    row = house.handed_over()
    browser.sign_in()
    browser.send(f"/desk/cases/{row.id}/take")
    text = "a\x00b\x1b[2J\u202e还清\u2066\x07。\n第二行"
    assert browser.send(f"/desk/cases/{row.id}/reply", data={"text": text}).status_code == 303
    assert house.history()[-1].text == "ab[2J还清。\n第二行"
    assert browser.send(f"/desk/cases/{row.id}/reply", data={"text": "\x00\u202e\x1b"}).status_code == 422
    outcome = {"resolved_by": "unresolved", "root_cause": "overdue", "note": "已\x00查"}
    assert browser.send(f"/desk/cases/{row.id}/close", data=outcome).status_code == 303
    with house.database.session() as session:
        assert handoffs.get_handoff(session, row.id).note == "已查"  # type: ignore[union-attr]


MANY = "&".join(f"f{number}=" for number in range(400_000))


@pytest.mark.parametrize(
    ("form", "kind", "status"),
    [
        (MANY, None, 413),
        ("token=" + "x" * 65536, None, 413),
        (MANY[:5000], None, 400),
        ("token=x", "text/plain", 415),
        ('{"token": "x"}', "application/json", 415),
        ("--b\r\n", "multipart/form-data; boundary=b", 400),
        ("token=%FF%00&token", None, 401),
        (b"\xff\xfe=\xff", None, 401),
        ("", None, 401),
    ],
    ids=["many fields", "a large one", "some more fields", "text", "JSON", "parts", "no text", "no UTF-8", "nothing"],
)
def test_what_is_no_form_of_ours_is_refused_quickly(browser: AgentsBrowser, form: Any, kind: str | None, status: int) -> None:
    headers = {"Content-Type": kind or "application/x-www-form-urlencoded"}
    begun = time.monotonic()
    assert browser.ask("POST", "/desk/sign-in", data=form, headers=headers).status_code == status
    assert time.monotonic() - begun < 1
