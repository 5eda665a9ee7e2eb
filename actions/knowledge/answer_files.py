"""Reads the answers to questions."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Iterator, List, Mapping, Optional, Sequence, Tuple

from pydantic import BaseModel, Extra, Field, StrictStr, ValidationError, validator

from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.intents import IntentMeaning
from actions.knowledge.model import Answers, Topic, frozen
from actions.knowledge.refusals import model_problems
from actions.knowledge.texts import bad_braces, bad_placeholders, literal_numbers, too_long
from actions.yaml_source import Problem, Source

TITLE_LIMIT = 12
TEXT_LIMIT = 240
PATH_LIMIT = 60
_ANSWERED = ("question", "other")
"""The kinds of intents that answers may serve."""


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
    intent: Optional[StrictStr] = Field(...)
    topics: Tuple[_TopicEntry, ...]

    class Config:
        extra = Extra.forbid

    _has_topics = validator("topics", allow_reuse=True)(_at_least_one)


def topic_ids(sources: Sequence[Source]) -> FrozenSet[str]:
    """Every topic id that stands in the files, also in those that are refused: one mistake shall not make others of the references to it."""
    files = [source.data for source in sources if isinstance(source.data, dict)]
    topics = [topic for file in files if isinstance(file.get("topics"), list) for topic in file["topics"]]
    return frozenset(topic["id"] for topic in topics if isinstance(topic, dict) and isinstance(topic.get("id"), str))


def read_answers(
    sources: Sequence[Source], intents: Mapping[str, IntentMeaning], facts: FactRegistry, forbidden: Forbidden, problems: List[Problem]
) -> Answers:
    """Reads every answer file; what is wrong is added to ``problems``.

    Args:
        intents: the known ones; an answer serves a question, or what is none of the assistant's business.
        facts: who may see which.
    """
    topics: Dict[str, Topic] = {}
    by_intent: Dict[str, Tuple[Topic, ...]] = {}
    follow_ups: List[Tuple[Source, Tuple[Any, ...], str]] = []
    for source in sources:
        try:
            file = _AnswerFile.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(model_problems(source, error))
            continue
        if file.intent is not None and intents and (file.intent not in intents or intents[file.intent].kind not in _ANSWERED):
            problems.append(source.problem(("intent",), f"{file.intent} is no intent of the kinds {', '.join(_ANSWERED)}"))
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
