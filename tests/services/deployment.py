"""The shape of deploy/ on this machine: the proxy with the deployment's own configuration, two web and two action servers."""

from __future__ import annotations

import datetime
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.channel.tokens import issue

ROOT = Path(__file__).parents[2]
NGINX = ROOT / "deploy/nginx"
NAME = "localhost"
READY_SECONDS = 240.0
SERVE = (sys.executable, "-W", "ignore", "-m", "bot.cli")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def filled_in(template: str, values: dict[str, str]) -> str:
    """A configuration as the proxy's image makes it; a variable without a value is an error."""
    return re.sub(r"\$\{([A-Z_]+)\}", lambda found: values[found[1]], template)


def certify(folder: Path) -> None:
    """Makes a key and a certificate that it signs itself."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    today = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "tls.key").write_bytes(private)


class Deployment:
    """Everything that `deploy/compose.yml` starts, but PostgreSQL and Redis, which are given.

    Args:
        folder: for the proxy's files, the certificate and the logs.
        database_url: an empty PostgreSQL database, which is migrated as the deployment does it.
        redis_url: of an empty database.
    """

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.folder = folder
        self.secret = secrets.token_urlsafe(48)
        self.certificate = folder / "tls/tls.crt"
        self.web_ports = (free_port(), free_port())
        self.port, self.plain_port = free_port(), free_port()
        actions_port = free_port()
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BAITIAO_")},
            "BAITIAO_DATABASE_URL": database_url,
            "BAITIAO_REDIS_URL": redis_url,
            "BAITIAO_ACTIONS_SECRET": secrets.token_urlsafe(48),
            "BAITIAO_TOKEN_SECRET": self.secret,
            "BAITIAO_ACTIONS_PORT": str(actions_port),
            "BAITIAO_DRAIN_SECONDS": "1",
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder),
        }
        self._log = (folder / "servers.log").open("ab")
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        subprocess.run([*SERVE, "migrate"], cwd=ROOT, env=self._environment, check=True, stdout=self._log, stderr=self._log, timeout=180)

    def start(self) -> None:
        """Starts everything and waits until it is ready."""
        self._start_proxy()
        self.begin("worker")
        for number in (1, 2):
            self.begin(f"actions-{number}")
            self.begin(f"web-{number}")
        for number in (1, 2):
            self.wait(f"web-{number}")

    def begin(self, name: str) -> None:
        """Starts one server, such as `web-1`; action servers share a port, and the kernel divides connections among them."""
        kind, _, number = name.partition("-")
        port = {"BAITIAO_PORT": str(self.web_ports[int(number) - 1])} if kind == "web" else {}
        command = [*SERVE, "serve", kind, *(["--shared"] if kind == "actions" else [])]
        self._processes[name] = subprocess.Popen(command, cwd=ROOT, env={**self._environment, **port}, stdout=self._log, stderr=self._log)

    def wait(self, name: str) -> None:
        """Waits until a web server says that it is ready."""
        until = time.monotonic() + READY_SECONDS
        address = f"http://127.0.0.1:{self.web_ports[int(name[-1]) - 1]}/health/ready"
        while time.monotonic() < until:
            assert self._processes[name].poll() is None, f"{name} has ended:\n{self.logged()}"
            try:
                if requests.get(address, timeout=5).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.2)
        raise AssertionError(f"{name} is not ready after {READY_SECONDS} s:\n{self.logged()}")

    def end(self, name: str) -> int:
        """Asks a server to end, and waits until it has; its exit code."""
        process = self._processes.pop(name)
        process.terminate()
        return process.wait(60)

    def logged(self) -> str:
        """The end of what the servers logged."""
        return (self.folder / "servers.log").read_text("utf-8")[-3000:]

    def calls(self) -> list[dict[str, Any]]:
        """What the proxy logged of each request."""
        return [json.loads(line) for line in (self.folder / "calls.log").read_text("utf-8").splitlines()]

    def close(self) -> None:
        """Ends everything."""
        for process in self._processes.values():
            process.send_signal(signal.SIGKILL)
        for process in self._processes.values():
            process.wait(30)
        self._log.close()

    def _start_proxy(self) -> None:
        certify(self.folder / "tls")
        (self.folder / "conf.d").mkdir()
        shutil.copy(NGINX / "nginx.conf", self.folder)
        values = {
            "PROXY_LISTEN": f"127.0.0.1:{self.port} ssl http2",
            "PROXY_LISTEN_PLAIN": f"127.0.0.1:{self.plain_port}",
            "PROXY_NAME": NAME,
            "PROXY_HOST": f"{NAME}:{self.port}",
            "PROXY_WEB": " ".join(f"server 127.0.0.1:{port} max_fails=2 fail_timeout=2s;" for port in self.web_ports),
            # So that each customer of a test can have an address of its own.
            "PROXY_BEHIND": "127.0.0.1",
            "PROXY_REQUEST_RATE": "50r/s",
            "PROXY_REQUEST_BURST": "200",
            "PROXY_MESSAGE_RATE": "5r/s",
            "PROXY_MESSAGE_BURST": "10",
            "PROXY_CONNECTIONS": "20",
            "PROXY_LOG": str(self.folder / "calls.log"),
            "PROXY_SCRATCH": str(self.folder),
            "PROXY_TLS": str(self.folder / "tls"),
            "PROXY_PROBLEMS": str(NGINX / "problems"),
            "NGINX_LOCAL_RESOLVERS": "127.0.0.1",
        }
        template = (NGINX / "assistant.conf.template").read_text("utf-8")
        (self.folder / "conf.d/assistant.conf").write_text(filled_in(template, values), "utf-8")
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "install nginx to run the tests of services"
        # Started as root, its workers would be somebody who may not read the tests' folders.
        user = "user root; " if os.geteuid() == 0 else ""
        command = [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        main = f"{user}daemon off; pid {self.folder}/nginx.pid;"
        checked = subprocess.run([*command, "-g", main, "-t"], capture_output=True, text=True, timeout=30)
        # Warnings, too, would be somebody's to explain.
        assert checked.returncode == 0 and "[warn]" not in checked.stderr, checked.stderr
        self._processes["proxy"] = subprocess.Popen([*command, "-g", main], stdout=self._log, stderr=self._log)


class Customer:
    """A customer who reaches the assistant through the proxy.

    Args:
        deployment: where.
        user: the customer's id.
        address: where the customer calls from, as a balancer in front would say it.
        order: on the page.
    """

    def __init__(self, deployment: Deployment, user: str, address: str, order: str | None = None) -> None:
        self.user = user
        self._address = f"https://{NAME}:{deployment.port}/webhooks/widget"
        self.options: dict[str, Any] = {
            "headers": {"Authorization": f"Bearer {issue(deployment.secret, user, order)}", "X-Forwarded-For": address},
            "verify": str(deployment.certificate),
            "timeout": 60,
        }

    def say(self, text: str, identifier: str | None = None) -> requests.Response:
        """Sends a message once, over a connection of its own."""
        return requests.post(f"{self._address}/messages", json={"id": identifier or str(uuid4()), "text": text}, **self.options)

    def history(self) -> Sequence[dict[str, Any]]:
        """All messages."""
        answer = requests.get(f"{self._address}/messages", **self.options)
        assert answer.status_code == 200
        messages: Sequence[dict[str, Any]] = answer.json()["messages"]
        return messages

    def events(self) -> requests.Response:
        """An open stream."""
        return requests.get(f"{self._address}/events", stream=True, **self.options)
