"""Each recipe of docs/recipes.md takes the files it says, and works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conversations.loading import read
from conversations.published import follow_the_published_schema
from tests.recipes.page import PAGE, commands, copy_of_the_project, python, recipes
from tools.check_nlu import LEAST_OF_TOPIC, least_sentences

FILES_TAKEN = {"topic": 3, "aspect": 2, "sub-question": 3, "question": 4, "fact": 3, "choice": 3, "policy": 4, "reason": 2}
"""A fact with its migration; a kind of policy with its word, a cause that uses it and its conversation."""

THINGS = "手机 电脑 耳机 冰箱 电视 洗衣机 空调 沙发 相机 键盘 鼠标 平板 手表 音箱 路由器".split()
FORMS = """分期买的{}能开发票吗 {}的发票去哪里开 白条分期{}可以开增值税发票不 怎么给{}补开发票 {}发票抬头写错了怎么改 买{}开专票要什么资料
{}开票能开公司抬头吗 分期买{}发票金额写多少 {}的电子发票发到哪 为什么{}没给我发票 {}发票多久能开出来 {}退货了发票怎么处理 想要{}的纸质发票
{}订单怎么申请开票 发票上{}的名字能改吗 分期还没还完{}能开票么 {}发票找不到了咋办 用白条付{}有没有发票 {}的发票能报销吗 商家不给{}开发票""".split()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_of_the_project(tmp_path)


def carried_out(name: str, tree: Path) -> None:
    for block in recipes()[name]:
        block.apply(tree)
    commands(tree, "tools.generate", "bot.cli knowledge check")
    conversations = tree / "tests/conversations"
    for file in dict.fromkeys(tree / block.path for block in recipes()[name]):
        if conversations in file.parents:
            assert read(file, conversations) != []
            follow_the_published_schema(file, conversations)


def printed(tree: Path, code: str) -> list[str]:
    return python(tree, "-c", code).splitlines()


def test_every_recipe_is_carried_out_and_takes_as_many_files_as_it_says() -> None:
    touched = {name: len({block.path for block in blocks}) for name, blocks in recipes().items()}
    assert touched == FILES_TAKEN


def test_a_topic_answers(tree: Path) -> None:
    carried_out("topic", tree)
    code = """
from tests.unit.dialogue.talking import Talk
from tests.unit.knowledge.worlds import snapshot
(reply,) = Talk({None: snapshot(subject="account")}, token=None).say("faq_fee", "手续费能开收据吗", topics=(("fee_receipt", 0.9),))
print(reply.data.to_data(), [button.title for button in reply.buttons])
from bot.language.training_sentences import training_sentences
print(len([each for each in training_sentences() if each.topic == "fee_receipt"]))
"""
    assert printed(tree, code) == ["{'type': 'answer', 'topic': 'fee_receipt', 'facts': []} ['分期怎么收费', '转人工']", "3"]
    # The check says what is missing: the sentences of which the block shows three.
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "tools.check_nlu"], cwd=tree, capture_output=True, text=True)
    wrong = [each for each in done.stdout.partition("to put right:")[2].splitlines()[1:] if each.strip()]
    assert [each.rpartition(": ")[2] for each in wrong] == [f"3 sentences of the topic fee_receipt, {LEAST_OF_TOPIC} are wanted"]


def test_an_aspect_is_heard_and_answered(tree: Path) -> None:
    carried_out("aspect", tree)
    code = """
from bot.language.aspects import ASPECT_WORDS, ASPECTS, finder_at
from tests.unit.dialogue.talking import Talk
from tests.unit.knowledge.worlds import snapshot

aspects = finder_at(ASPECTS, ASPECT_WORDS)("能不能给个书面说明")
talk = Talk({"o-1": snapshot(user={"phone_bound": False}), None: snapshot(subject="account")}, token="o-1")
told, step = talk.say("installment_missing", "能不能给个书面说明", aspects=aspects)
print("in_writing" in aspects, told.text.splitlines()[-1])
"""
    assert printed(tree, code) == ["True 我开不出书面说明；需要的话转人工，由专员答复能不能开。"]


def test_a_sub_question_is_taught_and_answered(tree: Path) -> None:
    carried_out("sub-question", tree)
    code = """
from actions.knowledge.loading import load
from bot.language.training_sentences import training_sentences
from tests.unit.dialogue.talking import Talk
from tests.unit.knowledge.worlds import snapshot
from tools.check_nlu import asks_problems
print(list(asks_problems(training_sentences(), load())), sum(each.asks == "rule_of_thumb" for each in training_sentences()))
read = {"annual_rate": (("rule_of_thumb", 0.8),)}
talk = Talk({None: snapshot(subject="account")}, token=None)
print(talk.say("faq_fee", "有没有粗算年化的法子", topics=(("annual_rate", 0.9),), readings=read)[0].text.splitlines()[1])
"""
    assert printed(tree, code) == ["[] 5", "心算不准：本金月月在少，拿总费用除一除会比年化低不少，看付款页写的年化就行。"]


def test_a_recipe_that_somebody_has_followed_as_it_stands_says_what_to_do(tree: Path) -> None:
    for block in (block for blocks in recipes().values() for block in blocks):
        block.apply(tree)
        with pytest.raises(AssertionError, match=f"^{re.escape(block.path)} has what .* give the recipe another example"):
            block.apply(tree)


def test_the_page_wants_as_many_sentences_as_the_check_does() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"at least {least_sentences('faq_fee')} sentences" in text
    assert text.count(f"at least {LEAST_OF_TOPIC}") == 2
    assert f"A dialogue act needs {least_sentences('greet')}." in text


def test_a_question_is_ruled_trained_and_answered(tree: Path) -> None:
    carried_out("question", tree)
    with (tree / "data/nlu/faq_invoice.yml").open("a", encoding="utf-8") as file:
        file.writelines(f"      - {form.format(thing)}\n" for form in FORMS for thing in THINGS)
    assert "faq_invoice" in (tree / "data/rules/questions.yml").read_text(encoding="utf-8")
    wrong = """
from actions.knowledge.loading import load
from tools.check_nlu import errors_of, held_back_texts
from bot.language.normaliser import Normaliser
from bot.language.training_sentences import training_sentences
for problem in errors_of(training_sentences(), held_back_texts(), Normaliser(load().glossary.corrections), load().answers):
    print(problem)
"""
    problems = printed(tree, wrong)
    assert problems == [], "\n".join(("these sentences must be put right first, `make check-nlu` shows them, too:", *problems))
    asked = """
from tests.unit.dialogue.talking import Talk
from tests.unit.knowledge.worlds import snapshot
(reply,) = Talk({None: snapshot(subject="account")}, token=None).say("faq_invoice", "能开发票吗")
print(reply.data.to_data())
"""
    assert printed(tree, asked) == ["{'type': 'answer', 'topic': 'invoice', 'facts': []}"]
    validated = ["-m", "rasa", "data", "validate", "--domain", "bot/domain", "--config", "bot/config.yml", "--data", "data"]
    python(tree, *validated, "--fail-on-warnings")


def test_a_fact_is_stored_shown_and_listed(tree: Path) -> None:
    cause = {"id": "employee_account", "position": 985, "title": "t", "level": "user", "kind": "block", "brief": [], "fixed_by": "nobody",
             "when": {"fact": "employee", "equals": True}, "evidence": ["employee"], "explanation": ["e"], "summary": "s", "cannot_fix": "c",
             "aspects": {"why": ["w"], "how_long": ["h"], "undo": ["u"]}}  # fmt: skip
    carried_out("fact", tree)
    (tree / "knowledge/causes/employee_account.yml").write_text(json.dumps(cause), encoding="utf-8")
    assert "| `employee` | flag | everybody | works here |" in (tree / "docs/knowledge.md").read_text(encoding="utf-8")
    code = """
from actions.core.diagnosis import diagnose
from actions.handoff.payload_state import diagnosis_block
from actions.knowledge.loading import load
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from bot.channel.widget.input import labels

knowledge, database = load(), Database("sqlite:///world.db")
database.migrate()
load_world_data(database, {"users": [{"id": "u-1", "employee": True}, {"id": "u-2"}]})
with database.session() as session:
    for user in ("u-1", "u-2"):
        diagnosis = diagnose(SqlFacts(session).snapshot(user), knowledge.causes.values())
        print(user, [(each.label, each.value) for cause in diagnosis_block(diagnosis, knowledge.facts).causes for each in cause.evidence])
print(labels(knowledge)["facts"].get("employee"))
"""
    assert printed(tree, code) == ["u-1 [('内部账号', True)]", "u-2 []", "{'title': '内部账号', 'values': {'true': '是'}}"]


@pytest.mark.parametrize("recipe", ["fact", "choice"])
def test_the_migration_of_a_fact_fits_its_field_and_can_be_undone(recipe: str, tree: Path) -> None:
    carried_out(recipe, tree)
    python(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", "tests/unit/state/test_database.py")


def test_a_fact_that_nobody_has_said_who_may_see_is_refused(tree: Path) -> None:
    recipes()["fact"][0].apply(tree)
    code = "from actions.knowledge.loading import check; print(*check().lines)"
    assert printed(tree, code)[-1].endswith(": employee is missing")


def test_a_kind_of_policy_is_stored_and_gives_a_cause_its_meaning(tree: Path) -> None:
    carried_out("policy", tree)
    assert "| `item_minimum` | amount |" in (tree / "docs/knowledge.md").read_text(encoding="utf-8")
    code = """
from actions.core.diagnosis import diagnose
from actions.core.subject import Subject
from actions.knowledge.loading import load
from actions.state.database import Database
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from conversations.healthy_world import healthy

database = Database("sqlite:///world.db")
database.migrate()
load_world_data(database, healthy())
load_world_data(database, {"policies": [{"id": "p-item", "kind": "item_minimum", "amount": 9000, "effective_from": "2026-01-01"}]})
with database.session() as session:
    print(diagnose(SqlFacts(session).snapshot("u", Subject("order", "o")), load().causes.values()).cause_ids)
"""
    assert printed(tree, code) == ["('item_below_minimum',)"]


def test_a_kind_of_policy_without_a_word_is_refused(tree: Path) -> None:
    recipes()["policy"][0].apply(tree)
    code = "from actions.knowledge.loading import check; print(*check().lines)"
    assert ": policy.kind: values_for_agents lacks item_minimum, " in printed(tree, code)[-1]


def test_a_reason_hands_over_as_soon_as_its_cue_is_heard(tree: Path) -> None:
    carried_out("reason", tree)
    assert "- cue_poor_sight" in (tree / "bot/domain/entities.yml").read_text(encoding="utf-8")
    code = """
from bot.language.pipeline import build_pipeline, entities_of
from tests.unit.dialogue.talking import Talk
from tests.unit.knowledge.worlds import snapshot

text = "我眼睛不好，看不清屏幕"
cues = {each["entity"]: each["value"] for each in entities_of(build_pipeline()(text)) if each["entity"].startswith("cue_")}
talk = Talk({None: snapshot(subject="account")}, token=None)
(reply,) = talk.say("faq_how_to", text, **cues)
print(cues, reply.data.reason, reply.data.queue, talk.action)
"""
    assert printed(tree, code) == ["{'cue_poor_sight': '看不清屏幕'} poor_sight general action_alarm"]
