"""The supervisor with processes that live as a test wants."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.supervision.child import bound_log, open_log
from bot.supervision.course import Waits
from bot.supervision.roster import Roster, Service
from tools.pages import ROOT

pytestmark = pytest.mark.slow

STAND_IN = str(Path(__file__).with_name("stand_in.py"))
SECONDS = 15.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Supervised:
    """A supervisor of two stand-ins in a process of its own."""

    def __init__(
        self, folder: Path, web: str = "works", actions: str = "works", port: int | None = None, beside: str = "", attempts: int = 3
    ) -> None:
        self.folder, self.port = folder, port or free_port()
        roster = Roster(
            services=(
                Service("action server", (STAND_IN, "actions", actions, str(folder), "0"), f"{folder}/actions.log", stops=1),
                Service("web server", (STAND_IN, "web", web, str(folder), str(self.port))),
                *(
                    [Service("worker", (STAND_IN, "worker", beside, str(folder), "0"), f"{folder}/worker.log", vital=False)]
                    if beside
                    else []
                ),
            ),
            host="127.0.0.1",
            port=self.port,
            announcement=("ready: here it is",),
            waits=Waits(silence=3.0, stop=5.0, attempts=attempts),
        )
        command = [sys.executable, "-m", "bot.supervision", roster.to_json()]
        self._output = folder / f"{len(list(folder.iterdir()))}.txt"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)

    @property
    def printed(self) -> str:
        return self._output.read_text("utf-8")

    def said(self, words: str) -> bool:
        return words in self.printed

    def pids(self, name: str) -> list[int]:
        file = self.folder / f"{name}.started"
        return [int(line) for line in file.read_text("ascii").split()] if file.exists() else []

    def wait(self, holds: Callable[[], object]) -> None:
        until = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < until, self.printed
            time.sleep(0.02)

    def ready(self) -> Supervised:
        self.wait(lambda: self.said("ready: here it is"))
        return self

    def code(self) -> int:
        self.wait(lambda: self.process.poll() is not None)
        return int(self.process.returncode)


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    made: list[Supervised] = []

    def start(**options: object) -> Supervised:
        made.append(Supervised(tmp_path, **options))  # type: ignore[arg-type]
        return made[-1]

    yield start
    for each in made:
        each.process.kill()
        each.process.wait()


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("name", ["actions", "web"])
def test_what_is_killed_is_started_again_at_once(supervise: Callable[..., Supervised], name: str) -> None:
    up = supervise().ready()
    begun = time.monotonic()
    os.kill(up.pids(name)[0], signal.SIGKILL)
    up.wait(lambda: len(up.pids(name)) == 2)
    assert time.monotonic() - begun < 5
    up.wait(lambda: up.said("ended (killed by signal 9) and is started again now"))


@pytest.mark.parametrize("mode", ["refuses", "crashes"])
def test_what_is_not_vital_keeps_nothing_from_going_on(supervise: Callable[..., Supervised], mode: str) -> None:
    up = supervise(beside=mode, attempts=2).ready()
    up.wait(lambda: len(up.pids("worker")) > 2)
    assert up.process.poll() is None and runs(up.pids("web")[0])
    assert len(up.pids("web")) == len(up.pids("actions")) == 1


def test_what_is_not_vital_starts_once_the_rest_is_ready(supervise: Callable[..., Supervised]) -> None:
    up = supervise(web="answers late", beside="works")
    up.wait(lambda: up.pids("web"))
    time.sleep(0.8)
    assert not up.said("ready: here it is") and not up.pids("worker")
    up.ready()
    up.wait(lambda: up.pids("worker"))


def test_what_is_not_vital_is_started_again_like_the_rest(supervise: Callable[..., Supervised]) -> None:
    up = supervise(beside="works").ready()
    up.wait(lambda: up.pids("worker"))
    os.kill(up.pids("worker")[0], signal.SIGKILL)
    up.wait(lambda: len(up.pids("worker")) == 2)
    up.wait(lambda: up.said("the worker ended (killed by signal 9) and is started again now"))
    up.process.send_signal(signal.SIGTERM)
    assert up.code() == 0 and not runs(up.pids("worker")[1])


def test_what_hangs_is_ended_and_started_again(supervise: Callable[..., Supervised]) -> None:
    up = supervise().ready()
    hung = up.pids("web")[0]
    os.kill(hung, signal.SIGSTOP)
    up.wait(lambda: len(up.pids("web")) == 2 and not runs(hung))
    assert up.said("gave no sign of life for 3 s; it is ended")


def test_nothing_outlives_a_supervisor_that_is_killed_and_the_next_one_starts_at_once(supervise: Callable[..., Supervised]) -> None:
    up = supervise().ready()
    children = [*up.pids("web"), *up.pids("actions")]
    up.process.kill()
    up.wait(lambda: not any(map(runs, children)))
    supervise(port=up.port).ready()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def test_web_servers_end_before_the_action_server_and_the_exit_code_is_0(
    supervise: Callable[..., Supervised], number: signal.Signals
) -> None:
    up = supervise().ready()
    up.process.send_signal(number)
    assert up.code() == 0
    assert (up.folder / "ends").read_text("ascii").split() == ["web", "actions"]


def test_what_hangs_does_not_keep_it_from_ending_when_it_is_asked_twice(supervise: Callable[..., Supervised]) -> None:
    up = supervise().ready()
    os.kill(up.pids("web")[0], signal.SIGSTOP)
    up.process.terminate()
    time.sleep(0.3)
    up.process.terminate()
    assert up.code() == 0 and not any(map(runs, [*up.pids("web"), *up.pids("actions")]))


@pytest.mark.parametrize(
    ("services", "starts", "sentence"),
    [
        ({"actions": "refuses"}, 1, "the action server cannot be started (exit code 1); {folder}/actions.log says why"),
        ({"web": "refuses"}, 1, "the web server cannot be started (exit code 1); the lines above say why"),
        ({"web": "crashes"}, 3, "the web server cannot be started (killed by signal 11); the lines above say why"),
    ],
)
def test_what_can_never_start_ends_everything_with_a_sentence_and_exit_code_1(
    supervise: Callable[..., Supervised], services: dict[str, str], starts: int, sentence: str
) -> None:
    up = supervise(**services)
    assert up.code() == 1
    assert up.printed.splitlines()[-1] == f"baitiao: {sentence.format(folder=up.folder)}"
    assert len(up.pids(next(iter(services)))) == starts and not any(map(runs, [*up.pids("web"), *up.pids("actions")]))


def test_what_has_worked_is_tried_again_and_again(supervise: Callable[..., Supervised]) -> None:
    up = supervise(web="crashes later", attempts=2).ready()
    os.kill(up.pids("web")[0], signal.SIGKILL)
    up.wait(lambda: len(up.pids("web")) >= 3)
    up.wait(lambda: up.said("is started again in 1 s"))
    assert up.process.poll() is None


def test_a_process_that_is_renewed_goes_only_when_its_successor_is_ready(supervise: Callable[..., Supervised]) -> None:
    up = supervise().ready()
    old = up.pids("web")[0]
    up.process.send_signal(signal.SIGUSR1)
    up.wait(lambda: up.said("the web server was renewed"))
    assert up.said("the action server was renewed") and len(up.pids("web")) == len(up.pids("actions")) == 2
    up.wait(lambda: not runs(old))
    assert runs(up.pids("web")[1])


def test_the_old_process_goes_on_if_its_successor_does_not_start(supervise: Callable[..., Supervised]) -> None:
    up = supervise(web="crashes later").ready()
    up.process.send_signal(signal.SIGUSR1)
    up.wait(lambda: up.said("the new web server did not start, and the old one goes on"))
    assert runs(up.pids("web")[0]) and len(up.pids("web")) == 2


def test_two_supervisors_never_share_a_port(supervise: Callable[..., Supervised], tmp_path: Path) -> None:
    up = supervise().ready()
    second = supervise(port=up.port)
    assert second.code() == 1 and second.said(f"port {up.port} is taken by another `baitiao up`")


def test_it_needs_next_to_no_memory(supervise: Callable[..., Supervised]) -> None:
    up = supervise().ready()
    status = Path(f"/proc/{up.process.pid}/status").read_text("utf-8")
    resident = int(status.partition("VmRSS:")[2].split()[0])
    assert resident < 40 * 1024


def test_logs_are_private_to_their_owner_and_bounded(tmp_path: Path) -> None:
    log = tmp_path / "logs/actions.log"
    log.parent.mkdir()
    log.touch(mode=0o644)
    descriptor = open_log(str(log))
    try:
        os.write(descriptor, b"x" * 900)
        bound_log(str(log), largest=1000)
        assert log.stat().st_size == 900
        os.write(descriptor, b"y" * 200)
        bound_log(str(log), largest=1000)
        os.write(descriptor, b"z")
        assert log.read_bytes() == b"z" and (tmp_path / "logs/actions.log.1").stat().st_size == 1100
        assert all(file.stat().st_mode & 0o077 == 0 for file in log.parent.iterdir())
    finally:
        os.close(descriptor)
