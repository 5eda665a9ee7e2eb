"""What one simulated conversation is made of: a persona, a world, and the chance that decides everything else."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from actions.core.causes import Cause
from conversations.simulation.personas import Persona, personas
from conversations.simulation.worlds import ORDER, World, generate

VARIANTS = 5
"""Conversations per persona and world, for pass^5; the seed is world number × 5 + variant."""


@dataclass(frozen=True)
class Scenario:
    """One conversation to be played.

    Attributes:
        seed: gives the world, and with the persona everything the customer chooses.
        token: the order the token names.
    """

    seed: int
    persona: Persona
    world: World
    token: str | None

    @property
    def chance(self) -> random.Random:
        """The chance of this conversation, from its beginning."""
        return random.Random(f"{self.persona.name} {self.seed}")


def scenario(seed: int, persona: str, causes: Mapping[str, Cause]) -> Scenario:
    """The conversation of a seed and a persona.

    Raises:
        KeyError: there is no such persona.
    """
    world = generate(seed // VARIANTS, causes)
    token = ORDER if random.Random(f"token {persona} {seed}").random() < (0.6 if world.subject == "order" else 0.3) else None
    return Scenario(seed, personas()[persona], world, token)


def plan(conversations: int) -> list[tuple[int, str]]:
    """Seeds and personas of a run: world after world, the personas in turn, each cell in all its variants.

    Every round through the personas begins one further on, so that over the rounds each of them meets singles and sets.
    """
    names = list(personas())
    cells = -(-conversations // VARIANTS)
    chosen = [(cell, names[(cell + cell // len(names)) % len(names)]) for cell in range(cells)]
    return [(cell * VARIANTS + variant, name) for cell, name in chosen for variant in range(VARIANTS)][:conversations]
