"""Knowledge that is edited while the assistant runs: a good change is taken up, a bad one leaves everything as it was."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from actions.knowledge import Knowledge, KnowledgeStore
from actions.knowledge import store as store_module
from actions.knowledge.phrases import THANKS
from actions.yaml_source import SourceError
from tests.unit.knowledge.small_folder import CAUSE, FILES, HELLO, PHRASES, write

NEW = PHRASES.replace("又见面了", "再见")
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)


class Edited:
    """A folder in use.

    Attributes:
        now: the store's clock.
    """

    def __init__(self, folder: Path) -> None:
        self.root = write(folder, FILES)
        self.now = 0.0
        self.store = KnowledgeStore(self.root, look_seconds=1.0, clock=lambda: self.now, beside=lambda work: work())

    def later(self, seconds: float = 1.5) -> Knowledge:
        self.now += seconds
        return self.store.current

    def write(self, name: str, text: str | bytes) -> None:
        (self.root / name).write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every reading of a folder."""
    made: list[Path] = []
    load = store_module.load

    def counted(root: Path) -> Knowledge:
        made.append(root)
        return load(root)

    monkeypatch.setattr(store_module, "load", counted)
    return made


def test_a_change_is_taken_up_and_an_unchanged_folder_is_not_read_again(edited: Edited, loads: list[Path]) -> None:
    first = edited.store.current
    assert edited.later() is first and len(loads) == 1
    edited.write("phrases/all.yml", NEW)
    assert edited.later().phrases.texts(THANKS)[1] == "再见。" and len(loads) == 2


def test_the_folder_is_looked_at_once_in_a_while_and_not_in_every_turn(edited: Edited, monkeypatch: pytest.MonkeyPatch) -> None:
    first = edited.store.current
    edited.write("phrases/all.yml", NEW)

    def must_not(*_: Any, **__: Any) -> Any:
        raise AssertionError("looked")

    with monkeypatch.context() as patched:
        patched.setattr(os, "walk", must_not)
        patched.setattr(os, "stat", must_not)
        assert edited.later(0.5) is first
    assert edited.later(0.6) is not first


def broken_yaml(edited: Edited) -> None:
    edited.write("causes/low_amount.yml", "id: [")


def emptied(edited: Edited) -> None:
    edited.write("causes/low_amount.yml", "")


def not_utf8(edited: Edited) -> None:
    edited.write("causes/low_amount.yml", CAUSE.encode("gb18030"))


def unknown_fact(edited: Edited) -> None:
    edited.write("causes/low_amount.yml", CAUSE.replace("baitiao.overdue", "baitiao.overdew"))


def folder_removed(edited: Edited) -> None:
    shutil.move(edited.root, edited.root.with_name("away"))


def part_removed(edited: Edited) -> None:
    shutil.rmtree(edited.root / "causes")


def broken_link(edited: Edited) -> None:
    (edited.root / "causes" / "more.yml").symlink_to(edited.root / "nowhere.yml")


def too_deep(edited: Edited) -> None:
    edited.write("causes/low_amount.yml", "[" * 100_000)


def alias_bomb(edited: Edited) -> None:
    edited.write("causes/low_amount.yml", BOMB)


def endless_number(edited: Edited) -> None:
    edited.write("causes/low_amount.yml", CAUSE.replace("position: 10", "position: 1e999999999"))


def pipe(edited: Edited) -> None:
    os.mkfifo(edited.root / "causes" / "pipe.yml")


@pytest.mark.parametrize(
    "edit",
    [
        broken_yaml, emptied, not_utf8, unknown_fact, folder_removed, part_removed, broken_link, too_deep, alias_bomb, endless_number, pipe,
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_used_is_logged_once_and_what_was_right_stays(edited: Edited, edit: Callable[[Edited], None]) -> None:
    first = edited.store.current
    edit(edited)
    with capture_logs() as logged:
        assert [edited.later(seconds) for seconds in (1.5, 1.5, 30, 30)] == [first] * 4
    assert [entry["event"] for entry in logged] == ["knowledge.not_usable"]
    assert logged[0]["problems"] and "knowledge" in logged[0]["problems"][0]


def test_after_mending_the_change_is_taken_up(edited: Edited) -> None:
    first = edited.store.current
    edited.write("phrases/all.yml", PHRASES.replace(HELLO, "thanks: []\n"))
    assert edited.later() is first
    edited.write("phrases/all.yml", NEW)
    assert edited.later().phrases.texts(THANKS)[1] == "再见。"


def test_what_an_editor_puts_beside_an_open_file_changes_nothing(edited: Edited, loads: list[Path]) -> None:
    first = edited.store.current
    (edited.root / "causes" / ".#low_amount.yml").symlink_to("somebody@somewhere.4711")
    (edited.root / "causes" / ".low_amount.yml").write_text("id: [", encoding="utf-8")
    with capture_logs() as logged:
        assert edited.later() is first
    assert logged == [] and len(loads) == 1
    assert KnowledgeStore(edited.root).current.causes.keys() == first.causes.keys()


def test_a_reading_in_which_files_change_is_not_used_and_made_again(edited: Edited, monkeypatch: pytest.MonkeyPatch) -> None:
    first = edited.store.current
    load = store_module.load

    def edited_meanwhile(root: Path) -> Knowledge:
        knowledge = load(root)
        edited.write("phrases/all.yml", NEW)
        return knowledge

    edited.write("phrases/all.yml", PHRASES + "\n")
    with monkeypatch.context() as patched:
        patched.setattr(store_module, "load", edited_meanwhile)
        assert edited.later() is first
    assert edited.later().phrases.texts(THANKS)[1] == "再见。"


def test_a_reader_that_fails_in_a_way_nobody_thought_of_stops_nobody(edited: Edited, monkeypatch: pytest.MonkeyPatch) -> None:
    first = edited.store.current

    def fails(_root: Path) -> Knowledge:
        raise RecursionError("maximum recursion depth exceeded")

    edited.write("phrases/all.yml", NEW)
    with monkeypatch.context() as patched, capture_logs() as logged:
        patched.setattr(store_module, "load", fails)
        assert edited.later() is first
    assert logged[0]["problems"] == ["knowledge: cannot be read: RecursionError: maximum recursion depth exceeded"]
    assert edited.later(30).phrases.texts(THANKS)[1] == "再见。", "a failure that passes is not waited out until the next change"


def test_while_one_reads_the_others_take_what_there_is(edited: Edited, monkeypatch: pytest.MonkeyPatch) -> None:
    first = edited.store.current
    begun, go_on = threading.Event(), threading.Event()
    load = store_module.load

    def slow(root: Path) -> Knowledge:
        begun.set()
        assert go_on.wait(20)
        return load(root)

    monkeypatch.setattr(store_module, "load", slow)
    edited.write("phrases/all.yml", NEW)
    edited.now += 1.5
    taken: list[Knowledge] = []
    reader = threading.Thread(target=lambda: taken.append(edited.store.current))
    reader.start()
    assert begun.wait(20)
    edited.now += 1.5
    assert edited.store.current is first
    go_on.set()
    reader.join(20)
    assert taken[0].phrases.texts(THANKS)[1] == "再见。"


def test_a_turn_does_not_wait_for_the_reading(edited: Edited, monkeypatch: pytest.MonkeyPatch) -> None:
    store = KnowledgeStore(edited.root, look_seconds=0.0)
    first, go_on = store.current, threading.Event()
    load = store_module.load

    def slow(root: Path) -> Knowledge:
        assert go_on.wait(20)
        return load(root)

    monkeypatch.setattr(store_module, "load", slow)
    edited.write("phrases/all.yml", NEW)
    assert [store.current for _ in range(3)] == [first] * 3
    (reader,) = [thread for thread in threading.enumerate() if thread.name == "knowledge"]
    go_on.set()
    reader.join(20)
    assert store.current.phrases.texts(THANKS)[1] == "再见。"


def test_a_folder_that_stays_unusable_is_read_ever_more_seldom(edited: Edited, loads: list[Path]) -> None:
    first = edited.store.current
    broken_yaml(edited)
    assert [edited.later(5.0) for _ in range(720)] == [first] * 720
    assert 5 < len(loads) < 16, "within an hour"


def test_knowledge_that_was_never_right_is_refused_and_may_be_mended(edited: Edited) -> None:
    edited.write("phrases/all.yml", PHRASES.replace(HELLO, "thanks: []\n"))
    with pytest.raises(SourceError, match="knowledge/phrases/all.yml:1"):
        _ = edited.store.current
    edited.write("phrases/all.yml", NEW)
    assert edited.store.current.phrases.texts(THANKS)[1] == "再见。"
