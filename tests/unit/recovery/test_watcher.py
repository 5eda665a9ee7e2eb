"""Who waits is told once, when it is over and not before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.bootstrap import Application
from actions.core.subject import ACCOUNT, Subject
from actions.state import conversations, subscriptions
from actions.state.world.loading import load_world_data
from conversations.application import composed
from conversations.healthy_world import healthy, injections
from tests.databases import migrated

pytestmark = pytest.mark.broad

OUTAGE = injections()["incident_outage"].patch
OVER = {"incidents": [{"id": "i-out", "resolved_at": "2026-11-22T09:59:00+08:00"}]}


@pytest.fixture()
def here(tmp_path: Path) -> Iterator[Application]:
    database = migrated(f"sqlite:///{tmp_path}/recovery.db")
    load_world_data(database, healthy())
    load_world_data(database, OUTAGE)
    yield composed(database)
    database.close()


def look(here: Application) -> int:
    return here.recovery_watcher().look()


def wait(here: Application, cause: str = "incident_outage", order: Any = "o") -> None:
    with here.database.session() as session:
        subscriptions.subscribe(session, "u", "u", Subject.of(order), cause)


def told(here: Application) -> Any:
    with here.database.session() as session:
        return conversations.history(session, "u")


def test_nothing_is_said_while_it_goes_on(here: Application) -> None:
    wait(here)
    assert look(here) == 0 and told(here) == ()


def test_the_end_is_told_once_with_a_button_that_goes_on(here: Application) -> None:
    wait(here)
    with here.database.session() as session:
        conversations.append(session, "u", [conversations.MessageDraft("user", "没有分期")])
    load_world_data(here.database, OVER)
    assert [look(here), look(here)] == [1, 0]
    _, message = told(here)
    assert message.role == "bot" and "{" not in message.text
    assert [button["payload"] for button in message.buttons] == ["/step_done", "/request_human"]
    assert message.data == {"type": "check", "cause": "incident_outage", "passed": True, "blocked": False}


def test_who_waits_with_two_orders_is_told_once(here: Application) -> None:
    load_world_data(here.database, {"orders": [{"id": "o2", "user": "u", "lines": [{"sku": "1"}]}]})
    wait(here, order="o")
    wait(here, order="o2")
    load_world_data(here.database, OVER)
    assert look(here) == 1 and len(told(here)) == 1
    with here.database.session() as session:
        assert subscriptions.open_subscriptions(session) == ()


def test_of_many_watchers_one_tells(here: Application) -> None:
    wait(here)
    load_world_data(here.database, OVER)
    watchers = [threading.Thread(target=here.recovery_watcher().look) for _ in range(6)]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join()
    assert len(told(here)) == 1


def test_a_new_application_is_announced_when_it_may_be_made(here: Application) -> None:
    rejected = {"status": "rejected", "retry_after": "2026-11-23"}
    load_world_data(here.database, {"users": [{"id": "u", "baitiao": rejected}]})
    wait(here, cause="activation_rejected")
    assert look(here) == 0
    load_world_data(here.database, {"now": "2026-11-24T00:00:00+08:00"})
    assert look(here) == 1
    (message,) = told(here)
    assert message.data is None, "the cause still holds: nobody may say that it is gone"


def test_who_is_gone_is_not_told(here: Application) -> None:
    with here.database.session() as session:
        subscriptions.subscribe(session, "x", "x", ACCOUNT, "incident_outage")
    load_world_data(here.database, OVER)
    assert look(here) == 0


def bill(here: Application, status: str) -> None:
    issued = {
        "id": "b",
        "user": "u",
        "month": "2026-11",
        "amount": "1860.00",
        "status": status,
        "issued_on": "2026-11-25",
        "due_on": "2026-12-04",
    }
    load_world_data(here.database, {"bills": [issued]})


def test_a_bill_that_is_issued_is_told_in_words_of_its_own_and_once(here: Application) -> None:
    load_world_data(here.database, OVER)
    bill(here, "open")
    with here.database.session() as session:
        subscriptions.subscribe(session, "u", "u", Subject.of(bill="b"), "bill_not_issued")
    assert look(here) == 0 and told(here) == ()
    load_world_data(here.database, {"now": "2026-11-26T10:00:00+08:00"})
    assert look(here) == 0, "its day has come, and the bill has not"
    bill(here, "issued")
    assert [look(here), look(here)] == [1, 0]
    (message,) = told(here)
    assert message.text == "您等的这期账单出账了。\n还款日是 12月4日。\n点“继续”，我查这期能不能账单分期。"
    assert message.data == {"type": "check", "cause": "bill_not_issued", "passed": True, "blocked": False}
