"""Reads the files of phrases: the sentences of a knowledge folder in their variants, with file, line and reason of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.knowledge.forbidden import Forbidden
from actions.knowledge.phrases import PHRASES, Phrase
from actions.knowledge.rendering import Locale, fill_all
from actions.knowledge.texts import bad_braces, literal_numbers, unknown_placeholders
from actions.yaml_source import Problem, Source


@dataclass(frozen=True)
class Phrases:
    """The sentences of a knowledge folder.

    Attributes:
        variants: the texts of each id, unfilled.
        locale: how values are written in them.
    """

    variants: Mapping[str, tuple[str, ...]]
    locale: Locale

    def texts(self, phrase: Phrase, **values: Any) -> tuple[str, ...]:
        """The variants of a sentence with its placeholders filled.

        Args:
            values: exactly what the phrase declares, none of them empty.

        Raises:
            TypeError: a placeholder that is not declared, or one without a value: a mistake in the program, never left to a customer.
        """
        return tuple(fill_all(text, phrase.placeholders, values, self.locale) for text in self.variants[phrase.id])

    def title(self, phrase: Phrase, **values: Any) -> str:
        """The title of a button."""
        return self.texts(phrase, **values)[0]


def read_phrases(sources: Sequence[Source], locale: Locale, forbidden: Forbidden, problems: list[Problem]) -> Phrases:
    """Reads every phrase file, a map of id to variants; what is wrong is added to ``problems``."""
    phrases: dict[str, tuple[str, ...]] = {}
    for source in sources:
        if not isinstance(source.data, Mapping):
            problems.append(source.problem((), "a phrase file is a map of ids to lists of texts"))
            continue
        for phrase_id, variants in source.data.items():
            if phrase_id not in PHRASES:
                problems.append(source.problem((phrase_id,), f"{phrase_id} is never said: no such phrase is declared"))
                continue
            if not isinstance(variants, list) or not variants or not all(isinstance(text, str) and text for text in variants):
                problems.append(source.problem((phrase_id,), f"{phrase_id} takes a list of texts with at least one"))
                continue
            if phrase_id in phrases:
                problems.append(source.problem((phrase_id,), f"{phrase_id} exists already"))
            phrases[phrase_id] = tuple(variants)
            for index, text in enumerate(variants):
                unknown = unknown_placeholders(text, PHRASES[phrase_id].placeholders)
                reasons = [*bad_braces(text), *unknown, *literal_numbers(text), *forbidden.found_in(text)]
                problems.extend(source.problem((phrase_id, index), f"{phrase_id}: {reason}") for reason in reasons)
    named = {phrase_id for source in sources if isinstance(source.data, Mapping) for phrase_id in source.data}
    problems.extend(sources[0].problem((), f"{phrase_id} is missing") for phrase_id in PHRASES if sources and phrase_id not in named)
    return Phrases(phrases, locale)
