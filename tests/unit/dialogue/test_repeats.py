"""Sentences that say mostly the same are said once."""

from __future__ import annotations

import pytest

from actions.dialogue.speaker import put_together, says_the_same, unsaid

FIRST = "分期确认以后不能取消，不想分了只能提前结清。"
AGAIN = "分期办好了不能取消，不想分了，就把剩下的提前结清。"
PLACE = "位置在账单页最下面。"


def test_what_was_said_is_not_said_in_other_words_behind_it() -> None:
    assert put_together([FIRST, f"{AGAIN}{PLACE}"]) == f"{FIRST}\n{PLACE}"
    assert put_together([FIRST, AGAIN]) == FIRST


def test_a_text_is_left_whole_though_it_repeats_itself() -> None:
    assert put_together([f"{FIRST}\n{AGAIN}"]) == f"{FIRST}\n{AGAIN}"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("十月那期还有 200.00 元没还，请尽快还清。", False),
        ("十月那期还有 100.00 元没还清，尽快还上。", True),
        ("十月那期还没还清，请尽快。", True),
    ],
)
def test_another_number_is_another_sentence(other: str, same: bool) -> None:
    assert says_the_same(other, "十月那期还有 100.00 元没还，请尽快还清。") is same


def test_nothing_is_left_of_what_was_said_wholly() -> None:
    assert unsaid(AGAIN, [PLACE, FIRST]) == "" and unsaid(PLACE, [FIRST]) == PLACE
