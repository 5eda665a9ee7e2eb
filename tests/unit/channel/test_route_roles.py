"""Every route of customers and of shops' programs against every role, over HTTP; a new route fails here until it is listed.

Those of staff: ``tests/unit/console/test_role_matrix.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.catalog import register
from bot.channel.locks import LocalLocks
from bot.channel.service import ChannelService, RateLimiter
from bot.channel.store import ChannelStore
from bot.channel.tokens import ROLES, TokenVerifier, issue
from bot.channel.widget.input import WidgetInput
from bot.web.site import add_site
from conversations.application import STORE
from tests.unit.demo.serving import Serving
from tests.unit.handoff.conftest import House, copied, demo_file
from tests.unit.open_routes import OPEN_ROUTES

__all__ = ["demo_file"]

SECRET = "a secret of the tests, longer than 32 characters"
EVERYBODY = frozenset({*ROLES, "customer", "nobody"})
NOT_YET = ("GET /health/ready", "GET /catalog/badges/changes")
"""What answers so as long as no worker has looked."""
CUSTOMER, PROGRAM = frozenset({"customer"}), frozenset({"catalog"})
WIDGET = "/webhooks/widget"
KIND = re.compile(":[a-z]+(?=>)")
"""Of a value in a path."""
MATRIX: dict[str, frozenset[str]] = {
    **dict.fromkeys(OPEN_ROUTES, EVERYBODY),
    **{
        f"{route[0]} {WIDGET}/{route[1]}": CUSTOMER
        for route in (
            ("POST", "messages"),
            ("GET", "messages"),
            ("GET", "events"),
            ("POST", "rating"),
            ("POST", "feedback"),
            ("GET", "opening"),
            ("GET", "labels"),
            ("GET", "reference"),
            ("GET", "notices"),
            ("POST", "subscriptions"),
            ("POST", "pictures"),
            ("GET", "pictures/<picture_id>"),
            ("GET", "badges"),
        )
    },
    "POST /catalog/badges": PROGRAM,
    "GET /catalog/badges/changes": PROGRAM,
}


class Street:
    """The widget's channel and the catalog on one server."""

    def __init__(self, house: House) -> None:
        here = house.application
        # A server that is ready has read what it knows.
        assert STORE.current
        store = ChannelStore(here.database, here.facts)
        service = ChannelService(store, TokenVerifier({"HS256": SECRET}), RateLimiter("100000/minute"), LocalLocks())
        channel = WidgetInput(service, STORE)
        self.routes: set[str] = set()

        async def nobody_answers(_: Any) -> None:
            return None

        def furnish(app: Any) -> None:
            add_site(app, service.metrics, {})
            app.blueprint(channel.blueprint(nobody_answers), url_prefix=WIDGET)
            register(app, service, channel.badges)
            paths = [(method, KIND.sub("", route.path)) for route in app.router.routes for method in route.methods]
            self.routes = {f"{method} /{path}" for method, path in paths}

        self.server = Serving(furnish)

    def ask(self, route: str, role: str) -> int:
        """The status with which somebody of a role is answered."""
        method, path = route.split(" ")
        token = "" if role == "nobody" else issue(SECRET, "u-1013") if role == "customer" else issue(SECRET, "x-1", roles=[role])
        options: dict[str, Any] = {"headers": {"Authorization": f"Bearer {token}"}} if token else {}
        address = self.server.address + re.sub("<[a-z_]+>", "x", path)
        with requests.request(method, address, timeout=20, stream=True, **options) as answer:
            return answer.status_code


@pytest.fixture(scope="module")
def street(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with copied(demo_file, tmp_path_factory.mktemp("street")) as house:
        made = Street(house)
        yield made
        made.server.close()


def test_every_route_is_listed_and_no_other(street: Street) -> None:
    assert street.routes == set(MATRIX)


def test_who_may_is_let_in_and_who_may_not_is_refused(street: Street) -> None:
    wrong = []
    for route, allowed in MATRIX.items():
        for role in sorted(EVERYBODY):
            status = street.ask(route, role)
            refused = 403 if route.split(" ")[1].startswith("/catalog") and role != "nobody" else 401
            expected = status not in (401, 403) and status < 500 if role in allowed else status == refused
            if not expected and not (route in NOT_YET and status == 503):
                wrong.append((route, role, status))
    assert wrong == []
