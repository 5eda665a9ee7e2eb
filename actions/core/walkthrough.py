"""The walkthrough: an explicit state machine that decides what happens next. It says nothing itself; it returns moves.

``idle`` → (diagnosis) → ``offered`` | ``doing`` | ``waiting`` | ``explained`` | ``resolved``; ``doing`` → (check) → the next step, the next cause, ``resolved``,
``handoff_offered`` after two failed checks, ``handed_over`` after three. Every transition takes a diagnosis that was just made, because the
state decides, never the customer's word for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from actions.core.case import Case, Phase
from actions.core.causes import NO_CAUSE_FOUND, Cause
from actions.core.comparisons import Match
from actions.core.derived import View
from actions.core.diagnosis import Diagnosis, Found
from actions.core.fixers import must_wait
from actions.core.moments import local
from actions.core.moves import CheckFailed, CheckPassed, Confirm, Explain, HandOver, Move, OfferHandoff, Resolve, ShowStep, Wait

FAILURES_BEFORE_OFFER = 2
LOST_BEFORE_OFFER = 2


class Transition(NamedTuple):
    """The case as it is from now on, and what is said or done."""

    case: Case
    moves: tuple[Move, ...]


class Walkthrough:
    """Decides the moves for one known set of causes.

    Args:
        at: real time, by which what is tried is noted; without it, by the facts' clock.
    """

    def __init__(self, causes: dict[str, Cause], at: datetime | None = None) -> None:
        self._causes = causes
        self._at = at

    def begin(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """What to do about a diagnosis: start, explain, wait, refresh, resolve or hand over."""
        shown = (case.cause, case.step) if case.phase == "doing" else None
        case = case.but(causes=diagnosis.cause_ids, started=False)
        if not diagnosis.found:
            case, moves = self.refresh(case, diagnosis)
        elif not diagnosis.blocks:
            case, moves = self._to(case.on_cause(None), "resolved", Resolve(from_the_start=True))
        else:
            case, moves = self._go_on(case, diagnosis)
        if (case.cause, case.step) == shown:
            moves = tuple(replace(move, again=True) if isinstance(move, ShowStep) else move for move in moves)
        return Transition(case, moves)

    def start(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """The customer wants to start although some block is not theirs to fix."""
        walkable = self._walkable(diagnosis)
        if not walkable:
            return self.begin(case, diagnosis)
        case = self._turned(case.but(causes=diagnosis.cause_ids, started=True), walkable[0], diagnosis)
        return self._show(case, walkable[0].cause, walkable[0].matches)

    def can_start(self, diagnosis: Diagnosis) -> bool:
        """Whether there is something the customer can work on."""
        return bool(self._walkable(diagnosis))

    def check(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """The customer says the current step is done, or asks to look again."""
        if case.cause == NO_CAUSE_FOUND:
            return self._refresh(case, diagnosis)
        cause = self._causes.get(case.cause or "")
        if cause is None:
            return self.begin(case, diagnosis)
        found = diagnosis.get(cause.id)
        if found is None:
            return self._passed(case, cause, diagnosis)
        if not self._is_walkable(found, diagnosis):
            case, moves = self._go_on(case, diagnosis)
            return Transition(case, (CheckFailed(found), *moves))
        if case.phase == "waiting":
            # What was waited for has come, and no step is with the customer yet that could be done.
            return self._go_on(case, diagnosis)
        # The steps are those of the state as it is now.
        cause = found.cause
        if case.step + 1 < len(cause.steps) and self._step_done(case, cause, diagnosis):
            return self._show(self._noted(case, "done", diagnosis).but(step=case.step + 1, lost=0), cause, found.matches)
        return self._failed(case, found, diagnosis)

    def finished(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """The customer says that all of it is done, whichever step they are at."""
        found = diagnosis.get(case.cause)
        return self.check(case if found is None else case.but(step=max(case.step, len(found.cause.steps) - 1)), diagnosis)

    def look(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """The customer asks whether it works by now, and has not said that the step is done: it is not taken for done, nor for failed."""
        if case.cause == NO_CAUSE_FOUND:
            return self.begin(case, diagnosis) if diagnosis.blocks else self._to(case, "confirming", Confirm())
        found = diagnosis.get(case.cause)
        if case.phase != "doing" or found is None or case.step + 1 >= len(found.cause.steps) or not self._is_walkable(found, diagnosis):
            return self.check(case, diagnosis)
        case, moves = self._show(case, found.cause, found.matches, again=True, checked=True)
        return Transition(case, (CheckFailed(found), *moves))

    def lost(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """The customer cannot find what the step speaks of."""
        case = self._noted(case, "not_found", diagnosis).but(lost=case.lost + 1)
        if case.lost >= LOST_BEFORE_OFFER:
            return self._to(case, "handoff_offered", OfferHandoff("cannot_find"))
        return Transition(case.but(phase="doing"), ())

    def stuck(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """The customer cannot do the step, or sees no option after it though nothing blocks it."""
        if case.cause == NO_CAUSE_FOUND:
            if diagnosis.blocks:
                return self.begin(case, diagnosis)
            case, cause = self._noted(case, "failed", diagnosis), self._causes[NO_CAUSE_FOUND]
            if case.phase in ("doing", "confirming") and case.step + 1 < len(cause.steps):
                return self._show(case.but(step=case.step + 1), cause, ())
            return self._to(case, "handed_over", HandOver("no_cause_found"))
        return self._to(self._noted(case, "not_possible", diagnosis), "handoff_offered", OfferHandoff("cannot_do"))

    def tried_all(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """Nothing was found, and the customer has done the refresh round by themselves."""
        if diagnosis.blocks:
            return self.begin(case, diagnosis)
        return self._to(self._noted(case, "failed", diagnosis), "handoff_offered", OfferHandoff("tried_all"))

    def resume(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """The customer comes back to a step: the state may have moved on meanwhile."""
        cause = self._causes.get(case.cause or "")
        if cause is None:
            return self.begin(case, diagnosis)
        found = diagnosis.get(cause.id)
        if cause.id == NO_CAUSE_FOUND:
            return self.begin(case, diagnosis) if diagnosis.blocks else self._show(case, cause, (), again=True)
        if found is None:
            return self._passed(case, cause, diagnosis)
        if not self._is_walkable(found, diagnosis):
            return self._go_on(case, diagnosis)
        return self._show(case, found.cause, found.matches, again=True, checked=case.failures > 0)

    def refresh(self, case: Case, diagnosis: Diagnosis) -> Transition:
        """The customer does not see the option although, as the diagnosis says, at most limits are there: one round of refresh steps."""
        if diagnosis.blocks:
            return self.begin(case, diagnosis)
        return self._show(case.on_cause(NO_CAUSE_FOUND), self._causes[NO_CAUSE_FOUND], ())

    # --- inner transitions -------------------------------------------------------------------------------------------------------------

    def _go_on(self, case: Case, diagnosis: Diagnosis) -> Transition:
        called = (found for found in diagnosis.blocks if found.cause.id != case.alone)
        urgent = next((found for found in called if self._handed_over_unasked(found, diagnosis)), None)
        if urgent is not None:
            explain: tuple[Move, ...] = (Explain(urgent, False),) if urgent.cause.cannot_fix else ()
            return self._to(case.on_cause(urgent.cause.id), "handed_over", *explain, HandOver("cause", urgent))
        walkable = self._walkable(diagnosis)
        others = [found for found in diagnosis.blocks if found not in walkable]
        if walkable and (case.started or not others):
            return self._show(self._turned(case, walkable[0], diagnosis), walkable[0].cause, walkable[0].matches)
        # What a person was called for is past waiting.
        hard = next((found for found in others if found.cause.wait is None or found.cause.id == case.alone), None)
        first = hard or others[0]
        phase: Phase = "offered" if walkable else "explained" if hard else "waiting"
        move = Explain(first, bool(walkable)) if hard else Wait(first, bool(walkable))
        return self._to(self._turned(case, first, diagnosis), phase, move)

    def _turned(self, case: Case, found: Found, diagnosis: Diagnosis) -> Case:
        """The case turned to a cause, with what the state says about it before anything is tried."""
        turned = case.on_cause(found.cause.id)
        return turned if turned.seen else turned.but(seen=diagnosis.proofs(found.cause))

    def _passed(self, case: Case, cause: Cause, diagnosis: Diagnosis) -> Transition:
        case = self._noted(case, "passed", diagnosis).but(causes=diagnosis.cause_ids)
        passed = CheckPassed(cause, len(diagnosis.blocks))
        if not diagnosis.blocks:
            case, moves = self._to(case.on_cause(None), "resolved", Resolve())
        else:
            case, moves = self._go_on(case, diagnosis)
        return Transition(case, (passed, *moves))

    def _failed(self, case: Case, found: Found, diagnosis: Diagnosis) -> Transition:
        case = self._noted(case, "failed", diagnosis).but(failures=case.failures + 1)
        if case.failures > FAILURES_BEFORE_OFFER:
            return self._to(case.but(failures=0), "handed_over", CheckFailed(found), HandOver("failed_checks", found))
        if case.failures == FAILURES_BEFORE_OFFER:
            return self._to(case, "handoff_offered", CheckFailed(found), OfferHandoff("failed_checks"))
        case, moves = self._show(case, found.cause, found.matches, again=True, checked=True)
        return Transition(case, (CheckFailed(found), *moves))

    def _refresh(self, case: Case, diagnosis: Diagnosis) -> Transition:
        if diagnosis.blocks:
            return self.begin(case, diagnosis)
        cause = self._causes[NO_CAUSE_FOUND]
        if case.phase == "confirming":
            return self.stuck(case, diagnosis)
        case = self._noted(case, "done", diagnosis)
        if case.step + 1 < len(cause.steps):
            return self._show(case.but(step=case.step + 1), cause, ())
        return self._to(case, "confirming", Confirm())

    def _show(self, case: Case, cause: Cause, matches: tuple[Match, ...], again: bool = False, checked: bool = False) -> Transition:
        step = min(case.step, len(cause.steps) - 1)
        shown = ShowStep(cause, step, matches, again, checked)
        return Transition(case.but(phase="doing", step=step, paused=False), (shown,))

    def _to(self, case: Case, phase: Phase, *moves: Move) -> Transition:
        return Transition(case.but(phase=phase, paused=False, seen_option=False), moves)

    def _noted(self, case: Case, result: str, diagnosis: Diagnosis) -> Case:
        cause = self._causes.get(case.cause or "")
        at = local(self._at or diagnosis.facts.now).isoformat(timespec="seconds")
        return case.after(result, at, diagnosis.proofs(cause) if cause else {})  # type: ignore[arg-type]

    # --- questions to a diagnosis ------------------------------------------------------------------------------------------------------

    def _walkable(self, diagnosis: Diagnosis) -> list[Found]:
        return [found for found in diagnosis.blocks if self._is_walkable(found, diagnosis)]

    def _is_walkable(self, found: Found, diagnosis: Diagnosis) -> bool:
        cause = found.cause
        return cause.fixed_by == "user" and bool(cause.steps) and not must_wait(found, diagnosis.facts)

    def _handed_over_unasked(self, found: Found, diagnosis: Diagnosis) -> bool:
        rule = found.cause.handoff
        return rule.at_once or (rule.when is not None and bool(rule.when.holds(View(diagnosis.facts))))

    def _step_done(self, case: Case, cause: Cause, diagnosis: Diagnosis) -> bool:
        check = cause.steps[case.step].check
        return check is None or bool(check.holds(View(diagnosis.facts)))
