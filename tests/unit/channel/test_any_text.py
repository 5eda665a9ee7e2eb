"""Whatever a customer types, it is read to its end without an error and in bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actions.core.signs import cleaned
from actions.masking import mask
from actions.masking.window import mask_window
from bot.channel.buttons import typed_button
from bot.channel.plain_text import LONGEST_TEXT, spoken, trimmed
from bot.language.dual_intent import ClauseSplitter
from bot.language.normaliser import Normaliser
from bot.language.pipeline import build_pipeline, glossary_at
from bot.web.responses import ProblemError

LONGEST_READING = 1.5
"""Seconds of computing for one text; most take a hundredth of it, and the worst a third."""
PIECES = (
    "？", "！", " ", "\u3000", "\n", "什么态度", "分期", "不", "没", "人工", "一", "百", "十", "万", "两", "〇", "１", "②", "²", "٣", "1", "0", ".", ",", "-", "/", "{", "}", "元", "期", "个月", "月",
    "号", "省", "路", "验证码", "密码", "我叫", "地址", "身份证", "138", "6222", "@", "a.", "www.", "http://", "a", "X", "*", "é", "\u0301", "\ufdfa", "\u200d", "\u202e", "👨", "☃", "龘",
)  # fmt: skip
OFFERED = [
    {"title": "怎么解锁白条", "payload": "/ask"},
    {"title": "我做好了", "payload": "/step_done"},
    {"title": "9 月的账单", "payload": '/bill{"order": "o-1"}'},
]


def repeated(pieces: list[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda end: ("".join(pieces) * LONGEST_TEXT)[: LONGEST_TEXT - len(end)] + end, st.sampled_from(["", *PIECES]))


TEXTS = st.one_of(
    st.text(max_size=LONGEST_TEXT),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=LONGEST_TEXT // 2).map(lambda pieces: "".join(pieces)[:LONGEST_TEXT]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).flatmap(repeated),
)


@lru_cache(maxsize=1)
def reader() -> Callable[[str, str], Any]:
    """All that stands between a request and Rasa's model."""
    pipeline, glossary = build_pipeline(), glossary_at()
    normaliser, splitter = Normaliser(glossary.corrections), ClauseSplitter(glossary.clauses)

    def read(before: str, text: str) -> None:
        masked = mask(mask_window([mask(before).text], trimmed(text)).text).text
        assert mask(masked).text == masked and cleaned(masked) == masked
        words = spoken(masked)
        typed_button(words, OFFERED)
        heard = normaliser(words)
        assert len(heard) <= 2 * LONGEST_TEXT
        pipeline(heard)
        splitter.announced(heard)
        splitter.clauses(heard)

    return read


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=TEXTS, text=TEXTS)
@example(before="", text="？！" * 60 + "什么态度")
@example(before="", text="一百" * 249 + "元")
@example(before="6222" * 124, text="6222" * 124)
@example(before="验证码是", text="4111111111111111-" * 29)
def test_any_text_is_read(before: str, text: str) -> None:
    read = reader()
    begun = time.process_time()
    try:
        read(before, text)
    except ProblemError as refused:
        assert refused.name in ("malformed", "empty", "command")
    assert time.process_time() - begun < LONGEST_READING
