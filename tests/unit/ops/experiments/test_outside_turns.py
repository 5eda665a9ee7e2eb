"""What customers read outside of a turn is in the words of their arm, too, and counts as meeting it: first screens, banners, advice, ends."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select

from actions.core.subject import Subject
from actions.recovery.incident_ends import NOTICE
from actions.state import conversations, subscriptions
from actions.state.database import Database
from actions.state.experiments import EXPOSURES
from actions.state.world.loading import load_world_data
from bot.channel import opening
from bot.channel.notice_store import Looker, NoticeStore, to_json
from bot.channel.store import ChannelStore
from bot.channel.tokens import Claims
from ops.advice.restraint import is_held_out
from tests.unit.ops.advice.time_machine import FIRST, TimeMachine, at
from tests.unit.ops.experiments.conftest import House, Running, Write

pytestmark = pytest.mark.slow

USER, ORDER = "u-1013", "o-1013"
SCREEN = {"short/phrases/opening.yml": "opening.blocked.order: ['这单的分期卡在 {count} 件事上：{titles}。']\n"}
SLOW = {"short/causes/incident_degraded.yml": "summary: 系统这会儿有点慢，分期选项可能一会儿有一会儿没有\n"}
INCIDENT = {"id": "i-1", "component": "checkout", "severity": "degraded", "started_at": "2026-11-22T09:00:00+08:00"}


def _met(database: Database) -> list[tuple[Any, ...]]:
    with database.session() as session:
        return [tuple(row) for row in session.execute(select(EXPOSURES.c.experiment, EXPOSURES.c.arm, EXPOSURES.c.seq))]


class Lobby:
    """A chat that somebody opens and has said nothing in."""

    def __init__(self, house: House) -> None:
        self.house = house
        # Reading it takes longer than a chat waits.
        assert house.application.knowledge.current
        self.store = ChannelStore(house.database, house.application.facts)
        self.notices = NoticeStore(house.database, house.application.facts, house.application.experiments)

    def screen(self) -> dict[str, Any]:
        claims = Claims(USER, ORDER, None, 2**40)
        return asyncio.run(opening.shown(self.store, self.house.application.experiments, claims))

    def banner(self) -> str:
        looker = Looker(USER, ORDER)
        shown = self.notices.shown([looker])[looker]
        self.notices.note_shown(USER, shown)
        return "\n".join(each["text"] for each in to_json(shown)["notices"])


@pytest.fixture
def lobby(house: House) -> Lobby:
    return Lobby(house)


@pytest.mark.parametrize(("arm", "name", "text"), [(1, "short", "卡在"), (0, "control", "被")])
def test_a_first_screen_is_in_the_words_of_an_arm_and_counts_once(
    lobby: Lobby, experiments: Running, arm: int, name: str, text: str
) -> None:
    usual = lobby.screen()
    experiments.start_with(USER, arm, files=SCREEN)
    shown = lobby.screen()
    assert text in shown["text"] and {**shown, "text": ""} == {**usual, "text": ""}
    assert lobby.screen() == shown and _met(lobby.house.database) == [("shorter-step", name, 0)]


def test_what_a_cause_takes_differs_on_the_first_screen_before_a_turn_says_it(lobby: Lobby, experiments: Running) -> None:
    experiments.start_with(USER, 1, files={"short/causes/overdue.yml": "needs: 先还逾期的钱\n"})
    assert lobby.screen()["start"]["title"] == "开始：先还逾期的钱"
    assert _met(lobby.house.database) == [("shorter-step", "short", 0)]


def test_whoever_takes_no_part_reads_the_usual_first_screen(lobby: Lobby, experiments: Running) -> None:
    usual = lobby.screen()
    experiments.start_with(USER, 1, files=SCREEN, who={"causes": ["limit_insufficient"]})
    assert lobby.screen() == usual and _met(lobby.house.database) == []


def test_who_is_named_by_what_they_say_takes_no_part_before_they_have_said_it(lobby: Lobby, experiments: Running) -> None:
    usual = lobby.screen()
    experiments.start_with(USER, 1, files=SCREEN, who={"intents": ["installment_missing"]})
    assert lobby.screen() == usual and _met(lobby.house.database) == []


def test_nobody_reads_another_first_screen_uncounted(lobby: Lobby, experiments: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = lobby.screen()
    experiments.start_with(USER, 1, files=SCREEN)

    def away(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(lobby.store, "note_met", away)
    assert lobby.screen() == usual and _met(lobby.house.database) == []


def test_a_banner_is_in_the_words_of_an_arm_and_what_an_operator_wrote_is_not(lobby: Lobby, experiments: Running) -> None:
    load_world_data(lobby.house.database, {"incidents": [INCIDENT]})
    usual = lobby.banner()
    experiments.start_with(USER, 1, files=SLOW, who={"causes": ["incident_degraded"]})
    assert "有点慢" in lobby.banner() != usual
    looker = Looker(USER, ORDER)
    met = lobby.notices.shown([looker])[looker]
    # That it is counted now is no news to an open stream.
    assert _met(lobby.house.database) == [("shorter-step", "short", 0)] and met[0].met == ()
    load_world_data(lobby.house.database, {"incidents": [{**INCIDENT, "notice": "收银台响应比平时慢。"}]})
    assert lobby.banner() == "收银台响应比平时慢。"


def test_a_banner_that_every_arm_would_show_counts_nobody(lobby: Lobby, experiments: Running) -> None:
    load_world_data(lobby.house.database, {"incidents": [INCIDENT]})
    experiments.start_with(USER, 1, files=SCREEN, who={})
    assert lobby.banner() and _met(lobby.house.database) == []


def test_the_end_of_a_wait_is_told_in_the_words_of_an_arm(house: House, experiments: Running) -> None:
    experiments.start_with(
        USER, 1, files={"short/phrases/dialogue.yml": "recovered: ['“{title}”已经没有了，可以再去看看分期。']\n"}, who={}
    )
    with house.database.session() as session:
        subscriptions.subscribe(session, USER, USER, Subject("order", ORDER), "cooldown", "")
    assert house.application.recovery_watcher().look() == 1
    (message,) = [each for each in house.history(USER) if each.action == NOTICE]
    assert "已经没有了" in message.text and _met(house.database) == [("shorter-step", "short", message.seq)]


def test_the_end_of_an_incident_is_told_in_the_words_of_an_arm(house: House, experiments: Running) -> None:
    text = "recovered.other: ['系统好了；{subject}还有别的事挡着：{left}。']\n"
    experiments.start_with(USER, 1, files={"short/phrases/dialogue.yml": text}, who={})
    with house.database.session() as session:
        subscriptions.subscribe(session, USER, USER, Subject("order", ORDER), "incident_degraded", "i-1")
    assert house.application.recovery_watcher().look() == 1
    (message,) = [each for each in house.history(USER) if each.action == NOTICE]
    assert message.text.startswith("系统好了") and _met(house.database) == [("shorter-step", "short", message.seq)]


def test_advice_is_told_in_the_words_of_an_arm_and_whoever_is_held_out_meets_none(
    database: Database, write: Write, read_once: None
) -> None:
    users = [f"u-{number}" for number in range(60)]
    papers = {"expires_on": at(FIRST, 0).replace(day=30).date().isoformat()}
    machine = TimeMachine.of(
        database,
        {"users": [{"id": user, "id_document": papers} for user in users], "merchants": [{"id": "m"}], "categories": [{"id": "c"}]},
    )
    machine.agree(users)
    house = SimpleNamespace(database=database, application=SimpleNamespace(experiments=machine.here.experiments))
    text = 'ahead:\n  text: "{id_document.expires_on} 您登记的证件到期，之后白条分期会先用不了。"\n'
    row = Running(cast(House, house), write).start({"short/causes/id_document_expired.yml": text}, who={"causes": ["id_document_expired"]})
    assert machine.goes_to(at(FIRST.replace(day=24), 10))
    told: dict[str, list[conversations.Message]] = {}
    with database.session() as session:
        for user in users:
            told[user] = [each for each in conversations.history(session, user) if each.action == "advice"]
    held_out = [user for user in users if is_held_out(user, 0.1)]
    assert held_out and not any(told[user] for user in held_out)
    for user in set(users) - set(held_out):
        (message,) = told[user]
        assert message.text.startswith("您登记的证件") == (row.assignment.arm_of(user) == 0)
    arms = [arm for _, arm, seq in _met(database) if seq == 1]
    assert len(arms) == len(users) - len(held_out) and set(arms) == {"control", "short"}
