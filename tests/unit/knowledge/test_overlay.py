"""Overlays: what an arm of an experiment may say differently, and what is refused with file, line and reason."""

from __future__ import annotations

import pytest

from actions.knowledge import DEFAULT_ROOT, load
from actions.knowledge.overlay import Overlaying
from actions.yaml_source import Source, SourceError

OVERDUE = "causes/overdue.yml"
FIRST_STEP = "打开还款页，看清全部待还金额，包括页面列出的其他费用。"


def _refusals(text: str, file: str = OVERDUE) -> list[str]:
    overlaying = Overlaying(Source.read(DEFAULT_ROOT / file), Source(f"experiments/x/b/{file}", text), file)
    overlaying.put_together()
    return [str(problem) for problem in overlaying.problems]


@pytest.mark.slow
def test_overlays_put_texts_into_other_words_and_leave_everything_else() -> None:
    overlays = {
        OVERDUE: f"steps:\n  - text: {FIRST_STEP}\n  - {{}}\n",
        "causes/no_cause_found.yml": "order: [2, 1, 3]\n",
        "phrases/dialogue.yml": "thanks: [不客气，随时找我。]\n",
    }
    usual, other = load(), load(overlays={file: Source(file, text) for file, text in overlays.items()})
    before, after = usual.causes["overdue"], other.causes["overdue"]
    assert [step.text for step in after.steps] == [FIRST_STEP, before.steps[1].text]
    assert (after.steps[0].hint, after.when, after.explanation) == (before.steps[0].hint, before.when, before.explanation)
    first, second, third = usual.causes["no_cause_found"].steps
    assert other.causes["no_cause_found"].steps == (second, first, third)
    assert other.phrases.variants == {**usual.phrases.variants, "thanks": ("不客气，随时找我。",)}
    assert other.answers == usual.answers


@pytest.mark.broad
def test_an_arm_is_held_against_everything_that_the_knowledge_is_held_against() -> None:
    overlays = {
        OVERDUE: "explanation: ['白条有 {baitiao.overdue} 元已过还款日还没还，还清就恢复。']\nalternatives: [pay_by_card, nothing]\n",
        "phrases/dialogue.yml": "\nthanks: [不客气，您等了 30 分钟。]\n",
        "causes/nowhere.yml": "summary: 有逾期",
    }
    with pytest.raises(SourceError) as refused:
        load(overlays={file: Source(f"experiments/x/b/{file}", text) for file, text in overlays.items()})
    assert [str(problem) for problem in refused.value.problems if "thanks: the number" not in problem.reason or "30" in problem.reason] == [
        "experiments/x/b/causes/nowhere.yml:1: lies over nothing: there is no causes/nowhere.yml",
        "experiments/x/b/causes/overdue.yml:1: explanation: must never be said here: 还清就恢复",
        "experiments/x/b/causes/overdue.yml:2: unknown topic nothing",
        "experiments/x/b/phrases/dialogue.yml:2: thanks: the number 30 stands in the text; numbers come from the data by placeholder",
    ]


@pytest.mark.parametrize(
    ("text", "file", "refusal"),
    [
        ("order: [2, 1]", OVERDUE, ":1: the order of these steps is not free"),
        ("order: [1, 1, 2]", "causes/no_cause_found.yml", ":1: names every step once, by its number from 1 to 3"),
        ("still: 再查一次。\nwhen: {fact: baitiao.overdue, greater_than: 100}", OVERDUE, ":2: may not differ between arms"),
        ("fixed_by: nobody", OVERDUE, ":1: may not differ between arms"),
        ("position: 121", OVERDUE, ":1: may not differ between arms"),
        ("handoff: {at_once: true}", OVERDUE, ":1: does not stand in the usual file"),
        ("steps:\n  - path: 京东App → 我的\n  - {}", OVERDUE, ":2: may not differ between arms"),
        ("steps:\n  - {}", OVERDUE, ":1: takes as many entries as the usual file, 2"),
        ("explanation: 一句话", OVERDUE, ":1: must be a list of texts, as in the usual file"),
        ("explanation: [白条有逾期没还。]", OVERDUE, ":1: leaves {baitiao.overdue} out, which the usual text tells"),
        ("still: 读到的逾期还有 {baitiao.overdue} 元没还清，过会儿再查。", OVERDUE, ":1: must keep 转人工, which the usual text has"),
        ("aspects:\n  cost:\n    - 有，看还款页。\n", OVERDUE, ":3: must keep 违约金, which the usual text has"),
        ("alternatives: [repay_in_app]", OVERDUE, ":1: begins with pay_by_card, as in the usual file"),
        ("topics: [{id: installment_fee}]", "answers/faq_fee.yml", ":1: what costs is told everybody in the same words"),
        ("opening.robot: [我是真人。]", "phrases/dialogue.yml", ":1: everybody is told in the same words that this is a robot"),
        ("handoff.made: [好。]", "phrases/handoff.yml", ":1: the way to a person is the same for everybody"),
        ("opening.says.tenors: [能分几期]", "phrases/opening.yml", ":1: what a button sends is the customer's own message"),
        ("advice.ask: [要我提醒吗]", "phrases/advice.yml", ":1: who agrees to something has been asked in the same words"),
        ("button.advice_off: [先不要]", "phrases/advice.yml", ":1: how to end it is told everybody in the same words"),
        ("incident.eta: ['预计 {eta}']", "phrases/dialogue.yml", ":1: news of what is broken is told everybody in the same words"),
        ("ahead: {days: [3]}", "causes/id_document_expired.yml", ":1: the day of this is not free: the usual file does not say free_days"),
        (
            "ahead:\n  days: [15, 1]",
            "causes/bill_past_due.yml",
            ":2: lies between 1 and 14 days before, as free_days of the usual file has it",
        ),
        ("ahead: {days: [3]}", "causes/bill_past_due.yml", ":1: takes as many days as the usual file, 2"),
        ("ahead: {days: [3, soon]}", "causes/bill_past_due.yml", ":1: takes as many days as the usual file, 2"),
        ("ahead: {days: [1, 3]}", "causes/bill_past_due.yml", ":1: names the earliest day first, each once"),
        ("ahead: {free_days: [1, 30]}", "causes/bill_past_due.yml", ":1: may not differ between arms"),
        ("ahead: {tried_days: [5, 1]}", "causes/bill_past_due.yml", ":1: does not stand in the usual file"),
        ("likely: {none: [{ask: 能分吗}, {}, {}, {}]}", "opening.yml", ":1: may not differ between arms"),
        ("rules: []", "forbidden.yml", ":1: nothing of this file may differ between arms"),
    ],
)
def test_what_may_not_differ_is_refused_with_file_line_and_reason(text: str, file: str, refusal: str) -> None:
    assert any(each.startswith(f"experiments/x/b/{file}{refusal}") for each in _refusals(text, file)), _refusals(text, file)


def test_what_differs_is_known_by_its_path() -> None:
    base = Source("knowledge/causes/x.yml", "id: x\nsummary: 甲\nstill: 乙\n")
    overlaying = Overlaying(base, Source("x.yml", "summary: 丙\nstill: 乙\n"), "causes/x.yml")
    assert overlaying.put_together().data == {"id": "x", "summary": "丙", "still": "乙"}
    assert (overlaying.problems, overlaying.changed) == ([], [("summary",)])


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("needs: {self: 自己能办}", "opening.yml"),
        ("opening.start: ['去办：{needs}']", "phrases/opening.yml"),
        ("advice.step: ['先做这个：{text}']", "phrases/advice.yml"),
        ("ahead:\n  text: 您的证件快到期了。\n  steps: [{text: 换了新证，去更新一下。}]", "causes/id_document_expired.yml"),
    ],
)
def test_what_is_read_outside_of_turns_may_be_put_into_other_words(text: str, file: str) -> None:
    assert _refusals(text, file) == []


def test_another_day_of_advice_stands_beside_the_usual_ones_which_customers_choose_from() -> None:
    file = "causes/bill_past_due.yml"
    overlaying = Overlaying(Source.read(DEFAULT_ROOT / file), Source(file, "ahead: {days: [10, 1]}"), file)
    ahead = overlaying.put_together().data["ahead"]
    assert overlaying.problems == [] and overlaying.changed == [("ahead", "days")]
    assert (ahead["days"], ahead["tried_days"]) == ([7, 1], [10, 1])
