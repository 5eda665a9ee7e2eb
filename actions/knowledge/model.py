"""The knowledge as the program sees it: immutable, typed, and already checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, get_args

from actions.core.causes import Cause, Nature
from actions.core.topics import Topic
from actions.knowledge.advice_rules import AdviceRules
from actions.knowledge.aspects import Aspect, Claim
from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.glossary import Glossary
from actions.knowledge.handoffs import Briefing, HandoffReason
from actions.knowledge.intents import IntentMeaning
from actions.knowledge.openings import Openings
from actions.knowledge.pages import Pages
from actions.knowledge.phrase_files import Phrases
from actions.knowledge.rendering import Locale
from actions.knowledge.replies import CannedReply


@dataclass(frozen=True)
class Answers:
    """Every topic, by id and by the intent it answers; topics without an intent are only reached by id."""

    topics: Mapping[str, Topic]
    by_intent: Mapping[str, tuple[Topic, ...]]

    def topic(self, topic_id: str) -> Topic:
        """The topic of that id.

        Raises:
            KeyError: there is none.
        """
        return self.topics[topic_id]

    def intent_of(self, topic_id: str) -> str | None:
        """The intent a topic answers, None if it is only reached by id."""
        return next((intent for intent, topics in self.by_intent.items() if any(topic.id == topic_id for topic in topics)), None)


@dataclass(frozen=True)
class Knowledge:
    """Everything of one knowledge folder.

    Attributes:
        causes: by id, in the order of diagnosis, ``no_cause_found`` last.
        forbidden: what may never be said; every text above was held against it.
        intents: what each intent means for the dialogue.
        handoffs: why cases go to a person, by reason, the most urgent first.
        due_minutes: within how many minutes a customer who waits for a person is to be answered, by priority.
        answer_days: within how many days what needs a final answer is to have one, by reason: at first, and up to where it can be moved.
        replies: what agents say again and again, by name.
        briefing: how cases are explained to agents.
        facts: what facts are called, and who may see them.
        locale: how lists and dates are written.
        pages: what opens the places in the app to which steps lead.
        aspects: sub-questions, how they are asked and usually answered.
        claims: what customers say of their own state, and what the record says to it.
        openings: what stands on a first screen.
        advice: of what customers may be told before it comes, and with what restraint.
    """

    causes: Mapping[str, Cause]
    answers: Answers
    phrases: Phrases
    glossary: Glossary
    forbidden: Forbidden
    intents: Mapping[str, IntentMeaning]
    handoffs: Mapping[str, HandoffReason]
    due_minutes: Mapping[str, int]
    answer_days: Mapping[str, tuple[int, ...]]
    briefing: Briefing
    replies: Mapping[str, CannedReply]
    facts: FactRegistry
    locale: Locale
    pages: Pages
    aspects: Mapping[str, Aspect]
    claims: Mapping[str, Claim]
    openings: Openings
    advice: AdviceRules

    def asked_of_case(self, causes: Iterable[Cause]) -> frozenset[str]:
        """The sub-questions that may be asked of a case: what its causes answer, and what is answered whatever a cause of their natures is."""
        told = tuple(causes)
        return self._answered_by_any(frozenset(cause.nature for cause in told)).union(*(cause.answered_aspects for cause in told))

    def _answered_by_any(self, natures: frozenset[Nature]) -> frozenset[str]:
        return frozenset.intersection(*(self._exact_for[nature] for nature in natures))

    @cached_property
    def _exact_for(self) -> Mapping[Nature, frozenset[str]]:
        return {
            nature: frozenset(name for name, aspect in self.aspects.items() if aspect.is_exact_for(nature)) for nature in get_args(Nature)
        }

    @property
    def assumed_complaint(self) -> str:
        """The complaint that is taken where none was named."""
        return next(name for name, meaning in self.intents.items() if meaning.assumed)

    @property
    def menu(self) -> tuple[str, ...]:
        """The intents on the opening menu."""
        return tuple(name for name, meaning in self.intents.items() if meaning.menu)


def frozen(value: Any) -> Any:
    """Plain data with read-only maps and tuples instead of dicts and lists, all the way down."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    return value
