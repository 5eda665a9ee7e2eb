"""The loader: all of a folder is right, or it is refused with file, line and reason."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from actions.knowledge import DEFAULT_ROOT, load
from actions.knowledge.loading import check
from actions.knowledge.phrases import PHRASES as DECLARED
from actions.knowledge.phrases import THANKS
from tests.unit.knowledge.small_folder import CAUSE, FILES, FORBIDDEN, HELLO, PHRASES, refusals, write

pytestmark = pytest.mark.slow


def test_a_folder_that_is_right_loads(tmp_path: Path) -> None:
    knowledge = load(write(tmp_path, FILES))
    assert list(knowledge.causes) == ["low_amount", "no_cause_found"]
    assert knowledge.answers.topic("fee").follow_up == ("pay_by_card",)
    assert knowledge.phrases.texts(THANKS) == ("您好。", "又见面了。")


@pytest.mark.parametrize(
    "name, text, expected",
    [
        ("phrases/all.yml", PHRASES.replace(HELLO, "thanks: 您好\n"), "1: thanks takes a list of texts with at least one"),
        ("phrases/all.yml", PHRASES.replace("又见面了", "审核包过"), "1: thanks: must never be said: 包过 (promises)"),
        ("phrases/all.yml", PHRASES.replace("又见面了。", '"{name}又见面了。"'), "1: thanks: knows no placeholder {name}; there are: none"),
        ("phrases/all.yml", PHRASES.replace("plans.head: [好的。]", 'plans.head: ["共 {amont} 元"]'),
         f"{PHRASES[: PHRASES.index('plans.head')].count(chr(10)) + 1}: plans.head: knows no placeholder {{amont}}; there are: {{amount}}"),
        ("phrases/all.yml", PHRASES.replace(HELLO, ""), "1: thanks is missing"),
        ("phrases/more.yml", "hello: [您好。]\n", "1: hello is never said: no such phrase is declared"),
        ("phrases/more.yml", HELLO, "1: thanks exists already"),
        ("phrases/more.yml", "- 您好\n", "1: a phrase file is a map of ids to lists of texts"),
        ("forbidden.yml", FORBIDDEN.replace("text: 包过", 'pattern: "(包过"'),
         "3: sentences.pattern not a regular expression: missing ), unterminated subpattern at position 0"),
        ("forbidden.yml", FORBIDDEN.replace("text: 包过,", ""), "3: sentences needs either text or pattern"),
    ],
    ids=map(str, itertools.count()),
)  # fmt: skip
def test_other_wrong_files_are_refused(tmp_path: Path, name: str, text: str, expected: str) -> None:
    assert refusals(write(tmp_path, {**FILES, name: text})) == [f"knowledge/{name}:{expected}"]


def test_a_refused_cause_does_not_make_others_of_the_references_to_it(tmp_path: Path) -> None:
    root = write(tmp_path, {**FILES, "causes/low_amount.yml": CAUSE.replace("title:", "titel:")})
    assert {reason.partition(":")[0] for reason in refusals(root)} == {"knowledge/causes/low_amount.yml"}


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "causes/low_amount.yml": CAUSE.replace("kind: block", "kind: wall").replace("baitiao.overdue", "baitiao.over"),
        "phrases/all.yml": PHRASES.replace(HELLO, "thanks: []\n"),
    }
    assert refusals(write(tmp_path, {**FILES, **wrong})) == [
        "knowledge/causes/low_amount.yml:5: kind must be one of block, limit",
        "knowledge/causes/low_amount.yml:10: unknown fact baitiao.over",
        "knowledge/phrases/all.yml:1: thanks takes a list of texts with at least one",
    ]


def test_the_end_of_the_line_of_causes_must_be_there(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if "no_cause" not in name}
    assert refusals(write(tmp_path, files)) == ["knowledge/causes:1: no_cause_found.yml is missing"]


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}:1: is not a folder"]


def test_a_file_that_is_not_yaml_is_refused_where_it_breaks(tmp_path: Path) -> None:
    root = write(tmp_path, {**FILES, "causes/low_amount.yml": CAUSE.replace("brief: [C22]", "brief: [C22")})
    assert [reason.partition(" YAML")[0] for reason in refusals(root)] == ["knowledge/causes/low_amount.yml:7: not valid"]


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    (root / "causes" / "low_amount.yml").write_bytes(b"\xff\xfe\x00")
    assert "knowledge/causes/low_amount.yml:1: is not UTF-8 text" in refusals(root)


def test_forbidden_wordings_know_warnings_and_harmless_neighbours(tmp_path: Path) -> None:
    forbidden = load(write(tmp_path, FILES)).forbidden
    assert list(forbidden.found_in("不要把验证码告诉任何人。")) == []
    assert list(forbidden.found_in("不要急。把验证码告诉我。")) == ["must never be said: 把验证码告诉 (secret)"]
    assert list(forbidden.found_in("用了上不上征信？")) == []
    assert list(forbidden.found_in("会上征信。")) == ["must never be said: 上征信 (untrue)"]


def test_knowledge_cannot_be_changed(tmp_path: Path) -> None:
    knowledge = load(write(tmp_path, FILES))
    with pytest.raises(TypeError):
        knowledge.causes["low_amount"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        knowledge.causes["low_amount"].title = "x"


def test_a_cause_without_a_conversation_test_is_reported(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    conversations = tmp_path / "conversations"
    conversations.mkdir()
    (conversations / "one.yml").write_text("expect: {causes: [low_amount]}\n", encoding="utf-8")
    report = check(root, conversations)
    assert [str(problem) for problem in report.problems] == [
        f"knowledge/causes/no_cause_found.yml:1: no conversation test in {conversations} names no_cause_found"
    ]
    assert check(root).lines == (f"2 causes, 7 topics, {len(DECLARED)} phrases, 0 terms, 3 forbidden wordings",)


def test_the_check_tells_what_the_loader_refuses(tmp_path: Path) -> None:
    report = check(write(tmp_path, {**FILES, "phrases/all.yml": PHRASES.replace(HELLO, "thanks: []\n")}))
    assert report.lines == ("knowledge/phrases/all.yml:1: thanks takes a list of texts with at least one",)


def test_every_shipped_file_loads() -> None:
    assert check(DEFAULT_ROOT).problems == ()
