"""What a conversation has reached is read from its messages, added up over processes, and may not become less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.core.messages import DATA_TYPES
from actions.state.conversations import Message
from conversations.application import project_knowledge
from conversations.coverage import recording, table
from conversations.coverage.observing import Observer
from conversations.coverage.page import write_page
from conversations.coverage.recording import Recorder
from conversations.coverage.universe import rules, universe
from tests.unit.simulation.saying import message
from tools.message_examples import example_of

KNOWLEDGE = project_knowledge()
KNOWN = universe(KNOWLEDGE, rules())


def said(intent: str, action: str | None = None, text: str = "text") -> Message:
    return Message(**{**vars(message("user", text, intent=intent)), "action": action})


def told(data: dict[str, Any] | None = None, text: str = "text", buttons: Any = ()) -> Message:
    return Message(**{**vars(message("bot", text, data)), "buttons": tuple(buttons)})


def reached(*history: Message) -> dict[str, dict[str, int]]:
    return {dimension: dict(counts) for dimension, counts in Observer(KNOWLEDGE, rules()).reached(history).items()}


def test_everything_has_a_name_of_its_own() -> None:
    for dimension, names in KNOWN.items():
        assert names and len(set(names)) == len(names), dimension
    assert set(table.read_ratchet()) == set(KNOWN)


def test_intents_and_the_rules_that_answered_them() -> None:
    seen = reached(said("overdue", "action_none"), said("thanks", "action_thanks"))
    assert seen == {"intents": {"overdue": 1, "thanks": 1}, "rules": {"thanks": 1}}


def test_causes_steps_answers_and_handoffs() -> None:
    seen = reached(
        told({"type": "diagnosis", "causes": [{"id": "overdue"}, {"id": "phone_unbound"}]}),
        told({"type": "step", "cause": "overdue", "step": 2}),
        told({"type": "answer", "topic": "fee_overview"}),
        told({"type": "handoff", "reason": "requested"}),
    )
    assert seen["causes"] == {"overdue": 2, "phone_unbound": 1}
    assert seen["steps"] == {"overdue 2": 1}
    assert seen["answers"] == {"fee_overview": 1}
    assert seen["handoffs"] == {"requested": 1}
    assert seen["outcomes"] == {"overdue: handed_over": 1}


@pytest.mark.parametrize("data_type", DATA_TYPES)
def test_every_type_of_data_counts_for_something_or_is_known_by_its_phrases_alone(data_type: str) -> None:
    phrases_alone = {"resolved", "explained", "plans", "clarify", "waiting", "out_of_scope", "picture", "ended", "advice"}
    assert bool(reached(told(example_of(data_type)))) is (data_type not in phrases_alone)


def test_how_work_on_a_cause_went() -> None:
    step = told({"type": "step", "cause": "overdue", "step": 1})
    seen = reached(step, said("cannot_find"), step, said("step_done"), told({"type": "check", "cause": "overdue", "passed": False}))
    assert seen["outcomes"] == {"overdue: not_found": 1, "overdue: failed": 1}


def test_a_handoff_after_the_end_of_a_cause_is_not_that_causes() -> None:
    step, end = told({"type": "step", "cause": "overdue", "step": 1}), told({"type": "resolved"})
    assert "outcomes" not in reached(step, end, told({"type": "handoff", "reason": "requested"}))


def test_a_topic_behind_a_button_is_reached_when_it_is_pressed() -> None:
    button = {"title": "T", "payload": '/request_human{"topic": "appeal"}'}
    assert reached(told(buttons=[button]), said("request_human", text="T"))["answers"] == {"appeal": 1}
    assert "answers" not in reached(told(buttons=[button]), said("request_human", text="other"))


@pytest.mark.parametrize(("topic", "kind"), [("credit_card", "out_of_scope"), ("cannot_pay", "diagnosis"), ("holder_died", "handoff")])
def test_a_topic_that_no_data_names_is_recognised_by_its_words(topic: str, kind: str) -> None:
    answer = KNOWLEDGE.answers.topics[topic].answers[-1]
    data = {"type": kind, "causes": [], "reason": "hardship"}
    assert reached(told(data, f"before\n{answer.text[-1]}\nbehind"))["answers"] == {topic: 1}
    assert "answers" not in reached(told(data, "before\nbehind"))


def test_every_topic_that_is_told_counts_and_parts_of_the_talk_do_not() -> None:
    assert {"credit_card", "cannot_pay", "holder_died", "case_how_long", "next_step"} <= set(KNOWN["answers"])
    assert not {"agree", "thank_you", "is_it_done_now", "correct_subject"} & set(KNOWN["answers"])


def test_phrases_are_recognised_by_their_words() -> None:
    assert reached(told(text=KNOWLEDGE.phrases.variants["thanks"][1]))["responses"] == {"thanks": 1}
    row = KNOWLEDGE.phrases.variants["plans.row"][0].format(tenor=3, per_period="1", fee="1", total="1", apr="1")
    summary = KNOWLEDGE.phrases.variants["diagnosis.other"][0].format(summary="s")
    assert set(reached(told(text=f"{row}\n{summary}"))["responses"]) == {"plans.row", "diagnosis.other"}


def test_a_phrase_that_stands_within_another_is_found_there() -> None:
    subject = KNOWLEDGE.phrases.variants["subject.account"][0]
    text = KNOWLEDGE.phrases.variants["diagnosis.found"][0].format(subject=subject)
    assert set(reached(told(text=text))["responses"]) == {"subject.account", "diagnosis.found"}


def test_buttons_are_phrases() -> None:
    title = KNOWLEDGE.phrases.variants["button.done"][0]
    assert reached(told(buttons=[{"title": title, "payload": "/step_done"}]))["responses"] == {"button.done": 1}


def test_recordings_of_all_processes_are_merged(tmp_path: Path) -> None:
    recorder = Recorder("tests")
    recorder.add([said("thanks", "action_thanks")])
    recorder.save(tmp_path)
    (tmp_path / "tests-other.json").write_text('{"intents": {"thanks": 2}}', encoding="utf-8")
    (tmp_path / "simulation-1.json").write_text('{"intents": {"greet": 1}}', encoding="utf-8")
    merged = recording.read(tmp_path)
    assert merged["tests"] == {"intents": {"thanks": 3}, "rules": {"thanks": 1}}
    assert merged["simulation"] == {"intents": {"greet": 1}}


def test_a_missing_recording_is_no_coverage(tmp_path: Path) -> None:
    (tmp_path / "tests-1.json").write_text("{}", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="simulation"):
        recording.read(tmp_path)


def _rows(*names: str) -> list[table.Row]:
    return table.rows({"causes": ["a", "b"], "responses": ["p", "q", "r"]}, {"tests": {"causes": {"a": 1}}, "simulation": _counts(names)})


def _counts(names: tuple[str, ...]) -> Any:
    return {"causes": {name: 1 for name in names if name in "ab"}, "responses": {name: 1 for name in names if name in "pqr"}}


def test_what_is_missing_is_named() -> None:
    causes, responses = _rows("p", "q")
    assert (causes.percent, causes.missing) == (50.0, ["b"])
    assert (responses.percent, responses.missing) == (66.6, ["r"])
    assert "not reached of responses: r" in table.text([causes, responses])


def test_coverage_may_not_fall() -> None:
    least = {"causes": 100.0, "responses": 66.6}
    assert list(table.problems(_rows("b", "p", "q"), least)) == []
    assert list(table.problems(_rows("b", "p"), least)) == ["responses: 33.3 % is less than the 66.6 % of ratchet.yml, missing are q, r"]


def test_the_ratchet_only_rises(tmp_path: Path) -> None:
    path = tmp_path / "ratchet.yml"
    path.write_text("", encoding="utf-8")
    table.raise_ratchet(_rows("b", "p", "q"), path)
    assert table.read_ratchet(path) == {"causes": 100.0, "responses": 66.6}
    table.raise_ratchet(_rows("p"), path)
    assert table.read_ratchet(path) == {"causes": 100.0, "responses": 66.6}


def test_the_page_shows_every_cell_and_asks_nobody_for_anything(tmp_path: Path) -> None:
    write_page(_rows("p"), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count('class="cell') == 5 and page.count('class="cell missing"') == 3
    assert "http" not in page and "<script" not in page
