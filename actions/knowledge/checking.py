"""What ``baitiao knowledge check`` says: everything wrong with a knowledge folder, or what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.knowledge.expressions import blow_up_problems
from actions.knowledge.loading import DEFAULT_ROOT, load
from actions.yaml_source import Problem, Source, SourceError


@dataclass(frozen=True)
class Report:
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


def check(root: Path | None = None, conversations: Path | None = None) -> Report:
    """Checks a knowledge folder.

    Args:
        root: the folder; the project's own by default.
        conversations: the folder of conversation tests; with it, a cause that none of them names is a problem.
    """
    root = root or DEFAULT_ROOT
    try:
        knowledge = load(root)
    except SourceError as error:
        return Report(error.problems, {})
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
    return Report(tuple(problems), counts)


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
