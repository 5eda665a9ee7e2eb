"""Sentences the assistant must never say, read from ``forbidden.yml``.

A file holds ``warnings`` (words that turn a sentence into a warning) and ``sentences``: each a plain ``text`` or a regular
expression ``pattern``, with ``why`` and optionally ``unless`` (wordings around it that make it harmless) and ``warning: true`` (harmless
after a warning word in the same clause).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from re import Pattern
from typing import Any

from pydantic import BaseModel, Extra, StrictBool, StrictStr, ValidationError, root_validator, validator

from actions.knowledge.locale import Locale
from actions.knowledge.refusals import model_problems
from actions.yaml_source import Problem, Source

_SPACES = re.compile(r"[ \t\u3000]+")


class _Entry(BaseModel):
    text: StrictStr | None = None
    pattern: StrictStr | None = None
    why: StrictStr
    unless: tuple[StrictStr, ...] = ()
    warning: StrictBool = False

    class Config:
        extra = Extra.forbid

    @validator("pattern")
    def _compiles(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value

    @root_validator(skip_on_failure=True)
    def _one_form(cls, values: Any) -> Any:
        if bool(values["text"]) == bool(values["pattern"]):
            raise ValueError("needs either text or pattern")
        return values


class _File(BaseModel):
    warnings: tuple[StrictStr, ...]
    sentences: tuple[_Entry, ...]

    class Config:
        extra = Extra.forbid


@dataclass(frozen=True)
class Rule:
    """One forbidden wording."""

    pattern: Pattern[str]
    why: str
    unless: tuple[str, ...]
    warning: bool


@dataclass(frozen=True)
class Forbidden:
    """Every forbidden wording.

    Attributes:
        sentence: matches a sentence without its end; ``clause_end`` matches what ends a clause.
    """

    rules: tuple[Rule, ...] = ()
    warnings: tuple[str, ...] = ()
    sentence: Pattern[str] = re.compile(".+")
    clause_end: Pattern[str] = re.compile("(?!)")

    def found_in(self, text: str) -> Iterator[str]:
        """Why a text must not be said; empty if it may."""
        for sentence in self.sentence.findall(_SPACES.sub("", text)):
            for rule in self.rules:
                for match in rule.pattern.finditer(sentence):
                    if not self._harmless(rule, sentence, match.start(), match.end()):
                        yield f"must never be said: {match.group()} ({rule.why})"

    def _harmless(self, rule: Rule, sentence: str, start: int, end: int) -> bool:
        clause = self.clause_end.split(sentence[:start])[-1] + sentence[start:end]
        if rule.warning and any(word in clause for word in self.warnings):
            return True
        return any(
            found.start() <= start and end <= found.end()
            for harmless in rule.unless
            for found in re.finditer(re.escape(harmless), sentence)
        )


def read_forbidden(source: Source, locale: Locale, problems: list[Problem]) -> Forbidden:
    """Reads the file; what is wrong with it is added to ``problems``. The locale says where sentences and clauses end."""
    try:
        data = _File.parse_obj(source.data)
    except ValidationError as error:
        problems.extend(model_problems(source, error))
        return Forbidden()
    rules = tuple(
        Rule(re.compile(entry.pattern or re.escape(entry.text or "")), entry.why, entry.unless, entry.warning) for entry in data.sentences
    )
    sentence = re.compile(f"[^{re.escape(locale.sentence_ends)}\\n]+")
    return Forbidden(rules, data.warnings, sentence, re.compile(f"[{re.escape(locale.clause_ends)}]"))
