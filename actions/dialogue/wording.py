"""Diagnoses and moves of the walkthrough in words: state in, sentences with their buttons and data out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from actions.core.comparisons import Match
from actions.core.derived import View
from actions.core.diagnosis import Diagnosis, Found, evidence_data, facts_behind
from actions.core.facts import Facts
from actions.core.fixers import changed_by
from actions.core.message_parts import EvidenceData
from actions.core.messages import CheckData, ExplainedData, PlansData, ResolvedData, WaitingData, plan_data
from actions.core.money import yuan_number
from actions.core.moves import CheckFailed, CheckPassed, Confirm, Explain, Move, OfferHandoff, Resolve, ShowStep, Wait
from actions.core.plans import PricedPlan, plans_for
from actions.core.topics import fitting
from actions.dialogue.buttons import NOTICE_TOPIC, Buttons
from actions.dialogue.figures import plan_table
from actions.dialogue.findings import diagnosis_data, subject_phrase
from actions.dialogue.once import Once
from actions.dialogue.speaker import Speaker, unsaid
from actions.dialogue.step_wording import StepWording
from actions.knowledge import phrases
from actions.knowledge.aspects import Claim
from actions.knowledge.pages import Pages
from actions.knowledge.phrases import Phrase
from actions.knowledge.rendering import Locale, Values, fill

MOST_CLAIMS = 2
"""Things the customer says of their own state to which one reply says something."""


class Wording:
    """Says diagnoses and moves through a speaker; values are written as the locale says."""

    def __init__(self, speaker: Speaker, buttons: Buttons, locale: Locale, pages: Pages) -> None:
        self._speaker, self._buttons = speaker, buttons
        self._locale = locale
        self.steps = StepWording(speaker, buttons, locale, pages)
        """Says the steps of the walkthrough."""
        self.ends_told: set[str] = set()
        """The causes of which this reply has said already how long they take."""
        self._once = Once(locale.remarks)
        self.answers_told: set[str] = set()
        """The causes of which an answer in this reply has said all there is to say."""

    def diagnosis(self, diagnosis: Diagnosis, before: Sequence[str] = (), behind: Sequence[str] = (), instead: Sequence[str] = ()) -> None:
        """What was found, the first cause explained, the others in a line each, with the evidence as data.

        Args:
            before: lines that answer what was asked, in front of what was found.
            behind: lines about sub-questions.
            instead: what is said instead of the usual sentence, filled, in variants; not behind an answer to something that was found.
        """
        speaker, facts = self._speaker, diagnosis.facts
        opening = phrases.DIAGNOSIS_NOTHING[facts.subject.kind]
        if diagnosis.found:
            opening = phrases.DIAGNOSIS_FOUND if diagnosis.blocks else phrases.DIAGNOSIS_LIMITED
        before, lines = self._once.kept(before), []
        named = diagnosis.first is not None and diagnosis.first.cause.is_told_in("\n".join(before))
        for first in diagnosis.found[:1]:
            explained = self.filled("\n".join(first.cause.explanation), Values(facts, first.matches)).splitlines()
            lines += self._once.kept(self._once.explained(explained, before, facts, named))
        others = self.others(diagnosis.found[1:], facts)
        openings = speaker.variants(opening, subject=self.subject_of(facts))
        led = bool(before and diagnosis.found)
        if led:
            # Nothing is led in where the answer has named the cause.
            openings = ("",) if named else speaker.variants(phrases.DIAGNOSIS_LED)
        elif instead:
            openings = tuple(instead)
        behind = [line for each in behind if (line := unsaid(each, [*before, *lines, *others])) and line[:1] == each[:1]]
        behind = self._once.kept(behind)
        titles = self._named(diagnosis)
        # Beside a list nobody need be told that something was found.
        self._tell(
            diagnosis,
            {
                "\n".join([*before, *filter(None, [each]), *lines, *others, *behind]): [
                    *before,
                    *([] if led else [each]),
                    *titles,
                    *lines,
                    *behind,
                ]
                for each in openings
            },
        )

    def diagnosis_in_brief(
        self, diagnosis: Diagnosis, opening: Phrase, before: Sequence[str], behind: Sequence[str], named: Sequence[Found]
    ) -> None:
        """The causes to name in a line for each; ``opening`` introduces them, other arguments are as for ``diagnosis``."""
        lines = [self._speaker.phrase(phrases.DIAGNOSIS_OTHER, summary=self.summary(found, diagnosis.facts)) for found in named]
        texts = {text: [text] for text in ("\n".join([*before, each, *lines, *behind]) for each in self._speaker.variants(opening))}
        self._tell(diagnosis, texts)

    def _tell(self, diagnosis: Diagnosis, texts: Mapping[str, Sequence[str]]) -> None:
        """Says one of several texts, each with its lines for whoever shows the causes beside it."""
        text = self._speaker.fresh(tuple(texts))
        self._speaker.say(text, data=diagnosis_data(diagnosis, text, "\n".join(texts[text])))

    def _named(self, diagnosis: Diagnosis) -> list[str]:
        """How many causes a list shows, and which, in front of the first of several; limits count where nothing blocks."""
        shown = diagnosis.blocks or diagnosis.found
        if len(shown) < 2:
            return []
        phrase = phrases.DIAGNOSIS_NAMED[shown[0].cause.kind]
        return [self._speaker.phrase(phrase, count=len(shown), titles=tuple(each.cause.title for each in shown))]

    def several_places(self, diagnosis: Diagnosis) -> str:
        """That the reasons lie at several places, with who can change something about each."""
        owners = dict.fromkeys(changed_by(found, diagnosis.facts) for found in diagnosis.blocks)
        phrase = phrases.DIAGNOSIS_SEVERAL if len(owners) > 1 else phrases.DIAGNOSIS_SEVERAL_ALIKE
        return self._speaker.phrase(phrase, owners=tuple(self._speaker.phrase(phrases.DIAGNOSIS_OWNERS[owner]) for owner in owners))

    def places(self, diagnosis: Diagnosis) -> tuple[str, ...]:
        """Where the reasons lie and which they are, if that is at several places; empty else."""
        if len({found.cause.level for found in diagnosis.blocks}) < 2:
            return ()
        lines = [self._speaker.phrase(phrases.DIAGNOSIS_OTHER, summary=self.summary(each, diagnosis.facts)) for each in diagnosis.blocks]
        return ("\n".join([self.several_places(diagnosis), *lines]),)

    def others(self, found: Sequence[Found], facts: Facts, known: Collection[str] = ()) -> list[str]:
        """What else was found, a line for each cause; a single one that is ``known`` already is no finding to announce."""
        if len(found) == 1 and found[0].cause.id in known:
            return [self._speaker.phrase(phrases.ONE_MORE, summary=self.summary(found[0], facts))]
        lines = [self._speaker.phrase(phrases.DIAGNOSIS_OTHER, summary=self.summary(each, facts)) for each in found]
        return [self._speaker.phrase(phrases.DIAGNOSIS_OTHERS), *lines] if lines else []

    def claims(
        self, known: Mapping[str, Claim], said: Iterable[str], facts: Facts, contradicted_only: bool = False, agreed_only: bool = False
    ) -> list[str]:
        """What the record says to what the customer claims of their own state: to the first two things to which it says anything.

        Args:
            known: the claims by name.
            said: names of those the customer makes.
            contradicted_only: leave out what merely agrees; ``agreed_only`` leaves out the rest.
        """
        view, answered = View(facts), []
        for name in said:
            claim = known[name]
            if claim.unknown is not None and claim.unknown.holds(view):
                texts, matches = (() if contradicted_only or agreed_only else claim.unseen), ()
            else:
                holding = claim.when.holds(view)
                agreed = () if contradicted_only else claim.agreed
                denied = () if agreed_only else claim.contradicted
                texts, matches = (agreed, holding.matches) if holding else (denied, ())
            lines = [line for line in (self.filled(text, Values(facts, matches)) for text in texts) if line]
            if lines:
                answered.append(self._speaker.fresh(lines))
        return answered[:MOST_CLAIMS]

    def filled(self, text: str, values: Values) -> str:
        """A text with its placeholders filled; lines whose placeholders have no value are left out."""
        return fill(text, values, self._locale)

    def variants(self, texts: Sequence[str], values: Values) -> tuple[str, ...]:
        """Those of several texts that fit the state, filled; without those of which nothing is left because the state lacks what they speak of."""
        fit = fitting(texts, values.view)
        return tuple(filled for text, matches in fit if (filled := self.filled(text, values.at(matches))))

    def one_of(self, texts: Sequence[str], values: Values) -> str:
        """The first of several texts, filled, that was not just said; empty if the state lacks what each of them speaks of."""
        return self._speaker.fresh(self.variants(texts, values) or ("",))

    def evidence(self, names: Iterable[str], view: View, matches: Sequence[Match]) -> list[EvidenceData]:
        """The state that an answer rests on, as data."""
        return [EvidenceData(**each) for each in evidence_data(facts_behind(names, view, matches), view.facts.now)]

    def proofs(self, found: Found | None, now: datetime) -> list[EvidenceData]:
        """What proves a cause, as data; empty without one."""
        return [EvidenceData(**each) for each in evidence_data(found.evidence, now)] if found is not None else []

    def in_a_line(self, diagnosis: Diagnosis) -> str:
        """What a diagnosis is of and the first that was found, in one line."""
        subject = self.subject_of(diagnosis.facts)
        if diagnosis.first is None:
            return self._speaker.phrase(phrases.ORDER_CLEAR, subject=subject)
        summary, others = self.summary(diagnosis.first, diagnosis.facts), len(diagnosis.found) - 1
        if others:
            return self._speaker.phrase(phrases.ORDER_BLOCKED_MORE, subject=subject, summary=summary, count=others)
        return self._speaker.phrase(phrases.ORDER_BLOCKED, subject=subject, summary=summary)

    def summary(self, found: Found, facts: Facts) -> str:
        """A cause in one line; its title where the state lacks what the line speaks of."""
        return self.filled(found.cause.summary, Values(facts, found.matches)) or found.cause.title

    def move(self, move: Move, diagnosis: Diagnosis, subscribed: bool = False, reworded: bool = False) -> None:
        """Says a move; a handover is not said here, it needs the desk first.

        Args:
            subscribed: whether the customer will be told of the end of what is waited for.
            reworded: adds to a step how to find what it speaks of.
        """
        facts = diagnosis.facts
        match move:
            case ShowStep():
                self.steps.show(move, facts, reworded)
            case CheckPassed(cause, remaining):
                more = {"count": remaining} if remaining else {}
                phrase = phrases.CHECK_PASSED_MORE if remaining else phrases.CHECK_PASSED
                text = self._speaker.phrase(phrase, title=cause.title, **more)
                self._speaker.say(text, data=CheckData(cause=cause.id, passed=True, blocked=remaining > 0))
            case CheckFailed(found):
                self._failed(found, facts)
            case Explain(found, startable):
                self._explain(found, startable, facts)
            case Wait(found, startable):
                self.wait(found, facts, subscribed, startable)
            case Resolve(from_the_start):
                self._resolve(diagnosis, from_the_start)
            case Confirm():
                self._speaker.say(self._speaker.phrase(phrases.CONFIRM), self._buttons.confirm())
            case OfferHandoff(reason):
                self._speaker.say(self._speaker.phrase(phrases.OFFER_HANDOFF_FOR[reason]), self._buttons.handoff_offer())

    def wait(self, found: Found, facts: Facts, subscribed: bool, startable: bool, known: bool = False) -> None:
        """Only time helps: what is known about the end, unless the customer was just told, and the offer to tell when it has come."""
        wait = found.cause.wait
        text = self.filled(wait.text, Values.about(facts, found)) if wait and not known else ""
        if found.cause.id in self.ends_told:
            # How long it takes was asked, and stands in the reply already: its first line says no more.
            _, _, text = text.partition("\n")
        text = self._closing(found.cause.id, text, facts)
        closing = self._speaker.phrase(phrases.WAITING_SUBSCRIBED if subscribed else phrases.WAITING_OFFER)
        self._speaker.say(
            "\n".join(filter(None, (text, closing))),
            self._buttons.waiting(found.cause, subscribed, startable),
            WaitingData(cause=found.cause.id, subscribed=subscribed, startable=startable),
        )

    def quote(self, amount: int, plans: tuple[PricedPlan, ...], topics: Sequence[str], taken: str = "", of_order: bool = False) -> None:
        """What an amount would cost in each tenor, each with its annual rate.

        Args:
            amount: in fen.
            topics: answers to offer beside it.
            taken: how the amount was arrived at, if it is not simply the one that was named.
            of_order: whether these are the plans of an order that can be split; those of any other amount are no offer.
        """
        head, rows, note = plan_table(self._speaker, amount, plans)
        head = "\n".join(filter(None, [taken, head]))
        if not of_order:
            note = f"{note}\n{self._speaker.phrase(phrases.QUOTE_NOT_AN_OFFER)}"
        self._speaker.say(
            "\n".join([head, *rows, note]),
            (*self._buttons.topics(topics), self._buttons.person()),
            PlansData(amount=yuan_number(amount), plans=plan_data(plans), intro=head, note=note),
        )

    def _closing(self, cause: str, text: str, facts: Facts) -> str:
        """What is left of a text that closes the reply about a cause."""
        left = self._once.closing(text, [reply.text for reply in self._speaker.replies], facts, cause in self.answers_told)
        return "\n".join(self._once.kept([left]))

    # --- one move each -----------------------------------------------------------------------------------------------------------------

    def _failed(self, found: Found, facts: Facts) -> None:
        cause = found.cause
        if cause.steps:
            usual = self._speaker.variants(phrases.CHECK_FAILED, summary=self.summary(found, facts))
        else:
            usual = self._speaker.variants(phrases.CHECK_UNCHANGED, title=cause.title)
        text, *variants = [*([self.filled(cause.still, Values.about(facts, found))] if cause.still else []), *usual]
        self._speaker.say(text, data=CheckData(cause=cause.id, passed=False, blocked=True), variants=variants)

    def _explain(self, found: Found, startable: bool, facts: Facts) -> None:
        cause = found.cause
        text = self.filled(cause.cannot_fix or cause.summary, Values.about(facts, found))
        text = self._closing(cause.id, text, facts) or self._speaker.phrase(phrases.EXPLAINED_CHOICES)
        if startable:
            text = f"{text}\n{self._speaker.phrase(phrases.EXPLAINED_STARTABLE)}"
        alternatives = [topic for topic in cause.alternatives if topic != NOTICE_TOPIC]
        data = ExplainedData(cause=cause.id, fixed_by=cause.fixed_by, alternatives=alternatives, startable=startable)
        self._speaker.say(text, self._buttons.explained(cause, startable), data)

    def _resolve(self, diagnosis: Diagnosis, from_the_start: bool) -> None:
        facts, plans = diagnosis.facts, plans_for(diagnosis.facts)
        solved = phrases.RESOLVED[facts.subject.kind]
        subject = self.subject_of(facts)
        lines = [self._speaker.phrase(phrases.NOT_BLOCKED, subject=subject) if from_the_start else self._speaker.phrase(solved)]
        lines.extend(self.summary(found, facts) for found in diagnosis.limits)
        rows: list[str] = []
        note: str | None = None
        if plans:
            head, rows, note = plan_table(self._speaker, plans[0].amount, plans)
            lines.append(head)
        data = ResolvedData(order=facts.subject.order, bill=facts.subject.bill, plans=plan_data(plans), intro="\n".join(lines), note=note)
        self._speaker.say("\n".join(filter(None, [*lines, *rows, note])), self._buttons.resolved(), data)

    def subject_of(self, facts: Facts) -> str:
        """What the customer looks at, as a sentence names it."""
        phrase, values = subject_phrase(facts)
        return self._speaker.phrase(phrase, **values)
