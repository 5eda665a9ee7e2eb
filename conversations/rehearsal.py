"""``python -m conversations.rehearsal``: simulated customers in every arm of an experiment, before a real one is.

Each arm gets the same conversations: the same customers with the same state, of whom something is found that the experiment is about. Every
property of every turn is looked at: a variant may break none that the control keeps in the same conversation. And of each variant it is
counted in how many of them a customer reads something else than in the control, be it beside the conversation, or is told of what comes on
another day.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from actions.core.causes import NO_CAUSE_FOUND
from actions.experiments.running import armed
from actions.knowledge import Knowledge
from actions.state.conversations import Message
from conversations.application import STORE, project_knowledge
from conversations.beside_turns import days_of_advice, read_beside
from conversations.simulation.personas import personas
from conversations.simulation.scenario import VARIANTS, scenario
from conversations.simulation.worker import Worker
from conversations.simulation.worlds import CUSTOMER
from ops.experiments.folder import EXPERIMENTS_ROOT, ExperimentFolder, read_folder

PERSONAS_PER_WORLD = 3
_MOST_WORLDS = 20_000
_MOST_PROBLEMS = 20
Job = tuple[str, int, str]
Broken = tuple[str, str]
"""A property, and where and how it was broken."""
Played = tuple[Job, list[Broken], list[str]]
"""The job, what was broken in it, and what was said."""


def main() -> int:
    """Rehearses what the command line names and prints what came of it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m conversations.rehearsal", description=__doc__)
    parser.add_argument("experiment", help="the name of its folder")
    parser.add_argument("--root", type=Path, default=EXPERIMENTS_ROOT, help="the folder of experiments")
    parser.add_argument("--conversations", type=int, default=300, help="of each arm (300)")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    given = parser.parse_args()
    print(json.dumps(rehearse(given.experiment, given.root, given.conversations, given.workers), ensure_ascii=False))
    return 0


def rehearse(
    name: str, root: Path = EXPERIMENTS_ROOT, conversations: int = 300, workers: int = 2, worker: Worker | None = None
) -> dict[str, Any]:
    """What comes of simulated customers in every arm.

    Args:
        conversations: of each arm.
        workers: processes; with ``worker``, everything is played by that one in this process.

    Raises:
        SourceError: an arm cannot be used.
    """
    folder = read_folder(name, root)
    arms = [arm.id for arm in folder.spec.arms]
    cases = list(_cases(folder, conversations))
    jobs = [(arm, seed, persona) for arm in arms for seed, persona in cases]
    found: dict[str, dict[tuple[int, str], Played]] = {arm: {} for arm in arms}
    with tempfile.TemporaryDirectory() as temporary:
        for played in _played(folder, jobs, Path(temporary), workers, worker):
            (arm, seed, persona), _, _ = played
            found[arm][(seed, persona)] = played
            done = sum(map(len, found.values()))
            if done % 100 == 0:
                print(f"{done} of {len(jobs)}", file=sys.stderr)
    control = found[arms[0]]
    return {"hash": folder.hash, "arms": {arm: _compared(mine, control) for arm, mine in found.items()}}


def _compared(mine: Mapping[tuple[int, str], Played], control: Mapping[tuple[int, str], Played]) -> dict[str, Any]:
    kept = {case: {name for name, _ in problems} for case, (_, problems, _) in control.items()}
    return {
        "conversations": len(mine),
        "failed": sum(bool(problems) for _, problems, _ in mine.values()),
        "problems": [seen for case, (_, broken, _) in mine.items() for name, seen in broken if name not in kept[case]][:_MOST_PROBLEMS],
        "differing": sum(said != control[case][2] for case, (_, _, said) in mine.items()),
    }


def _cases(folder: ExperimentFolder, conversations: int) -> Iterator[tuple[int, str]]:
    """Seeds and personas, of worlds in which something is found that the experiment is about."""
    causes, names = project_knowledge().causes, list(personas())
    wanted = set(folder.spec.who.causes)
    count = 0
    for world in range(_MOST_WORLDS):
        if wanted and wanted.isdisjoint(scenario(world * VARIANTS, names[0], causes).world.causes or (NO_CAUSE_FOUND,)):
            continue
        for variant in range(VARIANTS):
            for turn in range(PERSONAS_PER_WORLD):
                yield world * VARIANTS + variant, names[(world + turn) % len(names)]
                count += 1
                if count == conversations:
                    return


def _played(folder: ExperimentFolder, jobs: Sequence[Job], temporary: Path, workers: int, worker: Worker | None) -> Iterator[Played]:
    if worker is not None:
        yield from map(_Cast(folder, worker).play, jobs)
        return
    with multiprocessing.get_context("spawn").Pool(workers, initializer=_begin, initargs=(folder, temporary)) as pool:
        yield from pool.imap_unordered(_play, jobs, chunksize=5)


class _Cast:
    """One process that plays every arm; an arm's knowledge is read when it comes first."""

    def __init__(self, folder: ExperimentFolder, worker: Worker) -> None:
        self._folder, self._worker = folder, worker
        self._row = folder.row()
        self._said: dict[str, Knowledge] = {}

    def play(self, job: Job) -> Played:
        """Plays one conversation in the words of an arm."""
        arm, seed, persona = job
        STORE.instead = self._words_of(arm)
        try:
            outcome, history = self._worker.play(seed, persona)
        finally:
            STORE.instead = None
        problems = [(each.name, f"{persona} {seed}, turn {each.turn}: {each.name}: {each.seen}") for each in outcome.problems]
        with self._worker.world(seed, persona) as (database, order):
            beside = read_beside(database, self._words_of(arm), CUSTOMER, order)
            days = days_of_advice(database, self._words_of(arm), CUSTOMER)
        forbidden = self._words_of(arm).forbidden
        problems += [("beside", f"{persona} {seed}, beside: {why}") for text in beside for why in forbidden.found_in(text)]
        return job, problems, [*said_in(history), *beside, *days]

    def _words_of(self, arm: str) -> Knowledge:
        if arm not in self._said:
            overlays = self._row.overlays_of(arm)
            self._said[arm] = armed(overlays) if overlays else project_knowledge()
        return self._said[arm]


def said_in(history: Sequence[Message]) -> Iterator[str]:
    """What a customer reads of a conversation, but for the numbers of cases, which are drawn."""
    numbers = {str(message.data["handoff_id"]) for message in history if message.data and message.data.get("handoff_id")}
    for message in history:
        if message.role == "bot":
            text = "\n".join([message.text, *(button["title"] for button in message.buttons)])
            for number in numbers:
                text = text.replace(number, "#")
            yield text


_cast: _Cast | None = None


def _begin(folder: ExperimentFolder, temporary: Path) -> None:
    global _cast
    _cast = _Cast(folder, Worker.of_this_process(temporary))


def _play(job: Job) -> Played:
    assert _cast is not None
    return _cast.play(job)


if __name__ == "__main__":
    raise SystemExit(main())
