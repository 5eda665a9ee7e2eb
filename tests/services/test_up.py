"""``baitiao up`` as it is, with its parts killed while customers write."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.services.running import RealUp, wait_until

# Each start takes seconds, and on a machine that is busy with other things minutes.
pytestmark = pytest.mark.timeout(600)
SENTENCES = ("我的分期为什么没有了", "谢谢", "转人工")


@pytest.fixture
def up(tmp_path: Path) -> Iterator[RealUp]:
    running = RealUp(tmp_path, f"sqlite:///{tmp_path}/up.db")
    yield running
    running.close()


def in_order(messages: list[dict[str, object]]) -> bool:
    return [message["seq"] for message in messages] == list(range(1, len(messages) + 1))


def test_each_part_is_mended_nothing_is_left_behind_and_what_is_under_way_is_finished(up: RealUp) -> None:
    (actions,) = up.children("serve actions")
    os.kill(actions, signal.SIGKILL)
    seconds = wait_until(lambda: up.post("u-1001", "谢谢").status_code == 200)
    assert seconds < 60, "10 on a quiet machine"

    (worker,) = up.children("serve worker")
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: up.children("serve worker") not in ([], [worker]))
    wait_until(lambda: 'baitiao_worker_last_pass{pass="roll-up"}' in up.metrics())
    complained = up.answer("u-1013", "我的分期为什么没有了")
    found = {cause["id"] for message in complained for cause in (message["data"] or {}).get("causes", ())}  # type: ignore[attr-defined]
    assert found
    wait_until(lambda: all(f'baitiao_found_total{{cause="{cause}"}} 1.0' in up.metrics() for cause in found), 30)

    children = up.children()
    up.close()
    wait_until(lambda: not any(_runs(pid) for pid in children), 20)
    up.start()

    answers: list[requests.Response] = []
    customers = [threading.Thread(target=lambda user=user: answers.append(up.post(user, "转人工"))) for user in ("u-1003", "u-1004")]
    for customer in customers:
        customer.start()
    wait_until(lambda: _connections(up.port) > 0)
    up.process.terminate()
    for customer in customers:
        customer.join(40)
    assert up.process.wait(60) == 0
    assert [answer.status_code for answer in answers] == [200, 200]
    assert not any(_runs(pid) for pid in up.children())


def test_without_the_operators_half_the_assistant_is_whole(tmp_path: Path) -> None:
    up = RealUp(tmp_path, f"sqlite:///{tmp_path}/up.db", BAITIAO_OPS="off")
    try:
        assert up.children("serve worker") == [] and len(up.children()) == 2
        assert up.answer("u-1013", "我的分期为什么没有了")
        assert "baitiao_worker_last_pass{" not in up.metrics() and 'baitiao_turns_total{outcome="answered"} 1.0' in up.metrics()
    finally:
        up.close()


def test_two_web_servers_share_port_customers_and_counters_and_one_may_die(tmp_path: Path, postgres_url: str) -> None:
    up = RealUp(tmp_path, postgres_url, workers=2)
    try:
        users, sent = [f"u-{number}" for number in range(1001, 1009)], 0
        for round_ in range(3):
            if round_ == 1:
                os.kill(up.children("serve web")[0], signal.SIGKILL)
            for user in users:
                assert up.answer(user, SENTENCES[round_])
                sent += 1
        for user in users:
            said = up.history(user)
            assert len([message for message in said if message["role"] == "user"]) == 3 and in_order(said)
        wait_until(lambda: len(up.children("serve web")) == 2)
        counted = re.search(r'^baitiao_turns_total\{outcome="answered"\} (\d+)', up.metrics(), re.MULTILINE)
        assert counted is not None and int(counted[1]) == sent, "whichever of the two was asked"
        up.process.terminate()
        assert up.process.wait(60) == 0
    finally:
        up.close()


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _connections(port: int) -> int:
    """Connections to a port of this machine that a server has taken."""
    wanted = f":{port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return sum(row[1].endswith(wanted) and int(row[3], 16) == 1 for row in rows)
