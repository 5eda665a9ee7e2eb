"""What the processes of a run take: memory, open files and processor time of each, and connections to the database."""

from __future__ import annotations

import os
import statistics
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from actions.state.database import Database
from tests.load.assistants import children, resident
from tests.load.trouble import PARTS, part_of

EVERY = 1.0
WARM_UP, BEGINNING, END = 0.2, 0.3, 0.9
"""Shares of a run: what is compared is what lies between the first two with what lies after the third."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """One look.

    Attributes:
        resident: kilobytes by process.
        files: open ones by process.
        connections: to the database.
    """

    resident: dict[int, int]
    files: dict[int, int]
    connections: int


@dataclass
class Watch:
    """Looks at `baitiao up` every second, in a thread of its own, until it is stopped.

    Args:
        supervisor: its process.
        database: whose connections are counted, where it has any.
        server: the first process of the database's server; None: it has none.
        processor: seconds of processor time, by what took them.
    """

    supervisor: int
    database: Database
    server: int | None
    samples: list[Sample] = field(default_factory=list)
    processor: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch")
        self._taken: dict[int, float] = {}
        self._names: dict[int, str] = {}

    def __enter__(self) -> Watch:
        self._look(first=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        self._look()

    def growth(self) -> tuple[float, float] | None:
        """Megabytes at the beginning and at the end, of the processes that were there all the time; None: there were none."""
        return self._compared([sample.resident for sample in self.samples], 1024)

    def open_files(self) -> tuple[float, float] | None:
        """The same of open files."""
        return self._compared([sample.files for sample in self.samples], 1)

    def largest(self) -> dict[str, float]:
        """Megabytes that one process of each part took at most."""
        found: dict[str, float] = defaultdict(float)
        for sample in self.samples:
            for pid, size in sample.resident.items():
                found[self._names[pid]] = max(found[self._names[pid]], size / 1024)
        return found

    def connections(self) -> int:
        """The most there were."""
        return max(sample.connections for sample in self.samples)

    def _compared(self, looks: list[dict[int, int]], unit: float) -> tuple[float, float] | None:
        beginning = looks[int(len(looks) * WARM_UP) : max(1, int(len(looks) * BEGINNING))]
        end = looks[int(len(looks) * END) :]
        lasting = set.intersection(*(set(look) for look in (*beginning, *end))) if beginning and end else set()
        if not lasting:
            return None
        middle = [statistics.median(sum(look[pid] for pid in lasting) for look in part) / unit for part in (beginning, end)]
        return middle[0], middle[1]

    def _run(self) -> None:
        while not self._stopped.wait(EVERY):
            self._look()

    def _look(self, first: bool = False) -> None:
        for pid, name in self._processes().items():
            taken = _processor_seconds(pid)
            # What a process took before it was first seen counts, unless it had been there before the run.
            self.processor[name] += max(0.0, taken - self._taken.get(pid, taken if first else 0.0))
            self._taken[pid] = max(taken, self._taken.get(pid, 0.0))
            self._names[pid] = name
        parts = [pid for pid, name in self._names.items() if name in PARTS.values()]
        sizes = {pid: resident(pid) for pid in parts}
        here = [pid for pid, size in sizes.items() if size]
        self.samples.append(Sample({pid: sizes[pid] for pid in here}, {pid: _open_files(pid) for pid in here}, self._connections()))

    def _processes(self) -> dict[int, str]:
        found = {os.getpid(): "customers (this program)", self.supervisor: "supervisor"}
        found |= {pid: PARTS[part] for pid in children(self.supervisor) if (part := part_of(pid)) is not None}
        if self.server is not None:
            found |= dict.fromkeys((self.server, *children(self.server)), "PostgreSQL")
        return found

    def _connections(self) -> int:
        if not self.database.is_shared:
            return 0
        try:
            with self.database.session() as session:
                others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                return int(session.execute(text(others)).scalar_one())
        except SQLAlchemyError:
            return 0


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _open_files(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0
