"""What the customer said against the record, as the person who takes the case reads it: in their own words, with what was done since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from pydantic import Field

from actions.core.case import Case, Dispute
from actions.core.derived import View
from actions.core.diagnosis import Diagnosis
from actions.handoff.blocks import PayloadBlock
from actions.knowledge.model import Knowledge

MOST = 3
"""Claims that are told; more nobody reads before answering."""
_MOST_SINCE = 3


class ClaimMade(PayloadBlock):
    """Something the customer said against the record."""

    name: str = Field(..., description="Of a claim of `knowledge/claims.yml`, or of a sub-question of `knowledge/aspects.yml` that doubts.")
    title: str = Field(..., description="What is claimed, to follow the words: the customer says.")
    number: int = Field(..., description="Of the message in the transcript.")
    at: str | None = Field(..., description="Real time; None for the message of the turn that hands over.")
    words: str = Field(..., description="The message, masked.")
    record: Literal["contradicted", "agreed"] = Field(..., description="What the record says to it when it is handed over.")
    check: str | None = Field(..., description="What is to be looked at before the customer is contradicted once more.")
    cause: str | None = Field(..., description="The cause that was told when it was said.")
    since: list[str] = Field(..., description="What was done after it was said.")


class SaidByCustomer(NamedTuple):
    """A message of the customer's.

    Attributes:
        id: by which a dispute names it.
        number: in the transcript.
        at: real time as text; None in the turn under way.
        typed: whether it was understood from words, and not from a button.
    """

    id: str | None
    number: int
    at: str | None
    text: str
    intent: str | None
    typed: bool


def claims_made(case: Case, said: Sequence[SaidByCustomer], diagnosis: Diagnosis, knowledge: Knowledge) -> list[ClaimMade]:
    """The claims of a case that is handed over, those first that the record still contradicts, of these the latest.

    Args:
        said: the customer's messages, oldest first, the last of them the one that hands over.
        diagnosis: made just now.
    """
    by_id = {each.id: each for each in said}
    made: dict[int, ClaimMade] = {}
    names: set[str] = set()
    for dispute in case.disputes:
        message = by_id.get(dispute.message)
        if message is None or message.number in made or dispute.name in names:
            continue
        names.add(dispute.name)
        since = list(_since(message, said, case, dispute, knowledge))
        made[message.number] = claim_made(
            knowledge, dispute.name, dispute.cause, message, _record(dispute.name, dispute.cause, diagnosis, knowledge), since
        )
    return sorted(made.values(), key=lambda each: (each.record == "agreed", -each.number))[:MOST]


def claim_made(
    knowledge: Knowledge,
    name: str,
    cause: str | None,
    message: SaidByCustomer,
    record: Literal["contradicted", "agreed"] = "contradicted",
    since: Sequence[str] = (),
) -> ClaimMade:
    """One claim in words."""
    known = knowledge.briefing.disputes.get(name)
    title = known.title if known is not None else knowledge.briefing.line("claim.other", knowledge.locale)
    return ClaimMade(
        name=name,
        title=title,
        number=message.number,
        at=message.at,
        words=message.text,
        record=record,
        check=known.check if known is not None else None,
        cause=cause,
        since=list(since),
    )


def contradicted(claims: Sequence[ClaimMade]) -> ClaimMade | None:
    """The main one of those that the record contradicts."""
    return next((each for each in claims if each.record == "contradicted"), None)


def is_contradicted(claim: ClaimMade, diagnosis: Diagnosis, knowledge: Knowledge) -> bool:
    """Whether the record contradicts a claim by the state as it is now."""
    return _record(claim.name, claim.cause, diagnosis, knowledge) == "contradicted"


def in_words(claims: Sequence[ClaimMade], knowledge: Knowledge) -> Iterator[str]:
    """The lines of a summary that tell of the claims."""
    for place, each in enumerate(claims):
        name = "asked.claim" if each.record == "contradicted" else "asked.agreed"
        yield _line(knowledge, name, claim=each.title, number=each.number, words=each.words)
        if place == 0:
            done = knowledge.locale.listed(each.since) if each.since else _line(knowledge, "since.nothing")
            yield _line(knowledge, "asked.since", done=done)


def _record(name: str, cause: str | None, diagnosis: Diagnosis, knowledge: Knowledge) -> Literal["contradicted", "agreed"]:
    claim = knowledge.claims.get(name)
    if claim is None:
        return "contradicted" if cause in diagnosis.cause_ids else "agreed"
    view = View(diagnosis.facts)
    unknown = claim.unknown is not None and claim.unknown.holds(view)
    return "agreed" if unknown or claim.when.holds(view) else "contradicted"


def _since(message: SaidByCustomer, said: Sequence[SaidByCustomer], case: Case, dispute: Dispute, knowledge: Knowledge) -> Iterator[str]:
    after = [each for each in said[:-1] if each.number > message.number and each.typed]
    for each in after[-_MOST_SINCE:]:
        yield _line(knowledge, "since.said", words=each.text)
    for tried in case.tried[dispute.tried :][-_MOST_SINCE:]:
        cause = knowledge.causes.get(tried.cause)
        title = cause.title if cause is not None else knowledge.briefing.other_cause
        yield _line(knowledge, "since.step", title=title, step=tried.step, result=knowledge.briefing.results[tried.result])


def _line(knowledge: Knowledge, name: str, **values: Any) -> str:
    return knowledge.briefing.line(name, knowledge.locale, **values)
