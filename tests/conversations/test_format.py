"""The format itself: what is refused, how a failure reads, and that editors get the schema that holds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actions.core.messages import DATA_TYPES
from actions.yaml_source import SourceError
from conversations.loading import CONVERSATIONS, ROOT, Conversation, collect, known_failures, read
from conversations.player import PATH_FIELDS, Mismatch
from conversations.published import follow_the_published_schema
from conversations.script import SCHEMA_FILE, schema

FILES = sorted(CONVERSATIONS.glob("*/**/*.yml"))
CASE = """
test_cases:
  - test_case: a customer complains
    given: {user: u-1013, order: o-1013}
    steps:
"""


def written(folder: Path, steps: str, before: str = "") -> Conversation:
    (folder / "group").mkdir(exist_ok=True)
    file = folder / "group" / "case.yml"
    file.write_text(before + CASE + steps, encoding="utf-8")
    (conversation,) = read(file, folder)
    return conversation


def test_the_published_schema_is_the_one_that_is_used() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema(), "run: make generate"


@pytest.mark.parametrize("file", [pytest.param(file, id=file.relative_to(CONVERSATIONS).as_posix()) for file in FILES])
def test_every_file_follows_the_published_schema_and_names_it(file: Path) -> None:
    follow_the_published_schema(file)


def test_no_files_are_a_failure(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no conversation"):
        collect(tmp_path)


def test_a_selection_that_fits_nothing_is_a_failure() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "tests/conversations/test_format.py", "-k", "fits_no_test_at_all_of"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode != 0


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ("      - {user: hello, expects: []}\n", "case.yml:6: expects is not a field"),
        ("      - user: hello\n        press: done\n", "case.yml:6: .*a step is one of"),
        ("      - {when: {restart: true}}\n", "nobody says anything"),
        ("      - user: hello\n      - {when: {restart: true, hours: 1}}\n", "case.yml:7: .*one thing at a time"),
        ("      - {user: hello, assertions: [{data: [text], silent: true}]}\n", "case.yml:6: .*one thing at a time"),
        ("      - {user: hello, assertions: [{data: [song]}]}\n", "case.yml:6: .*song|case.yml:6: "),
        ("      - {user: hello, assertions: [{data: [{type: check, passes: true}]}]}\n", "case.yml:6: .*check has no field passes"),
        ("      - {bot: hello, assertions: [{data: [text]}]}\n", "assertions belong to user"),
        ("      - {user: hello, metadata: unknown}\n", "there is no fixture or metadata unknown"),
        ("      - user: hello\n      - {when: {faults: [on_fire]}}\n", "case.yml:7: "),
    ],
)
def test_what_means_nothing_is_refused_with_its_line(tmp_path: Path, steps: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        written(tmp_path, steps)


def test_the_fields_that_make_a_path_are_fields_of_message_data() -> None:
    assert [name for name in PATH_FIELDS if not any(name in model.stable_fields() for model in DATA_TYPES.values())] == []


def test_names_are_unique_in_a_file(tmp_path: Path) -> None:
    steps = "      - user: hello\n"
    with pytest.raises(SourceError, match="appears twice"):
        written(tmp_path, steps + CASE.replace("\ntest_cases:\n", "") + steps)


OUTLINE = """
test_cases:
  - test_case: <cause> is told
    given: {user: <user>, order: <order>}
    steps:
      - user: hello
        assertions:
          - data: [{type: step, cause: <cause>, step: <step>}]
          - diagnosis: [{<cause>: {}}]
    examples:
      - {cause: overdue, user: u-1013, order: o-1013, step: 2}
      - {cause: phone_unbound, user: u-1024, order: null, step: 1}
"""


def outlined(folder: Path, text: str) -> list[Conversation]:
    (folder / "group").mkdir(exist_ok=True)
    (folder / "group" / "case.yml").write_text(text, encoding="utf-8")
    return read(folder / "group" / "case.yml", folder)


def test_an_outline_is_a_test_case_for_each_row(tmp_path: Path) -> None:
    first, second = outlined(tmp_path, OUTLINE)
    assert [first.id, second.id] == ["group/case: overdue is told [overdue]", "group/case: phone_unbound is told [phone_unbound]"]
    assert (first.user, first.order, second.order) == ("u-1013", "o-1013", None)
    assert first.where(0) == second.where(0) == "group/case.yml:6"
    told, diagnosed = second.case.steps[0].assertions
    assert told.data is not None and told.data[0].dict() == {"type": "step", "cause": "phone_unbound", "step": 1}
    assert diagnosed.diagnosis == [{"phone_unbound": {}}]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("step: <step>", "step: 1", "case.yml:11: there is no <step> in the test case"),
        ("order: null, step: 1", "step: 1", "case.yml:12: <order> has no value"),
        ("type: step, cause", "type: steps, cause", "case.yml:8: "),
        ("- user: hello", "- users: hello", "case.yml:6: users is not a field"),
        ("- {cause: overdue", "- 1\n      - {cause: overdue", "case.yml:11: "),
    ],
)
def test_an_outline_that_does_not_fit_its_table_is_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        outlined(tmp_path, OUTLINE.replace(old, new))


def test_faults_are_for_this_process_only(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="restart cannot be played over http"):
        written(tmp_path, "      - user: hello\n      - {when: {restart: true}}\n    over: [http]\n")


def test_a_known_failure_has_a_reason(tmp_path: Path) -> None:
    (tmp_path / "known.yml").write_text("'a: b': ''\n", encoding="utf-8")
    with pytest.raises(SourceError, match="ids to reasons"):
        known_failures(tmp_path / "known.yml")


def test_fixtures_set_slots_and_the_test_case_wins_over_them(tmp_path: Path, play: Callable[[Any], Any]) -> None:
    case = "{phase: doing, cause: overdue, subject: {kind: order, id: o-1013}, causes: [overdue]}"
    before = f"fixtures:\n  - halfway: {{case: {case}}}\n  - elsewhere: {{order: o-2001}}\n"
    steps = (
        "      - user: 已经弄好了\n        assertions:\n          - data: [{type: step, step: 2}]\n      - slot_was_set: [{case.step: 1}]\n"
    )
    conversation = written(tmp_path, steps + "    fixtures: [elsewhere, halfway]\n", before)
    assert conversation.order == "o-1013"
    play(conversation)


FAILING = """\
      - user: 我的白条怎么突然不能分期付款了
        assertions:
          - diagnosis: [phone_unbound]
          - action_executed: action_answer
          - bot_uttered: {buttons: [已完成, 转人工]}
          - bot_uttered: {utter_name: robot}
          - bot_did_not_utter: {text_matches: 白条}
          - slot_was_set: [{name: case.phase, value: waiting}]
          - slot_was_not_set: [{name: case.cause}]
          - database: [{table: messages, where: {role: bot}, rows: 0}]
          - handoff: requested
          - nowhere: [白条]
"""


def test_a_failure_shows_the_transcript_and_both_sides(tmp_path: Path, play: Callable[[Any], Any]) -> None:
    with pytest.raises(Mismatch) as failure:
        play(written(tmp_path, FAILING))
    text = str(failure.value)
    assert text.startswith("group/case: a customer complains\n> 我的白条怎么突然不能分期付款了")
    assert "group/case.yml:6" in text
    for expected in (
        "expected  ['phone_unbound']\n      seen      ['overdue']",
        "expected  action_answer\n      seen      action_diagnose",
    ):
        assert expected in text
    kinds = ("bot_uttered", "bot_did_not_utter", "slot_was_set", "slot_was_not_set", "database messages", "handoff", "nowhere")
    assert [kind for kind in kinds if f"  - {kind}\n" not in text] == []


@pytest.mark.parametrize(
    "miss",
    [
        "      - {user: 白条为什么不能分期了, assertions: [{refused: turn_failed}]}\n",
        "      - {user: 转人工, assertions: [{silent: true}]}\n",
        "      - user: 你好\n      - bot: 您好\n",
        "      - user: 你好\n      - utter: robot\n",
        "      - user: 你好\n      - slot_was_set: [{case.phase: doing}]\n",
        "      - user: 你好\n      - press: 已完成\n",
        "      - user: 你好\n      - {when: {notices: 1}}\n",
        "      - user: 你好\n      - user: 你好\n      - user: 你好\n    no_repeat: true\n",
        "      - user: 你好\n    max_turns: 1\n",
        "      - when: {second_device: {user: 你好, refused: stale_payload}}\n      - user: 你好\n",
        "      - when: {faults: [actions_down]}\n      - user: 你好\n",
    ],
)
def test_every_kind_of_miss_is_seen(tmp_path: Path, play: Callable[[Any], Any], miss: str) -> None:
    with pytest.raises(Mismatch, match="expected"):
        play(written(tmp_path, miss))
