"""The forbidden wordings that ship: what the compliance checklist names is refused, and warnings about it are not."""

from __future__ import annotations

import json

import pytest

from actions.knowledge.forbidden import Forbidden, read_forbidden
from actions.knowledge.loading import DEFAULT_ROOT
from actions.yaml_source import Source
from conversations.application import project_knowledge


@pytest.fixture(scope="module")
def forbidden() -> Forbidden:
    return read_forbidden(Source.read(DEFAULT_ROOT / "forbidden.yml"), project_knowledge().locale, [])


@pytest.mark.parametrize(
    "text",
    [
        "放心，保证通过。",
        "限时优惠，抓紧下单。",
        "“星云手机”限时优惠。",
        "这样一定能通过。",
        "我们保证提额。",
        "可以帮您提额。",
        "给您申请提额。",
        "马上解冻。",
        "很快就能解除限制。",
        "用白条不上征信。",
        "对征信没有影响。",
        "最低日息，很划算。",
        "日息低至很少。",
        "几乎没利息。",
        "多买多用就能分期。",
        "再买几单就有资格了。",
        "凑单到起点就行。",
        "换个手机试试。",
        "换家店试试。",
        "可以绕开系统。",
        "用家人的账号买。",
        "把验证码发我。",
        "把密码告诉我。",
        "请把您的银行卡号发给我。",
        "告诉我您的验证码。",
        "加我微信。",
        "下载其他App。",
        "您的征信不好，所以不能分期。",
        "您信用不够。",
        "系统很快就好。",
        "稍后恢复。",
        "两小时内恢复。",
        "一般3个工作日左右。",
        "还清后就能用。",
        "这是您的问题。",
        "无法投诉。",
        "没有人工。",
        "您涉嫌套现。",
        "您的风险评分低。",
        "先借一笔来还。",
        "存钱到小金库就有额度。",
        "可以帮您修复征信。",
        "请打开屏幕共享。",
        "点这里 https://example.com 看看。",
        "不会收费，保证提额。",
        "保 证 通 过",
        "特别保证提额。",
    ],
)
def test_a_sentence_that_must_never_be_said(forbidden: Forbidden, text: str) -> None:
    assert list(forbidden.found_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "不要把验证码告诉任何人，包括我。",
        "我不会让您加微信、开屏幕共享或者下载其他App。",
        "能不能恢复由系统评估，不一定能通过。",
        "没有人能保证通过。",
        "请不要用家人的账号。",
        "用白条上不上征信，以协议为准。",
        "没有必要为了分期多买东西。",
        "可以打12378投诉，我也可以转人工。",
        "到 {merchant.paused_until} 之后再看。",
        "红包分期时不能用。",
        "这件商品正在参加“限时秒杀”，参加这档活动就不能分期。",
        "按时还款、保持资料准确就好。",
    ],
)
def test_a_sentence_that_may_be_said(forbidden: Forbidden, text: str) -> None:
    assert list(forbidden.found_in(text)) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("秒杀(?![^“”]*”)", "秒杀"),
        ("^抓紧$", "好的。抓紧"),
        ("[^，]{0,8}密码", "的密码"),
        ("(?<!不)上征信", "上征信"),
        (r"抓\b", "抓"),
        (r"(抓)\1", "抓抓"),
    ],
)
def test_what_one_text_is_refused_for_is_found_among_many(pattern: str, text: str) -> None:
    rules = Source("forbidden.yml", json.dumps({"warnings": [], "sentences": [{"pattern": pattern, "why": "x"}]}))
    forbidden = read_forbidden(rules, project_knowledge().locale, [])
    # What stands around it would make some of these harmless, or is taken together with them.
    forbidden.screen([f"{number}的密码不抓紧" for number in range(3)] + [text, "“优惠”", "紧"])
    assert forbidden.found_in(text) == tuple(forbidden.reasons(text)) != ()
