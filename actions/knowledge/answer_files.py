"""Reads the topics: what the assistant can answer, by the state it is asked in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field, StrictBool, StrictStr, ValidationError, root_validator, validator

from actions.core.conditions import Opened, parse_condition
from actions.core.fields import Strict
from actions.core.names import fact_type
from actions.core.platform import POLICY_FIELDS
from actions.core.topics import CaseMove, ConditionalText, QuoteSubject, Topic, TopicAnswer, TopicKind
from actions.knowledge.aspects import ASPECT_LIMIT
from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.intents import IntentMeaning
from actions.knowledge.model import Answers, frozen
from actions.knowledge.refusals import check_condition, model_problems
from actions.knowledge.texts import text_problems
from actions.yaml_source import Problem, Source

TITLE_LIMIT = 12
TEXT_LIMIT = 240
PATH_LIMIT = 60
_Path = tuple[Any, ...]


def _at_least_one(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if not value:
        raise ValueError("needs at least one")
    return value


def _variants(value: Any) -> Any:
    """Answers to a sub-question as they stand in a file: texts, and maps of ``when`` and ``say``."""
    return tuple(_conditional(each) if isinstance(each, dict) else each for each in value) if isinstance(value, list) else value


def _conditional(data: dict[str, Any]) -> ConditionalText:
    if set(data) != {"when", "say"} or not isinstance(data["say"], str):
        raise ValueError("is a text, or a map of when and say")
    return ConditionalText(data["say"], parse_condition(data["when"]))


def _unconditional(value: tuple[str, ...]) -> tuple[str, ...]:
    if all(isinstance(each, ConditionalText) for each in value):
        raise ValueError("needs at least one without a condition, so that there always is one")
    return value


class _AnswerEntry(Strict):
    text: tuple[StrictStr, ...] = ()
    behind: tuple[StrictStr, ...] = ()
    when: Any | None = None
    evidence: tuple[StrictStr, ...] = ()
    path: StrictStr | None = None
    alone: StrictBool = False

    @validator("when", pre=True)
    def _parse(cls, value: Any) -> Any:
        return None if value is None else parse_condition(value)


class _TopicEntry(Strict):
    id: StrictStr = Field(regex=r"^[a-z][a-z0-9_]*$")
    title: StrictStr
    kind: TopicKind
    answers: tuple[_AnswerEntry, ...] = ()
    nothing_found: tuple[StrictStr, ...] = ()
    refresh: StrictBool = True
    causes: tuple[StrictStr, ...] = ()
    follow_up: tuple[StrictStr, ...] = ()
    covers: tuple[StrictStr, ...] = ()
    reason: StrictStr | None = None
    aspect: StrictStr | None = None
    move: CaseMove | None = None
    aspects: dict[StrictStr, tuple[StrictStr, ...]] = {}
    further: dict[StrictStr, tuple[StrictStr, ...]] = {}
    aspects_first: StrictBool = False
    speaks_of: tuple[StrictStr, ...] = ()
    unless_true: tuple[StrictStr, ...] = ()
    weighs: tuple[StrictStr, ...] = ()
    vague: StrictBool = False
    quote: QuoteSubject | None = None
    announces: tuple[StrictStr, ...] = ()

    @validator("announces", pre=True)
    def _all_kinds(cls, value: Any) -> Any:
        return tuple(POLICY_FIELDS) if value == "all" else value

    @validator("announces", each_item=True)
    def _is_a_kind(cls, value: str) -> str:
        if value not in POLICY_FIELDS:
            raise ValueError(f"unknown policy kind {value}; there are: {', '.join(POLICY_FIELDS)}, or all for every one")
        return value

    _aspects_are_read = validator("aspects", "further", each_item=True, pre=True, allow_reuse=True)(_variants)
    _aspects_have_texts = validator("aspects", "further", each_item=True, allow_reuse=True)(_at_least_one)
    _aspects_have_a_last = validator("aspects", "further", each_item=True, allow_reuse=True)(_unconditional)

    @root_validator(skip_on_failure=True)
    def _is_answered(cls, values: dict[str, Any]) -> dict[str, Any]:
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
        if kind != "failure" and not all(answer.text and not answer.behind for answer in answers):
            raise ValueError("an answer needs a text; only that of a failure may leave it to the cause, or say something behind it")
        if not all(answer.text or answer.behind or answer.alone for answer in answers):
            raise ValueError("an answer needs a text, something to say behind the cause, or to be alone in naming where the reason lies")
        if any(answer.when is None for answer in answers[:-1]):
            raise ValueError("an answer without a condition comes last: none behind it is ever given")
        if kind in ("state", "rule", "action") and answers[-1].when is not None:
            raise ValueError("the last answer has no condition, so that there always is one")
        return values


class _AnswerFile(Strict):
    intent: StrictStr | None = Field(...)
    topics: tuple[_TopicEntry, ...]

    _has_topics = validator("topics", allow_reuse=True)(_at_least_one)


def topic_ids(sources: Sequence[Source]) -> frozenset[str]:
    """Every topic id that stands in the files, also in those that are refused: one mistake shall not make others of the references to it."""
    files = [source.data for source in sources if isinstance(source.data, dict)]
    topics = [topic for file in files if isinstance(file.get("topics"), list) for topic in file["topics"]]
    return frozenset(topic["id"] for topic in topics if isinstance(topic, dict) and isinstance(topic.get("id"), str))


def read_answers(
    sources: Sequence[Source], intents: Mapping[str, IntentMeaning], facts: FactRegistry, forbidden: Forbidden, problems: list[Problem]
) -> Answers:
    """Reads every answer file; what is wrong is added to ``problems``.

    Args:
        intents: the known ones; each file serves one of them, or none and is reached by id only.
        facts: who may see which.
    """
    topics: dict[str, Topic] = {}
    by_intent: dict[str, tuple[Topic, ...]] = {}
    others: list[tuple[Source, _Path, str]] = []
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
            for field in ("follow_up", "covers"):
                others.extend((source, ("topics", index, field, at), other) for at, other in enumerate(getattr(topic, field)))
            problems.extend(_of_topic(source, index, topic, opened, facts, forbidden))
    known = topic_ids(sources)
    problems.extend(source.problem(path, f"unknown topic {other}") for source, path, other in others if other not in known)
    return Answers(frozen(topics), frozen(by_intent))


def check_topics(
    sources: Sequence[Source],
    causes: Collection[str],
    reasons: Collection[str],
    aspects: Collection[str],
    claims: Collection[str],
    problems: list[Problem],
) -> None:
    """Adds a problem for each cause, reason, aspect or claim a topic names that does not exist; a kind of which nothing is known is not asked for."""
    for source in sources:
        for index, topic in enumerate(source.data.get("topics") or () if isinstance(source.data, dict) else ()):
            if not isinstance(topic, dict):
                continue
            named: list[tuple[_Path, str, Any, Collection[str]]] = [
                (("causes", at), "cause", cause, causes) for at, cause in enumerate(topic.get("causes") or ())
            ]
            named += [((field, name), "aspect", name, aspects) for field in ("aspects", "further") for name in topic.get(field) or ()]
            named += [(("reason",), "reason", topic.get("reason"), reasons), (("aspect",), "aspect", topic.get("aspect"), aspects)]
            named += [(("unless_true", at), "claim", claim, claims) for at, claim in enumerate(topic.get("unless_true") or ())]
            told = {*claims, *aspects} if claims else ()
            named += [(("speaks_of", at), "claim or aspect", name, told) for at, name in enumerate(topic.get("speaks_of") or ())]
            for path, what, name, known in named:
                if name is not None and known and name not in known:
                    problems.append(source.problem(("topics", index, *path), f"unknown {what} {name}"))


def _topic(entry: _TopicEntry) -> Topic:
    answers = tuple(TopicAnswer(**dict(answer)) for answer in entry.answers)
    own = {"aspects": frozen(dict(entry.aspects)), "further": frozen(dict(entry.further))}
    return Topic(**{**dict(entry), "answers": answers, **own})


def _conditions(source: Source) -> tuple[dict[_Path, Opened], list[Problem]]:
    """What the condition of each answer, also of those to sub-questions, opens, by the place of the answer; and what is wrong with the conditions."""
    opened: dict[_Path, Opened] = {}
    problems: list[Problem] = []
    topics = source.data.get("topics") if isinstance(source.data, dict) else None
    for index, topic in enumerate(topics if isinstance(topics, list) else ()):
        for place, answer in _conditional_in(topic if isinstance(topic, dict) else {}):
            path = ("topics", index, *place)
            opened[path] = check_condition(source, (*path, "when"), answer["when"], problems)
    return opened, problems


def _conditional_in(topic: Mapping[str, Any]) -> Iterator[tuple[_Path, Mapping[str, Any]]]:
    lists: list[tuple[_Path, Any]] = [(("answers",), topic.get("answers"))]
    for field in ("aspects", "further"):
        own = topic.get(field)
        lists += [((field, name), variants) for name, variants in own.items()] if isinstance(own, dict) else []
    for path, answers in lists:
        for at, answer in enumerate(answers if isinstance(answers, list) else ()):
            if isinstance(answer, dict) and answer.get("when") is not None:
                yield (*path, at), answer


def _of_topic(
    source: Source, index: int, topic: Topic, opened: Mapping[_Path, Opened], facts: FactRegistry, forbidden: Forbidden
) -> Iterator[Problem]:
    def opened_at(*place: Any) -> Opened:
        return opened.get(("topics", index, *place), Opened())

    texts: list[tuple[_Path, str, int, frozenset[str]]] = [(("title",), topic.title, TITLE_LIMIT, frozenset())]
    for at, answer in enumerate(topic.answers):
        scopes = frozenset(opened_at("answers", at).scopes)
        for field, variants in (("text", answer.text), ("behind", answer.behind)):
            texts.extend((("answers", at, field, number), text, TEXT_LIMIT, scopes) for number, text in enumerate(variants))
        if answer.path is not None:
            texts.append((("answers", at, "path"), answer.path, PATH_LIMIT, frozenset()))
        for number, name in enumerate(answer.evidence):
            reason = _not_evidence(name, opened_at("answers", at), facts)
            if reason:
                yield source.problem(("topics", index, "answers", at, "evidence", number), reason)
    texts.extend((("nothing_found", number), text, TEXT_LIMIT, frozenset()) for number, text in enumerate(topic.nothing_found))
    texts.extend((("weighs", number), text, ASPECT_LIMIT, frozenset()) for number, text in enumerate(topic.weighs))
    for field, own in (("aspects", topic.aspects), ("further", topic.further)):
        for name, variants in own.items():
            for number, text in enumerate(variants):
                texts.append(((field, name, number), text, ASPECT_LIMIT, frozenset(opened_at(field, name, number).scopes)))
    for path, text, limit, scopes in texts:
        for reason in text_problems(text, scopes, facts, forbidden, limit):
            yield source.problem(("topics", index, *path), f"{path[0]}: {reason}")


def _not_evidence(name: str, opened: Opened, facts: FactRegistry) -> str:
    try:
        fact_type(name)
    except KeyError:
        return f"unknown fact {name}"
    return opened.refuses(name) or facts.not_evidence(name) or ""
