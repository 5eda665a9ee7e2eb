"""The training sentences, and the checker that looks at them."""

from bot.language.intents import INTENTS
from bot.language.normaliser import Normaliser
from bot.language.pipeline import glossary_at
from bot.language.training_sentences import Sentence, training_sentences
from tools.check_nlu import errors_of, held_back_texts, near_duplicates

KEY = Normaliser(glossary_at().corrections)


def test_nothing_is_to_be_put_right():
    assert [str(problem) for problem in errors_of(training_sentences(), held_back_texts(), KEY)] == []


def test_every_intent_is_in_the_domain():
    from actions.yaml_source import Source

    listed = Source.read(__import__("pathlib").Path("bot/domain/intents.yml")).data["intents"]
    assert {name for entry in listed for name in entry} == {*INTENTS, "nlu_fallback"}


def found(*sentences, held_back=()):
    made = [Sentence(text, intent, f"data/nlu/{intent}.yml", line) for line, (text, intent) in enumerate(sentences, start=1)]
    return [p.reason for p in errors_of(made, held_back, KEY) if "are wanted" not in p.reason]


def test_the_checker_sees_duplicates_leaks_and_unknown_intents():
    assert "stands twice" in found(("apple pie", "greet"), ("Apple  pie!", "greet"))[0]
    assert "also under greet" in found(("apple pie", "greet"), ("apple pie", "thanks"))[0]
    assert "held back" in found(("apple pie", "greet"), held_back=["apple pie"])[0]
    assert "gives its label away" in found(("say request_human now", "greet"))[0]
    assert "is no intent" in found(("apple pie", "nonsense"))[0]
    assert "nothing is left" in found(("?!", "greet"))[0]
    assert found(("apple pie", "greet"), ("cherry cake", "greet")) == []


def test_near_duplicates_across_intents_are_shown():
    first = Sentence("where can I find my apples", "greet", "f", 1)
    second = Sentence("where can I find my apple", "thanks", "f", 2)
    assert [(a.text, b.text) for _, a, b in near_duplicates([first, second], KEY)] == [(first.text, second.text)]
    assert near_duplicates([first, Sentence("where can I find my apple", "greet", "f", 2)], KEY) == []
