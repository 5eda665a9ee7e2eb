"""The case in an agent's words, made from the templates of ``knowledge/briefing.yml``; the same case always gives the same words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND
from actions.core.diagnosis import Diagnosis, Found
from actions.core.fixers import changed_by
from actions.core.subject import ACCOUNT
from actions.handoff import payload
from actions.handoff.claims_made import ClaimMade, contradicted, in_words
from actions.handoff.headlines import NO_NAME, headline, subject_words
from actions.handoff.payload_state import bill_block, order_block
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill


class Summariser:
    """Words for one case.

    Args:
        knowledge: templates, causes, intents.
        reason: why it is handed over.
        case: as it stands.
        diagnosis: made just now.
        claims: what the customer said against the record, the main one first.
    """

    def __init__(self, knowledge: Knowledge, reason: str, case: Case, diagnosis: Diagnosis, claims: Sequence[ClaimMade] = ()) -> None:
        self._knowledge = knowledge
        self._briefing = knowledge.briefing
        self._locale = knowledge.locale
        self._reason = knowledge.handoffs[reason].agents
        self._case = case
        self._diagnosis = diagnosis
        self._claims = claims

    def summary(self, words: str, told: Sequence[Mapping[str, Any]], opened: str = "", last: str = "") -> payload.Summary:
        """The summary block.

        Args:
            words: the customer's own in the message that led here, masked.
            told: the machine words of every bot message so far.
            opened: what they complained of first; ``last`` what they said before, where nothing was complained of.
        """
        return payload.Summary(
            headline=self._headline(),
            situation=list(self._situation()),
            asked_for=list(filter(None, self._asked_for(words, opened, last))),
            already_told=list(dict.fromkeys(self._already_told(told))),
            open_questions=list(filter(None, self._open_questions())),
        )

    def recommended(self) -> payload.Recommended:
        """The next action: the reason's own, else what the first cause needs; each with what it rests on.

        Before the customer is told once more what they dispute, somebody looks whether they are right.
        """
        advice, claim = self._recommended(), contradicted(self._claims)
        if self._reason.action is not None or claim is None or claim.check is None:
            return advice
        action = self._briefing.recommended("claim", self._locale, claim=claim.title, check=claim.check, action=advice.action)
        return advice.copy(update={"action": action})

    def _recommended(self) -> payload.Recommended:
        found = next(iter(self._diagnosis.blocks or self._diagnosis.found), None)
        if self._reason.action is not None:
            # It is the same whatever the cause: the cause's file says nothing for it.
            return payload.Recommended(
                action=self._reason.action, cause=found.cause.id if found else None, knowledge=["knowledge/handoffs.yml"], brief=[]
            )
        if found is None:
            cause = self._knowledge.causes[NO_CAUSE_FOUND]
            kind = "account" if self._diagnosis.facts.subject.kind == "account" else "nothing"
            action = self._briefing.recommended(kind, self._locale)
            return payload.Recommended(action=action, cause=None, knowledge=[f"knowledge/causes/{cause.id}.yml"], brief=list(cause.brief))
        cause = found.cause
        step = min(self._case.step, len(cause.steps) - 1) if cause.id == self._case.cause else 0
        merchants = list(dict.fromkeys(line.merchant.name for line in self._diagnosis.facts.lines if line.merchant.name))
        text = cause.steps[step].text if cause.steps else cause.cannot_fix or cause.summary
        known = {
            "title": cause.title,
            "step": self._briefing.of_customer(self._briefing.by_person(self._filled(text, found))) or cause.title,
            "merchant": merchants or NO_NAME,
        }
        action = self._briefing.recommended(changed_by(found, self._diagnosis.facts), self._locale, **known)
        return payload.Recommended(action=action, cause=cause.id, knowledge=[f"knowledge/causes/{cause.id}.yml"], brief=list(cause.brief))

    def do_not(self) -> list[str]:
        """What must not be done in a case of this kind."""
        return list(self._reason.do_not)

    def do_not_ask(self, messages: int) -> list[str]:
        """What must never be asked, and what is known already."""
        facts, tried = self._diagnosis.facts, len(self._case.tried)
        known = [
            self._line("known.order", order=facts.order.id) if facts.order else "",
            self._line("known.bill", month=facts.bill.month) if facts.bill else "",
            self._line("known.story", count=messages),
            self._line("known.steps", count=tried) if tried else "",
        ]
        return [*self._briefing.do_not_ask, *filter(None, known)]

    def resume(self) -> payload.Resume:
        """Where the assistant can go on."""
        case = self._case
        subject = case.subject or ACCOUNT
        cause = self._knowledge.causes.get(case.cause or "")
        step = case.step + 1 if cause is not None and cause.steps else None
        text = self._line("resume.step", title=cause.title, step=step) if cause is not None and step else self._line("resume.begin")
        return payload.Resume(phase=case.phase, cause=case.cause, step=step, text=text, **subject.to_data())

    # --- parts -------------------------------------------------------------------------------------------------------------------------

    def _subject(self) -> str:
        return subject_words(order_block(self._diagnosis.facts), bill_block(self._diagnosis.facts), self._knowledge)

    def _headline(self) -> str:
        facts, titles = self._diagnosis.facts, [found.cause.title for found in self._diagnosis.found]
        return headline(self._reason.title, order_block(facts), bill_block(facts), titles, self._knowledge, self._claims)

    def _situation(self) -> Iterator[str]:
        facts = self._diagnosis.facts
        yield self._line("situation.subject", subject=self._subject(), read_at=facts.now)
        for found in self._diagnosis.found:
            summary = self._briefing.of_customer(self._filled(found.cause.summary, found)) or found.cause.title
            kind, fixed_by = self._briefing.kinds[found.cause.kind], self._briefing.fixed_by[changed_by(found, facts)]
            yield self._line("situation.cause", kind=kind, summary=summary, fixed_by=fixed_by)
        if not self._diagnosis.found:
            checked = [cause for cause in self._knowledge.causes.values() if self._diagnosis.ruled_out(cause)]
            yield self._line("situation.nothing", count=len(checked))
        for each in facts.open_incidents:
            word = self._knowledge.facts.word_for_agents
            component, severity = word("incident.component", each.component), word("incident.severity", each.severity)
            yield self._line("situation.incident", component=component, severity=severity, started_at=each.started_at)

    def _asked_for(self, words: str, opened: str, last: str) -> Iterator[str]:
        yield self._line("asked.reason", asked=self._reason.asked_for)
        yield from in_words(self._claims, self._knowledge)
        if opened:
            yield self._line("asked.opened", words=opened)
        meaning = self._knowledge.intents.get(self._case.intent or "")
        if meaning is not None and meaning.title:
            yield self._line("asked.intent", intent=meaning.title)
        if last:
            yield self._line("asked.last", words=last)
        if words:
            yield self._line("asked.words", words=words)

    def _already_told(self, told: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        for data in told:
            text = self._told(data)
            if text:
                yield text

    def _told(self, data: Mapping[str, Any]) -> str | None:
        kind, title = data.get("type"), self._title(data.get("cause"))
        if kind == "diagnosis":
            titles = [self._title(cause["id"]) for cause in data["causes"]]
            return self._line("told.diagnosis", titles=titles) if titles else self._line("told.nothing")
        if kind == "step":
            return self._line("told.step", title=title, step=data["step"])
        if kind == "check":
            return self._line("told.check", title=title, result=self._briefing.results["passed" if data["passed"] else "failed"])
        if kind == "answer":
            topic = self._knowledge.answers.topics.get(str(data["topic"]))
            # What the knowledge does not name any more has no words for people.
            return self._line("told.answer", topic=topic.title) if topic else None
        if kind in ("explained", "waiting", "advice"):
            return self._line(f"told.{kind}", title=title)
        return self._line(f"told.{kind}") if kind in ("resolved", "plans") else None

    def _open_questions(self) -> Iterator[str]:
        yield from self._reason.questions
        if self._case.phase == "asking_subject":
            yield self._line("open.subject")
        for found in self._diagnosis.blocks:
            yield self._line("open.cause", title=found.cause.title)
        passed = sum(tried.result == "passed" for tried in self._case.tried)
        if passed:
            yield self._line("open.more", count=passed)

    def _title(self, cause_id: Any) -> str:
        cause = self._knowledge.causes.get(str(cause_id))
        # A cause that is not in the knowledge any more has no words of its own.
        return cause.title if cause is not None else self._briefing.other_cause

    def _line(self, name: str, **values: Any) -> str:
        return self._briefing.line(name, self._locale, **values)

    def _filled(self, text: str, found: Found) -> str:
        return fill(text, Values(self._diagnosis.facts, found.matches), self._locale)
