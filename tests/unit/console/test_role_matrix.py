"""Every route of staff against every role, over HTTP: who may is let in, who may not is refused, and a new route fails here until it is listed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.bootstrap import console_places, console_work, desk_rooms, desk_work
from bot.channel.feed import Feed
from bot.channel.locks import LocalLocks
from bot.channel.service import RateLimiter
from bot.channel.store import ChannelStore
from bot.channel.tokens import CONSOLE_ROLES, ROLES, TokenVerifier, issue
from bot.console import register as register_console
from bot.desk import register as register_desk
from bot.desk.pictures import CSRF_HEADER
from bot.staff.entrances import CONSOLE, DESK
from bot.web.metrics import Metrics
from bot.web.site import add_site
from tests.unit.console.conftest import token_of
from tests.unit.demo.serving import Serving
from tests.unit.desk.conftest import SECRET
from tests.unit.handoff.conftest import House, copied
from tests.unit.open_routes import OPEN_ROUTES

PARAMETER, NAMED = re.compile(r"<(\w+):\w+>"), r"<\1>"
"""Of a path with a kind of value, and without."""
EVERYBODY = frozenset({*ROLES, "customer", "nobody"})
AT_DESK = frozenset({"agent", "lead"})
LEAD = frozenset({"lead"})
IN_CONSOLE = frozenset(CONSOLE_ROLES)
READERS = frozenset({"operator", "approver", "auditor"})
MENDERS = frozenset({"analyst", "author", "operator"})
AUDITOR = frozenset({"auditor"})
OPERATOR = frozenset({"operator"})
AUTHOR, APPROVER = frozenset({"author"}), frozenset({"approver"})

MATRIX: dict[str, frozenset[str]] = {
    **dict.fromkeys(OPEN_ROUTES, EVERYBODY),
    # The desk. Signing in is tried by everybody; who may not is told so with 401.
    "POST /desk/sign-in": EVERYBODY,
    "GET /desk/static/<name>": EVERYBODY,
    "GET /desk": AT_DESK,
    "POST /desk/sign-out": AT_DESK,
    "GET /desk/events": AT_DESK,
    "POST /desk/views": AT_DESK,
    "POST /desk/views/drop": AT_DESK,
    "GET /desk/cases/<handoff_id>": AT_DESK,
    "GET /desk/cases/<handoff_id>/pictures/<picture_id>": AT_DESK,
    "POST /desk/cases/<handoff_id>/pictures": AT_DESK,
    **{
        f"POST /desk/cases/<handoff_id>/{step}": AT_DESK
        for step in ("take", "reply", "typing", "give-back", "close", "pass-on", "release", "note")
    },
    "GET /desk/lead": LEAD,
    "GET /desk/lead/plots/<name>": LEAD,
    "GET /desk/lead/tables/<name>": LEAD,
    # The console: pages, and the same for programs.
    "POST /console/sign-in": EVERYBODY,
    "GET /console/static/<name>": EVERYBODY,
    "POST /console/sign-out": IN_CONSOLE,
    "GET /console": IN_CONSOLE,
    "GET /console/api/today": IN_CONSOLE,
    **{f"GET /console{api}/alerts{one}": IN_CONSOLE for api in ("", "/api") for one in ("", "/<id>", "/<id>/plot/<drawing>")},
    "POST /console/api/alerts": frozenset({"monitor"}),
    **{
        f"POST /console{api}/alerts/<id>/{what}": READERS if what == "samples" else OPERATOR
        for api in ("", "/api")
        for what in ("acknowledge", "verdict", "silence", "draft", "samples")
    },
    **{f"GET /console{api}/obligations{one}": IN_CONSOLE for api in ("", "/api") for one in ("", "/<id>")},
    **{f"POST /console{api}/obligations/<id>/checks": frozenset({"approver"}) for api in ("", "/api")},
    **{f"GET /console{api}/compliance{one}": IN_CONSOLE for api in ("", "/api") for one in ("", "/retention", "/<month>", "/<month>/file")},
    **{f"POST /console{api}/compliance/clocks/<id>/extend": frozenset({"operator", "approver"}) for api in ("", "/api")},
    **{f"POST /console{api}/compliance/accesses/<id>/verdict": AUDITOR for api in ("", "/api")},
    **{f"GET /console{api}/advice": IN_CONSOLE for api in ("", "/api")},
    **{f"POST /console{api}/advice/switch": frozenset({"operator"}) for api in ("", "/api")},
    "GET /console/badges": IN_CONSOLE,
    "GET /console/api/badges": IN_CONSOLE,
    **{f"GET /console{api}/insight{one}": IN_CONSOLE for api in ("", "/api") for one in ("", "/<week>", "/<week>/plot/<drawing>")},
    **{
        f"POST /console{api}/insight/<week>/{what}": READERS if what == "cases" else MENDERS
        for api in ("", "/api")
        for what in ("work", "cases")
    },
    **{
        f"GET /console{api}/experiments{one}": IN_CONSOLE
        for api in ("", "/api")
        for one in ("", "/<experiment>", "/<experiment>/plot/<theme>")
    },
    **{f"POST /console{api}/experiments/<experiment>/stop": frozenset({"author", "operator"}) for api in ("", "/api")},
    **{f"POST /console{api}/experiments/<experiment>/decide": frozenset({"approver"}) for api in ("", "/api")},
    **{f"POST /console{api}/experiments/<experiment>/submit": AUTHOR for api in ("", "/api")},
    **{f"POST /console{api}/experiments/<experiment>/start": APPROVER for api in ("", "/api")},
    "GET /console/audit": AUDITOR,
    "GET /console/api/audit": AUDITOR,
    "GET /console/audit/export": AUDITOR,
    "GET /console/api/audit/export": AUDITOR,
    "POST /console/audit/verify": AUDITOR,
    "POST /console/api/audit/verify": AUDITOR,
    "GET /console/conversations/<id>": READERS,
    "GET /console/api/conversations/<id>": READERS,
    "POST /console/conversations/<id>": READERS,
    "POST /console/api/conversations/<id>": READERS,
    **{f"GET /console{api}/incidents": IN_CONSOLE for api in ("", "/api")},
    **{f"GET /console{api}/incidents/<incident>{page}": IN_CONSOLE for api in ("", "/api") for page in ("", "/afterwards")},
    **{
        f"GET /console{api}/incidents/{page}": OPERATOR
        for api in ("", "/api")
        for page in ("new", "<incident>/orders", "<incident>/review", "<incident>/resolve", "<incident>/withdraw")
    },
    **{f"POST /console{api}/incidents": OPERATOR for api in ("", "/api")},
    **{
        f"POST /console{api}/incidents/<incident>/{step}": OPERATOR
        for api in ("", "/api")
        for step in ("updates", "resolve", "withdraw", "replies", "cause", "actions", "actions/<action>/done")
    },
    **{
        f"GET /console{api}/policies{page}": IN_CONSOLE
        for api in ("", "/api")
        for page in ("", "/calendar", "/calendar.ics", "/<policy>", "/<policy>/regions", "/<policy>/regions/plot/<theme>", "/trial/<trial>")
    },
    **{route: AUTHOR for api in ("", "/api") for route in (f"GET /console{api}/policies/new", f"POST /console{api}/policies")},
    **{
        f"POST /console{api}/policies/<policy>/{step}": roles
        for api in ("", "/api")
        for step, roles in (
            ("trial", AUTHOR),
            ("submit", AUTHOR),
            ("approve", APPROVER),
            ("return", APPROVER),
            ("withdraw", AUTHOR | APPROVER),
        )
    },
}
"""Who may, by method and path; what a role contains is written out."""


class Staffed:
    """The desk and the console on one server.

    Attributes:
        routes: every method and path that there is.
        case: the number of a handoff.
    """

    def __init__(self, house: House) -> None:
        here = house.application
        self.case = house.handed_over().id
        self.routes: set[str] = set()
        self._server = Serving(lambda app: self._furnish(app, here))
        self._session = requests.Session()
        self.address = self._server.address

    def _furnish(self, app: Any, here: Any) -> None:
        verifier, attempts = TokenVerifier({"HS256": SECRET}), RateLimiter("100000/minute")
        add_site(app, Metrics(), {})
        feed = Feed(ChannelStore(here.database, here.facts))
        register_desk(app, desk_work(here), verifier, LocalLocks(), feed, attempts, always_secure=False, rooms=desk_rooms(here))
        register_console(app, console_work(here), verifier, attempts, console_places(here), always_secure=False)
        self.routes = {f"{method} /{PARAMETER.sub(NAMED, route.path)}" for route in app.router.routes for method in route.methods}

    def ask(self, route: str, role: str) -> int:
        """The status with which somebody of a role is answered."""
        method, path = route.split(" ")
        token = "" if role == "nobody" else issue(SECRET, "u-1013") if role == "customer" else token_of(role)
        place = DESK if path.startswith(DESK.path) else CONSOLE
        csrf = hashlib.sha256(b"csrf:" + token.encode()).hexdigest()
        options: dict[str, Any] = {"headers": {"Cookie": f"{place.cookie}={token}", CSRF_HEADER: csrf}}
        if "/api/" in path:
            options = {"headers": {"Authorization": f"Bearer {token}"}, **({"json": {}} if method == "POST" else {})}
        elif method == "POST" and not path.endswith("/pictures"):
            options["data"] = {"csrf": csrf}
        address = self.address + path
        placeholders = {
            "handoff_id": self.case,
            "id": self.case,
            "incident": self.case,
            "action": "1",
            "month": "2026-11",
            "policy": "p-x",
            "trial": "t-x",
            "experiment": "x",
            "theme": "light",
        }
        for name, value in placeholders.items():
            address = address.replace(f"<{name}>", value)
        for name in ("name", "picture_id", "drawing", "week"):
            address = address.replace(f"<{name}>", "handled" if "/lead/" in path else "x")
        # Connections are kept: opening a thousand takes longer than being refused. What has no end is left after its head.
        with self._session.request(method, address, timeout=20, stream=True, allow_redirects=False, **options) as answer:
            if not answer.headers.get("Content-Type", "").startswith("text/event-stream"):
                answer.content  # noqa: B018
            self._session.cookies.clear()
            return answer.status_code

    def close(self) -> None:
        """Stops the server."""
        self._session.close()
        self._server.close()


@pytest.fixture(scope="module")
def staffed(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staffed]:
    """One for all tests here, which look at who is let in and not at what is there."""
    with copied(demo_file, tmp_path_factory.mktemp("staffed")) as house:
        staffed = Staffed(house)
        yield staffed
        staffed.close()


def refusal(route: str, role: str) -> int:
    """How somebody who may not is refused: 403 who is known there, 401 everybody else."""
    path = route.split(" ")[1]
    if path.startswith(DESK.path):
        return 403 if role in AT_DESK else 401
    if "/api/" in path:
        return 401 if role == "nobody" else 403
    return 403 if role in IN_CONSOLE else 401


def test_every_route_is_listed_and_no_other(staffed: Staffed) -> None:
    assert staffed.routes == set(MATRIX)


@pytest.mark.slow
def test_who_may_is_let_in_and_who_may_not_is_refused(staffed: Staffed) -> None:
    wrong = []
    for route, allowed in MATRIX.items():
        for role in sorted(EVERYBODY):
            status = staffed.ask(route, role)
            if route.endswith("/sign-in"):
                expected = status == 401  # a form without a token lets nobody in
            else:
                expected = status not in (401, 403) and status < 500 if role in allowed else status == refusal(route, role)
            if not expected and not (route == "GET /health/ready" and status == 503):
                wrong.append((route, role, status))
    assert wrong == []


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_signs_in_where_it_belongs_only(staffed: Staffed, role: str) -> None:
    for place, roles in ((DESK, AT_DESK), (CONSOLE, IN_CONSOLE)):
        answer = requests.post(f"{staffed.address}{place.path}/sign-in", data={"token": token_of(role)}, allow_redirects=False, timeout=20)
        assert answer.status_code == (303 if role in roles else 401)
