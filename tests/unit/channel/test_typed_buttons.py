"""Typed titles press their buttons, and sentences stay sentences."""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.core.turn import Button
from actions.dialogue.buttons import Buttons
from actions.knowledge import phrases
from bot.channel.buttons import plain, typed_button
from conversations.application import project_knowledge
from tools.generate import ROOT

pytestmark = pytest.mark.slow

KNOWLEDGE = project_knowledge()
BUTTONS = Buttons(KNOWLEDGE)
PERSON = "/request_human"
CANCEL = '/about_case{"topic": "cancel_person"}'


def offered(*buttons: Button) -> list[dict[str, str]]:
    return [button.to_json() for button in buttons]


SETS = {
    "step": offered(*BUTTONS.step()),
    "checked step": offered(*BUTTONS.step(checked=True)),
    "offered": offered(*BUTTONS.offered()),
    "confirm": offered(*BUTTONS.confirm()),
    "handoff offer": offered(*BUTTONS.handoff_offer()),
    "handed over": offered(*BUTTONS.handed_over()),
    "queued": offered(*BUTTONS.queued()),
    "resume": offered(*BUTTONS.resume(phrases.BUTTON_CONTINUE)),
    "waiting": offered(*BUTTONS.waiting(KNOWLEDGE.causes["incident_outage"], subscribed=False, startable=True)),
    "menu": offered(*BUTTONS.intents(KNOWLEDGE.menu)),
}
"""Buttons as they really stand together."""

PRESSED = [
    ("menu", "第一个", SETS["menu"][0]["payload"]),
    ("menu", "选第二个", SETS["menu"][1]["payload"]),
    ("menu", "最后一个", SETS["menu"][-2]["payload"]),
    ("step", "已完成", "/step_done"),
    ("step", " 已 完 成 ！！！", "/step_done"),
    ("step", "【已完成】", "/step_done"),
    ("step", "已完成😀~", "/step_done"),
    ("step", "已完成。", "/step_done"),
    ("step", "已完成了", "/step_done"),
    ("step", "已完成啦啦啦啦", "/step_done"),
    ("step", "已完呈", "/step_done"),
    ("step", "己完成", "/step_done"),
    ("step", "已完成成", "/step_done"),
    ("step", "已成完", "/step_done"),
    ("step", "完成", "/step_done"),
    ("step", "已經完成", "/step_done"),
    ("step", "找不道", "/cannot_find"),
    ("step", "找不到呀", "/cannot_find"),
    ("step", "照不到", "/cannot_find"),
    ("step", "作不了", "/step_failed"),
    ("step", "做不了啊", "/step_failed"),
    ("checked step", "再查一次", "/step_done"),
    ("checked step", "在查一次", "/step_done"),
    ("checked step", "再査一次", "/step_done"),
    ("offered", "开始处里吧", "/affirm"),
    ("offered", "開始處理", "/affirm"),
    ("confirm", "看到了", "/affirm"),
    ("confirm", "看道了", "/affirm"),
    ("confirm", "还是没有啊", "/step_failed"),
    ("handoff offer", "先不用吧", "/deny"),
    ("handoff offer", "先不用了。", "/deny"),
    ("handoff offer", "转人工转人工转人工", PERSON),
    ("handed over", "不用人工了", CANCEL),
    ("handed over", "不用人公了", CANCEL),
    ("queued", "继续等吧", '/affirm{"topic": "handoff_wait"}'),
    ("queued", "留言", '/affirm{"topic": "handoff_message"}'),
    ("queued", "先让助手继续", '/affirm{"topic": "handoff_go_on"}'),
    ("resume", "继续吧", '/affirm{"topic": "handoff_resume"}'),
    ("waiting", "恢復後通知我", '/affirm{"topic": "wait_for_notice"}'),
    ("menu", "分期怎么收费？", "/faq_fee"),
    ("menu", "白条用步了", "/baitiao_unusable"),
    *((name, said, PERSON) for name in ("step", "queued", "confirm", "menu") for said in ("转人工", "轉人工", "转仁工", "转人工吧")),
]

SENTENCES = [
    # The other way round, or another verb.
    "未完成", "没完成", "还没完成", "已完成吗", "已完不成", "找到了", "找得到", "没找到", "看不到", "买不到", "收不到", "做完了", "做好了",
    "做得了", "付不了", "用不了", "还不了", "登不了", "受不了", "不做了", "做不了主", "找不到店", "再说一次", "再查两次", "不查一次",
    "别转人工", "不转人工", "转人工了吗", "刚转人工", "能转人工吗", "用人工了", "要用人工了", "先用", "先别用",
    "没看到", "看到了吗", "看不到了", "看错了", "还有没有", "还是有", "不继续等", "继续说", "继续分", "不开始处理", "怎么开始处理",
    # About something else, in almost the words of a button.
    "分期怎么退费", "分期乐怎么收费", "账单能分期", "找不到还款的入口在哪", "已完成付款但没有分期", "转人工要等多久", "你再查一次我的额度",
    "看到了但是点不了", "还是没有分期这个选项", "好", "1", "？",
]  # fmt: skip


@pytest.mark.parametrize("name, said, payload", PRESSED)
def test_a_title_that_is_typed_or_nearly_so_is_its_button(name: str, said: str, payload: str) -> None:
    assert typed_button(said, SETS[name]) == payload


@pytest.mark.parametrize("said", SENTENCES)
def test_a_sentence_stays_a_sentence_whatever_is_offered(said: str) -> None:
    assert {name: typed_button(said, each) for name, each in SETS.items() if typed_button(said, each) is not None} == {}


def test_as_near_to_two_titles_it_is_neither() -> None:
    near = [{"title": "已完成", "payload": "/step_done"}, {"title": "已完工", "payload": "/deny"}]
    assert typed_button("已完呈", near) is None and typed_button("已完成", near) == "/step_done"
    assert typed_button("已完呈", [near[0], {"title": "已完工", "payload": "/step_done"}]) == "/step_done"
    assert typed_button("已完成", [near[0], {"title": "已完成", "payload": "/deny"}]) is None


def test_another_number_is_another_order() -> None:
    order = [{"title": "山岚对开门冰箱 o-1013", "payload": '/installment_missing{"order": "o-1013"}'}]
    assert typed_button("山岚对开门冰箱o-1013", order) == order[0]["payload"]
    assert typed_button("山岚对开门冰箱 o-1014", order) is None and typed_button("山岚对开门冰箱 o-103", order) is None


def _labelled() -> Sequence[tuple[str, str]]:
    files = [ROOT / "tests/nlu/holdback.tsv", ROOT / "tests/nlu/second_turns.tsv"]
    return [
        (row["text"], row["label"])
        for file in files
        for row in csv.DictReader(file.read_text(encoding="utf-8").split("\n"), delimiter="\t")
    ]


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text is made comparable once, however many are compared with it."""
    monkeypatch.setattr("bot.channel.buttons.plain", functools.lru_cache(maxsize=None)(plain))


@pytest.mark.usefixtures("read_once")
def test_no_labelled_sentence_presses_a_button_of_another_intent() -> None:
    every = [button for each in SETS.values() for button in each]
    for text, label in _labelled():
        for button in every:
            payload = typed_button(text, [button])
            assert payload is None or payload[1:].partition("{")[0] == label, (text, button)


@pytest.mark.usefixtures("read_once")
def test_no_title_presses_the_button_of_another() -> None:
    topics = offered(*BUTTONS.topics(list(KNOWLEDGE.answers.topics)))
    every = [*topics, *(button for each in SETS.values() for button in each)]
    titles = {plain(button["title"]): button for button in every}
    for title, button in titles.items():
        for other in every:
            pressed = typed_button(title, [other])
            same = plain(other["title"]) == title or other["payload"].partition("{")[0] == button["payload"].partition("{")[0]
            assert pressed is None or same, (title, other)


@given(st.text(alphabet="已完成找不到做了再查一次先用吧啊。 ，转人工没看继续等？1", max_size=24), st.sampled_from(sorted(SETS)))
def test_what_is_longer_than_the_title_by_three_is_never_a_button(said: str, name: str) -> None:
    payload = typed_button(said, SETS[name])
    titles = [plain(button["title"]) for button in SETS[name] if button["payload"] == payload]
    assert payload is None or any(len(plain(said)) <= len(title) + 2 for title in titles)


@given(st.text(max_size=60), st.sampled_from(sorted(SETS)))
def test_any_text_is_compared_without_complaint(said: str, name: str) -> None:
    assert typed_button(said, SETS[name]) in {None, *(button["payload"] for button in SETS[name])}


def test_the_answers_are_intents_with_which_customers_act() -> None:
    answers = yaml.safe_load((ROOT / "bot/channel/typed_buttons.yml").read_text(encoding="utf-8"))["answers"]
    assert {KNOWLEDGE.intents[name].kind for name in answers} == {"act"}


@pytest.mark.parametrize("said, number", [("2", 2), ("1", 1), ("第一个", 1), ("最后一个", 2), ("3", None), ("0", None)])
def test_an_order_is_told_by_its_number_in_the_list(said: str, number: int | None) -> None:
    orders = [{"title": f"x o{n}", "payload": f'/installment_missing{{"order": "o{n}"}}'} for n in (1, 2)]
    assert typed_button(said, orders) == (orders[number - 1]["payload"] if number else None)
