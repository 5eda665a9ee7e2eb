"""Loads a knowledge folder: all of it is right, or it is refused with everything that is wrong, which ``baitiao knowledge check`` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from actions.core.causes import NO_CAUSE_FOUND, Cause
from actions.knowledge.advice_rules import read_advice_rules
from actions.knowledge.answer_days import ANSWER_DAYS, read_answer_days
from actions.knowledge.answer_files import check_topics, read_answers, topic_ids
from actions.knowledge.aspects import read_aspects, read_claims
from actions.knowledge.cause_files import notice_problems, read_cause
from actions.knowledge.due_times import DUE_MINUTES, read_due_minutes
from actions.knowledge.facts import FactRegistry, read_facts
from actions.knowledge.forbidden import Forbidden, read_forbidden
from actions.knowledge.glossary import Clauses, Glossary, load_glossary
from actions.knowledge.glossary_numbers import Numerals
from actions.knowledge.handoffs import Briefing, read_briefing, read_handoffs
from actions.knowledge.intents import check_answered, check_claims, read_intents
from actions.knowledge.model import Knowledge, frozen
from actions.knowledge.openings import read_openings
from actions.knowledge.overlay import Overlaying
from actions.knowledge.pages import paths_of, read_pages
from actions.knowledge.phrase_files import read_phrases
from actions.knowledge.phrases import BUTTON_NOTIFY
from actions.knowledge.refusals import blow_up_problems
from actions.knowledge.rendering import Locale, read_locale
from actions.knowledge.replies import read_replies
from actions.yaml_source import Problem, Source, SourceError

DEFAULT_ROOT = Path(__file__).resolve().parents[2] / "knowledge"
"""The folder ``knowledge`` of the project."""


def load(root: Path | None = None, overlays: Mapping[str, Source] = MappingProxyType({})) -> Knowledge:
    """Reads and checks a knowledge folder.

    Args:
        root: the folder; the project's own by default.
        overlays: what lies over its files, by their names below the folder, such as ``causes/overdue.yml``.

    Raises:
        SourceError: every problem of every file, with file, line and reason.
    """
    root = Path(root) if root is not None else DEFAULT_ROOT
    problems: list[Problem] = []
    if not root.is_dir():
        raise SourceError([Problem(str(root), 1, "is not a folder")])
    folder = _Folder(root, overlays)
    problems.extend(
        overlay.problem((), f"lies over nothing: there is no {file}") for file, overlay in overlays.items() if not (root / file).is_file()
    )
    locale = read_locale(list(_sources(folder, "locale.yml", problems)), problems)
    if locale is None:
        # Nobody knows then where a sentence ends or how a value is written, so that nothing else could be judged.
        raise SourceError([*problems, Problem(f"{root.name}/locale.yml", 1, "is missing or cannot be used")])
    forbidden = _forbidden(folder, locale, problems)
    facts = _facts(folder, forbidden, problems)
    answer_sources = list(_sources(folder, "answers/*.yml", problems))
    intent_sources = list(_sources(folder, "intents.yml", problems))
    intents = read_intents(intent_sources, forbidden, problems)
    answers = read_answers(answer_sources, intents, facts, forbidden, problems)
    phrases = read_phrases(list(_sources(folder, "phrases/*.yml", problems)), locale, forbidden, problems)
    aspect_sources = list(_sources(folder, "aspects.yml", problems))
    aspects = read_aspects(aspect_sources, facts, forbidden, problems)
    claim_sources = list(_sources(folder, "claims.yml", problems))
    claims = read_claims(claim_sources, facts, forbidden, aspects, problems)
    # What is referred to is also what is refused: one mistake shall not make others of the references to it.
    aspect_ids, cause_ids = _names(aspect_sources), frozenset(path.stem for path in root.glob("causes/*.yml"))
    causes = _causes(folder, topic_ids(answer_sources), aspect_ids, phrases.variants.get(BUTTON_NOTIFY.id, ()), facts, forbidden, problems)
    pages = read_pages(list(_sources(folder, "pages.yml", problems)), paths_of(causes), problems)
    check_claims(intent_sources, intents, cause_ids, problems)
    check_answered(intent_sources, intents, answers.by_intent, problems)
    glossary = _glossary(root, problems)
    cues = [cue.name for cue in glossary.cues]
    handoff_sources = list(_sources(folder, "handoffs.yml", problems))
    handoffs = read_handoffs(handoff_sources, intents, cues, forbidden, problems)
    due_minutes = read_due_minutes(handoff_sources, problems)
    reason_ids = _names(handoff_sources) - {DUE_MINUTES, ANSWER_DAYS}
    answer_days = read_answer_days(handoff_sources, reason_ids, problems)
    check_topics(answer_sources, cause_ids, reason_ids, aspect_ids, _names(claim_sources), problems)
    reply_sources = list(_sources(folder, "replies.yml", problems))
    replies = read_replies(reply_sources, facts, forbidden, cause_ids, reason_ids, problems)
    openings = read_openings(list(_sources(folder, "opening.yml", problems)), topic_ids(answer_sources), forbidden, problems)
    advice = read_advice_rules(list(_sources(folder, "advice.yml", problems)), causes, cause_ids, reason_ids, forbidden, problems)
    briefing = read_briefing(list(_sources(folder, "briefing.yml", problems)), problems)
    if handoffs and briefing is None:
        problems.append(Problem(f"{root.name}/briefing.yml", 1, "is missing or cannot be used"))
    if problems:
        raise SourceError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
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


class _Folder(NamedTuple):
    """A knowledge folder and what lies over it."""

    root: Path
    overlays: Mapping[str, Source]


def _sources(folder: _Folder, pattern: str, problems: list[Problem]) -> Iterator[Source]:
    for path in sorted(folder.root.glob(pattern)):
        if path.name.startswith("."):
            continue  # What editors put beside a file while it is open, often a link that leads nowhere.
        try:
            source = Source.read(path, shown_as=path.relative_to(folder.root.parent).as_posix())
        except SourceError as error:
            problems.extend(error.problems)
            continue
        file = path.relative_to(folder.root).as_posix()
        if file in folder.overlays:
            overlaying = Overlaying(source, folder.overlays[file], file)
            source = overlaying.put_together()
            problems.extend(overlaying.problems)
        yield source


def _names(sources: Sequence[Source]) -> frozenset[str]:
    """The names that files which are maps give."""
    return frozenset(str(name) for source in sources if isinstance(source.data, dict) for name in source.data)


def _forbidden(folder: _Folder, locale: Locale, problems: list[Problem]) -> Forbidden:
    forbidden = Forbidden()
    for source in _sources(folder, "forbidden.yml", problems):
        forbidden = read_forbidden(source, locale, problems)
    return forbidden


def _facts(folder: _Folder, forbidden: Forbidden, problems: list[Problem]) -> FactRegistry:
    sources = list(_sources(folder, "facts.yml", problems))
    if not (folder.root / "facts.yml").is_file():
        problems.append(Problem(f"{folder.root.name}/facts.yml", 1, "is missing"))
    return read_facts(sources, forbidden, problems)


def _causes(
    folder: _Folder,
    topics: frozenset[str],
    aspects: frozenset[str],
    notice: Sequence[str],
    facts: FactRegistry,
    forbidden: Forbidden,
    problems: list[Problem],
) -> dict[str, Cause]:
    read: list[tuple[Source, Cause]] = []
    positions: dict[int, str] = {}
    for source in _sources(folder, "causes/*.yml", problems):
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
    problems.extend(notice_problems(read, notice))
    causes = {cause.id: cause for _, cause in sorted(read, key=lambda pair: pair[1].position)}
    if not (folder.root / "causes" / f"{NO_CAUSE_FOUND}.yml").is_file():
        problems.append(Problem(f"{folder.root.name}/causes", 1, f"{NO_CAUSE_FOUND}.yml is missing"))
    elif causes and NO_CAUSE_FOUND in causes and list(causes)[-1] != NO_CAUSE_FOUND:
        source = next(source for source, cause in read if cause.id == NO_CAUSE_FOUND)
        problems.append(source.problem(("position",), f"{NO_CAUSE_FOUND} comes last, after {list(causes)[-1]}"))
    return causes


def _glossary(root: Path, problems: list[Problem]) -> Glossary:
    path = root / "glossary.yml"
    if path.is_file():
        try:
            return load_glossary(path)
        except SourceError as error:
            shown_as = path.relative_to(root.parent).as_posix()
            problems.extend(Problem(shown_as, problem.line, problem.reason) for problem in error.problems)
    return Glossary(numerals=Numerals(digits={}, units={}), clauses=Clauses(separator="(?!)", connective="(?!)"))


@dataclass(frozen=True)
class CheckReport:
    """The outcome of a check.

    Attributes:
        problems: what is wrong; empty if all is well.
        counts: how much of each kind there is; empty if the folder could not be loaded.
    """

    problems: tuple[Problem, ...]
    counts: Mapping[str, int]

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
    root = root or DEFAULT_ROOT
    try:
        knowledge = load(root)
    except SourceError as error:
        return CheckReport(error.problems, {})
    problems: list[Problem] = blow_up_problems(root)
    if conversations is not None:
        tested, unreadable = _named_in(conversations)
        problems.extend(unreadable)
        problems.extend(
            Problem(f"{root.name}/causes/{cause}.yml", 1, f"no conversation test in {conversations} names {cause}")
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
    return CheckReport(tuple(problems), counts)


def _named_in(folder: Path) -> tuple[set[str], list[Problem]]:
    names: set[str] = set()
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.yml")):
        try:
            names.update(_texts(Source.read(path).data))
        except SourceError as error:
            problems.extend(error.problems)
    return names, problems


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from data
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
