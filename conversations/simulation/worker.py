"""One process that plays simulated conversations; the agent is loaded once."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from actions.bootstrap import use
from actions.state.conversations import Message
from actions.state.database import Database
from conversations.application import project_knowledge
from conversations.personal_numbers import generate
from conversations.simulation.outcome import Outcome
from conversations.simulation.phrasings import phrasings
from conversations.simulation.scenario import Scenario, scenario
from conversations.simulation.worlds import beside

_PERSONAL = ("id", "phone", "card")
_SAMPLES = 600
_AMOUNTS = ("20", "50", "180", "300", "1200")


class Worker:
    """Plays conversations one after the other.

    Args:
        agent: with its model loaded.
        loop: where turns run.
        folder: for its databases.
    """

    def __init__(self, agent: Any, loop: asyncio.AbstractEventLoop, folder: Path) -> None:
        # Rasa costs seconds to import; whoever only reads reports or personas shall not pay for it.
        from conversations.stage import Templates

        self._agent, self._loop, self._folder = agent, loop, folder
        self._templates = Templates(folder)
        self._knowledge = project_knowledge()
        self._numbers = [value for sample in generate(_SAMPLES) for kind, value in sample.personal if kind in _PERSONAL]

    @classmethod
    def of_this_process(cls, folder: Path) -> Worker:
        """One with the newest model and a loop of its own.

        Args:
            folder: shared by processes; this one makes its own below it.

        Raises:
            SystemExit: there is no model.
        """
        os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        warnings.simplefilter("ignore")
        from bot.engine.training import newest_model
        from conversations.stage import load_agent

        model = newest_model()
        if model is None:
            raise SystemExit("there is no model in models/: run `make train`")
        own = folder / str(os.getpid())
        own.mkdir()
        return cls(load_agent(model), asyncio.new_event_loop(), own)

    def play(self, seed: int, persona: str) -> tuple[Outcome, tuple[Message, ...]]:
        """The conversation of a seed and a persona, and everything that was said in it."""
        return self.play_out(scenario(seed, persona, self._knowledge.causes))

    @contextmanager
    def world(self, seed: int, persona: str) -> Iterator[tuple[Database, str | None]]:
        """The same customer's state before anything is said, and the order on their page."""
        drawn = scenario(seed, persona, self._knowledge.causes)
        database = self._templates.copy(drawn.world.parts, self._folder / "before.db")
        try:
            yield database, drawn.token
        finally:
            database.close()

    def play_out(self, drawn: Scenario) -> tuple[Outcome, tuple[Message, ...]]:
        """The conversation of a scenario that was drawn already."""
        from conversations.simulation.conversation import Play

        database = self._templates.copy(drawn.world.parts, self._folder / "conversation.db")
        play = Play(drawn, self._agent, database, self._loop, self._knowledge, phrasings(), self._values(drawn))
        try:
            return play.run(self._folder)
        finally:
            play.end()
            use(None)
            database.close()

    def _values(self, drawn: Scenario) -> dict[str, str]:
        other: dict[str, Any] = beside()["neighbour"]
        return {
            "order": other["orders"][0]["id"],
            "user": other["users"][0]["id"],
            "name": other["users"][0]["name"],
            "amount": drawn.chance.choice(_AMOUNTS),
            "number": drawn.chance.choice(self._numbers),
        }


_worker: Worker | None = None


def begin(folder: Path) -> None:
    """Makes this process's worker."""
    global _worker
    _worker = Worker.of_this_process(folder)


def play(job: tuple[int, str]) -> tuple[Outcome, tuple[Message, ...]]:
    """Plays one conversation with this process's worker."""
    assert _worker is not None
    return _worker.play(*job)
