"""Reads the topics: what the assistant can answer, by the state it is asked in."""

from __future__ import annotations

from typing import Any, Collection, Dict, FrozenSet, Iterator, List, Mapping, Optional, Sequence, Tuple

from pydantic import BaseModel, Extra, Field, StrictBool, StrictStr, ValidationError, root_validator, validator

from actions.core.conditions import parse_condition
from actions.core.names import fact_type
from actions.core.topics import CaseMove, QuoteSubject, Topic, TopicAnswer, TopicKind
from actions.knowledge.aspects import ASPECT_LIMIT
from actions.knowledge.condition_checks import Opened, check_condition
from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.intents import IntentMeaning
from actions.knowledge.model import Answers, frozen
from actions.knowledge.refusals import model_problems
from actions.knowledge.texts import text_problems
from actions.yaml_source import Problem, Source

TITLE_LIMIT = 12
TEXT_LIMIT = 240
PATH_LIMIT = 60
_Path = Tuple[Any, ...]


def _at_least_one(value: Tuple[Any, ...]) -> Tuple[Any, ...]:
    if not value:
        raise ValueError("needs at least one")
    return value


class _AnswerEntry(BaseModel):
    text: Tuple[StrictStr, ...]
    when: Optional[Any] = None
    evidence: Tuple[StrictStr, ...] = ()
    path: Optional[StrictStr] = None

    class Config:
        extra = Extra.forbid

    _has_text = validator("text", allow_reuse=True)(_at_least_one)

    @validator("when", pre=True)
    def _parse(cls, value: Any) -> Any:
        return None if value is None else parse_condition(value)


class _TopicEntry(BaseModel):
    id: StrictStr = Field(regex=r"^[a-z][a-z0-9_]*$")
    title: StrictStr
    kind: TopicKind
    answers: Tuple[_AnswerEntry, ...] = ()
    nothing_found: Tuple[StrictStr, ...] = ()
    refresh: StrictBool = True
    causes: Tuple[StrictStr, ...] = ()
    follow_up: Tuple[StrictStr, ...] = ()
    reason: Optional[StrictStr] = None
    aspect: Optional[StrictStr] = None
    move: Optional[CaseMove] = None
    aspects: Dict[StrictStr, Tuple[StrictStr, ...]] = {}
    quote: Optional[QuoteSubject] = None

    class Config:
        extra = Extra.forbid

    _aspects_have_texts = validator("aspects", each_item=True, allow_reuse=True)(_at_least_one)

    @root_validator(skip_on_failure=True)
    def _is_answered(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        kind, answers = values["kind"], values["answers"]
        if (kind == "emergency") != (values["reason"] is not None):
            raise ValueError("an emergency has a reason, and nothing else has one")
        if kind == "case" and (values["aspect"] is None) == (values["move"] is None):
            raise ValueError("a topic about the case has an aspect or a move")
        if kind != "case" and (values["aspect"] or values["move"]):
            raise ValueError("only a topic about the case has an aspect or a move")
        if kind in ("state", "rule", "action") and not answers:
            raise ValueError("needs at least one answer")
        if (kind == "failure") != bool(values["nothing_found"]):
            raise ValueError("a failure, and nothing else, needs nothing_found: what is said when no cause holds")
        if any(answer.when is None for answer in answers[:-1]):
            raise ValueError("an answer without a condition comes last: none behind it is ever given")
        if kind in ("state", "rule", "action") and answers[-1].when is not None:
            raise ValueError("the last answer has no condition, so that there always is one")
        return values


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
        intents: the known ones; each file serves one of them, or none and is reached by id only.
        facts: who may see which.
    """
    topics: Dict[str, Topic] = {}
    by_intent: Dict[str, Tuple[Topic, ...]] = {}
    follow_ups: List[Tuple[Source, _Path, str]] = []
    for source in sources:
        opened, bad = _conditions(source)
        problems.extend(bad)
        try:
            file = _AnswerFile.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(problem for problem in model_problems(source, error) if not any(problem.line == other.line for other in bad))
            continue
        if file.intent is not None and intents and file.intent not in intents:
            problems.append(source.problem(("intent",), f"{file.intent} is no intent"))
        for index, entry in enumerate(file.topics):
            topic = _topic(entry)
            if topic.id in topics:
                problems.append(source.problem(("topics", index, "id"), f"topic {topic.id} exists already"))
            topics[topic.id] = topic
            if file.intent is not None:
                by_intent[file.intent] = (*by_intent.get(file.intent, ()), topic)
            follow_ups.extend((source, ("topics", index, "follow_up", at), other) for at, other in enumerate(topic.follow_up))
            problems.extend(_of_topic(source, index, topic, opened, facts, forbidden))
    known = topic_ids(sources)
    problems.extend(source.problem(path, f"unknown topic {other}") for source, path, other in follow_ups if other not in known)
    return Answers(frozen(topics), frozen(by_intent))


def check_topics(
    sources: Sequence[Source], causes: Collection[str], reasons: Collection[str], aspects: Collection[str], problems: List[Problem]
) -> None:
    """Adds a problem for each cause, reason or aspect a topic names that does not exist; a kind of which nothing is known is not asked for."""
    for source in sources:
        for index, topic in enumerate(source.data.get("topics") or () if isinstance(source.data, dict) else ()):
            if not isinstance(topic, dict):
                continue
            named: List[Tuple[_Path, str, Any, Collection[str]]] = [
                (("causes", at), "cause", cause, causes) for at, cause in enumerate(topic.get("causes") or ())
            ]
            named += [(("aspects", name), "aspect", name, aspects) for name in topic.get("aspects") or ()]
            named += [(("reason",), "reason", topic.get("reason"), reasons), (("aspect",), "aspect", topic.get("aspect"), aspects)]
            for path, what, name, known in named:
                if name is not None and known and name not in known:
                    problems.append(source.problem(("topics", index, *path), f"unknown {what} {name}"))


def _topic(entry: _TopicEntry) -> Topic:
    answers = tuple(TopicAnswer(**dict(answer)) for answer in entry.answers)
    return Topic(**{**dict(entry), "answers": answers, "aspects": frozen(dict(entry.aspects))})


def _conditions(source: Source) -> Tuple[Dict[Tuple[int, int], Opened], List[Problem]]:
    """What the condition of each answer opens, by the places of topic and answer; and what is wrong with the conditions."""
    opened: Dict[Tuple[int, int], Opened] = {}
    problems: List[Problem] = []
    topics = source.data.get("topics") if isinstance(source.data, dict) else None
    for index, topic in enumerate(topics if isinstance(topics, list) else ()):
        answers = topic.get("answers") if isinstance(topic, dict) else None
        for at, answer in enumerate(answers if isinstance(answers, list) else ()):
            if isinstance(answer, dict) and answer.get("when") is not None:
                path = ("topics", index, "answers", at, "when")
                opened[index, at] = check_condition(source, path, answer["when"], problems)
    return opened, problems


def _of_topic(
    source: Source, index: int, topic: Topic, opened: Mapping[Tuple[int, int], Opened], facts: FactRegistry, forbidden: Forbidden
) -> Iterator[Problem]:
    texts: List[Tuple[_Path, str, int, FrozenSet[str]]] = [(("title",), topic.title, TITLE_LIMIT, frozenset())]
    for at, answer in enumerate(topic.answers):
        scopes = frozenset(opened[index, at].scopes) if (index, at) in opened else frozenset()
        texts.extend((("answers", at, "text", number), text, TEXT_LIMIT, scopes) for number, text in enumerate(answer.text))
        if answer.path is not None:
            texts.append((("answers", at, "path"), answer.path, PATH_LIMIT, frozenset()))
        for number, name in enumerate(answer.evidence):
            reason = _not_evidence(name, opened.get((index, at), Opened()), facts)
            if reason:
                yield source.problem(("topics", index, "answers", at, "evidence", number), reason)
    texts.extend((("nothing_found", number), text, TEXT_LIMIT, frozenset()) for number, text in enumerate(topic.nothing_found))
    for name, variants in topic.aspects.items():
        texts.extend((("aspects", name, number), text, ASPECT_LIMIT, frozenset()) for number, text in enumerate(variants))
    for path, text, limit, scopes in texts:
        for reason in text_problems(text, scopes, facts, forbidden, limit):
            yield source.problem(("topics", index, *path), f"{path[0]}: {reason}")


def _not_evidence(name: str, opened: Opened, facts: FactRegistry) -> str:
    try:
        fact_type(name)
    except KeyError:
        return f"unknown fact {name}"
    return opened.refuses(name) or facts.not_evidence(name) or ""
