"""A process that ends with whoever started it, and from which signs of life come."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys

from bot.supervision.roster import Service

_PR_SET_PDEATHSIG = 1
_LARGEST_LOG = 10 * 1024 * 1024
_LIBC = ctypes.CDLL(None, use_errno=True)


class Child:
    """A running process of a service.

    Args:
        service: what it does.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.stopping_since: float | None = None
        self.was_killed = False
        self._pulse, write_end = os.pipe()
        os.set_blocking(self._pulse, False)
        log = open_log(service.log) if service.log else None
        parent = os.getpid()

        def bind_life() -> None:
            # An orphan would keep the port, and nobody could start again.
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

        try:
            # A session of its own: Ctrl-C in the terminal must not end it before the turns under way are done.
            self._process = subprocess.Popen(
                [sys.executable, *service.command, "--pulse", str(write_end)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(write_end,),
                start_new_session=True,
                preexec_fn=bind_life,
            )
        finally:
            os.close(write_end)
            if log is not None:
                os.close(log)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def pulse(self) -> int:
        """A file descriptor that can be read when there are signs of life."""
        return self._pulse

    def listen(self) -> bytes:
        """The signs of life since the last time; none: there were none, or it has ended."""
        try:
            return os.read(self._pulse, 4096)
        except (BlockingIOError, OSError):
            return b""

    def code(self) -> int | None:
        """Its exit code, or the negative number of the signal that ended it; None: it runs."""
        return self._process.poll()

    def stop(self, now: float) -> None:
        """Asks it to finish what it does and end."""
        if self.stopping_since is None:
            self.stopping_since = now
            self._process.terminate()

    def kill(self) -> None:
        """Ends it and whatever it started."""
        if self._process.poll() is None:
            self.was_killed = True
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Lets go of the pipe."""
        os.close(self._pulse)


def open_log(path: str) -> int:
    """A file descriptor that appends to a log which only its owner can read."""
    folder = os.path.dirname(path)
    if folder:
        os.makedirs(folder, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def bound_log(path: str, largest: int = _LARGEST_LOG) -> None:
    """Moves what a log holds to ``….1`` once it is too large; whoever appends to it goes on in the emptied file."""
    try:
        if os.stat(path).st_size <= largest:
            return
        with open(path, "rb+") as log, open(os.open(f"{path}.1", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as old:
            while piece := log.read(1 << 20):
                old.write(piece)
            log.truncate(0)
    except OSError:
        # A full disk must not end what is supervised; the next look tries again.
        return
