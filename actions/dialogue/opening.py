"""The first screen in words: what the state shows, the one next step, what customers are likely to ask, and where a case stopped."""

from __future__ import annotations

from typing import Any

from actions.core.case import Case
from actions.core.causes import Cause
from actions.core.diagnosis import Diagnosis, Found, diagnose
from actions.core.facts import FactsSource, UnknownSubject
from actions.core.opening import begins_with, looked_at, only_unpaid, progress, standing
from actions.core.subject import ACCOUNT
from actions.dialogue.findings import finding
from actions.knowledge import phrases
from actions.knowledge.model import Knowledge
from actions.knowledge.openings import UNKNOWN
from actions.knowledge.phrases import Phrase


class Opening:
    """Makes first screens; it only reads.

    Args:
        knowledge: causes and words.
        source: the customer's state.
    """

    def __init__(self, knowledge: Knowledge, source: FactsSource) -> None:
        self._knowledge = knowledge
        self._source = source

    def of(self, user: str, token_order: str | None, case: Case) -> dict[str, Any]:
        """The first screen of a customer, as JSON.

        Args:
            token_order: the order on the page.
            case: as it was left.

        Raises:
            UnknownCustomer: there is no such customer.
        """
        diagnosis = self._diagnosis(user, token_order, case)
        stands = standing(case, diagnosis)
        shown = (diagnosis.blocks or diagnosis.found) if stands in ("blocked", "limited") else ()
        first = shown[0].cause if shown else None
        stopped = progress(case, diagnosis)
        return {
            **diagnosis.facts.subject.to_data(),
            "stands": stands,
            "text": self._text(stands, diagnosis),
            "causes": [{"id": found.cause.id, "kind": found.cause.kind, **_finding(found, diagnosis)} for found in shown],
            "start": None if stands == "person" or stopped else self._start(stands, diagnosis),
            "progress": stopped
            and {
                "cause": stopped.cause,
                "step": stopped.step,
                "steps": stopped.steps,
                "text": self._said(
                    phrases.OPENING_PROGRESS,
                    step=stopped.step,
                    steps=stopped.steps,
                    needs=self._needs(self._knowledge.causes[stopped.cause]),
                ),
                "go_on": self._button(phrases.OPENING_TITLES["go_on"], "back"),
            },
            "questions": [] if stands == "person" else self._questions(stands, first),
        }

    def _diagnosis(self, user: str, token_order: str | None, case: Case) -> Diagnosis:
        subject = looked_at(case, token_order) or only_unpaid(self._source.orders(user), self._source.bills(user))
        try:
            facts = self._source.snapshot(user, subject)
        except UnknownSubject:
            # The order or bill is gone from the state: what is left to look at is the account.
            facts = self._source.snapshot(user, ACCOUNT)
        return diagnose(facts, self._knowledge.causes.values())

    def _text(self, stands: str, diagnosis: Diagnosis) -> str:
        kind = diagnosis.facts.subject.kind
        if stands in ("blocked", "limited"):
            found = diagnosis.blocks or diagnosis.found
            phrase = (phrases.OPENING_BLOCKED if diagnosis.blocks else phrases.OPENING_LIMITED)[kind]
            titles = tuple(each.cause.title for each in found)
            return self._said(phrase, count=len(found), titles=titles)
        return "" if stands == "person" else self._said(phrases.OPENING_CLEAR[kind] if stands == "clear" else phrases.OPENING_UNKNOWN)

    def _start(self, stands: str, diagnosis: Diagnosis) -> dict[str, str]:
        titles = phrases.OPENING_TITLES
        if stands == "limited":
            return self._button(titles["look"], "tenors")
        says = "missing" if diagnosis.facts.bill is None else "missing_bill"
        if stands != "blocked":
            return self._button(titles["missing" if stands == "clear" else "ask"], says)
        begun = begins_with(diagnosis)
        if begun is None:
            return self._button(titles["explain"], says)
        return self._button(phrases.OPENING_START, says, needs=self._needs(self._knowledge.causes[begun]))

    def _questions(self, stands: str, first: Cause | None) -> list[dict[str, str]]:
        # Whoever can choose installments, be it with limits, asks what they cost: not how else to pay.
        situation = first.nature if first is not None and stands == "blocked" else UNKNOWN if stands == "unknown" else "none"
        return [{"text": question.ask} for question in self._knowledge.openings.likely_of(first, situation)]

    def _button(self, title: Phrase, says: str, **values: Any) -> dict[str, str]:
        return {"title": self._said(title, **values), "text": self._said(phrases.OPENING_SAYS[says])}

    def _needs(self, cause: Cause) -> str:
        return self._knowledge.openings.needs_of(cause)

    def _said(self, phrase: Phrase, **values: Any) -> str:
        return self._knowledge.phrases.texts(phrase, **values)[0]


def _finding(found: Found, diagnosis: Diagnosis) -> dict[str, Any]:
    return finding(found, diagnosis.facts).dict(exclude={"cause"})
