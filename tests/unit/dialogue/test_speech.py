"""Nothing is said twice in a row, and every sentence the code asks for exists."""

from __future__ import annotations

import re
from pathlib import Path

from actions.core.case import Case
from actions.core.subject import ACCOUNT, Subject
from actions.dialogue.buttons import HANDOFF_TOPICS
from actions.dialogue.speech import Speaker
from actions.knowledge.routing_files import HANDOFF_REASONS
from tests.composed import project_knowledge

CODE = [
    path for folder in ("actions/dialogue", "actions/recovery", "actions/handlers", "actions/handoff") for path in Path(folder).glob("*.py")
]


def test_a_text_that_was_just_said_is_said_differently() -> None:
    said = set()
    for _ in range(3):
        speaker = Speaker(project_knowledge(), frozenset(said))
        speaker.say("请更新App。")
        said = {reply.text for reply in speaker.done()} | said
    assert len(said) == 3


def test_a_phrase_prefers_a_variant_that_was_not_just_said() -> None:
    first, second = project_knowledge().phrases.get("thanks")
    assert Speaker(project_knowledge(), frozenset()).phrase("thanks") == first
    assert Speaker(project_knowledge(), frozenset({first})).phrase("thanks") == second


def test_every_phrase_named_in_the_code_exists_and_none_is_left_over() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE)
    names = set(project_knowledge().phrases.variants)
    quoted = set(re.findall(r'["\']([a-z_]+(?:\.[a-z_]+)*)["\']', code))
    built = {f"handoff.{reason}" for reason in HANDOFF_REASONS} | {f"{kind}_only" for kind in quoted if kind.startswith("step.")}
    built |= {name for name in names if name.startswith(("offer_handoff.", "resolved.", "diagnosis.nothing."))}
    built |= {f"button.{topic}" for topic in HANDOFF_TOPICS}
    missing = {name for name in re.findall(r'(?:phrase|say|_of|button)\(\s*"([a-z_.]+)"', code)} - names
    assert missing == set()
    assert names - quoted - built == set()


def test_a_case_survives_its_slot() -> None:
    case = Case(phase="doing", subject=Subject("order", "o-1"), cause="overdue", step=1, causes=("overdue",)).after(
        "failed", "2026-11-22", {"baitiao.overdue": 188.0}
    )
    assert Case.from_json(case.to_json()) == case
    assert Case.from_json(None) == Case()
    assert Case.from_json({**case.to_json(), "of_another_version": 1}) == case


def test_a_case_stored_before_subjects_were_one_field_keeps_its_order() -> None:
    stored = {"phase": "doing", "order": "o-1", "bill": None, "subject_known": True, "cause": "overdue", "step": 1}
    assert Case.from_json(stored).subject == Subject("order", "o-1")
    assert Case.from_json({**stored, "order": None}).subject == ACCOUNT
    assert Case.from_json({**stored, "subject_known": False}).subject is None
