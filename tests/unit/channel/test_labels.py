"""Names for the facts that a diagnosis shows."""

from __future__ import annotations

from pathlib import Path

from actions.core.diagnosis import diagnose
from actions.core.names import name_of
from actions.state.world.facts import SqlFacts, every_subject
from bot.channel.widget.input import labels
from bot.demo.remedies import DEMO_FILES
from conversations.application import project_knowledge
from tests.databases import migrated


def test_of_a_diagnosis_customers_read_by_name_what_everybody_may_see_and_nothing_else(tmp_path: Path) -> None:
    knowledge = project_knowledge()
    database = migrated(
        f"sqlite:///{tmp_path}/labels.db", DEMO_FILES / "world.yml", DEMO_FILES / "outage.yml", DEMO_FILES / "maintenance.yml"
    )
    sent = set()
    with database.session() as session:
        for user, subject in every_subject(session):
            diagnosis = diagnose(SqlFacts(session).snapshot(user, subject), knowledge.causes.values())
            for found, cause in zip(diagnosis.found, diagnosis.to_data()["causes"]):
                assert [each["fact"] for each in cause["evidence"]] == [fact.path for fact in found.evidence]
                sent |= {name_of(each["fact"]) for each in cause["evidence"]}
    database.close()
    named = {name_of(path) for path in labels(knowledge)["facts"]}
    shown_to = {name: knowledge.facts.entries[name].show for name in sent}
    assert {name for name, show in shown_to.items() if show == "everybody"} == sent & named
    # Evidence for agents is part of the message, as the contract says; without a name no client shows it.
    assert {"birth_date", "baitiao.credit_review"} <= {name for name, show in shown_to.items() if show == "agents"}
    assert "nobody" not in shown_to.values()


def test_causes_are_complete() -> None:
    words = labels(project_knowledge())
    assert set(words["causes"]) == set(project_knowledge().causes)
    assert all(cause["title"] and cause["fixed_by"] for cause in words["causes"].values())
