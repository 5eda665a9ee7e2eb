"""Whom the action server believes: the assistant's own web server, and no program or web page beside it.

A tracker names the customer, so whoever may call an action reads anybody's debts and hands over in anybody's name. A browser lets every
page call this machine; what tells such a call apart are the headers that no page can leave out or forge.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from pathlib import Path
from typing import Any

import structlog
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.connections import Complaints, vouch_for
from actions.setting_values import header_secret
from actions.settings import Settings, SettingsError


def own_secret(path: Path) -> str:
    """The secret of a file, made on first use and readable by its owner only.

    A secret written into the code would be known to everybody and would one day guard something real.

    Raises:
        OSError: the file can be neither read nor made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(candidate, path)
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
    return path.read_text(encoding="ascii")


log = structlog.get_logger()

ACTIONS_SECRET, ACTIONS_HOST = Settings.variable("actions_secret"), Settings.variable("actions_host")
OWN_SECRET = Path("var/actions-secret")
SECRET_HEADER = "X-Baitiao-Actions-Secret"
LARGEST_CALL = 8 * 1024 * 1024
"""Bytes that are read at all. A tracker's window has some tens of thousands."""
_HEALTH = "/health"
_MOST_COMPLAINTS = 100
"""Lines a minute about calls that were refused."""


class _Refusal(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def actions_secret(settings: Settings) -> str:
    """What every call of an action carries: the setting, else this installation's own, so that both servers find the same.

    Raises:
        SettingsError: there is none and none can be made.
    """
    if settings.actions_secret is not None:
        return settings.actions_secret.get_secret_value()
    try:
        return header_secret(own_secret(OWN_SECRET)).get_secret_value()
    except (OSError, ValueError) as error:
        raise SettingsError([f"{ACTIONS_SECRET} must be set: {OWN_SECRET} cannot be used ({type(error).__name__})"]) from None


def believe_only(app: Sanic, secret: str, host: str = "localhost") -> None:
    """Makes an application refuse whoever does not know the secret, calls by another name, or calls for a web page.

    ``/health`` needs no secret, but refuses a wrong one, so that a caller can see whether it would be believed.

    Args:
        app: the application.
        secret: what callers must know.
        host: the name by which it may be called, beside 127.0.0.1 and localhost.
    """
    app.config.REQUEST_MAX_SIZE = LARGEST_CALL
    expected = secret.encode()
    known = _ours(host)
    complaints = Complaints(_MOST_COMPLAINTS)

    def check(request: Request) -> None:
        _check_address(request, known)
        _check_secret(request, expected)
        _check_type(request)

    async def read_nothing_of_strangers(request: Request) -> None:
        stream: Any = request.stream
        try:
            check(request)
        except _Refusal:
            stream.leave_body()

    async def refuse(request: Request) -> HTTPResponse | None:
        # A head that could not be read is refused for that reason; Sanic then has no request to look at.
        if not request.head:
            return None
        try:
            check(request)
        except _Refusal as refusal:
            if complaints.may_be_written():
                log.warning("call.refused", status=refusal.status, reason=str(refusal))
            return json({"error": str(refusal)}, status=refusal.status)
        return None

    # Middleware comes when the body is there already.
    app.add_signal(read_nothing_of_strangers, "http.lifecycle.handle")
    app.request_middleware.appendleft(refuse)

    async def come_first(running: Any, _loop: Any) -> None:
        # The SDK's answers to preflight requests put themselves in front when the server starts.
        running.request_middleware.remove(refuse)
        running.request_middleware.appendleft(refuse)

    app.register_listener(come_first, "before_server_start")


def _ours(host: str) -> re.Pattern[str]:
    names = "|".join(re.escape(f"[{name}]" if ":" in name else name) for name in ("127.0.0.1", "localhost", host))
    return re.compile(rf"({names})(:[0-9]{{1,5}})?", re.IGNORECASE)


def _check_address(request: Request, known: re.Pattern[str]) -> None:
    if "origin" in request.headers:
        raise _Refusal(403, "web pages may not call the action server")
    hosts = request.headers.getall("host", [])
    if len(hosts) != 1 or not known.fullmatch(hosts[0]):
        raise _Refusal(421, f"the action server answers as 127.0.0.1, localhost and {ACTIONS_HOST} only")


def _check_secret(request: Request, expected: bytes) -> None:
    given = request.headers.getall(SECRET_HEADER, [])
    if not given and request.path == _HEALTH:
        return
    if len(given) != 1 or not hmac.compare_digest(given[0].encode("utf-8", "surrogateescape"), expected):
        raise _Refusal(
            401, f"the call carries no valid secret: both servers need the same {ACTIONS_SECRET}, or the same folder to start in"
        )
    vouch_for(request)


def _check_type(request: Request) -> None:
    types = request.headers.getall("content-type", [])
    if request.method in ("GET", "HEAD") and not types:
        return
    if len(types) != 1 or types[0].partition(";")[0].strip().lower() != "application/json":
        raise _Refusal(415, "an action is called with application/json")
