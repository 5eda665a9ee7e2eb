"""A shift of 30 simulated cases worked by two agents in Chromium: ``python -m tests.load.shift [cases]``.

Customers of the demo world answer over the API meanwhile. Afterwards everything is held against what was said and done; fails if anything differs.
"""

from __future__ import annotations

import csv
import io
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from actions.masking import warm_up
from actions.state import audit, handoffs
from actions.state.database import Database
from actions.state.world.loading import load_world
from bot.staff.entrances import DESK
from conversations.application import composed
from tests.load.shift_agent import ShiftAgent
from tests.load.shift_cases import AGENTS, Shift, ShiftCase
from tests.unit.handoff.conftest import WORLD, House
from tests.widget.stand import Stand

CASES = 30
FEWEST = 5
"""Customers from which on the lead's page counts a reason by itself."""


def main() -> int:
    """Works the shift and prints what came of it; returns the exit code."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    warm_up()
    with tempfile.TemporaryDirectory() as folder, worked(Path(folder), count) as (stand, shift, seconds, trouble):
        for line in report(shift, seconds):
            print(line)
        wrong = [*trouble, *differences(stand, shift)]
    for line in wrong:
        print(f"WRONG: {line}")
    print("everything is as it was said and done" if not wrong else f"{len(wrong)} differences")
    return 1 if wrong else 0


@contextmanager
def worked(folder: Path, count: int) -> Iterator[tuple[Stand, Shift, float, list[str]]]:
    """A desk after a shift of that many cases, what was done in it, how many seconds it took, and what went wrong meanwhile."""
    database = Database(f"sqlite:///{folder / 'shift.db'}")
    database.migrate()
    load_world(database, [WORLD])
    stand = Stand(database)
    stand.script = stand.plainly
    application = composed(database)
    shift = Shift(stand, House(application), count)
    agents = [ShiftAgent(stand, shift, application.knowledge.current, name) for name in AGENTS]
    # Both are known to each other before the first case is passed on.
    for name in AGENTS:
        requests.post(f"{stand.address}/desk/sign-in", data={"token": stand.token(name, None, role="agent")}, timeout=20)
    threads = [threading.Thread(target=agent.work) for agent in agents]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun
    shift.close()
    yield stand, shift, seconds, [each for agent in agents for each in agent.trouble]
    stand.close()
    database.close()


def report(shift: Shift, seconds: float) -> Iterator[str]:
    """What the shift was like, in lines."""
    for case in shift.cases.values():
        did = Counter(f"{agent} {step}" for (agent, step, key), n in shift.done.items() if key == case.id for _ in range(n))
        yield f"{case.id} {case.reason:12} {case.seconds:5.1f} s, {len(case.said)} said, {len(case.answered)} answered: {', '.join(did)}"
    took = sorted(case.seconds for case in shift.cases.values())
    yield f"{len(took)} cases in {seconds:.0f} s; a case took {statistics.median(took):.1f} s at the median, {took[-1]:.1f} s at most"
    for words, times in (
        ("a customer's answer was on the screen", shift.shown),
        ("an ended case was gone from an untouched list", shift.left),
    ):
        if times:
            yield f"{words} within {statistics.median(times):.0f} ms at the median, {max(times):.0f} ms at most (n={len(times)})"
    yield f"{sum(len(case.said) for case in shift.cases.values())} sentences, {shift.races} times somebody else was faster"


def differences(stand: Stand, shift: Shift) -> Iterator[str]:
    """Where what customers have got, what is stored, what was audited or what the lead reads is not what was said and done."""
    for case in shift.cases.values():
        yield from _in_case(stand, shift, case)
    with stand.database.session() as session:
        entries = list(audit.entries(session))
    steps = {step for _, step, _ in shift.done}
    audited = Counter(
        (each.actor, each.action.partition(".")[2], str(each.handoff_id)) for each in entries if each.action.partition(".")[2] in steps
    )
    # Whoever was slower was refused as well, which is counted for itself.
    late = sum(n for (_, step, _), n in audited.items() if step == "refused") - sum(
        n for (_, step, _), n in shift.done.items() if step == "refused"
    )
    if {key: n for key, n in audited.items() if key[1] != "refused"} != {key: n for key, n in shift.done.items() if key[1] != "refused"}:
        yield f"the audit holds {audited - shift.done} too much and lacks {shift.done - audited}"
    if not 0 <= late <= shift.races:
        yield f"{late} refusals more than were met, with {shift.races} races"
    yield from _on_the_leads_page(stand, shift)


def _in_case(stand: Stand, shift: Shift, case: ShiftCase) -> Iterator[str]:
    seen = shift.history(case)
    by_agents = [each for each in seen if each["role"] == "agent"]
    texts = [each["text"] for each in by_agents if (each.get("data") or {}).get("type") != "picture"]  # type: ignore[attr-defined]
    if texts != case.said:
        yield f"{case.id}: the customer got {texts}, and {case.said} was said"
    if len(by_agents) - len(texts) != case.pictures:
        yield f"{case.id}: {len(by_agents) - len(texts)} pictures instead of {case.pictures}"
    answered = [each["text"] for each in seen if each["role"] == "user"][-len(case.answered) or len(seen) :]
    if answered != case.answered:
        yield f"{case.id}: {answered} is stored, and the customer answered {case.answered}"
    if len({each["seq"] for each in seen}) != len(seen):
        yield f"{case.id}: something came twice"
    with stand.database.session() as session:
        row = handoffs.get_handoff(session, case.id)
    stored = None if row is None else (row.ending, row.resolved_by, row.root_cause)
    if stored != (case.ending, *case.outcome):
        yield f"{case.id}: ended as {stored} instead of {(case.ending, *case.outcome)}"


def _on_the_leads_page(stand: Stand, shift: Shift) -> Iterator[str]:
    headers = {"Cookie": f"{DESK.cookie}={stand.token('lead-1', None, roles=['lead'])}"}
    page = requests.get(f"{stand.address}/desk/lead?days=1", headers=headers, timeout=60).text
    figures = {title: re.sub(r"<[^>]+>", " ", rest) for title, rest in re.findall(r"<dt>([^<]+)</dt>(.*?)</div>", page, re.DOTALL)}
    cases = list(shift.cases.values())
    if figures["还开着"].split()[0] != "0":
        yield f"the lead reads that {figures['还开着']} are open"
    for title in ("首次人工回复", "处理时长"):
        if f"n={len(cases)}" not in figures[title]:
            yield f"the lead reads of {title}: {figures[title]}, of {len(cases)} cases"
    for table, machine, expected in (
        ("reasons", "reason", Counter(case.reason for case in cases)),
        ("causes", "cause", Counter(case.outcome[1] for case in cases)),
    ):
        answer = requests.get(f"{stand.address}/desk/lead/tables/{table}?days=1", headers=headers, timeout=60)
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
        shown = sorted(int(row[1]) for row in rows if row[1].isdigit())
        rest = sum(n for n in expected.values() if n < FEWEST)
        wanted = sorted([*(n for n in expected.values() if n >= FEWEST), *([rest] if rest >= FEWEST else [])])
        if shown != wanted:
            yield f"the lead's {machine}s are {rows}, and {dict(expected)} happened"


if __name__ == "__main__":
    sys.exit(main())
