"""What a support agent is told about a case: templates and words, read from ``briefing.yml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from pydantic import BaseModel, Extra, StrictStr, ValidationError, validator

from actions.core.case import Result
from actions.core.causes import CauseKind, FixedBy, Queue
from actions.core.handoff import Priority
from actions.core.names import SourceName
from actions.knowledge.rendering import Locale
from actions.knowledge.refusals import model_problems
from actions.knowledge.rendering import PLACEHOLDER, fill_all
from actions.yaml_source import Problem, Source

LINES: dict[str, tuple[str, ...]] = {
    "subject.order": ("order", "item", "amount"),
    "subject.bill": ("month", "amount"),
    "subject.account": (),
    "headline.cause": ("reason", "subject", "title"),
    "headline.more": ("reason", "subject", "title", "count"),
    "headline.nothing": ("reason", "subject"),
    "situation.subject": ("subject", "read_at"),
    "situation.cause": ("kind", "summary", "fixed_by"),
    "situation.nothing": ("count",),
    "situation.incident": ("component", "severity", "started_at"),
    "asked.reason": ("asked",),
    "asked.intent": ("intent",),
    "asked.words": ("words",),
    "told.diagnosis": ("titles",),
    "told.nothing": (),
    "told.step": ("title", "step"),
    "told.check": ("title", "result"),
    "told.explained": ("title",),
    "told.waiting": ("title",),
    "told.resolved": (),
    "told.answer": ("topic",),
    "told.plans": (),
    "open.subject": (),
    "open.cause": ("title",),
    "open.more": ("count",),
    "known.order": ("order",),
    "known.bill": ("month",),
    "known.story": ("count",),
    "known.steps": ("count",),
    "resume.step": ("title", "step"),
    "resume.begin": (),
    "priority.why": ("reason", "priority"),
}
"""Every line of the file with the placeholders it may hold."""

ACTIONS: dict[str, tuple[str, ...]] = {
    **{fixed_by: ("title", "step", "merchant") for fixed_by in ("user", "time", "merchant", "platform", "nobody")},
    "nothing": (),
    "account": (),
}
"""What may be recommended, by what the first cause needs."""


class _Part(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class QueueBriefing(_Part):
    """A queue and what its people can do."""

    title: StrictStr
    skills: tuple[StrictStr, ...]


def _placeholders(known: Mapping[str, tuple[str, ...]], texts: Mapping[str, str]) -> dict[str, str]:
    missing, unknown = set(known) - set(texts), set(texts) - set(known)
    if missing or unknown:
        raise ValueError(f"missing: {', '.join(sorted(missing)) or '-'}; unknown: {', '.join(sorted(unknown)) or '-'}")
    for name, text in texts.items():
        odd = set(PLACEHOLDER.findall(text)) - set(known[name])
        if odd:
            raise ValueError(f"{name} knows no placeholder {', '.join(sorted(odd))}")
    return dict(texts)


SOLVED_MEANWHILE = "solved_meanwhile"
"""The outcome of a case that was solved before a person came."""


class Briefing(_Part):
    """The whole file."""

    queues: dict[Queue, QueueBriefing]
    priorities: dict[Priority, StrictStr]
    fixed_by: dict[FixedBy, StrictStr]
    kinds: dict[CauseKind, StrictStr]
    results: dict[Result, StrictStr]
    actions: dict[StrictStr, StrictStr]
    do_not_ask: tuple[StrictStr, ...]
    lines: dict[StrictStr, StrictStr]
    sources: dict[SourceName, StrictStr]
    statuses: dict[Literal["queued", "taken", "closed"], StrictStr]
    resolved_by: dict[Literal["person", "customer", "platform", "merchant", "unresolved", "solved_meanwhile"], StrictStr]

    @validator("queues", "priorities", "fixed_by", "kinds", "results", "sources", "statuses", "resolved_by")
    def _complete(cls, words: dict[str, Any], field: Any) -> dict[str, Any]:
        missing = [word for word in get_args(field.key_field.outer_type_) if word not in words]
        if missing:
            raise ValueError(f"missing: {', '.join(missing)}")
        return words

    @validator("lines")
    def _known_lines(cls, lines: dict[str, str]) -> dict[str, str]:
        return _placeholders(LINES, lines)

    @validator("actions")
    def _known_actions(cls, actions: dict[str, str]) -> dict[str, str]:
        return _placeholders(ACTIONS, actions)

    @property
    def outcomes(self) -> dict[str, str]:
        """What a person may say became of a case."""
        return {name: words for name, words in self.resolved_by.items() if name != SOLVED_MEANWHILE}

    def line(self, name: str, locale: Locale, **values: Any) -> str:
        """A line with its placeholders filled.

        Raises:
            TypeError: the values are not exactly those of ``LINES``, or one that is needed has no text.
        """
        return fill_all(self.lines[name], LINES[name], values, locale)

    def recommended(self, needed: str, locale: Locale, **values: Any) -> str:
        """What to do next by what the first cause needs, a key of ``ACTIONS``; errors as for ``line``."""
        return fill_all(self.actions[needed], ACTIONS[needed], values, locale)


def read_briefing(sources: Sequence[Source], problems: list[Problem]) -> Briefing | None:
    """Reads the file; what is wrong is added to ``problems``."""
    found: Briefing | None = None
    for source in sources:
        try:
            found = Briefing.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(model_problems(source, error))
    return found
