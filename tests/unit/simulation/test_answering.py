"""What counts as the answer to a simulated question, and what every reply to one must keep."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions.core.case import Case, Phase
from actions.core.diagnosis import Diagnosis
from actions.knowledge.rendering import Values, fill
from actions.state.conversations import Message
from actions.yaml_source import Source
from conversations.application import project_knowledge
from conversations.healthy_world import injections
from conversations.simulation.answering import crowded_out, put_off, sentences, verdict
from conversations.simulation.observation import BY_DATA
from conversations.simulation.properties import PROPERTIES
from conversations.simulation.questions import Question, choose, questions
from conversations.simulation.reading import Reading, reading_of
from conversations.simulation.turn_evidence import Inquiry, TurnEvidence
from tests.unit.core.conftest import Diagnose, diagnosed  # noqa: F401
from tests.unit.simulation.saying import PERSON, broken_names, message, turn

KNOWLEDGE = project_knowledge()
ROOT = Path(__file__).resolve().parents[3]
STEP = ("/step_done", "/cannot_find", "/step_failed")
KINDS = {*BY_DATA.values(), "paused", "confirm", "handoff_offer", "offer"}


@pytest.fixture
def overdue(diagnosed: Diagnose) -> Diagnosis:  # noqa: F811
    return diagnosed(injections()["overdue"])


def asked(name: str) -> Question:
    return next(question for question in questions() if question.name == name)


def reply(text: str, data: dict[str, Any] | None = None, *payloads: str) -> Message:
    return replace(message("bot", text, data), buttons=(PERSON, *({"title": each, "payload": each} for each in payloads)))


def answer(topic: str, *payloads: str) -> Message:
    return reply(f"about {topic}", {"type": "answer", "topic": topic, "facts": []}, *(payloads or STEP))


def reading(topic: str = "", confidence: float = 0.9, phase: Phase = "doing", intent: str = "about_case", aspects: Any = ()) -> Reading:
    return Reading(intent, 0.5, ((topic, confidence),) if topic else (), tuple(aspects), phase)


def after(diagnosis: Diagnosis, question: str, read: Reading, *replies: Message, before: Any = (), **known: Any) -> TurnEvidence:
    return replace(turn(diagnosis, *replies, before=before, **known), inquiry=Inquiry(asked(question), read))


# --- data ------------------------------------------------------------------------------------------------------------------------------


def test_every_question_is_of_a_topic_or_aspect_that_exists_and_has_six_sentences() -> None:
    for question in questions():
        known = KNOWLEDGE.aspects if question.sort == "aspects" else KNOWLEDGE.answers.topics
        assert question.name in known and len(set(question.said)) >= 6, question.name
        # Plans are said as such, without a topic.
        assert set(question.topics) <= {*KNOWLEDGE.answers.topics}, question.name
        assert question.effects <= KINDS and question.within <= KINDS, question.name
        assert bool(question.within) is (question.sort != "aspects"), question.name


@pytest.mark.broad
def test_no_question_is_a_training_sentence_or_one_that_is_held_back() -> None:
    trained = {
        line.strip()[2:]
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for entry in Source.read(path, shown_as=path.name).data["nlu"]
        for line in entry["examples"].splitlines()
    }
    held_back = set()
    for path in (ROOT / "tests" / "nlu").glob("*.tsv"):
        with path.open(encoding="utf-8", newline="") as file:
            held_back |= {row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if "text" in row}
    assert len(trained) > 1000 and len(held_back) > 1000
    assert not {text for question in questions() for text in question.said} & (trained | held_back)


def test_a_question_is_chosen_that_makes_sense_and_was_not_asked() -> None:
    from random import Random

    chance, before = Random(1), list[Question]()
    while (chosen := choose("handed_over", before, chance)) is not None:
        before.append(chosen)
    assert {each.name for each in before} == {"queue_status", "cancel_person"}
    first = choose(None, (), chance)
    assert first is not None and first.sort == "aspects"


def test_how_a_message_was_read_is_taken_from_the_stored_conversation() -> None:
    heard = {
        "intent": {"name": "about_case", "confidence": 0.7},
        "topic_ranking": [{"name": "case_why", "confidence": 0.6}],
        "aspects": ["why"],
    }
    events = [{"event": "user", "parse_data": heard}, {"event": "slot", "name": "case", "value": Case(phase="doing").to_json()}]
    assert reading_of(json.dumps({"events": events})) == Reading("about_case", 0.7, (("case_why", 0.6),), ("why",), "doing")
    assert reading_of(None) is None


# --- verdicts --------------------------------------------------------------------------------------------------------------------------


def test_an_answer_of_the_topic_is_the_answer(overdue: Diagnosis) -> None:
    evidence = after(overdue, "case_why", reading("case_why"), answer("case_why"))
    assert verdict(evidence) == "answered" and broken_names(evidence) == set()


def test_what_was_asked_for_may_be_done_instead_of_said(overdue: Diagnosis) -> None:
    step = reply(
        "step", {"type": "step", "cause": "overdue", "step": 1, "steps": 2, "path": None, "instruction": "do", "link": None}, *STEP
    )
    assert verdict(after(overdue, "next_step", reading("next_step"), step)) == "answered"
    assert verdict(after(overdue, "case_why", reading("case_why"), step)) == "unanswered"


def test_a_question_that_costs_a_failed_check_is_not_answered_by_the_step_that_follows(overdue: Diagnosis) -> None:
    failed = reply("still there", {"type": "check", "cause": "overdue", "passed": False})
    step = reply(
        "step", {"type": "step", "cause": "overdue", "step": 1, "steps": 2, "path": None, "instruction": "do", "link": None}, *STEP
    )
    assert verdict(after(overdue, "did_part", reading("did_part"), step)) == "answered"
    assert verdict(after(overdue, "did_part", reading(intent="step_done"), failed, step)) == "misread"


@pytest.mark.parametrize(
    "read",
    [reading("case_cost"), reading("case_why", 0.1), reading("case_why", 0.4, intent="affirm"), reading()],
    ids=["another", "unsure", "an act", "nothing"],
)
def test_a_question_read_as_something_else_is_a_failure_of_understanding(overdue: Diagnosis, read: Reading) -> None:
    evidence = after(overdue, "case_why", read, answer("case_cost"))
    assert verdict(evidence) == "misread" and broken_names(evidence) == set()


def test_a_question_that_was_understood_and_not_answered_breaks_the_conversation(overdue: Diagnosis) -> None:
    evidence = after(overdue, "case_why", reading("case_why"), answer("case_cost"))
    assert verdict(evidence) == "unanswered" and broken_names(evidence) == {"asked_answered"}


def _told(diagnosis: Diagnosis, *lines: str) -> Message:
    return reply("\n".join(["told", *lines]), {"type": "diagnosis", **diagnosis.to_data()}, *STEP)


def test_a_sub_question_is_answered_by_a_sentence_of_its_aspect_for_the_cause(overdue: Diagnosis) -> None:
    read = reading("no_option", aspects=("how_long",))
    for sentence in sentences(after(overdue, "how_long", read), "how_long"):
        assert verdict(after(overdue, "how_long", read, _told(overdue, sentence))) == "answered"
    assert sentences(after(overdue, "how_long", read), "how_long")
    assert verdict(after(overdue, "how_long", read, _told(overdue))) == "unanswered"
    assert verdict(after(overdue, "how_long", replace(read, aspects=()), _told(overdue))) == "misread"
    assert verdict(after(overdue, "how_long", read, answer("credit_report"))) == "misread"


def test_a_third_sub_question_and_one_before_the_order_is_known_wait(overdue: Diagnosis) -> None:
    assert crowded_out(after(overdue, "how_long", reading(aspects=("why", "cost", "how_long")), _told(overdue)))
    assert not crowded_out(after(overdue, "how_long", reading(aspects=("why", "how_long")), _told(overdue)))
    # What is asked exactly, and answered by the cause itself, goes first.
    exact = [name for name in KNOWLEDGE.causes["overdue"].aspects if KNOWLEDGE.aspects[name].is_narrow][:2]
    assert crowded_out(after(overdue, "how_long", reading(aspects=("how_long", *exact)), _told(overdue)))
    # What nothing is said to where no topic speaks of it takes no room.
    silent = next(name for name, aspect in KNOWLEDGE.aspects.items() if not any(aspect.answers.values()))
    assert not crowded_out(after(overdue, "how_long", reading(aspects=("why", silent, "how_long")), _told(overdue)))
    choices = [{"title": "T", "payload": '/installment_missing{"order": "o"}'}]
    assert put_off(after(overdue, "how_long", reading(), reply("which", {"type": "clarify", "choices": choices})))
    assert not put_off(after(overdue, "how_long", reading(), _told(overdue)))


# --- properties ------------------------------------------------------------------------------------------------------------------------


def test_a_question_of_the_case_that_is_none_of_our_business(overdue: Diagnosis) -> None:
    aside = reply("not mine", {"type": "out_of_scope"}, *STEP)
    assert broken_names(after(overdue, "case_why", reading("case_why"), aside)) == {"asked_answered", "in_scope"}


@pytest.mark.parametrize("phase", ["doing", "offered", "confirming", "handoff_offered", "waiting", "resolved", "handed_over"])
def test_a_reply_without_the_choices_of_the_phase(overdue: Diagnosis, phase: Phase) -> None:
    bare = reply("about", {"type": "answer", "topic": "case_why", "facts": []})
    assert broken_names(after(overdue, "case_why", reading("case_why", phase=phase), bare)) == {"choices_restored"}


def test_the_choices_must_stand_on_the_last_message(overdue: Diagnosis) -> None:
    evidence = after(overdue, "case_why", reading("case_why"), answer("case_why"), reply("one more word"))
    assert broken_names(evidence) == {"choices_restored"}


def test_the_whole_diagnosis_again_in_place_of_an_answer(overdue: Diagnosis) -> None:
    found = overdue.blocks[0]
    whole = fill("\n".join(found.cause.explanation), Values(overdue.facts, found.matches), KNOWLEDGE.locale)
    again = reply(f"about\n{whole}", {"type": "answer", "topic": "case_why", "facts": []}, *STEP)
    assert broken_names(after(overdue, "case_why", reading("case_why"), again, before=[_told(overdue, whole)])) == {"told_once"}
    assert broken_names(after(overdue, "case_why", reading("case_why"), again)) == set()


def _handed_over(reason: str) -> Message:
    return reply("handed over", {"type": "handoff", "handoff_id": "h-1", "reason": reason, "queue": "general"}, *STEP, "/about_case")


def test_a_person_whom_nobody_called(overdue: Diagnosis) -> None:
    stored = {"h-1": ("cause", "general")}
    evidence = after(overdue, "case_why", reading("case_why"), answer("case_why"), _handed_over("cause"), handoffs=stored)
    assert broken_names(evidence) == {"queued_by_wish"}
    known = after(overdue, "case_why", reading("case_why"), answer("case_why"), before=[_handed_over("cause")], handoffs=stored)
    assert broken_names(known) == set()


def test_a_third_misunderstanding_may_call_a_person(overdue: Diagnosis) -> None:
    unclear = reply("what", {"type": "clarify", "choices": [{"title": "T", "payload": "/faq_fee"}]})
    stored, read = {"h-1": ("misunderstood", "general")}, reading("case_cost", 0.1)
    for before, expected in ([unclear, replace(unclear, text="say")], set()), ([unclear], {"queued_by_wish"}):
        evidence = after(overdue, "case_why", read, _handed_over("misunderstood"), before=before, handoffs=stored)
        assert broken_names(evidence) == expected


def test_each_of_these_is_a_property_of_every_turn() -> None:
    assert {"asked_answered", "in_scope", "choices_restored", "told_once", "queued_by_wish"} <= set(PROPERTIES)
