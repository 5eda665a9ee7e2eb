"""What is composed, from what, and what stays untouched until it is needed."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from actions.bootstrap import Application, application, bootstrap, repeat, use
from actions.core.subject import Subject
from actions.core.turn import Turn
from actions.knowledge import DEFAULT_ROOT, KnowledgeStore
from actions.settings import Settings, SettingsError
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from bot.bootstrap import WidgetChannel, demo_shop, desk_work, widget_channel
from bot.channel.locks import RedisLocks
from bot.channel.tokens import TokenSettingsError
from bot.channel.widget.input import labels
from bot.engine.tracker_store import ConversationTrackerStore
from bot.web.responses import ProblemError
from conversations.healthy_world import healthy
from tests.databases import migrated

pytestmark = pytest.mark.slow

SECRET = "a secret of the tests, longer than 32 characters"


@pytest.fixture(autouse=True)
def apart() -> Any:
    yield
    use(None)


def test_composing_touches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here = bootstrap()
    assert list(tmp_path.iterdir()) == [] and here.settings == Settings.construct()


def test_the_facts_come_from_the_world_and_its_clock_unless_said_otherwise(tmp_path: Path) -> None:
    frozen = datetime(2026, 12, 24, tzinfo=timezone.utc)
    here = bootstrap(Settings.construct(database_url=f"sqlite:///{tmp_path}/world.db", now=frozen))
    here.database.migrate()
    load_world_data(here.database, healthy())
    with here.database.session() as session:
        source = here.facts(session)
        assert isinstance(source, SqlFacts) and source.snapshot("u").now == here.world_now(session) == frozen
    here.database.close()


def test_a_process_has_one_application_made_at_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_PORT", "abc")
    with pytest.raises(SettingsError):
        application()
    monkeypatch.setenv("BAITIAO_PORT", "6005")
    made = application()
    assert application() is made and made.settings.port == 6005
    other = bootstrap(Settings.construct())
    use(other)
    assert application() is other


def test_threads_that_ask_first_at_once_get_the_same_application(monkeypatch: pytest.MonkeyPatch) -> None:
    both_are_making = threading.Barrier(2)

    def slow_bootstrap() -> Application:
        # Passes when both threads are here, which must never be: then the one that is waits in vain.
        with contextlib.suppress(threading.BrokenBarrierError):
            both_are_making.wait(0.5)
        return bootstrap()

    monkeypatch.setattr("actions.bootstrap.bootstrap", slow_bootstrap)
    with ThreadPoolExecutor(2) as threads:
        first, second = [asked.result() for asked in [threads.submit(application) for _ in range(2)]]
    assert first is second


def test_what_rasa_makes_by_name_gets_the_application_of_the_process(tmp_path: Path) -> None:
    here = bootstrap(Settings.construct(database_url=f"sqlite:///{tmp_path}/own.db"))
    use(here)
    assert ConversationTrackerStore()._database is here.database


def test_the_channel_takes_rate_and_locks_from_the_settings() -> None:
    settings = Settings.read(token_secret=SECRET, message_rate="2/minute")
    use(bootstrap(settings))
    for channel in (widget_channel(application()), WidgetChannel.from_credentials(None)):
        for _ in range(2):
            asyncio.run(channel.service._limiter.count("u-1"))
        with pytest.raises(ProblemError):
            asyncio.run(channel.service._limiter.count("u-1"))
    shared = widget_channel(bootstrap(Settings.read(token_secret=SECRET, redis_url="redis://127.0.0.1:1/0")))
    assert isinstance(shared.service.locks, RedisLocks)


def test_credentials_hold_no_settings_that_would_be_ignored() -> None:
    with pytest.raises(ValueError, match="no channel takes rate; `baitiao settings` shows what can be set"):
        WidgetChannel.from_credentials({"rate": "120/minute"})


def test_a_channel_without_a_key_is_not_made() -> None:
    with pytest.raises(TokenSettingsError):
        widget_channel(bootstrap(Settings.construct()))


def test_deliveries_run_only_where_there_is_a_receiver(tmp_path: Path) -> None:
    def names(**settings: Any) -> list[str]:
        work = bootstrap(Settings.read(**settings)).workers()
        for each in work:
            each.close()
        return [each.__qualname__ for each in work]

    assert names() == ["repeat", "repeat", "repeat"]
    assert names(handoff_webhook="http://127.0.0.1:1/in", handoff_webhook_secret=SECRET) == ["repeat", "repeat", "repeat", "Dispatcher.run"]
    with pytest.raises(SettingsError, match="BAITIAO_HANDOFF_WEBHOOK_SECRET must be set"):
        bootstrap(Settings.read(handoff_webhook="http://127.0.0.1:1/in")).delivery_target()


def test_work_beside_the_server_goes_on_after_a_failure() -> None:
    async def go() -> None:
        done, seen = asyncio.Event(), []

        def work() -> None:
            seen.append(1)
            if len(seen) == 1:
                raise OSError("away")
            loop.call_soon_threadsafe(done.set)

        loop = asyncio.get_running_loop()
        task = asyncio.create_task(repeat(work, 0.001, "looking.failed"))
        await asyncio.wait_for(done.wait(), 20)
        task.cancel()

    with capture_logs() as logged:
        asyncio.run(go())
    assert [(entry["event"], entry["error"]) for entry in logged] == [("looking.failed", "OSError")]


def test_an_edited_file_that_is_wrong_stops_neither_turns_nor_desk_nor_labels_nor_shop(tmp_path: Path) -> None:
    root = Path(shutil.copytree(DEFAULT_ROOT, tmp_path / "knowledge"))
    database = migrated(f"sqlite:///{tmp_path}/world.db")
    load_world_data(database, healthy())
    here = bootstrap(Settings.construct(), database=database, knowledge=KnowledgeStore(root, 0.0, beside=lambda work: work()))
    good = here.knowledge.current
    (root / "causes" / "overdue.yml").write_text("[" * 100_000, encoding="utf-8")
    with capture_logs():
        with here.assistant() as assistant:
            assert assistant.respond(Turn("u", "installment_missing", "怎么不能分期了", token_order="o"), "action_diagnose").replies
        assert desk_work(here).knowledge is good and labels(here.knowledge.current)["causes"]["overdue"]
        assert demo_shop(here).state("u", Subject("order", "o"))["causes"] == []
        assert here.recovery_watcher().look() == here.lateness_watcher().look() == 0
    database.close()
