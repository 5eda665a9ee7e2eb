"""Reads the answers and the assistant's own phrases."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Iterator, List, Literal, Mapping, Optional, Sequence, Tuple

from pydantic import BaseModel, Extra, Field, StrictStr, ValidationError, validator

from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.model import Answers, Phrases, Topic, frozen
from actions.knowledge.refusals import model_problems
from actions.knowledge.texts import bad_braces, bad_placeholders, literal_numbers, too_long
from actions.yaml_source import Problem, Source

TITLE_LIMIT = 12
TEXT_LIMIT = 240
PATH_LIMIT = 60

Intent = Literal[
    "faq_how_to",
    "faq_fee",
    "faq_early_repayment",
    "faq_refund",
    "faq_repayment",
    "faq_limit_increase",
    "faq_cancel_or_change",
    "faq_credit_impact",
    "plan_quote",
    "out_of_scope",
]
"""The intents of the domain that answers may serve."""


def _at_least_one(value: Tuple[Any, ...]) -> Tuple[Any, ...]:
    if not value:
        raise ValueError("needs at least one")
    return value


class _TopicEntry(BaseModel):
    id: StrictStr = Field(regex=r"^[a-z][a-z0-9_]*$")
    title: StrictStr
    about: Tuple[StrictStr, ...] = ()
    text: Tuple[StrictStr, ...]
    path: Optional[StrictStr] = None
    follow_up: Tuple[StrictStr, ...] = ()

    class Config:
        extra = Extra.forbid

    _has_text = validator("text", allow_reuse=True)(_at_least_one)


class _AnswerFile(BaseModel):
    intent: Optional[Intent] = Field(...)
    topics: Tuple[_TopicEntry, ...]

    class Config:
        extra = Extra.forbid

    _has_topics = validator("topics", allow_reuse=True)(_at_least_one)


def topic_ids(sources: Sequence[Source]) -> FrozenSet[str]:
    """Every topic id that stands in the files, also in those that are refused: one mistake shall not make others of the references to it."""
    files = [source.data for source in sources if isinstance(source.data, dict)]
    topics = [topic for file in files if isinstance(file.get("topics"), list) for topic in file["topics"]]
    return frozenset(topic["id"] for topic in topics if isinstance(topic, dict) and isinstance(topic.get("id"), str))


def read_answers(sources: Sequence[Source], facts: FactRegistry, forbidden: Forbidden, problems: List[Problem]) -> Answers:
    """Reads every answer file; what is wrong is added to ``problems``."""
    topics: Dict[str, Topic] = {}
    by_intent: Dict[str, Tuple[Topic, ...]] = {}
    follow_ups: List[Tuple[Source, Tuple[Any, ...], str]] = []
    for source in sources:
        try:
            file = _AnswerFile.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(model_problems(source, error))
            continue
        for index, entry in enumerate(file.topics):
            topic = Topic(**entry.dict())
            if topic.id in topics:
                problems.append(source.problem(("topics", index, "id"), f"topic {topic.id} exists already"))
            topics[topic.id] = topic
            if file.intent is not None:
                by_intent[file.intent] = (*by_intent.get(file.intent, ()), topic)
            follow_ups.extend((source, ("topics", index, "follow_up", at), other) for at, other in enumerate(topic.follow_up))
            problems.extend(_of_topic(source, index, topic, facts, forbidden))
    known = topic_ids(sources)
    problems.extend(source.problem(path, f"unknown topic {other}") for source, path, other in follow_ups if other not in known)
    return Answers(frozen(topics), frozen(by_intent))


def _of_topic(source: Source, index: int, topic: Topic, facts: FactRegistry, forbidden: Forbidden) -> Iterator[Problem]:
    texts: List[Tuple[Tuple[Any, ...], str, int]] = [(("title",), topic.title, TITLE_LIMIT)]
    texts.extend((("text", at), text, TEXT_LIMIT) for at, text in enumerate(topic.text))
    if topic.path is not None:
        texts.append((("path",), topic.path, PATH_LIMIT))
    for path, text, limit in texts:
        length = too_long(text, limit)
        reasons = [*bad_braces(text), *bad_placeholders(text, (), facts), *literal_numbers(text), *forbidden.found_in(text)]
        for reason in [*reasons, *([length] if length else [])]:
            yield source.problem(("topics", index, *path), f"{path[0]}: {reason}")


def read_phrases(sources: Sequence[Source], forbidden: Forbidden, problems: List[Problem]) -> Phrases:
    """Reads every phrase file, a map of id to variants; what is wrong is added to ``problems``."""
    phrases: Dict[str, Tuple[str, ...]] = {}
    for source in sources:
        if not isinstance(source.data, Mapping):
            problems.append(source.problem((), "a phrase file is a map of ids to lists of texts"))
            continue
        for phrase_id, variants in source.data.items():
            if not isinstance(variants, list) or not variants or not all(isinstance(text, str) and text for text in variants):
                problems.append(source.problem((phrase_id,), f"{phrase_id} takes a list of texts with at least one"))
                continue
            if phrase_id in phrases:
                problems.append(source.problem((phrase_id,), f"{phrase_id} exists already"))
            phrases[phrase_id] = tuple(variants)
            for index, text in enumerate(variants):
                for reason in [*bad_braces(text), *literal_numbers(text), *forbidden.found_in(text)]:
                    problems.append(source.problem((phrase_id, index), f"{phrase_id}: {reason}"))
    return Phrases(frozen(phrases))
