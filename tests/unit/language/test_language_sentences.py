"""The training sentences, and the checker that looks at them."""

from pathlib import Path

import pytest

from actions.core.topics import Topic
from actions.knowledge.model import Answers
from bot.language.normaliser import Normaliser
from bot.language.pipeline import glossary_at
from bot.language.training_sentences import INTENTS, Sentence, training_sentences
from conversations.application import project_knowledge
from tools.check_nlu import LEAST_OF_SUB_QUESTION, LEAST_OF_TOPIC, asks_problems, errors_of, held_back_texts, near_duplicates, unread_lines

pytestmark = pytest.mark.slow

KEY = Normaliser(glossary_at().corrections)


HELLO, THANKS = (Topic(id=name, title="x", kind="dialogue") for name in ("hello", "thank_you"))
ANSWERS = Answers({"hello": HELLO, "thank_you": THANKS}, {"greet": (HELLO,), "thanks": (THANKS,)})


def test_nothing_is_to_be_put_right():
    sentences = training_sentences()
    assert [str(problem) for problem in errors_of(sentences, held_back_texts(), KEY, project_knowledge().answers)] == []
    assert [str(problem) for problem in asks_problems(sentences, project_knowledge())] == []


def test_sentences_of_second_turns_are_held_back_too(tmp_path):
    (tmp_path / "holdback.tsv").write_text("text\tlabel\napple\tgreet\n", "utf-8")
    (tmp_path / "second_turns.tsv").write_text("text\tlabel\tphase\ncherry\tgreet\tdoing\n", "utf-8")
    assert held_back_texts(tmp_path) == ["apple", "cherry"]


def test_every_intent_is_in_the_domain():
    from actions.yaml_source import Source

    listed = Source.read(__import__("pathlib").Path("bot/domain/intents.yml")).data["intents"]
    assert {name for entry in listed for name in entry} == {*INTENTS, "nlu_fallback"}


def found(*sentences, held_back=()):
    made = [Sentence(text, intent, f"data/nlu/{intent}.yml", line, "hello") for line, (text, intent) in enumerate(sentences, start=1)]
    return [p.reason for p in errors_of(made, held_back, KEY, ANSWERS) if "are wanted" not in p.reason]


def test_the_checker_sees_duplicates_leaks_and_unknown_intents():
    assert "stands twice" in found(("apple pie", "greet"), ("Apple  pie!", "greet"))[0]
    assert "also under greet" in found(("apple pie", "greet"), ("apple pie", "thanks"))[0]
    assert "held back" in found(("apple pie", "greet"), held_back=["apple pie"])[0]
    assert "gives its label away" in found(("say request_human now", "greet"))[0]
    assert "is no intent" in found(("apple pie", "nonsense"))[0]
    assert "nothing is left" in found(("?!", "greet"))[0]
    assert found(("apple pie", "greet"), ("cherry cake", "greet")) == []


def test_the_checker_sees_unknown_topics_and_topics_with_too_few_sentences():
    few = [Sentence(f"apple {number}", "greet", "data/nlu/greet.yml", 1, "hello") for number in range(LEAST_OF_TOPIC - 1)]
    wrong = [Sentence("cherry", "greet", "data/nlu/greet.yml", 2, topic) for topic in ("nonsense", "")]
    reasons = [p.reason for p in errors_of([*few, *wrong[:1]], [], KEY, ANSWERS)]
    assert "nonsense is no topic" in reasons
    assert "a missing topic is no topic" in [p.reason for p in errors_of(wrong[1:], [], KEY, ANSWERS)]
    assert [reason for reason in reasons if "of the topic" in reason] == [
        f"{count} sentences of the topic {topic}, {LEAST_OF_TOPIC} are wanted"
        for topic, count in (("hello", LEAST_OF_TOPIC - 1), ("thank_you", 0))
    ]


def test_what_is_said_in_two_phases_of_a_case_does_not_stand_twice():
    made = [Sentence("apple pie", "greet", "data/nlu/greet.yml", line, "hello", said) for line, said in enumerate(("", "{phase: doing}"))]
    assert [p for p in errors_of(made, [], KEY, ANSWERS) if "are wanted" not in p.reason] == []


def test_near_duplicates_across_intents_are_shown():
    first = Sentence("where can I find my apples", "greet", "f", 1)
    second = Sentence("where can I find my apple", "thanks", "f", 2)
    assert [(a.text, b.text) for _, a, b in near_duplicates([first, second], KEY)] == [(first.text, second.text)]
    assert near_duplicates([first, Sentence("where can I find my apple", "greet", "f", 2)], KEY) == []


def asking(topic, asks, intent="faq_fee", count=1):
    return [Sentence(f"apple {asks} {number}", intent, f"data/nlu/{intent}.yml", number, topic, asks=asks) for number in range(count)]


def test_the_checker_sees_sub_questions_that_nobody_answers():
    problems = [
        p.reason for p in asks_problems([*asking("annual_rate", "nonsense"), *asking("", "nonsense", "about_case")], project_knowledge())
    ]
    assert "nothing answers nonsense of annual_rate" in problems
    assert "nothing answers nonsense of about_case" in problems


def test_the_checker_sees_sub_questions_that_nothing_teaches():
    knowledge = project_knowledge()
    topic, silent = next(
        (t, name)
        for t in knowledge.answers.topics.values()
        for name in t.aspects
        if knowledge.aspects[name].is_narrow and not knowledge.aspects[name].asked
    )
    wanted = f"ask {silent} of {topic.id}, {LEAST_OF_SUB_QUESTION} are wanted"
    few, enough = (asking(topic.id, silent, count=LEAST_OF_SUB_QUESTION - less) for less in (1, 0))
    assert [wanted in p.reason for p in asks_problems(few, knowledge)].count(True) == 1
    assert not any(wanted in p.reason for p in asks_problems(enough, knowledge))


def test_a_sentence_that_asks_something_of_a_cause_needs_no_topic():
    assert "a missing topic is no topic" not in [p.reason for p in errors_of(asking("", "why", "about_case"), [], KEY, ANSWERS)]


def test_metadata_says_when_a_sentence_is_said_and_what_it_asks(tmp_path):
    (tmp_path / "about_case.yml").write_text(
        "nlu:\n  - intent: about_case/next_step\n    metadata: {phase: doing, nature: self, asks: why}\n    examples: |\n      - apple\n",
        "utf-8",
    )
    (sentence,) = training_sentences(tmp_path)
    assert (sentence.topic, sentence.said, sentence.asks) == ("next_step", (("phase", "doing"), ("nature", "self")), "why")


def test_the_marks_of_a_conflict_are_no_line_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "greet.yml").write_text(
        'version: "3.1"\n\n# greet\n\nnlu:\n  - intent: greet\n    metadata: {phase: doing}\n    examples: |\n      - 你好\n<<<<<<< HEAD\n      - 在吗\n',
        encoding="utf-8",
    )
    assert [problem.line for problem in unread_lines(tmp_path)] == [10]
    assert list(unread_lines()) == []
