"""The register: what is approved by a second person holds in the world, what came otherwise is shown, and every rule refuses with its code."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import update

from actions.core.moments import start_of
from actions.state import audit
from actions.state.columns import real_now
from actions.state.policy_trials import POLICY_TRIALS
from actions.state.policy_versions import POLICY_VERSIONS
from actions.state.world.loading import load_world_data
from actions.state.world.rows import read_rows
from ops.policies import service
from ops.policies.refusals import PolicyRefused
from ops.policies.register import believed, every_policy
from tests.unit.ops.policies.registering import ABOUT, DAY, NEW, OLD, Office, days_ago, refused

pytestmark = pytest.mark.broad


def rows(office: Office) -> dict[str, Any]:
    with office.here.database.session() as session:
        return read_rows(session, "policies")


def audited(office: Office) -> list[tuple[str, str]]:
    with office.here.database.session() as session:
        return [(each.actor, each.action) for each in audit.entries(session) if each.action.startswith("policy.")]


def test_what_came_by_a_world_file_is_unregistered_until_somebody_approves_it(office: Office) -> None:
    assert (office.find("p-min").registration, office.find("p-min").status) == ("unregistered", "in_force")
    office.registered("p-min", body=OLD, supersedes=None)
    assert (office.find("p-min").registration, office.find("p-min").status) == ("registered", "in_force")


def test_approving_writes_the_row_and_the_end_of_the_one_before_in_one_load(office: Office) -> None:
    before = len(_loads(office))
    office.registered()
    held = rows(office)
    assert (str(held["p-min"].effective_to), str(held["p-min-2"].effective_from), held["p-min-2"].amount) == (
        "2026-11-30",
        "2026-12-01",
        30000,
    )
    assert len(_loads(office)) == before + 1
    assert (office.find().status, office.find().registration) == ("scheduled", "registered")
    assert audited(office) == [("ann", "policy.draft"), ("ann", "policy.submit"), ("bea", "policy.approve")]


def _loads(office: Office) -> Any:
    from actions.state.world.changes import changes_after

    with office.here.database.session() as session:
        return changes_after(session, 0)


def test_a_version_goes_through_its_statuses_with_the_clock(office: Office) -> None:
    office.write(body={**NEW, "effective_to": "2026-12-31"})
    assert office.find().status == "draft"
    office.submit()
    assert office.find().status == "submitted"
    office.approve()
    seen = []
    for day in ("2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01"):
        load_world_data(office.here.database, {"now": f"{day}T12:00:00+08:00"})
        seen.append(office.find().status)
    assert seen == ["scheduled", "in_force", "in_force", "expired"]


def test_the_registered_one_before_gets_a_version_that_ends(office: Office) -> None:
    office.registered("p-min", body=OLD, supersedes=None)
    office.registered()
    before = office.find("p-min")
    assert [(each.version, each.because, each.body["effective_to"]) for each in before.versions] == [
        (1, None, None),
        (2, "p-min-2", "2026-11-30"),
    ]
    assert [before.status_of(each) for each in before.versions] == ["replaced", "in_force"]
    assert before.registration == "registered"


def test_what_is_withdrawn_never_holds_and_the_one_before_goes_on(office: Office) -> None:
    office.registered("p-min", body=OLD, supersedes=None)
    office.registered()
    office.withdraw()
    load_world_data(office.here.database, {"now": "2027-03-01T12:00:00+08:00"})
    assert (office.find().status, office.find("p-min").status, office.find("p-min").registration) == ("withdrawn", "in_force", "registered")
    assert rows(office)["p-min"].effective_to is None


def test_a_row_that_was_changed_behind_the_register_shows(office: Office) -> None:
    office.registered()
    load_world_data(office.here.database, {"policies": [{"id": "p-min-2", "amount": "1.00"}]})
    assert office.find().registration == "differs" and office.find().to_data()["red"]
    load_world_data(office.here.database, {"users": [{"id": "v"}]}, replace=True)
    assert office.find().registration == "gone"


def test_nobody_approves_what_they_wrote_or_submitted(office: Office) -> None:
    office.write()
    office.submit(by="cem")
    for who in ("ann", "cem"):
        with refused("four-eyes") as found:
            office.approve(by=who)
        assert found.value.status == 403
    office.approve()
    with refused("four-eyes"):
        office.withdraw(by="ann")


@pytest.mark.parametrize(
    ("body", "supersedes", "code"),
    [
        ({**NEW, "effective_from": "2026-11-01"}, "p-min", "starts-in-past"),
        ({**NEW, "effective_to": "2026-11-30"}, "p-min", "end-before-start"),
        (NEW, None, "two-open"),
        ({**OLD, "amount": "5.00"}, None, "in-force"),
        ({**NEW, "notice": "三天内一定恢复，请放心。"}, "p-min", "text-refused"),
    ],
)
def test_a_rule_refuses_what_is_submitted(office: Office, body: dict[str, Any], supersedes: str | None, code: str) -> None:
    office.write(body=body, supersedes=supersedes)
    with refused(code):
        office.submit(body["id"])


@pytest.mark.parametrize(
    ("body", "supersedes", "code", "said"),
    [
        ({"id": "p-9", "kind": "min_amount", "effective_from": "2026-12-01"}, None, "world-refused", "needs amount"),
        (NEW, "p-none", "unknown-predecessor", "p-none"),
        ({**NEW, "effective_from": "2025-12-01"}, "p-min", "end-before-start", "later than"),
    ],
)
def test_what_the_world_would_refuse_is_not_even_written(
    office: Office, body: dict[str, Any], supersedes: str | None, code: str, said: str
) -> None:
    with refused(code) as found:
        office.write(body=body, supersedes=supersedes)
    assert said in found.value.reason


def test_what_begins_in_the_past_needs_a_reason(office: Office) -> None:
    body = {**NEW, "effective_from": "2026-11-01"}
    office.registered(body=body, backdated="补录：监管文件追溯生效")
    assert (office.find().status, rows(office)["p-min"].effective_to.isoformat()) == ("in_force", "2026-10-31")


def test_of_one_policy_one_version_is_under_way(office: Office) -> None:
    office.write()
    assert office.write(title="改过的标题").version == 1
    with refused("open-version"):
        office.write(by="cem")
    office.submit()
    with refused("open-version"):
        office.write()


def test_what_lacks_something_is_not_submitted(office: Office) -> None:
    office.write(source="", owner="")
    with pytest.raises(PolicyRefused) as found:
        office.submit()
    assert (found.value.code, found.value.extra["missing"]) == ("incomplete", ["source", "owner"])


def test_an_end_may_be_given_to_a_policy_in_force_and_nothing_else_changed(office: Office) -> None:
    office.registered("p-min", body={**OLD, "effective_to": "2026-12-31"}, supersedes=None)
    assert rows(office)["p-min"].effective_to.isoformat() == "2026-12-31"


def test_two_of_different_regions_may_be_open(office: Office) -> None:
    kind = {"kind": "adjustment", "notice": "该地区分期服务调整。"}
    load_world_data(office.here.database, {"policies": [{"id": "p-a", "regions": ["青海"], "effective_from": "2026-01-01", **kind}]})
    office.registered("p-b", body={"id": "p-b", "regions": ["西藏"], "effective_from": "2026-12-01", **kind}, supersedes=None)
    office.write(body={"id": "p-c", "regions": ["青海", "北京"], "effective_from": "2026-12-01", **kind}, supersedes=None)
    with refused("two-open"):
        office.submit("p-c")


def test_high_risk_needs_a_fresh_rehearsal_of_the_same_on_the_same_world(office: Office) -> None:
    office.write(risk="high")
    office.submit()
    with refused("trial-needed"):
        office.approve()
    other = office.rehearse({**NEW, "amount": "200.00"})
    trial = office.rehearse()
    for given, code in (("t-none", "unknown-trial"), (other, "trial-other-policy")):
        _rests_on(office, given)
        with refused(code):
            office.approve()
    _rests_on(office, trial)
    load_world_data(office.here.database, {"users": [{"id": "v"}]})
    with refused("trial-other-world") as found:
        office.approve()
    assert found.value.status == 409
    trial = office.rehearse()
    _rests_on(office, trial)
    _made(office, trial, days_ago(8))
    with refused("trial-old"):
        office.approve()
    _made(office, trial, days_ago(6.9))
    assert office.approve().decision == "approved"


def _rests_on(office: Office, trial: str) -> None:
    with office.here.database.session() as session:
        session.execute(update(POLICY_VERSIONS).values(trial=trial))


def _made(office: Office, trial: str, at: int) -> None:
    with office.here.database.session() as session:
        session.execute(update(POLICY_TRIALS).where(POLICY_TRIALS.c.id == trial).values(at=at))


def test_a_submitted_version_goes_back_to_its_author_with_a_reason(office: Office) -> None:
    office.write()
    office.submit()
    with office.here.database.session() as session:
        service.send_back(session, start_of(DAY), "p-min-2", by="bea", reason="缺少影响说明")
    office.write(title="补充后")
    office.submit()
    assert office.approve().title == "补充后"


def test_what_is_in_force_is_not_withdrawn_and_what_is_over_not_decided(office: Office) -> None:
    office.registered()
    load_world_data(office.here.database, {"now": "2026-12-02T12:00:00+08:00"})
    with refused("in-force"):
        office.withdraw()
    with refused("decision-not-possible") as found:
        office.approve()
    assert found.value.extra["possible"] == ["withdrawn"]


def test_what_was_believed_on_a_day_about_another_can_be_asked(office: Office) -> None:
    office.registered("p-min", body=OLD, supersedes=None)
    with office.here.database.session() as session:
        session.execute(update(POLICY_VERSIONS).values(decided_at=days_ago(3), recorded_at=days_ago(3)))
    then = real_now()
    office.registered()
    with office.here.database.session() as session:
        before, after = (believed(session, known, start_of(DAY)) for known in (then, real_now() + timedelta(seconds=1)))
        new = believed(session, datetime(2020, 1, 1, tzinfo=timezone.utc), start_of(DAY))
    assert [(each["id"], each["registration"], each["values"]["amount"]) for each in before or ()] == [("p-min", "registered", "100.00")]
    assert [(each["id"], each["values"]["amount"]) for each in after or ()] == [("p-min-2", "300.00")]
    assert new is None, "the world began later"


def test_every_policy_is_listed_once(office: Office) -> None:
    office.write()
    with office.here.database.session() as session:
        listed = every_policy(session, start_of(DAY))
    assert [(each.id, each.registration) for each in listed] == [("p-min", "unregistered"), ("p-min-2", "planned")]
    assert ABOUT["title"] == listed[1].to_data()["title"]
