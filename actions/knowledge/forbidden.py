"""Sentences the assistant must never say, read from ``forbidden.yml``.

A file holds ``warnings`` (words that turn a sentence into a warning) and ``sentences``: each a plain ``text`` or a regular
expression ``pattern``, with ``why``, for agents ``agents``, and optionally ``unless`` (wordings around it that make it harmless) and ``warning: true`` (harmless
after a warning word in the same clause).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from re import Pattern
from typing import Any

from pydantic import StrictBool, StrictStr, ValidationError, root_validator, validator

from actions.core.fields import Strict, expression
from actions.knowledge.refusals import model_problems
from actions.knowledge.rendering import Locale
from actions.yaml_source import Problem, Source

_SPACES = re.compile(r"[ \t\u3000]+")
_LOOKS_AROUND = re.compile(r"\(\?(?!:)|(?<!\[)\^|\$|\\[AZbB]|[*+?}]\+")
"""Where an expression may depend on what stands around a match, or may keep what it took first: among other texts it could find less."""
_MOST_PASSED = 1 << 17


class _Entry(Strict):
    text: StrictStr | None = None
    pattern: StrictStr | None = None
    why: StrictStr
    agents: StrictStr | None = None
    unless: tuple[StrictStr, ...] = ()
    warning: StrictBool = False

    @validator("pattern")
    def _compiles(cls, value: str | None) -> str | None:
        expression(value or "")
        return value

    @root_validator(skip_on_failure=True)
    def _one_form(cls, values: Any) -> Any:
        if bool(values["text"]) == bool(values["pattern"]):
            raise ValueError("needs either text or pattern")
        return values


class _File(Strict):
    warnings: tuple[StrictStr, ...]
    sentences: tuple[_Entry, ...]


@dataclass(frozen=True)
class Rule:
    """One forbidden wording.

    Attributes:
        why: what the author of a refused text reads; ``agents``: what an agent reads who wrote it, None where a person may say it.
    """

    pattern: Pattern[str]
    why: str
    agents: str | None
    unless: tuple[str, ...]
    warning: bool


@dataclass(frozen=True, eq=False)
class Forbidden:
    """Every forbidden wording.

    Attributes:
        sentence: matches a sentence without its end; ``clause_end`` matches what ends a clause.
    """

    rules: tuple[Rule, ...] = ()
    warnings: tuple[str, ...] = ()
    sentence: Pattern[str] = re.compile(".+")
    clause_end: Pattern[str] = re.compile("(?!)")
    _passed: set[str] = field(default_factory=set, init=False, repr=False)

    def screen(self, texts: Iterable[str]) -> None:
        """Looks through many texts at once, so that ``found_in`` need not look at those in which no rule can find anything."""
        new = list({*texts} - self._passed)
        suspect = self._suspects([_SPACES.sub("", text) for text in new])
        if len(self._passed) + len(new) > _MOST_PASSED:
            self._passed.clear()
        self._passed.update(text for at, text in enumerate(new) if at not in suspect)

    def _suspects(self, texts: Sequence[str]) -> set[int]:
        """The places of all texts in which a rule finds something, and of some others."""
        suspects: set[int] = set()
        joined = "\n".join(texts)
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        narrow = []
        for pattern in (rule.pattern for rule in self.rules):
            if _LOOKS_AROUND.search(pattern.pattern):
                narrow.append(pattern.search)
                continue
            for match in pattern.finditer(joined):
                # Every text that it touches: it may have begun in another one, and hide the one that stands here.
                suspects.update(range(bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end())))
        sentences = [(at, sentence) for at, text in enumerate(texts) for sentence in self.sentence.findall(text)] if narrow else []
        for search in narrow:
            suspects.update(at for at, sentence in sentences if search(sentence))
        return suspects

    def found_in(self, text: str) -> tuple[str, ...]:
        """Why a text must not be said; empty if it may."""
        return () if text in self._passed else _reasons(self, text)

    def reasons(self, text: str) -> Iterator[str]:
        """As ``found_in``, worked out anew."""
        for words, rule in self.hits(text):
            yield f"must never be said: {words} ({rule.why})"

    def hits(self, text: str) -> Iterator[tuple[str, Rule]]:
        """The wordings in a text that must not be said, each with its rule."""
        for sentence in self.sentence.findall(_SPACES.sub("", text)):
            for rule in self.rules:
                for match in rule.pattern.finditer(sentence):
                    if not self._harmless(rule, sentence, match.start(), match.end()):
                        yield match.group(), rule

    def _harmless(self, rule: Rule, sentence: str, start: int, end: int) -> bool:
        clause = self.clause_end.split(sentence[:start])[-1] + sentence[start:end]
        if rule.warning and any(word in clause for word in self.warnings):
            return True
        return any(
            found.start() <= start and end <= found.end()
            for harmless in rule.unless
            for found in re.finditer(re.escape(harmless), sentence)
        )


@lru_cache(maxsize=1 << 16)
def _reasons(forbidden: Forbidden, text: str) -> tuple[str, ...]:
    return tuple(forbidden.reasons(text))


@lru_cache(maxsize=4)
def _forbidden(rules: tuple[Rule, ...], warnings: tuple[str, ...], sentence_ends: str, clause_ends: str) -> Forbidden:
    """The same object for the same wordings, so that what is known of a text stays known when another file of the knowledge is edited."""
    sentence = expression(f"[^{re.escape(sentence_ends)}\\n]+")
    return Forbidden(rules, warnings, sentence, expression(f"[{re.escape(clause_ends)}]"))


def read_forbidden(source: Source, locale: Locale, problems: list[Problem]) -> Forbidden:
    """Reads the file; what is wrong with it is added to ``problems``. The locale says where sentences and clauses end."""
    try:
        data = _File.parse_obj(source.data)
    except ValidationError as error:
        problems.extend(model_problems(source, error))
        return Forbidden()
    rules = tuple(
        Rule(expression(entry.pattern or re.escape(entry.text or "")), entry.why, entry.agents, entry.unless, entry.warning)
        for entry in data.sentences
    )
    return _forbidden(rules, data.warnings, locale.sentence_ends, locale.clause_ends)
