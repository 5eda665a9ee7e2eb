"""The state of the case as features: a follow-up means one thing at a step and another at a waiting card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from scipy import sparse

from actions.core.case import Phase
from actions.core.causes import Nature

PHASES: tuple[str, ...] = get_args(Phase)
NATURES: tuple[str, ...] = get_args(Nature)
_WIDTH = len(PHASES) + len(NATURES) + len(PHASES) * len(NATURES)


@dataclass(frozen=True)
class CaseState:
    """Where a case stands when the customer writes.

    Attributes:
        phase: of the case.
        nature: of the cause on the table; None if there is none.

    Raises:
        ValueError: there is no such phase or nature.
    """

    phase: str
    nature: str | None = None

    def __post_init__(self) -> None:
        if self.phase not in PHASES:
            raise ValueError(f"{self.phase} is no phase; there are {', '.join(PHASES)}")
        if self.nature is not None and self.nature not in NATURES:
            raise ValueError(f"{self.nature} is no nature of a cause; there are {', '.join(NATURES)}")

    @classmethod
    def of(cls, data: Mapping[str, str] | None) -> CaseState | None:
        """Reads ``{"phase": …, "nature": …}``; None, or a case that has not begun, has no state."""
        if not data or data.get("phase") in (None, "idle"):
            return None
        return cls(str(data["phase"]), data.get("nature"))


def case_rows(states: Sequence[CaseState | None], weight: float = 0.5) -> sparse.csr_matrix:
    """One row per state: its phase, its nature, and both together; empty where no case is under way.

    Args:
        weight: value of a feature that holds, against n-gram rows of unit length.
    """
    indices: list[int] = []
    ends = [0]
    for state in states:
        if state is not None:
            phase = PHASES.index(state.phase)
            indices.append(phase)
            if state.nature is not None:
                nature = NATURES.index(state.nature)
                indices += [len(PHASES) + nature, len(PHASES) + len(NATURES) + phase * len(NATURES) + nature]
        ends.append(len(indices))
    return sparse.csr_matrix((np.full(len(indices), weight, dtype=np.float32), indices, ends), shape=(len(states), _WIDTH))


def random_states(count: int, share: float, seed: int = 1) -> list[CaseState | None]:
    """States for sentences that may be said at any time: a share of them in the middle of some case."""
    random = np.random.default_rng(seed)
    phases = [phase for phase in PHASES if phase != "idle"]
    return [
        CaseState(phases[random.integers(len(phases))], NATURES[random.integers(len(NATURES))]) if random.random() < share else None
        for _ in range(count)
    ]
