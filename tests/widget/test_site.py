"""The paths beside the channel."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from bot.web.files import StaticFiles
from bot.web.site import WIDGET_FILES


def test_health_says_what_is_missing(served: Any) -> None:
    assert requests.get(f"{served.address}/health/live", timeout=5).status_code == 200
    assert requests.get(f"{served.address}/health/ready", timeout=5).json() == {"status": "ready", "checks": {"agent": True}}
    served.ready["agent"] = False
    response = requests.get(f"{served.address}/health/ready", timeout=5)
    assert response.status_code == 503 and response.json()["checks"] == {"agent": False}


def test_metrics_count_turns_and_refusals_and_name_nobody(served: Any) -> None:
    served.client().post("hello")
    served.client().post("/restart")
    text = requests.get(f"{served.address}/metrics", timeout=5).text
    assert 'baitiao_turns_total{outcome="answered"} 1.0' in text and 'baitiao_turns_total{outcome="command"} 1.0' in text
    assert 'baitiao_requests_total{method="POST",route="post",status="400"} 1.0' in text
    assert "u-1" not in text


def test_unknown_paths_and_methods_are_refused_as_problems(served: Any) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("PUT", "/webhooks/widget/messages", 405),
        ("GET", "/webhooks/rest/webhook", 404),
    ):
        response = requests.request(method, served.address + path, timeout=5)
        assert response.status_code == status and response.headers["Content-Type"] == "application/problem+json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_first_page_leads_home_and_names_no_version(served: Any) -> None:
    response = requests.get(f"{served.address}/", allow_redirects=False, timeout=5)
    assert response.status_code == 302 and response.headers["Location"] == "/shop" and "Rasa" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/widget/../server.py", "/widget/%2e%2e/server.py", "/widget/..%2fserver.py", "/widget//etc/passwd", "/widget/%2fetc%2fpasswd.js",
        "/widget/..%5cserver.py", "/widget/x%00.js", "/widget/.hidden.js", "/widget/a/../../endpoints.json", "/widget/" + "a" * 5000 + ".js",
    ],
)  # fmt: skip
def test_files_outside_the_widget_are_out_of_reach(served: Any, path: str) -> None:
    address = urlsplit(served.address)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert connection.recv(100).split()[1] in (b"404", b"400")


def test_widget_files_are_read_from_their_folder_only(tmp_path: Any) -> None:
    (tmp_path / "widget").mkdir()
    (tmp_path / "widget" / "chat.js").write_text("1")
    (tmp_path / "secret.js").write_text("2")
    (tmp_path / "widget" / "link.js").symlink_to(tmp_path / "secret.js")
    root = tmp_path / "widget"
    assert StaticFiles(root).read("chat.js") == b"1"
    for name in ("../secret.js", "link.js", "chat.py", "", ".", "none.js", str(tmp_path / "secret.js")):
        assert StaticFiles(root).read(name) is None
    assert WIDGET_FILES.name == "widget"
