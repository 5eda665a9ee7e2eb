"""An experiment in the real bot: rehearsed, started, stopped by its guardrail; and arms that never differ, which never start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import insert, select

from actions.bootstrap import use
from actions.core.observations import milliseconds
from actions.state.columns import real_now
from actions.state.experiments import EXPOSURES, ExperimentRow, change_experiment, find_experiment, put_experiment
from actions.state.observations import OBSERVATIONS
from conversations.application import project_knowledge
from conversations.rehearsal import rehearse
from conversations.simulation.worker import Worker
from conversations.stage import Stage
from ops.experiments import service
from ops.experiments.folder import ExperimentFolder, read_folder
from ops.experiments.looking import look_at
from ops.experiments.refusals import ExperimentRefused
from tests.unit.ops.experiments.conftest import SPEC as SHORTER

HARSH = "打开还款页，一分不少马上把全部待还金额和其他费用还清。"
SPEC = {
    **SHORTER,
    "id": "harsher",
    "hypothesis": "话说重一点，还得快一点",
    "arms": [{"id": "control", "weight": 1}, {"id": "harsh", "weight": 1}],
}


def _folder(root: Path, overlays: dict[str, str], **spec: Any) -> ExperimentFolder:
    about = {**SPEC, **spec}
    place = root / about["id"]
    for name, text in {"experiment.yml": yaml.safe_dump(about), **overlays}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return read_folder(about["id"], root)


class Crowd:
    """Many customers with an overdue amount at one assistant."""

    def __init__(self, agent: Any, templates: Any, loop: asyncio.AbstractEventLoop, folder: Path, count: int) -> None:
        self.users = [f"c-{number}" for number in range(count)]
        people = {
            "users": [{"id": user, "baitiao": {"overdue": "120.50", "used": "120.50"}} for user in self.users],
            "orders": [{"id": f"o-{user}", "user": user, "lines": [{"sku": "1"}]} for user in self.users],
        }
        self.database = templates.copy(["healthy", people], folder / "crowd.db")
        self.stage = Stage(agent, self.database, loop, self.users[0], None)

    def run(self, row: ExperimentRow) -> None:
        """Lets an experiment run that was not started by the gate."""
        with self.database.session() as session:
            put_experiment(session, row)
            change_experiment(session, row, ("rehearsed",), state="running", started_at=milliseconds(real_now()))
        self.look()

    def look(self) -> None:
        """Lets the assistant see what runs now, as it does by itself every few seconds."""
        self.stage.application.experiments.look()

    def says(self, user: str, text: str) -> str:
        """What a customer reads after a message."""
        self.stage._user, self.stage._order = user, f"o-{user}"
        return "\n".join(message.text for message in self.stage.say(text))

    def met(self) -> dict[str, int]:
        """How many customers have met each arm."""
        with self.database.session() as session:
            arms = list(session.execute(select(EXPOSURES.c.arm)).scalars())
        return {arm: arms.count(arm) for arm in sorted(set(arms))}

    def close(self) -> None:
        """Ends it."""
        use(None)
        self.stage.end()
        self.database.close()


@pytest.fixture
def crowd(agent: Any, templates: Any, loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Callable[[int], Crowd]]:
    made: list[Crowd] = []

    def make(count: int) -> Crowd:
        made.append(Crowd(agent, templates, loop, tmp_path, count))
        return made[-1]

    yield make
    for each in made:
        each.close()


def _last_month(crowd: Crowd) -> None:
    """Customers of the last weeks, of whom half ended well: as many as the plan needs."""
    at = milliseconds(real_now()) - 20 * 24 * 3_600_000
    rows: list[dict[str, Any]] = []
    for number in range(200):
        common = {"ref": f"before-{number}", "episode": 1, "dims": {}, "rolled": True, "at": at + number}
        rows.append({**common, "seq": 1, "kind": "found", "value": "overdue"})
        rows.append({**common, "seq": 2, "kind": "end", "value": "resolved" if number % 2 else "abandoned"})
    with crowd.database.session() as session:
        session.execute(insert(OBSERVATIONS), rows)


def test_a_bad_arm_is_rehearsed_started_and_stopped_by_its_guardrail(crowd: Callable[[int], Crowd], worker: Worker, tmp_path: Path) -> None:
    root = tmp_path / "experiments"
    folder = _folder(root, {"harsh/causes/overdue.yml": f"steps:\n  - text: {HARSH}\n  - {{}}\n"})
    played = rehearse("harsher", root, conversations=4, worker=worker)
    assert played["arms"]["harsh"]["differing"] == 4 and played["arms"]["control"]["differing"] == 0
    assert played["arms"]["harsh"]["problems"] == []
    # Four of each arm are played here, and the gate wants 300: the command line plays them.
    for arm in played["arms"].values():
        arm["conversations"] = 300
    here = crowd(60)
    _last_month(here)
    with here.database.session() as session:
        service.keep_rehearsal(session, folder, played, "test")
        right = service.require_right(folder, project_knowledge())
        service.submit(session, right, "author")
        row = service.start(session, right, "approver")
    here.look()
    harshly = 0
    for user in here.users:
        if HARSH in here.says(user, "怎么不能分期了"):
            # Whoever is spoken to like that wants a person.
            harshly += 1
            here.says(user, "转人工")
        with here.database.session() as session:
            look_at(session, row, milliseconds(real_now()))
            found = find_experiment(session, row.id)
        if found is None or found.state != "running":
            break
    assert found is not None and (found.state, found.ended_by, found.reason) == ("stopped", "worker", "guardrail")
    assert [each["arm"] for each in found.stopped] == ["harsh"] and harshly < 30
    assert here.met()["harsh"] == harshly > here.met()["control"] / 3
    here.look()
    left = [user for user in here.users if row.assignment.arm_of(user) == 1][-1]
    assert HARSH not in here.says(left, "怎么不能分期了") and here.met()["harsh"] == harshly


def test_where_no_text_differs_nobody_meets_anything_and_nothing_starts(crowd: Callable[[int], Crowd], tmp_path: Path) -> None:
    usual = project_knowledge().causes["overdue"].still
    folder = _folder(tmp_path / "experiments", {"harsh/causes/overdue.yml": f"still: '{usual}'\n"})
    here = crowd(300)
    with pytest.raises(ExperimentRefused) as refused:
        service.require_right(folder, project_knowledge())
    assert refused.value.code == "never-differs"
    # Neither would anybody be counted if it ran, nor if what differs is never said to them.
    elsewhere = _folder(tmp_path / "elsewhere", {"harsh/causes/limit_zero.yml": "needs: 等额度\n"})
    here.run(elsewhere.row())
    for user in here.users:
        here.says(user, "怎么不能分期了")
    assert here.met() == {}


@pytest.mark.parametrize(
    ("file", "text", "cause"),
    [
        ("phrases/opening.yml", "opening.blocked.order: ['这单的分期卡在 {count} 件事上：{titles}。']\n", "overdue"),
        ("causes/incident_degraded.yml", "summary: 系统这会儿有点慢，分期选项可能一会儿有一会儿没有\n", "incident_degraded"),
        (
            "causes/id_document_expired.yml",
            "ahead:\n  text: '您登记的证件 {id_document.expires_on} 到期，先换好新证，分期就不会停。'\n",
            "id_document_expired",
        ),
    ],
)
def test_what_differs_outside_of_a_turn_alone_is_seen_in_the_rehearsal(
    worker: Worker, tmp_path: Path, file: str, text: str, cause: str
) -> None:
    _folder(tmp_path, {f"harsh/{file}": text}, who={"causes": [cause]})
    played = rehearse("harsher", tmp_path, conversations=6, worker=worker)["arms"]
    assert played["harsh"]["differing"] and not played["harsh"]["problems"] and not played["control"]["differing"]
