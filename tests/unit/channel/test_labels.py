"""Names for the facts that a diagnosis shows."""

from __future__ import annotations

import re

from actions.core.diagnosis import diagnose
from actions.state.database import Database
from actions.state.facts_source import SqlFacts
from actions.state.subjects import every_subject
from actions.state.world import load_world
from bot.channel.labels import labels
from bot.demo.remedies import DEMO_FILES
from tests.composed import project_knowledge

UNITS = {"yuan", "ratio", "day", "moment", "periods"}
NEVER_SHOWN = {"birth_date", "baitiao.risk_block", "baitiao.credit_review", "baitiao.installment_eligible", "baitiao.monthly_spent"}
NEVER_SHOWN |= {"merchants.risk_block", "orders.lines", "policies.kind", "policies.types", "policies.allowed", "policies.ratio"}


def test_every_fact_of_the_demo_worlds_diagnoses_is_named_or_kept_back_on_purpose(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/labels.db")
    database.migrate()
    load_world(database, [DEMO_FILES / "world.yml", DEMO_FILES / "outage.yml", DEMO_FILES / "maintenance.yml"])
    shown = set()
    with database.session() as session:
        for user, subject in every_subject(session):
            facts = SqlFacts(session).snapshot(user, subject)
            found = diagnose(facts, project_knowledge().causes.values()).to_data()["causes"]
            shown |= {re.sub(r"\[.*?\]", "", fact["fact"]) for cause in found for fact in cause["evidence"]}
    database.close()
    named = set(labels(project_knowledge())["facts"])
    assert shown - named <= NEVER_SHOWN and not named & NEVER_SHOWN


def test_units_are_known_and_causes_complete() -> None:
    words = labels(project_knowledge())
    assert {fact.get("unit") for fact in words["facts"].values()} <= UNITS | {None}
    assert set(words["causes"]) == set(project_knowledge().causes)
    assert all(cause["title"] and cause["fixed_by"] for cause in words["causes"].values())
