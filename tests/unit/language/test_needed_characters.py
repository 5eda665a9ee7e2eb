"""What an expression needs is in every text in which it matches, and rules most texts out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.knowledge.expressions import expressions_in
from actions.knowledge.folder import Folder
from actions.knowledge.loading import DEFAULT_ROOT
from bot.language.matching import Sieve, can_match, needs_of

PATTERNS = [
    "还(了|完)?款",
    "(怎么|咋)(办|弄)",
    "[一二三]期?",
    "(?<!不)能分",
    "(?!x)y*z",
    "a|",
    "[^还]钱",
    r"\d+元",
    "K线|app",
    "(还|付){2,3}",
    "(还|付){0,3}",
]


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("还款", [{"还"}, {"款"}]),
        ("(怎么|咋)办", [{"办"}, {"怎", "咋"}]),
        ("款?", []),
        ("a|", []),
        ("[一-七]", [{"一", "丁", "丂", "七"}]),
        ("[^还]", []),
        ("(?!还)款", [{"款"}]),
        ("(?=还)款", [{"还"}, {"款"}]),
        ("(还|付){2}", [{"还", "付"}]),
        ("S", [{"s", "ſ"}]),
    ],
)
def test_what_an_expression_needs(pattern: str, needs: list[set[str]]) -> None:
    found = [set(need) for need in needs_of(pattern)]
    assert sorted(found, key=sorted) == sorted((set(need) for need in needs), key=sorted)


@pytest.mark.broad
@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_text_in_which_it_matches_is_ruled_out(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    assert can_match([needs_of(pattern)], set(text.lower()))


@pytest.mark.slow
def test_most_expressions_of_the_project_say_what_they_need() -> None:
    needs = [needs_of(each.pattern) for each in expressions_in(Folder(DEFAULT_ROOT))]
    assert sum(map(bool, needs)) > 0.95 * len(needs)


def test_a_text_without_what_is_needed_is_ruled_out() -> None:
    assert not can_match([needs_of("还款"), needs_of("提额")], set("白条分期"))
    assert can_match([needs_of("还款"), needs_of("分期")], set("白条分期"))


@given(st.text(alphabet="还付款期元能分怎办弄xyzaK线p一二三1", max_size=12))
@settings(deadline=None)
def test_a_sieve_lets_through_what_may_match(text: str) -> None:
    groups = [PATTERNS[:2], PATTERNS[2:5], PATTERNS[5:6], [], PATTERNS[6:]]
    characters = frozenset(text.lower())
    assert list(Sieve(groups).passing(text)) == [at for at, group in enumerate(groups) if can_match(map(needs_of, group), characters)]
