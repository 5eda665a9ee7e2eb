"""The action server believes the web server and nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from actions.callers import SECRET_HEADER, actions_secret
from actions.settings import Settings, SettingsError
from bot.engine.action_client import ActionFailed, HttpActions
from tests.databases import migrated
from tests.unit.http.servers import ROOT, SECRET, Server, action_server

pytestmark = pytest.mark.slow

DEBT = "326.80"
"""What u-1013 of the demo world owes."""
CALL: dict[str, Any] = {
    "next_action": "action_diagnose",
    "sender_id": "u-1013",
    "tracker": {
        "sender_id": "u-1013",
        "slots": {},
        "latest_message": {"text": "no installments", "intent": {"name": "installment_missing"}, "entities": [], "metadata": {}},
        "events": [],
        "paused": False,
    },
    "domain": {},
}
KNOWN = {SECRET_HEADER: SECRET}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("actions")
    database = migrated(f"sqlite:///{folder}/server.db", ROOT / "demo/world.yml")
    database.close()
    running = action_server(folder)
    yield running
    running.close()


def _call(server: Server, headers: dict[str, str], path: str = "/webhook", **options: Any) -> requests.Response:
    return requests.post(f"http://127.0.0.1:{server.port}{path}", json=CALL, headers=headers, timeout=20, **options)


async def test_the_web_servers_calls_are_answered(server: Server) -> None:
    actions = HttpActions(f"http://127.0.0.1:{server.port}", SECRET)
    answer = await actions.call(CALL)
    assert DEBT in str(answer["responses"]) and await actions.healthy()
    await actions.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({SECRET_HEADER: ""}, 401),
        ({SECRET_HEADER: SECRET[:-1]}, 401),
        ({SECRET_HEADER: SECRET + "x"}, 401),
        ({SECRET_HEADER: SECRET.upper()}, 401),
        ({SECRET_HEADER: "\u00e9" * 40}, 401),
        ({"Authorization": f"Bearer {SECRET}"}, 401),
        ({"Content-Type": "text/plain"}, 401),
        ({**KNOWN, "Origin": "https://evil.example"}, 403),
        ({**KNOWN, "Origin": "null"}, 403),
        ({**KNOWN, "Origin": "http://127.0.0.1"}, 403),
        ({**KNOWN, "Host": "evil.example"}, 421),
        ({**KNOWN, "Host": "127.0.0.1.evil.example:80"}, 421),
        ({**KNOWN, "Host": "127.0.0.1:80@evil.example"}, 421),
        ({**KNOWN, "Host": ""}, 421),
        ({**KNOWN, "Content-Type": "text/plain"}, 415),
        ({**KNOWN, "Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({**KNOWN, "Content-Type": "application/json-seq"}, 415),
    ],
)  # fmt: skip
def test_a_forged_call_is_refused_and_does_nothing(server: Server, headers: dict[str, str], status: int) -> None:
    before = server.log.read_text("utf-8").count("call.refused")
    answer = _call(server, {name: value.encode() for name, value in headers.items()})  # type: ignore[misc]
    assert answer.status_code == status and [*answer.json()] == ["error"] and DEBT not in answer.text
    log = server.log.read_text("utf-8")
    assert log.count("call.refused") == before + 1
    assert not any(word in log for word in ("u-1013", "no installments", DEBT, SECRET))


@pytest.mark.parametrize(("fields", "status"), [(b"", b"421"), (b"Host: localhost\r\nHost: evil.example\r\n", b"400")])
def test_one_host_is_named_and_only_one(server: Server, fields: bytes, status: bytes) -> None:
    answer, _ = server.send(b"GET /health HTTP/1.1\r\nConnection: close\r\n" + fields + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 " + status)


def test_a_secret_given_twice_is_none(server: Server) -> None:
    header = f"{SECRET_HEADER}: {SECRET}\r\n".encode()
    answer, _ = server.send(b"GET /actions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header * 2 + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("path", ["/actions", "/webhook/", "/nowhere", "/", "/health/", "//health"])
def test_nothing_but_health_is_told_to_strangers(server: Server, path: str) -> None:
    answer, _ = server.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 401", b"HTTP/1.1 200")) and (b"200" not in answer[:12] or b'"ok"' in answer)


def test_a_browser_is_promised_nothing(server: Server) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = requests.options(f"http://127.0.0.1:{server.port}/webhook", headers=headers, timeout=20)
    assert answer.status_code == 403 and not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 200), ({"Host": "LocalHost:5055"}, 200), (KNOWN, 200), ({SECRET_HEADER: "wrong"}, 401), ({"Host": "evil.example"}, 421),
     ({"Origin": "https://evil.example"}, 403)],
)  # fmt: skip
def test_health_is_open_to_this_machine(server: Server, headers: dict[str, str], status: int) -> None:
    assert requests.get(f"http://127.0.0.1:{server.port}/health", headers=headers, timeout=20).status_code == status


async def test_a_caller_with_another_secret_is_told_so_and_not_ready(server: Server) -> None:
    actions = HttpActions(f"http://127.0.0.1:{server.port}", "x" * 40)
    with pytest.raises(ActionFailed, match="another BAITIAO_ACTIONS_SECRET"):
        await actions.call(CALL)
    assert not await actions.healthy()
    await actions.close()


def test_without_a_setting_both_servers_find_the_secret_of_their_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAITIAO_ACTIONS_SECRET", raising=False)
    monkeypatch.chdir(tmp_path)
    secret = actions_secret(Settings.read())
    assert len(secret) >= 32 and actions_secret(Settings.read()) == secret
    assert (tmp_path / "var/actions-secret").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("BAITIAO_ACTIONS_SECRET", SECRET)
    assert actions_secret(Settings.read()) == SECRET


@pytest.mark.parametrize("secret", ["short", "x" * 31, " " + "x" * 40, "x" * 40 + "\n", "\u00e9" * 40])
def test_a_secret_that_protects_nothing_stops_the_start(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_ACTIONS_SECRET", secret)
    with pytest.raises(SettingsError, match="BAITIAO_ACTIONS_SECRET must have 32 characters"):
        Settings.read()


def test_an_installation_that_can_make_no_secret_does_not_serve(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be", "utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "BAITIAO_ACTIONS_SECRET"}
    environment.update(PYTHONPATH=str(ROOT), BAITIAO_DATABASE_URL=f"sqlite:///{tmp_path}/actions.db", BAITIAO_ACTIONS_PORT="1")
    command = [sys.executable, "-W", "ignore", "-m", "actions.server"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0 and "BAITIAO_ACTIONS_SECRET must be set" in done.stderr
