"""What the operators' half keeps in the database can be scraped from any web server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.bootstrap import Application, bootstrap
from actions.settings import Settings
from actions.state.alerts import now_millis
from actions.state.conversations import MessageDraft, append
from actions.state.world.loading import load_world_data
from bot.web.metrics import looked_up
from conversations.healthy_world import healthy
from ops.incidents.service import COMPONENTS, declare, resolve
from ops.metrics import text
from ops.observing.rollup import roll_up
from ops.worker import Pass, Surroundings, Worker
from tests.unit.ops.test_outgoing import alert_in

pytestmark = pytest.mark.broad


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Application]:
    made = bootstrap(Settings.read(database_url=f"sqlite:///{tmp_path / 'x.db'}"))
    made.migrate()
    yield made
    made.database.close()


def shown(here: Application) -> dict[str, float]:
    lines = text(here.database).decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_what_was_found_ended_and_handed_over_is_counted(here: Application) -> None:
    handoff = {"type": "handoff", "handoff_id": "h-1", "reason": "requested", "queue": "general"}
    diagnosis = {"type": "diagnosis", "causes": [{"id": "overdue"}]}
    said = MessageDraft("user", "x", intent="installment_missing", action="action_diagnose")
    with here.database.session() as session:
        for user in ("u-1", "u-2"):
            append(session, user, [said, MessageDraft("bot", data=diagnosis), MessageDraft("bot", data=handoff)])
        append(session, "u-3", [said, MessageDraft("bot", data={"type": "diagnosis", "causes": []})])
    roll_up(Surroundings.of(here))
    found = shown(here)
    assert found['baitiao_found_total{cause="overdue"}'] == 2 and found['baitiao_found_total{cause="none"}'] == 1
    assert found['baitiao_ends_total{end="handoff"}'] == 2 and found['baitiao_handoffs_total{reason="requested"}'] == 2


def test_the_watcher_is_watched(here: Application) -> None:
    def fail(_here: Surroundings) -> None:
        raise LookupError

    worker = Worker(Surroundings.of(here), [Pass("works", 60.0, lambda _: None), Pass("fails", 60.0, fail)])
    worker.look()
    worker.wait(20)
    found = shown(here)
    assert found['baitiao_worker_last_pass{pass="works"}'] > 1.7e9 and found['baitiao_worker_pass_seconds{pass="works"}'] >= 0
    assert found['baitiao_worker_pass_failures_total{pass="fails"}'] == 1
    assert 'baitiao_worker_last_pass{pass="fails"}' not in found


def test_alerts_and_incidents_that_go_on_are_counted(here: Application) -> None:
    found = shown(here)
    assert found["baitiao_alerts_open"] == 0 and found['baitiao_incidents_open{component="installment"}'] == 0
    load_world_data(here.database, healthy())
    alert_in(here.database)
    alert_in(here.database, id="a-informs", key="all@1", level="info", streams=("all",))
    alert_in(here.database, id="a-over", key="none@1", closed_at=now_millis())
    with here.database.session() as session:
        now = here.world_now(session)
        for component in ("installment", "credit"):
            declare(session, here.knowledge.current, now, component=component, severity="outage", by="duty")
        over = declare(session, here.knowledge.current, now, component="account", severity="degraded", by="duty")
        resolve(session, here.knowledge.current, now, over, by="duty")
    found = shown(here)
    assert found["baitiao_alerts_open"] == 1
    open_now = {component: found[f'baitiao_incidents_open{{component="{component}"}}'] for component in COMPONENTS}
    assert open_now == {"checkout": 0, "installment": 1, "account": 0, "credit": 1}


async def test_while_the_database_is_away_web_servers_show_what_they_count_themselves(here: Application) -> None:
    def away() -> bytes:
        raise ConnectionError

    assert b"baitiao_worker_pass_seconds" in await looked_up(lambda: text(here.database))
    assert await looked_up(away) == b""
