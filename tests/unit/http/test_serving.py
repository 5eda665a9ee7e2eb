"""How servers listen, show that they live, and stop."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from actions.serving import CannotListen, listen
from tests.unit.http.servers import ROOT, SECRET, Server

pytestmark = pytest.mark.slow


def get(server: Server, path: str, host: str = "localhost") -> bytes:
    return server.send(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())[0]


def test_a_port_that_is_taken_is_refused_in_a_sentence_and_only_whoever_shares_it_may_share_it() -> None:
    with listen("127.0.0.1", 0, "BAITIAO_PORT", shared=True) as first:
        port = first.getsockname()[1]
        listen("127.0.0.1", port, "BAITIAO_PORT", shared=True).close()
        with pytest.raises(
            CannotListen, match=rf"port {port} on 127\.0\.0\.1 cannot be listened on \(Address already in use\); set BAITIAO_PORT"
        ):
            listen("127.0.0.1", port, "BAITIAO_PORT")


def test_after_sigterm_everything_is_answered_until_it_has_drained_and_what_is_under_way_is_finished(tmp_path: Path) -> None:
    server = Server(["-m", "tests.unit.http.draining", "{port}", "1.5"], tmp_path, {})
    try:
        assert get(server, "/health").endswith(b"False")
        server.process.terminate()
        time.sleep(0.3)
        assert get(server, "/health").endswith(b"True")
        slow: list[bytes] = []
        customer = threading.Thread(target=lambda: slow.append(get(server, "/slow")))
        customer.start()
        customer.join(10)
        assert server.process.wait(10) == 0 and slow[0].endswith(b"finished")
        with socket.socket() as later:
            assert later.connect_ex(("127.0.0.1", server.port)) != 0
    finally:
        server.close()


def test_the_action_server_alone_gives_signs_of_life_answers_by_its_name_and_ends_with_0(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "BAITIAO_DATABASE_URL": f"sqlite:///{tmp_path}/actions.db",
        "BAITIAO_ACTIONS_PORT": str(port),
        "BAITIAO_ACTIONS_SECRET": SECRET,
        "BAITIAO_ACTIONS_HOST": "actions.shop",
        "PYTHONPATH": str(ROOT),
    }
    serve = [sys.executable, "-W", "ignore", "-m", "bot.cli", "serve", "actions"]
    read_end, write_end = os.pipe()
    server = subprocess.Popen([*serve, "--pulse", str(write_end)], cwd=ROOT, env=environment, pass_fds=(write_end,))
    os.close(write_end)
    try:
        assert os.read(read_end, 1) == b"+"
        assert [_health(port, host) for host in ("actions.shop", "localhost", "evil.example")] == [200, 200, 421]
        second = subprocess.run(serve, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
        assert second.returncode == 1
        assert second.stderr.splitlines()[-1].startswith(f"port {port} on 127.0.0.1 cannot be listened on (Address already in use)")
        server.terminate()
        assert server.wait(40) == 0
    finally:
        server.kill()
        server.wait()
        os.close(read_end)


def _health(port: int, host: str) -> int:
    return requests.get(f"http://127.0.0.1:{port}/health", headers={"Host": f"{host}:{port}"}, timeout=20).status_code
