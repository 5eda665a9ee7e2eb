"""Words for the moves of the walkthrough and for diagnoses: state in, sentences out."""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

from actions.core.amounts import order_amount
from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND
from actions.core.diagnosis import Diagnosis, Found
from actions.core.facts import Facts
from actions.core.money import yuan_text
from actions.core.plans import PricedPlan, plans_for
from actions.core.walkthrough import CheckFailed, CheckPassed, Confirm, Explain, Move, OfferHandoff, Resolve, ShowStep, Wait
from actions.dialogue.buttons import NOTICE_TOPIC, Buttons
from actions.dialogue.speech import Speaker
from actions.dialogue.turn import Turn
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill

SURE = 0.8
"""The confidence from which on the assistant speaks of what the customer claims."""


class Teller:
    """Says diagnoses and moves through a speaker."""

    def __init__(self, knowledge: Knowledge, speaker: Speaker, buttons: Buttons) -> None:
        self._knowledge = knowledge
        self._speaker = speaker
        self._buttons = buttons

    def diagnosis(self, turn: Turn, diagnosis: Diagnosis) -> None:
        """What was found, the first cause explained, the others in a line each, with the evidence as data."""
        speaker = self._speaker
        before: List[str] = []
        contradicted = self._contradicted(turn, diagnosis)
        if contradicted:
            before.append(speaker.phrase("diagnosis.contradicted", claim=contradicted))
        kind = "diagnosis.found" if diagnosis.blocks else "diagnosis.limited" if diagnosis.found else self._nothing(diagnosis.facts)
        openings = speaker.variants(kind, subject=self._subject(diagnosis.facts))
        lines: List[str] = []
        if diagnosis.found:
            first, *others = diagnosis.found
            lines.extend(fill("\n".join(first.cause.explanation), Values(diagnosis.facts, first.matches)).splitlines())
            if others:
                lines.append(speaker.phrase("diagnosis.others"))
                lines.extend(
                    speaker.phrase("diagnosis.other", summary=fill(each.cause.summary, Values(diagnosis.facts, each.matches)))
                    for each in others
                )
        text, *variants = ["\n".join([*before, opening, *lines]) for opening in openings]
        speaker.say(text, data={"type": "diagnosis", **diagnosis.to_data()}, variants=variants)

    def moves(self, moves: Sequence[Move], diagnosis: Diagnosis, subscribed: bool, reworded: bool = False) -> None:
        """Says every move but the handover, which needs the desk first; ``reworded`` adds to a step how to find what it speaks of."""
        for move in moves:
            if isinstance(move, ShowStep):
                self._step(move, diagnosis.facts, reworded)
            elif isinstance(move, CheckPassed):
                self._passed(move)
            elif isinstance(move, CheckFailed):
                self._failed(move.found, diagnosis.facts)
            elif isinstance(move, Explain):
                self._explain(move, diagnosis.facts)
            elif isinstance(move, Wait):
                self.wait(move.found, diagnosis.facts, subscribed, move.startable)
            elif isinstance(move, Resolve):
                self._resolve(diagnosis)
            elif isinstance(move, Confirm):
                self._speaker.say(self._speaker.phrase("confirm"), self._buttons.confirm())
            elif isinstance(move, OfferHandoff):
                self._speaker.say(self._speaker.phrase(f"offer_handoff.{move.reason}"), self._buttons.handoff_offer())

    def hint(self, case: Case, facts: Facts, diagnosis: Diagnosis) -> None:
        """More help with finding what the current step speaks of."""
        cause = self._knowledge.causes[case.cause or NO_CAUSE_FOUND]
        step = cause.steps[case.step]
        found = diagnosis.get(cause.id)
        text = fill(step.hint, Values(facts, found.matches if found else ()))
        data = {"type": "step", "cause": cause.id, "step": case.step + 1, "steps": len(cause.steps), "path": step.path}
        self._speaker.say(text, self._buttons.step(), data)

    def wait(self, found: Found, facts: Facts, subscribed: bool, startable: bool = False, known: bool = False) -> None:
        """Only time helps: what is known about the end, unless the customer was just told, and the offer to tell when it has come."""
        wait = found.cause.wait
        text = fill(wait.text, Values(facts, found.matches)) if wait and not known else ""
        closing = "waiting.subscribed" if subscribed else "waiting.offer"
        self._speaker.say(
            "\n".join(filter(None, (text, self._speaker.phrase(closing)))),
            self._buttons.waiting(found.cause, subscribed, startable),
            {"type": "waiting", "cause": found.cause.id, "subscribed": subscribed},
        )

    def plans(self, amount: int, plans: Sequence[PricedPlan]) -> str:
        """A table of plans in words, each with its annual rate, and where the binding figures stand."""
        rows = [
            self._speaker.phrase(
                "plans.row" if plan.fee_total else "plans.free_row",
                tenor=plan.tenor,
                per_period=yuan_text(plan.per_period),
                fee=yuan_text(plan.fee_total),
                total=yuan_text(plan.total),
                apr=f"{plan.apr * 100:.2f}",
            )
            for plan in plans
        ]
        head = self._speaker.phrase("plans.head", amount=yuan_text(amount))
        return "\n".join([head, *rows, self._speaker.phrase("plans.binding")])

    # --- one move each -----------------------------------------------------------------------------------------------------------------

    def _step(self, move: ShowStep, facts: Facts, reworded: bool) -> None:
        cause, step = move.cause, move.cause.steps[move.step]
        values = Values(facts, move.matches)
        kind = "step.again" if move.again and not move.checked else "step.checked" if move.checked else "step.first"
        if len(cause.steps) == 1:
            kind += "_only"
        path = [self._speaker.phrase("step.path", path=step.path)] if step.path else []
        path += [fill(step.hint, values)] if reworded else []
        said = self._speaker.variants(kind, number=move.step + 1, count=len(cause.steps), text=fill(step.text, values))
        text, *variants = ["\n".join([each, *path]) for each in said]
        data = {"type": "step", "cause": cause.id, "step": move.step + 1, "steps": len(cause.steps), "path": step.path}
        self._speaker.say(text, self._buttons.step(move.checked), data, variants)

    def _passed(self, move: CheckPassed) -> None:
        phrase = "check.passed_more" if move.remaining else "check.passed"
        text = self._speaker.phrase(phrase, title=move.cause.title, count=move.remaining)
        self._speaker.say(text, data={"type": "check", "cause": move.cause.id, "passed": True})

    def _failed(self, found: Found, facts: Facts) -> None:
        cause = found.cause
        usual = self._speaker.variants("check.failed" if cause.steps else "check.unchanged", title=cause.title)
        text, *variants = [*([fill(cause.still, Values(facts, found.matches))] if cause.still else []), *usual]
        self._speaker.say(text, data={"type": "check", "cause": cause.id, "passed": False}, variants=variants)

    def _explain(self, move: Explain, facts: Facts) -> None:
        cause = move.found.cause
        text = fill(cause.cannot_fix or cause.summary, Values(facts, move.found.matches))
        if move.startable:
            text = f"{text}\n{self._speaker.phrase('explained.startable')}"
        self._speaker.say(
            text,
            self._buttons.explained(cause, move.startable),
            {
                "type": "explained",
                "cause": cause.id,
                "fixed_by": cause.fixed_by,
                "alternatives": [topic for topic in cause.alternatives if topic != NOTICE_TOPIC],
            },
        )

    def _resolve(self, diagnosis: Diagnosis) -> None:
        facts = diagnosis.facts
        plans = plans_for(facts)
        lines = [self._speaker.phrase(f"resolved.{facts.subject.kind}")]
        lines.extend(fill(found.cause.summary, Values(facts, found.matches)) for found in diagnosis.limits)
        if plans:
            lines.append(self.plans(plans[0].amount, plans))
        data = {
            "type": "resolved",
            **facts.subject.to_data(),
            "plans": [plan.to_data() for plan in plans],
        }
        self._speaker.say("\n".join(lines), self._buttons.resolved(), data)

    # --- parts of sentences ------------------------------------------------------------------------------------------------------------

    def _subject(self, facts: Facts) -> str:
        if facts.bill is not None:
            return self._speaker.phrase("subject.bill", month=int(facts.bill.month[-2:]))
        if facts.order is None:
            return self._speaker.phrase("subject.account")
        if not facts.lines:
            return self._speaker.phrase("subject.empty_order")
        phrase = "subject.order" if len(facts.lines) == 1 else "subject.order_of_several"
        return self._speaker.phrase(phrase, item=facts.lines[0].item.title, count=len(facts.lines), amount=yuan_text(order_amount(facts)))

    def _nothing(self, facts: Facts) -> str:
        return f"diagnosis.nothing.{facts.subject.kind}"

    def _contradicted(self, turn: Turn, diagnosis: Diagnosis) -> Optional[str]:
        known: Tuple[str, ...] = self._knowledge.intents[turn.intent].causes
        # A claim that was only guessed at must not be denied.
        if not diagnosis.found or turn.confidence < SURE or not known or set(known) & set(diagnosis.cause_ids):
            return None
        return self._knowledge.intents[turn.intent].claim
