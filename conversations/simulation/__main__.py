"""``python -m conversations.simulation``: many simulated conversations with a report, or one of them with its transcript."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

from conversations.coverage.recording import recording
from conversations.simulation.personas import personas
from conversations.simulation.report import Report
from conversations.simulation.scenario import plan
from conversations.simulation.worker import Worker, begin, play

OUT = Path("var/simulation")


def main() -> int:
    """Plays what the command line asks for; 0 if it went well."""
    given = _arguments()
    return _replay(given.seed, given.persona) if given.seed is not None else _run(given.conversations, given.workers)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m conversations.simulation", description=__doc__)
    parser.add_argument("--conversations", type=int, default=2000, help="how many (2000)")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--seed", type=int, help="replay one conversation, with --persona")
    parser.add_argument("--persona", choices=tuple(personas()), help="whose conversation")
    given = parser.parse_args()
    if (given.seed is None) != (given.persona is None):
        parser.error("--seed and --persona belong together")
    if given.conversations < 1 or given.workers < 1:
        parser.error("at least one conversation and one worker")
    return given


def _replay(seed: int, persona: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        outcome, history = Worker.of_this_process(Path(folder)).play(seed, persona)
    from conversations.player import transcript

    print(f"{persona} {seed}: {', '.join(outcome.causes) or 'nothing wrong'}\n{transcript(history)}")
    print(f"→ {outcome.end} after {outcome.turns} turns")
    for problem in outcome.problems:
        print(f"  turn {problem.turn}: {problem.name}: {problem.seen}")
    return 0 if outcome.good else 1


def _run(conversations: int, workers: int) -> int:
    jobs = plan(conversations)
    report = Report()
    begun = time.monotonic()
    # The processes are ended without a word at the end; their folder is ours, so that nothing of it stays.
    with (
        recording("simulation") as recorder,
        tempfile.TemporaryDirectory() as temporary,
        multiprocessing.get_context("spawn").Pool(workers, initializer=begin, initargs=(Path(temporary),)) as pool,
    ):
        for outcome, history in pool.imap_unordered(play, jobs, chunksize=5):
            report.add(outcome)
            if recorder is not None:
                recorder.add(history)
            if report.count % 100 == 0:
                print(f"{report.count} of {len(jobs)} after {time.monotonic() - begun:.0f} s", file=sys.stderr)
    report.save(OUT)
    print(report.text(time.monotonic() - begun))
    return 0 if report.good else 1


if __name__ == "__main__":
    raise SystemExit(main())
