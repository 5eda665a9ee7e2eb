"""Policies and experiments in Chromium: two people start an experiment by keyboard, and no page overflows or keeps anybody out, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from actions.state.columns import real_now
from actions.state.policy_trials import ask_for_trial
from ops.experiments import service
from ops.policies.trials import do_asked
from ops.worker import Surroundings
from tests.unit.console.rollouts import a_report, begun_somewhere
from tests.unit.handoff.conftest import House, demo_file, house
from tests.unit.ops.experiments.conftest import Write, read_once, write
from tests.unit.ops.experiments.traffic import customers, rehearsal
from tests.widget.browsing import DESKTOP, SMALL_PHONE
from tests.widget.entering import Enter, enter
from tests.widget.stand import Stand
from tests.widget.test_chat_access import violations

__all__ = ["demo_file", "enter", "house", "read_once", "write"]
NEW = {"id": "p-min-2", "kind": "min_amount", "amount": "3000.00", "effective_from": "2026-12-01"}


@pytest.fixture
def stand(house: House, write: Write, read_once: None) -> Iterator[Stand]:
    """A console over a house with a rehearsed policy and a rehearsed experiment."""
    folder = write()
    with house.database.session() as session:
        service.keep_rehearsal(session, folder, rehearsal(folder), "operator")
        ask_for_trial(session, "p-min-2", "2026-12-01", {"policies": [NEW]}, "author-1", 0)
    customers(house.database, 200, ended=100)
    begun_somewhere(house.database, **a_report())
    do_asked(Surroundings.of(house.application))
    stand = Stand(house.database)
    yield stand
    stand.close()


def test_two_people_start_an_experiment_by_keyboard(enter: Enter, stand: Stand) -> None:
    author = enter("author")
    author.goto(f"{stand.address}/console/experiments/shorter-step")
    author.get_by_role("button", name="申请开始").press("Enter")
    expect(author.get_by_text("等另一位批准人开始")).to_be_visible()
    approver = enter("approver")
    approver.get_by_role("region", name="要做决定的试验").get_by_role("link", name="shorter-step").press("Enter")
    approver.get_by_role("button", name="批准并开始").press("Enter")
    expect(approver.get_by_text("approver-1 开始于")).to_be_visible()
    expect(approver.get_by_role("heading", name="决定")).to_be_visible()


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "light"), (SMALL_PHONE, "dark")], ids=["desktop by day", "phone by night"])
def test_axe_finds_nothing_and_nothing_overflows(enter: Enter, stand: Stand, viewport: object, scheme: str) -> None:
    page = enter("author", "approver", viewport=viewport, color_scheme=scheme)
    page.goto(f"{stand.address}/console/policies")
    trial = page.locator("a[href*='/policies/trial/']").first.get_attribute("href") or ""
    paths = [
        "policies",
        "policies/p-min",
        "policies/p-here/regions",
        "policies/new?kind=min_amount",
        "experiments",
        "experiments/shorter-step",
    ]
    months = {f"{real_now():%Y-%m}", "2026-08", "2026-12"}
    wrong = {}
    for path in (*paths, trial.removeprefix("/console/"), *(f"policies/calendar?month={month}" for month in sorted(months))):
        page.goto(f"{stand.address}/console/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        wrong[path] = [*violations(page), *([] if fits else ["overflows"])]
    assert {path: found for path, found in wrong.items() if found} == {}
