"""Replies that agents need again and again, read from ``replies.yml``, filled from the case they are said in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import StrictStr

from actions.core.diagnosis import Diagnosis
from actions.core.fields import Strict
from actions.knowledge.facts import FactRegistry
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.refusals import read_entries
from actions.knowledge.rendering import PLACEHOLDER, Locale, Values, written
from actions.knowledge.texts import text_problems
from actions.yaml_source import Problem, Source

OF_CASE = ("number", "cause")
"""Placeholders that are no facts: the handoff's number, and the title of the first cause that holds now."""
LONGEST_CANNED = 300
"""Characters."""


class CannedReply(Strict):
    """One of them.

    Attributes:
        title: what agents choose it by.
        text: what is put into the reply box.
        causes, reasons: in whose cases it is offered first; without any it is for every case.
    """

    title: StrictStr
    text: StrictStr
    causes: tuple[StrictStr, ...] = ()
    reasons: tuple[StrictStr, ...] = ()


@dataclass(frozen=True)
class OfferedReply:
    """A reply with everything in it filled.

    Attributes:
        fits: whether it is meant for just this case.
    """

    id: str
    title: str
    text: str
    fits: bool


def read_replies(
    sources: Sequence[Source],
    facts: FactRegistry,
    forbidden: Forbidden,
    causes: Collection[str],
    reasons: Collection[str],
    problems: list[Problem],
) -> dict[str, CannedReply]:
    """Reads the file; what is wrong is added to ``problems``.

    Args:
        causes, reasons: the ids there are.
    """
    replies: dict[str, CannedReply] = {}
    for source in sources:
        for name, reply in read_entries(source, CannedReply, problems).items():
            replies[name] = reply
            problems.extend(source.problem((name, "text"), f"text: {each}") for each in _wrong(reply.text, facts, forbidden))
            for field, given, known in (("causes", reply.causes, causes), ("reasons", reply.reasons, reasons)):
                odd = [(index, each) for index, each in enumerate(given) if each not in known]
                problems.extend(source.problem((name, field, index), f"unknown {field[:-1]} {each}") for index, each in odd)
    return replies


def _wrong(text: str, facts: FactRegistry, forbidden: Forbidden) -> Iterator[str]:
    # The names of the case count as long as any other value and are no facts.
    named = PLACEHOLDER.sub(lambda found: "？" * len(found.group()) if found.group(1) in OF_CASE else found.group(), text)
    return text_problems(named, (), facts, forbidden, LONGEST_CANNED)


def offered(
    replies: Mapping[str, CannedReply], number: str, reason: str, diagnosis: Diagnosis | None, locale: Locale
) -> tuple[OfferedReply, ...]:
    """The replies that can be said in a case, those for it first; one of which something is not known is left out.

    Args:
        number: the handoff's.
        reason: by which the case reads.
        diagnosis: of the state as it is now; None if it cannot be read.
    """
    found = [each.cause for each in (diagnosis.blocks or diagnosis.found)] if diagnosis is not None else []
    of_case = {"number": number, "cause": found[0].title if found else ""}
    values = Values(diagnosis.facts) if diagnosis is not None else None
    ids = {cause.id for cause in found}
    made = []
    for name, reply in replies.items():
        if (reply.causes or reply.reasons) and not (ids.intersection(reply.causes) or reason in reply.reasons):
            continue
        text = _filled(reply.text, of_case, values, locale)
        if text is not None:
            made.append(OfferedReply(name, reply.title, text, bool(reply.causes or reply.reasons)))
    return tuple(sorted(made, key=lambda each: not each.fits))


def _filled(text: str, of_case: Mapping[str, str], values: Values | None, locale: Locale) -> str | None:
    known: dict[str, str] = {}
    for name in PLACEHOLDER.findall(text):
        if name in OF_CASE:
            known[name] = written(of_case[name], locale)
        else:
            given = values.get(name) if values is not None else ()
            known[name] = locale.listed(filter(None, (written(each, locale, values.now) for each in given))) if values is not None else ""
        if not known[name]:
            return None
    return PLACEHOLDER.sub(lambda found: known[found.group(1)], text)
