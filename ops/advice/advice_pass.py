"""The worker's pass of advice: what is to come is looked up, what is due is told, and what became of it is noted; each part by itself can be ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.advice.effect import judge, note_outcomes
from ops.advice.planning import plan_ahead
from ops.advice.sending import send_due

if TYPE_CHECKING:
    from ops.worker import Surroundings


def advise(here: Surroundings) -> int:
    """Does all of it once; how many customers were written to."""
    plan_ahead(here)
    if note_outcomes(here):
        judge(here)
    return send_due(here)
