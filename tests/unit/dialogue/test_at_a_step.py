"""Remarks at a step: not found, does not work, done, and a nod."""

from __future__ import annotations

from actions.knowledge import phrases
from tests.unit.core.conftest import Diagnose
from tests.unit.dialogue.situations import KNOWLEDGE, PUT, Situated, kind, said
from tests.unit.dialogue.talking import Talk


def test_a_step_that_the_state_no_longer_has_can_still_be_looked_for(diagnosed: Diagnose) -> None:
    """What was sent in is in review now, which has one step instead of two."""
    unverified, pending = ({"users": [{"id": "u", "realname": realname}]} for realname in ("unverified", "pending"))
    talk = Talk({"o": diagnosed(unverified).facts})
    talk.say("installment_missing", "不能分期")
    (step,) = talk.say("step_done", "好了")[-1:]
    assert kind(step) == "step" and step.data is not None and step.data.to_data()["step"] == 2
    talk.now_is({"o": diagnosed(pending).facts})
    (hint,) = talk.say("cannot_find", "找不到")
    assert hint.data is not None and (hint.data.to_data()["step"], hint.data.to_data()["steps"]) == (1, 1)


def test_where_a_step_is_is_told_once(diagnosed: Diagnose) -> None:
    """A client draws the path beside the instruction, which therefore does not hold it."""
    looked = 0
    for name in (each.id for each in KNOWLEDGE.causes.values() if each.id in PUT and each.nature == "self" and each.steps):
        talk = Talk({"o": diagnosed(PUT[name]).facts})
        talk.say("installment_missing", "不能分期")
        (hint,) = talk.say("cannot_find")
        assert hint.data is not None
        data = hint.data.to_data()
        if path := data.get("path"):
            looked += 1
            assert path in hint.text and path not in data["instruction"], name
    assert looked > 10


def test_what_is_not_found_twice_is_described_in_other_words_before_a_person_is_offered(situated: Situated) -> None:
    talk = situated("doing")
    talk.say("cannot_find", "找不到")
    (offer,) = talk.say("cannot_find", "还是找不到")
    assert talk.phase == "handoff_offered"
    assert any(text.partition("{")[0] in offer.text for text in KNOWLEDGE.causes["overdue"].aspects["searched"])


def test_what_does_not_work_is_described_once_more_unless_only_the_button_was_pressed(situated: Situated) -> None:
    tried = KNOWLEDGE.causes["overdue"].aspects["tried"]
    (said_so,), (pressed,) = situated("doing").say("step_failed", "点了没反应"), situated("doing").say("step_failed")
    assert said_so.text.startswith(tried) and not pressed.text.startswith(tried)


def test_what_does_not_work_is_answered_as_the_cause_answers_who_has_tried(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(PUT["payment_password_locked"]).facts})
    talk.say("installment_missing", "不能分期")
    (offer,) = talk.say("step_failed", "点了没反应")
    own = KNOWLEDGE.causes["payment_password_locked"].aspects.get("tried") or (KNOWLEDGE.causes["payment_password_locked"].steps[0].hint,)
    assert any(text.partition("{")[0] in offer.text for text in own)


def test_a_nod_at_a_step_is_not_answered_with_the_step_but_with_what_is_left_to_do(situated: Situated) -> None:
    talk = situated("doing")
    (reply,) = talk.say("affirm", "嗯嗯")
    assert said(reply, phrases.WILL_DO_AT, summary="白条有 120.50 元逾期没还") and len(reply.buttons) > 1


def test_at_the_end_of_a_case_done_is_a_success(situated: Situated) -> None:
    talk = situated("resolved")
    (reply,) = talk.say("step_done", "好了能分了")
    assert said(reply, phrases.CONFIRMED) and talk.phase == "resolved"


def test_plain_words_do_not_keep_from_what_is_said_to_be_done(situated: Situated) -> None:
    (check, *_) = situated("doing").say("step_done", "还清了就能恢复吧，还好了", aspects=("pay_more",))
    assert kind(check) != "answer"


def test_who_denies_having_done_it_is_offered_a_person_and_no_step(diagnosed: Diagnose) -> None:
    talk = Talk({"o": diagnosed(PUT["self_locked"]).facts})
    replies = talk.say("baitiao_unusable", "我没锁过", claims=("not_locked",))
    assert talk.phase == "handoff_offered" and "step" not in [kind(reply) for reply in replies]
    other = Talk({"o": diagnosed(PUT["phone_unbound"]).facts})
    other.say("baitiao_unusable", "我没锁过", claims=("not_locked",))
    assert other.phase == "doing"


def test_a_check_that_fails_again_says_what_the_record_says(situated: Situated) -> None:
    talk = situated("doing")
    talk.say("step_done", "好了")
    (first, *_), (second, *_) = talk.say("step_done", "好了"), talk.say("step_done", "再查")
    assert "120.50" in first.text and "120.50" in second.text and first.text != second.text


def test_thanks_at_a_step_are_answered_shortly_and_leave_its_choices(situated: Situated) -> None:
    """Also where a question has been answered in between, so that the step stands further above."""
    talk = situated("doing")
    for asked in ((), (("case_why", 0.9),)):
        if asked:
            talk.say("about_case", "为什么", topics=asked)
        (thanked,) = talk.say("thanks", "谢谢")
        assert thanked.text in KNOWLEDGE.phrases.texts(phrases.THANKS)
        assert [button.payload for button in thanked.buttons][:1] == ["/step_done"] and talk.phase == "doing"


def test_what_is_said_beside_a_step_does_not_tell_it_once_more(situated: Situated) -> None:
    for intent, text in (("bot_challenge", "你是机器人吗"), ("complaint_angry", "烦死了"), ("installment_missing", "为什么不能分期")):
        *_, step = situated("doing").say(intent, text)
        assert kind(step) == "step" and step.text in KNOWLEDGE.phrases.texts(phrases.STEP_STANDS), intent
