"""What happens to a running `baitiao up` meanwhile: its parts are killed in turn, or renewed one after the other."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.load.assistants import children

PARTS = {"web": "web server", "actions": "action server"}
"""What stands after `serve` in the command line of a part, and its name."""
_LOOK = 0.2
_LISTEN = "0A"
"""The state of a socket in /proc/net/tcp."""


@dataclass(frozen=True)
class Kill:
    """A part that was ended hard.

    Attributes:
        part: its name.
        at: by the monotonic clock.
    """

    part: str
    at: float


@dataclass
class Trouble:
    """Made in a thread of its own until it is stopped.

    Args:
        supervisor: the process of `baitiao up`.
        goes_on: whether anything new is asked; what is still to be answered then is left in peace.
        kill_every: seconds; a part that is away at its turn, or does not listen again yet, is left out. None: nothing is killed.
        renew_every: seconds; None: nothing is renewed.
        most_kills: after which it lets be.
    """

    supervisor: int
    goes_on: Callable[[], bool]
    kill_every: float | None
    renew_every: float | None
    most_kills: int | None = None
    kills: list[Kill] = field(default_factory=list)
    left_out: int = 0
    renewals: int = 0

    def __post_init__(self) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trouble")

    def __enter__(self) -> Trouble:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        kill_at, renew_at = (time.monotonic() + (every or 0.0) for every in (self.kill_every, self.renew_every))
        turn = itertools.cycle(PARTS)
        while not self._stopped.wait(_LOOK) and self.goes_on():
            now = time.monotonic()
            if self.kill_every is not None and now >= kill_at and (self.most_kills is None or len(self.kills) < self.most_kills):
                kill_at += self.kill_every
                self._kill(next(turn))
            if self.renew_every is not None and now >= renew_at:
                renew_at += self.renew_every
                self.renewals += 1
                os.kill(self.supervisor, signal.SIGUSR1)

    def _kill(self, part: str) -> None:
        # The eldest, so that each of several gets its turn.
        found = sorted((pid for pid in children(self.supervisor) if part_of(pid) == part and _listens(pid)), key=_since)
        if not found:
            self.left_out += 1
            return
        os.kill(found[0], signal.SIGKILL)
        self.kills.append(Kill(PARTS[part], time.monotonic()))


def part_of(pid: int) -> str | None:
    """Which part of `up` a process is; None: none, or it is gone."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None
    after = words[words.index("serve") + 1] if "serve" in words[:-1] else None
    return after if after in PARTS else None


def _since(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return 0


def _listens(pid: int) -> bool:
    """Whether it has a port of its own open, which it has once it can do its work."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    listening = {f"socket:[{row[9]}]" for row in rows if row[3] == _LISTEN}
    try:
        return any(os.readlink(file) in listening for file in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        # A file that has been closed since, or a process that has ended: the next look will tell.
        return False
