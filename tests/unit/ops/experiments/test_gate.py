"""What keeps an experiment from starting, from changing while it runs, and from being decided too early."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import insert

from actions.core.observations import milliseconds
from actions.knowledge import Knowledge
from actions.state import audit
from actions.state.columns import real_now
from actions.state.database import Database
from actions.state.experiments import change_experiment, put_experiment, running_experiments
from actions.state.observations import OBSERVATIONS
from ops.experiments import service
from ops.experiments.folder import ExperimentFolder, checked, read_folder, registered_folder
from ops.experiments.gate import require_customers
from ops.experiments.refusals import ExperimentRefused
from ops.experiments.traffic import DAYS, Traffic, traffic_of
from tests.unit.ops.experiments.conftest import OVERDUE, SHORT, Write
from tests.unit.ops.experiments.traffic import HOUR, customers, rehearsal
from tests.unit.state.conftest import database, migrated_file, new_database

__all__ = ["database", "migrated_file", "new_database"]


@pytest.fixture(scope="module")
def usual() -> Knowledge:
    from conversations.application import project_knowledge

    return project_knowledge()


def _start(database: Database, folder: ExperimentFolder, usual: Knowledge, rehearsed: Mapping[str, Any] | None = None) -> Any:
    with database.session() as session:
        service.keep_rehearsal(session, folder, rehearsed or rehearsal(folder), "test")
    right = service.require_right(folder, usual)
    with database.session() as session:
        service.submit(session, right, "author-1")
    with database.session() as session:
        return service.start(session, right, "approver-1")


def _refused(work: Any) -> tuple[int, str, str]:
    with pytest.raises(ExperimentRefused) as refused:
        work()
    return refused.value.status, refused.value.code, refused.value.reason


@pytest.mark.slow
def test_an_experiment_that_is_right_rehearsed_and_large_enough_starts(
    database: Database, write: Write, usual: Knowledge, read_once: None
) -> None:
    customers(database, 200, ended=100)
    row = _start(database, write(), usual)
    with database.session() as session:
        (running,) = running_experiments(session)
        assert (running.name, running.state, running.hash) == ("shorter-step v1", "running", row.hash)
        told = [(each.actor, each.action) for each in audit.entries(session)]
    assert told[-2:] == [("author-1", "experiment.submit"), ("approver-1", "experiment.start")]


@pytest.mark.broad
def test_it_takes_two_people_to_start_an_experiment(database: Database, write: Write, usual: Knowledge, read_once: None) -> None:
    customers(database, 200, ended=100)
    folder = write()
    right = service.require_right(folder, usual)
    with database.session() as session:
        service.keep_rehearsal(session, folder, rehearsal(folder), "operator")
        assert _refused(lambda: service.start(session, right, "bea"))[:2] == (409, "not-submitted")
        service.submit(session, right, "ann")
        assert _refused(lambda: service.start(session, right, "ann"))[:2] == (403, "four-eyes")
        assert _refused(lambda: service.start(session, right, ""))[:2] == (403, "four-eyes")
        # What is rehearsed anew is asked for anew.
        service.keep_rehearsal(session, folder, rehearsal(folder), "operator")
        assert _refused(lambda: service.start(session, right, "bea"))[:2] == (409, "not-submitted")
        service.submit(session, right, "ann")
        row = service.start(session, right, "bea")
    assert (row.state, row.submitted_by, row.started_by) == ("running", "ann", "bea")


@pytest.mark.broad
def test_the_registered_files_are_checked_as_those_of_the_folder_are(write: Write, usual: Knowledge, read_once: None) -> None:
    folder = write()
    again = registered_folder(folder.row())
    assert (again.spec, again.files, again.hash, checked(again, usual)) == (folder.spec, folder.files, folder.hash, ())
    bad = registered_folder(write({f"short/{OVERDUE}": "still: 没还清。\n"}).row())
    problem = f"experiments/shorter-step/short/{OVERDUE}:1: must keep 转人工"
    assert any(str(each).startswith(problem) for each in checked(bad, usual))


# The effects that docs/experiments.md says are found, over the rates of its table.
@pytest.mark.parametrize(
    ("effect", "planned", "rate", "weights"),
    [
        *((0.05, 6000, rate, (1, 1)) for rate in (0.02, 0.05, 0.3, 0.5, 0.6, 0.95)),
        (0.08, 6000, 0.6, (1, 1)),
        (0.10, 6000, 0.6, (9, 1)),
        (0.03, 20_000, 0.6, (1, 1)),
    ],
)
def test_what_the_statistics_find_is_not_refused_as_too_small(
    write: Write, effect: float, planned: int, rate: float, weights: tuple[int, int]
) -> None:
    arms = [{"id": arm, "weight": weight} for arm, weight in zip(("control", "short"), weights)]
    spec = write(smallest_effect=effect, planned_n=planned, arms=arms).spec
    require_customers(spec, Traffic(planned, rate))


def test_the_project_s_own_example_is_large_enough_whatever_the_rate_is() -> None:
    spec = read_folder("shorter-refresh").spec
    assert (spec.smallest_effect, spec.planned_n) == (0.05, 6000)
    for rate in (None, 0.02, 0.25, 0.5, 0.75, 0.98):
        require_customers(spec, Traffic(3000, rate))


@pytest.mark.parametrize(
    ("variant", "code", "reason"),
    [
        ({"conversations": 299}, "not-rehearsed", "short was rehearsed in 299 conversations; it takes 300"),
        ({"problems": ["x"]}, "rehearsal-failed", "short breaks 1 times what the control keeps"),
        ({"differing": 0}, "never-differs", "in 300 simulated conversations short never said anything else than the control"),
    ],
)
def test_a_rehearsal_that_was_short_or_bad_or_never_differed_is_refused(
    database: Database, write: Write, usual: Knowledge, read_once: None, variant: dict[str, Any], code: str, reason: str
) -> None:
    folder = write()
    customers(database, 200)
    status, seen, said = _refused(lambda: _start(database, folder, usual, rehearsal(folder, **variant)))
    assert (status, seen) == (422, code) and said.startswith(reason)


def test_what_was_not_rehearsed_as_it_is_does_not_start(database: Database, write: Write, usual: Knowledge, read_once: None) -> None:
    folder = write()
    with database.session() as session:
        assert _refused(lambda: service.submit(session, service.require_right(folder, usual), "test"))[:2] == (422, "not-rehearsed")
        service.keep_rehearsal(session, folder, rehearsal(folder), "test")
        changed = write(hypothesis="别的")
        assert _refused(lambda: service.submit(session, service.require_right(changed, usual), "test"))[:2] == (422, "not-rehearsed")


def test_too_few_customers_are_refused_with_what_they_would_show(
    database: Database, write: Write, usual: Knowledge, read_once: None
) -> None:
    customers(database, 40)
    status, code, reason = _refused(lambda: _start(database, write(planned_n=600), usual))
    assert (status, code) == (422, "too-few-customers") and "40 customers" in reason and "about 80 will in 8 weeks" in reason
    assert "points" in reason


def test_a_plan_too_small_for_its_effect_is_refused(database: Database, write: Write, usual: Knowledge, read_once: None) -> None:
    customers(database, 400, ended=200)
    assert _refused(lambda: _start(database, write(smallest_effect=0.05), usual))[:2] == (422, "n-too-small")


def test_traffic_is_that_of_those_who_would_take_part(database: Database, write: Write) -> None:
    customers(database, 100, ended=25)
    _customers_of_another(database)
    with database.session() as session:
        assert traffic_of(session, write().spec, milliseconds(real_now())) == Traffic(100, 0.25)


def _customers_of_another(database: Database) -> None:
    with database.session() as session:
        row = {"ref": "other", "episode": 1, "seq": 1, "kind": "found", "value": "limit_zero", "dims": {}, "rolled": True}
        session.execute(insert(OBSERVATIONS), [{**row, "at": milliseconds(real_now()) - DAYS * HOUR}])


def test_two_experiments_on_one_file_share_its_customers_out_or_wait(
    database: Database, write: Write, usual: Knowledge, read_once: None
) -> None:
    customers(database, 400, ended=200)
    with database.session() as session:
        put_experiment(session, write(id="other", layer="steps", buckets=[0, 5000]).row(state="running", started_at=1))
    status, code, reason = _refused(lambda: _start(database, write(), usual))
    assert (status, code) == (422, "overlapping-layer") and f"other v1 runs over {OVERDUE}, too" in reason
    assert _refused(lambda: _start(database, write(layer="steps", buckets=[4999, 10_000]), usual))[1] == "overlapping-layer"
    assert _start(database, write(layer="steps", buckets=[5000, 10_000]), usual).state == "running"


def test_what_runs_is_locked_and_what_has_run_takes_a_new_version(
    database: Database, write: Write, usual: Knowledge, read_once: None
) -> None:
    customers(database, 200, ended=100)
    folder = write()
    _start(database, folder, usual)
    with database.session() as session:
        assert _refused(lambda: service.require_unlocked(session, folder))[:2] == (409, "already-running")
        changed = write({f"short/{OVERDUE}": SHORT.replace("看清楚", "看明白")})
        assert _refused(lambda: service.keep_rehearsal(session, changed, {}, "test"))[:2] == (409, "experiment-locked")
        assert _refused(lambda: service.stop(session, "shorter-step", " ", "test"))[:2] == (422, "reason-needed")
        assert service.stop(session, "shorter-step", "试完了", "test").state == "stopped"
        assert _refused(lambda: service.stop(session, "shorter-step", "再停", "test"))[:2] == (409, "not-running")
        assert _refused(lambda: service.require_unlocked(session, folder))[:2] == (409, "experiment-locked")
        assert service.require_unlocked(session, write(version=2)) is None
        assert _refused(lambda: service.known(session, "nothing"))[:2] == (404, "unknown-experiment")


@pytest.mark.parametrize(
    ("arm", "results", "refusal"),
    [
        ("short", {"n": {"control": 20, "short": 20}, "verdict": "not_decided"}, (409, "too-early")),
        ("short", {"n": {"control": 200, "short": 200}, "verdict": "worse"}, (409, "too-early")),
        ("short", {"n": {"control": 300, "short": 100}, "verdict": "not_decided", "srm": {"blocked": True}}, (409, "sample-ratio")),
        ("long", {}, (422, "unknown-arm")),
        ("short", {"n": {"control": 20, "short": 20}, "verdict": "better"}, None),
        ("short", {"n": {"control": 100, "short": 100}, "verdict": "not_decided"}, None),
        ("control", {}, None),
    ],
)
def test_a_decision_waits_for_the_data(
    database: Database, write: Write, arm: str, results: dict[str, Any], refusal: tuple[int, str] | None
) -> None:
    with database.session() as session:
        row = write().row(state="running", started_at=1)
        put_experiment(session, row)
        change_experiment(session, row, ("running",), results=results)
        if refusal is not None:
            assert _refused(lambda: service.decide(session, row.id, arm, "看数据", "test"))[:2] == refusal
        else:
            decided = service.decide(session, row.id, arm, "看数据", "test")
            assert (decided.state, decided.decision, decided.ended_by) == ("decided", arm, "test")


@pytest.mark.broad
@pytest.mark.parametrize(
    ("files", "spec", "problem"),
    [
        (None, {"metric": "clicks"}, "experiment.yml:12: unknown metric clicks; there are: resolved, ended_resolved"),
        (None, {"guardrails": ["clicks"]}, "unknown guardrail clicks"),
        (None, {"who": {"causes": ["nothing"]}}, "unknown cause nothing"),
        (None, {"who": {"intents": ["nothing"]}}, "unknown intent nothing"),
        ({}, {}, "short has no folder with overlays, so it would never differ"),
        ({f"short/{OVERDUE}": "needs: 还清逾期\n"}, {}, "arms that never differ compare nothing: short says the same as control"),
        (
            {f"control/{OVERDUE}": SHORT, f"short/{OVERDUE}": SHORT},
            {},
            f"control/{OVERDUE}:1: belongs to no variant: the control, control, says",
        ),
        (
            {f"other/{OVERDUE}": SHORT, f"short/{OVERDUE}": SHORT},
            {},
            f"other/{OVERDUE}:1: belongs to no variant: other is none of the variants",
        ),
        ({"short/notes.txt": "x", f"short/{OVERDUE}": SHORT}, {}, "short/notes.txt:1: is no YAML file"),
        ({f"short/{OVERDUE}": "still: 没还清。\n"}, {}, f"experiments/shorter-step/short/{OVERDUE}:1: must keep 转人工"),
    ],
)
def test_a_folder_that_is_no_experiment_is_told_why(
    write: Write, usual: Knowledge, read_once: None, files: dict[str, str] | None, spec: dict[str, Any], problem: str
) -> None:
    problems = [str(each) for each in checked(write(files, **spec), usual)]
    assert any(problem in each for each in problems), problems
