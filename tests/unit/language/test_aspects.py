"""The sub-questions and claims that are read off a message, and what the knowledge folder says to them."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from actions.core.causes import Nature
from actions.core.derived import View
from actions.core.facts import Facts
from actions.core.money import Fen
from actions.core.named_amounts import WHAT_IF, what_if_paid
from actions.core.records import User
from actions.knowledge.aspects import Aspect
from actions.knowledge.rendering import PLACEHOLDER, Values, fill
from bot.language.aspects import ASPECT_WORDS, ASPECTS, CLAIM_WORDS, CLAIMS, NameFinder, finder_at
from bot.language.components.spacy_nlp import AspectFinder
from bot.language.matching import PhraseFinder
from bot.language.normaliser import Normaliser
from bot.language.pipeline import glossary_at
from bot.language.training_sentences import training_sentences
from conversations.application import project_knowledge

ROOT = Path(__file__).resolve().parents[3]
KNOWLEDGE = project_knowledge()
LEAST = 0.95
_FOUND = {"aspects": (ASPECTS, ASPECT_WORDS), "claims": (CLAIMS, CLAIM_WORDS)}
ONLY_BY_TOPIC = {
    "how_fix", "sure", "refuse", "do_it_for_me", "which", "how_much", "what_if_done", "partly_done", "order_of_steps",
    "objected",
}  # fmt: skip

TOLD_ALREADY = {"why", "meaning", "own_guess", "threshold", "where"}
"""Aspects to which a search that found nothing adds no word."""


def _rows(kind: str) -> list[tuple[str, set[str]]]:
    with (ROOT / "tests/nlu" / f"{kind}.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["text"], set(filter(None, row[kind].split(",")))) for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "fewest", "fewest_without"), [("aspects", 250, 80), ("claims", 120, 40)])
def test_nearly_all_are_found_and_nearly_none_is_invented(kind: str, fewest: int, fewest_without: int) -> None:
    normalise, find, rows = Normaliser(glossary_at().corrections), finder_at(*_FOUND[kind]), _rows(kind)
    assert len(rows) >= fewest and sum(not names for _, names in rows) >= fewest_without
    # What only some topics, some causes or a queue answer may be heard anywhere: elsewhere nothing is said.
    narrow = {name for name, each in KNOWLEDGE.aspects.items() if each.exact or not any(each.answers.values())}
    heard = [(text, expected, set(find(normalise(text))) - (narrow - expected)) for text, expected in rows]
    right = sum(len(expected & found) for _, expected, found in heard)
    wrong = [(text, expected ^ found) for text, expected, found in heard if expected != found]
    assert right / sum(len(found) for _, _, found in heard) >= LEAST, wrong
    assert right / sum(len(expected) for _, expected, _ in heard) >= LEAST, wrong


@pytest.mark.parametrize("kind", sorted(_FOUND))
def test_every_name_with_words_has_a_sentence_that_finds_it(kind: str) -> None:
    known: dict[str, Any] = {"aspects": KNOWLEDGE.aspects, "claims": KNOWLEDGE.claims}[kind]
    heard = {name for _, names in _rows(kind) for name in names}
    assert heard == {name for name, each in known.items() if getattr(each, _FOUND[kind][1])}


@pytest.mark.broad
def test_what_has_no_words_is_asked_by_a_topic_or_taught_by_sentences() -> None:
    """Short questions that name no matter are known only as whole messages."""
    silent = {name for name, aspect in KNOWLEDGE.aspects.items() if not aspect.asked and not aspect.alone}
    assert silent - {sentence.asks for sentence in training_sentences()} <= ONLY_BY_TOPIC


def test_names_stand_in_the_order_of_the_text_and_once() -> None:
    find = NameFinder(PhraseFinder([("first", ["a+"], []), ("second", ["b"], []), ("third", ["a"], ["ab"])]))
    assert find("xbaab") == ("second", "first", "third")
    assert find("ab") == ("first", "second")
    assert find("x") == ()


def _finder() -> AspectFinder:
    return AspectFinder.create(AspectFinder.get_default_config(), None, None, None)  # type: ignore[arg-type]


def _heard(text: str) -> dict[str, Any]:
    message = Message({TEXT: text})
    _finder().process([message])
    return message.as_dict(only_output_properties=True)


@pytest.mark.broad
def test_the_component_says_what_a_message_asks_and_claims() -> None:
    heard = _heard("我没有逾期，为什么不能分，要等多久")
    assert (heard["aspects"], heard["claims"]) == (["why", "how_long"], ["no_overdue"])


@pytest.mark.parametrize("text", ["你好", '/affirm{"为什么": 1}', ""])
def test_a_message_without_any_has_empty_lists(text: str) -> None:
    heard = _heard(text)
    assert (heard["aspects"], heard["claims"]) == ([], [])


def test_the_component_is_made_anew_when_the_words_change(tmp_path: Path) -> None:
    config = {"aspects": str(tmp_path / "aspects.yml"), "claims": str(CLAIMS)}
    (tmp_path / "aspects.yml").write_text("why: {asked: [why]}\n", "utf-8")
    before = AspectFinder.fingerprint_addon(config)
    (tmp_path / "aspects.yml").write_text("why: {asked: [why, wherefore]}\n", "utf-8")
    assert AspectFinder.fingerprint_addon(config) != before


# --- answers ---------------------------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_nothing_and_a_missing_one_what_is_said_anywhere() -> None:
    aspect = Aspect(answers={"self": (), "any": ("x",)})
    assert (aspect.answer("self"), aspect.answer("rule")) == ((), ("x",))


def test_a_nature_without_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="lack"):
        Aspect(answers={"self": ("x",)})


@pytest.mark.parametrize("cause", sorted(KNOWLEDGE.causes))
def test_what_a_cause_says_itself_is_said_once_and_adds_to_the_explanation(cause: str) -> None:
    known = KNOWLEDGE.causes[cause]
    for name, texts in known.aspects.items():
        assert len(texts) == len(set(texts)), f"{name} says the same twice"
        for text in texts:
            assert not any(line in known.explanation for line in text.splitlines()), f"{name} repeats the explanation"


@pytest.mark.parametrize("nature", get_args(Nature))
def test_every_aspect_says_something_for_every_nature_without_a_fact(nature: str) -> None:
    """Except where what stands above has said it (why the customer can act, what a vain search told) or what only topics, some causes or a queue answer."""
    facts = Values(Facts(now=datetime(2026, 11, 22, tzinfo=timezone.utc), user=User(id="u", baitiao={})))
    for name, aspect in KNOWLEDGE.aspects.items():
        said = [fill(text, facts, KNOWLEDGE.locale) for text in aspect.answer(nature)]
        # A line may speak of an order; then another variant stands beside it that does not.
        assert any(said) or not said, name
        only_elsewhere = aspect.exact or aspect.answers == {"any": ()}
        assert said or only_elsewhere or (name, nature) == ("why", "self") or (nature == "none" and name in TOLD_ALREADY)


def _facts(**baitiao: Any) -> Facts:
    return Facts(now=datetime(2026, 11, 22, 10, tzinfo=timezone(timedelta(hours=8))), user=User(id="u", baitiao=baitiao))


def test_an_amount_that_is_named_is_reckoned_with() -> None:
    facts = _facts(overdue=500)
    text = KNOWLEDGE.causes["overdue"].aspects["how_much"][0]
    values = Values(facts, (), what_if_paid(facts, Fen(20000)))
    assert "还剩 300" in fill(text, values, KNOWLEDGE.locale)
    assert set(PLACEHOLDER.findall(text)) & set(WHAT_IF)
    assert "还剩" not in fill(text, Values(facts), KNOWLEDGE.locale)


@pytest.mark.parametrize(
    ("cause", "amount", "said"), [("overdue", 200, "还剩 300"), ("overdue", 500, "按数够"), ("overdue", 700, "按数够")]
)
def test_an_amount_that_covers_what_is_owed_is_said_to(cause: str, amount: int, said: str) -> None:
    facts = _facts(overdue=500)
    texts = KNOWLEDGE.causes[cause].aspects["how_much"]
    first = next(filter(None, (fill(text, Values(facts, (), what_if_paid(facts, Fen(amount * 100))), KNOWLEDGE.locale) for text in texts)))
    assert said in first


def test_nothing_is_covered_where_nothing_is_owed() -> None:
    paid = what_if_paid(_facts(), Fen(100))
    assert paid["said.overdue_covered"] is None and paid["said.overdue_after"] is None


@pytest.mark.parametrize("aspect", sorted(TOLD_ALREADY))
def test_who_asks_it_again_is_told_by_the_search_that_found_nothing(aspect: str) -> None:
    assert KNOWLEDGE.causes["no_cause_found"].aspects[aspect]


@pytest.mark.parametrize(
    ("claim", "state", "agrees"),
    [
        ("no_overdue", {}, True), ("no_overdue", {"overdue": 5}, False), ("paid_off", {"overdue": 5}, False),
        ("overdue_now", {"overdue": 5}, True), ("overdue_now", {}, False), ("activated", {"status": "not_activated"}, False),
        ("not_activated", {"status": "not_activated"}, True), ("not_locked", {"status": "self_locked"}, False),
        ("closed_myself", {"status": "closed_by_user"}, True), ("refused", {"credit_review": "fail"}, True), ("refused", {}, False),
        ("one_account", {"bound_elsewhere": True}, False),
    ],
)  # fmt: skip
def test_a_claim_is_held_against_the_record(claim: str, state: dict[str, Any], agrees: bool) -> None:
    assert bool(KNOWLEDGE.claims[claim].when.holds(View(_facts(**state)))) == agrees


@pytest.mark.parametrize("claim", ["refunded", "order_paid", "enough_limit", "item_supports", "shop_supports"])
def test_what_the_record_does_not_show_is_not_denied(claim: str) -> None:
    known = KNOWLEDGE.claims[claim]
    assert known.unknown is not None and known.unknown.holds(View(_facts())) and known.unseen
