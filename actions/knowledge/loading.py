"""Loads a knowledge folder: all of it is right, or it is refused with everything that is wrong, which ``baitiao knowledge check`` says."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from actions.core.causes import NO_CAUSE_FOUND, Cause
from actions.knowledge.advice_rules import read_advice_rules
from actions.knowledge.answer_days import ANSWER_DAYS, read_answer_days
from actions.knowledge.answer_files import check_topics, read_answers, topic_ids
from actions.knowledge.aspects import read_aspects, read_claims
from actions.knowledge.cause_files import ASKED_OF_EVERY_CAUSE, notice_problems, read_cause
from actions.knowledge.due_times import DUE_MINUTES, read_due_minutes
from actions.knowledge.expressions import blow_up_problems
from actions.knowledge.facts import FactRegistry, read_facts
from actions.knowledge.folder import Folder, names_in, texts_in
from actions.knowledge.forbidden import Forbidden, read_forbidden
from actions.knowledge.glossary import Clauses, Glossary, read_glossary
from actions.knowledge.glossary_numbers import Numerals
from actions.knowledge.handoffs import Briefing, read_briefing, read_handoffs
from actions.knowledge.intents import check_answered, check_claims, read_intents
from actions.knowledge.model import Knowledge, frozen
from actions.knowledge.openings import read_openings
from actions.knowledge.pages import paths_of, read_pages
from actions.knowledge.phrase_files import read_phrases
from actions.knowledge.phrases import BUTTON_NOTIFY
from actions.knowledge.rendering import Locale, read_locale
from actions.knowledge.replies import read_replies
from actions.yaml_source import Problem, Source, SourceError

DEFAULT_ROOT = Path(__file__).resolve().parents[2] / "knowledge"
"""The folder ``knowledge`` of the project."""
_SAID = (
    *("facts.yml", "answers/*.yml", "intents.yml", "phrases/*.yml", "aspects.yml", "claims.yml", "causes/*.yml"),
    *("handoffs.yml", "replies.yml", "opening.yml", "advice.yml"),
)
"""The files with texts that customers read."""


def load(root: Path | None = None, overlays: Mapping[str, Source] = MappingProxyType({})) -> Knowledge:
    """Reads and checks a knowledge folder.

    Args:
        root: the folder; the project's own by default.
        overlays: what lies over its files, by their names below the folder, such as ``causes/overdue.yml``.

    Raises:
        SourceError: every problem of every file, with file, line and reason.
    """
    with _all_of_it_stays():
        return _put_together(Folder(Path(root or DEFAULT_ROOT), overlays))


@contextmanager
def _all_of_it_stays() -> Iterator[None]:
    """Keeps Python from looking for garbage: a million objects come into being here and nearly all of them stay, so that looking through
    them again and again was a fifth of the whole."""
    usual = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if usual:
            gc.enable()


def _put_together(folder: Folder) -> Knowledge:
    problems: list[Problem] = []
    locale = read_locale(folder.sources("locale.yml"), problems)
    if locale is None:
        # Nobody knows then where a sentence ends or how a value is written, so that nothing else could be judged.
        raise SourceError([*folder.problems, *problems, folder.problem("locale.yml", "is missing or cannot be used")])
    forbidden = _forbidden(folder, locale, problems)
    forbidden.screen(text for pattern in _SAID for source in folder.sources(pattern) for text in texts_in(source.data))
    facts = _facts(folder, forbidden, problems)
    answer_sources = folder.sources("answers/*.yml")
    intent_sources = folder.sources("intents.yml")
    intents = read_intents(intent_sources, forbidden, problems)
    answers = read_answers(answer_sources, intents, facts, forbidden, problems)
    phrases = read_phrases(folder.sources("phrases/*.yml"), locale, forbidden, problems)
    aspect_sources = folder.sources("aspects.yml")
    aspects = read_aspects(aspect_sources, facts, forbidden, problems)
    claim_sources = folder.sources("claims.yml")
    claims = read_claims(claim_sources, facts, forbidden, aspects, problems)
    # What is referred to is also what is refused: one mistake shall not make others of the references to it.
    aspect_ids, cause_ids = names_in(aspect_sources), frozenset(path.stem for path in folder.root.glob("causes/*.yml"))
    causes = _causes(folder, topic_ids(answer_sources), aspect_ids, phrases.variants.get(BUTTON_NOTIFY.id, ()), facts, forbidden, problems)
    pages = read_pages(folder.sources("pages.yml"), paths_of(causes), problems)
    check_claims(intent_sources, intents, cause_ids, problems)
    check_answered(intent_sources, intents, answers.by_intent, problems)
    glossary = _glossary(folder, problems)
    cues = [cue.name for cue in glossary.cues]
    handoff_sources = folder.sources("handoffs.yml")
    handoffs = read_handoffs(handoff_sources, intents, cues, forbidden, problems)
    due_minutes = read_due_minutes(handoff_sources, problems)
    reason_ids = names_in(handoff_sources) - {DUE_MINUTES, ANSWER_DAYS}
    answer_days = read_answer_days(handoff_sources, reason_ids, problems)
    check_topics(answer_sources, cause_ids, reason_ids, aspect_ids, names_in(claim_sources), problems)
    reply_sources = folder.sources("replies.yml")
    replies = read_replies(reply_sources, facts, forbidden, cause_ids, reason_ids, problems)
    openings = read_openings(folder.sources("opening.yml"), topic_ids(answer_sources), forbidden, problems)
    advice = read_advice_rules(folder.sources("advice.yml"), causes, cause_ids, reason_ids, forbidden, problems)
    briefing = read_briefing(folder.sources("briefing.yml"), problems)
    if handoffs and briefing is None:
        problems.append(folder.problem("briefing.yml", "is missing or cannot be used"))
    if folder.problems or problems:
        raise SourceError(sorted([*folder.problems, *problems], key=lambda problem: (problem.file, problem.line)))
    # A folder without handoffs, as tests make them, briefs nobody.
    briefed = briefing or Briefing.construct()
    return Knowledge(
        causes=frozen(causes),
        answers=answers,
        phrases=phrases,
        glossary=glossary,
        forbidden=forbidden,
        intents=frozen(intents),
        handoffs=frozen(handoffs),
        due_minutes=frozen(due_minutes),
        answer_days=frozen(answer_days),
        briefing=briefed,
        replies=frozen(replies),
        facts=facts,
        locale=locale,
        pages=pages,
        aspects=frozen(aspects),
        claims=frozen(claims),
        openings=openings,
        advice=advice,
    )


def _forbidden(folder: Folder, locale: Locale, problems: list[Problem]) -> Forbidden:
    forbidden = Forbidden()
    for source in folder.sources("forbidden.yml"):
        forbidden = read_forbidden(source, locale, problems)
    return forbidden


def _facts(folder: Folder, forbidden: Forbidden, problems: list[Problem]) -> FactRegistry:
    sources = folder.sources("facts.yml")
    if not folder.has("facts.yml"):
        problems.append(folder.problem("facts.yml", "is missing"))
    return read_facts(sources, forbidden, problems)


def _causes(
    folder: Folder,
    topics: frozenset[str],
    aspects: frozenset[str],
    notice: Sequence[str],
    facts: FactRegistry,
    forbidden: Forbidden,
    problems: list[Problem],
) -> dict[str, Cause]:
    read: list[tuple[Source, Cause]] = []
    positions: dict[int, str] = {}
    for source in folder.sources("causes/*.yml"):
        cause = read_cause(source, facts, forbidden, problems)
        if cause is None:
            continue
        read.append((source, cause))
        if cause.position in positions:
            problems.append(source.problem(("position",), f"position {cause.position} is taken by {positions[cause.position]}"))
        positions.setdefault(cause.position, cause.id)
        problems.extend(
            source.problem(("alternatives", index), f"unknown topic {topic}")
            for index, topic in enumerate(cause.alternatives)
            if topic not in topics
        )
        problems.extend(
            source.problem(("likely", index, "topic"), f"unknown topic {question.topic}")
            for index, question in enumerate(cause.likely)
            if question.topic not in topics
        )
        named: list[tuple[tuple[Any, ...], str]] = [(("aspects", name), name) for name in cause.aspects]
        named += [(("wordings", at, "aspects", name), name) for at, each in enumerate(cause.wordings) for name in each.aspects]
        problems.extend(source.problem(path, f"unknown aspect {name}") for path, name in named if aspects and name not in aspects)
        problems.extend(
            source.problem(("aspects",), f"aspects.{name} is missing: every cause answers it in words of its own")
            for name in ASKED_OF_EVERY_CAUSE
            if name in aspects and not cause.aspects.get(name)
        )
    problems.extend(notice_problems(read, notice))
    causes = {cause.id: cause for _, cause in sorted(read, key=lambda pair: pair[1].position)}
    if not folder.has(f"causes/{NO_CAUSE_FOUND}.yml"):
        problems.append(folder.problem("causes", f"{NO_CAUSE_FOUND}.yml is missing"))
    elif causes and NO_CAUSE_FOUND in causes and list(causes)[-1] != NO_CAUSE_FOUND:
        source = next(source for source, cause in read if cause.id == NO_CAUSE_FOUND)
        problems.append(source.problem(("position",), f"{NO_CAUSE_FOUND} comes last, after {list(causes)[-1]}"))
    return causes


def _glossary(folder: Folder, problems: list[Problem]) -> Glossary:
    for source in folder.sources("glossary.yml"):
        try:
            return read_glossary(source)
        except SourceError as error:
            problems.extend(error.problems)
    return Glossary(numerals=Numerals(digits={}, units={}), clauses=Clauses(separator="(?!)", connective="(?!)"))


@dataclass(frozen=True)
class CheckReport:
    """The outcome of a check.

    Attributes:
        problems: what is wrong; empty if all is well.
        counts: how much of each kind there is; empty if the folder could not be loaded.
        knowledge: the folder; None if it could not be loaded.
    """

    problems: tuple[Problem, ...]
    counts: Mapping[str, int]
    knowledge: Knowledge | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The report as people read it."""
        counted = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        return (*map(str, self.problems), *([counted] if counted else []))


def check(root: Path | None = None, conversations: Path | None = None) -> CheckReport:
    """Checks a knowledge folder.

    Args:
        root: the folder; the project's own by default.
        conversations: the folder of conversation tests; with it, a cause that none of them names is a problem.
    """
    with _all_of_it_stays():
        return _checked(root or DEFAULT_ROOT, conversations)


def _checked(root: Path, conversations: Path | None) -> CheckReport:
    try:
        folder = Folder(root)
        knowledge = _put_together(folder)
    except SourceError as error:
        return CheckReport(error.problems, {})
    problems: list[Problem] = blow_up_problems(folder)
    if conversations is not None:
        tested, unreadable = _named_in(conversations)
        problems.extend(unreadable)
        problems.extend(
            folder.problem(f"causes/{cause}.yml", f"no conversation test in {conversations} names {cause}")
            for cause in knowledge.causes
            if cause not in tested
        )
    counts = {
        "causes": len(knowledge.causes),
        "topics": len(knowledge.answers.topics),
        "phrases": len(knowledge.phrases.variants),
        "terms": len(knowledge.glossary.terms),
        "forbidden wordings": len(knowledge.forbidden.rules),
    }
    return CheckReport(tuple(problems), counts, knowledge)


def _named_in(folder: Path) -> tuple[set[str], list[Problem]]:
    names: set[str] = set()
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.yml")):
        try:
            names.update(texts_in(Source.read(path).data))
        except SourceError as error:
            problems.extend(error.problems)
    return names, problems
