"""The demo world is what demo/customers.yml says it is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from actions.core.causes import Cause
from actions.core.diagnosis import diagnose
from actions.core.plans import plans_for
from actions.core.subject import Subject
from actions.state.database import Database
from actions.state.world.facts import SqlFacts, every_subject
from actions.state.world.loading import load_world
from actions.yaml_source import Source
from bot.demo.remedies import DEMO_FILES
from conversations.healthy_world import injections
from tests.unit.demo.conftest import ALL_THREE

pytestmark = pytest.mark.broad

DISTURBANCES = {"outage": "incident_outage", "degraded": "incident_degraded", "maintenance": "maintenance_window"}
CUSTOMERS = Source.read(DEMO_FILES / "customers.yml").data


def found(database: Database, causes: Mapping[str, Cause]) -> dict[tuple[str, str], list[str]]:
    with database.session() as session:
        facts = SqlFacts(session)
        return {
            (user, str(subject.id)): list(diagnose(facts.snapshot(user, subject), causes.values()).cause_ids)
            for user, subject in every_subject(session)
        }


def test_every_customer_has_exactly_the_causes_described(world: Database, causes: Mapping[str, Cause]) -> None:
    expected = {(user, subject): ids for user, about in CUSTOMERS.items() for subject, ids in about["expect"].items()}
    assert found(world, causes) == expected


def test_every_cause_has_a_customer_who_has_nothing_else(causes: Mapping[str, Cause]) -> None:
    alone = {ids[0] for about in CUSTOMERS.values() for ids in about["expect"].values() if len(ids) == 1}
    met = {DISTURBANCES[about["starts"]] for about in CUSTOMERS.values() if "starts" in about}
    assert alone | met == set(injections()) <= set(causes), ALL_THREE


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbance_adds_its_one_cause_to_everybody(name: str, world: Database, causes: Mapping[str, Cause]) -> None:
    before = found(world, causes)
    load_world(world, [DEMO_FILES / f"{name}.yml"])
    after = found(world, causes)
    assert {subject: sorted([*ids, DISTURBANCES[name]]) for subject, ids in before.items()} == {
        subject: sorted(ids) for subject, ids in after.items()
    }


def test_the_first_customer_is_healthy_and_sees_every_plan_far_below_the_ceiling(world: Database, causes: Mapping[str, Cause]) -> None:
    with world.session() as session:
        facts = SqlFacts(session).snapshot("u-1001", Subject("order", "o-1"))
    assert [(line.item.title, line.item.price) for line in facts.lines] == [("星云手机 12 Pro", 529900)]
    plans = plans_for(facts)
    assert [plan.tenor for plan in plans] == [3, 6, 12, 24]
    assert all(0.05 < plan.apr < 0.12 for plan in plans)
