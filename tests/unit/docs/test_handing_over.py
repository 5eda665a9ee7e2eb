"""docs/handoff.md: deliveries as a receiver gets them, the check of their signature, and who owns a conversation."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import update

from actions.core.handoff import TRANSITIONS
from actions.handoff.delivery import Dispatcher, Patience, Target, signed_headers
from actions.handoff.payload import Payload
from actions.handoff.pushing import PushDispatcher
from actions.state import conversations, outbox
from actions.state.columns import real_now
from tests.unit.handoff.conftest import House
from tools.pages import ROOT, blocks, fits, marked

PAGE = ROOT / "docs/handoff.md"
TEXT = PAGE.read_text(encoding="utf-8")
SECRET = b"a secret of the tests, longer than 32 characters"


async def delivered(house: House, sender: type[Dispatcher] = Dispatcher) -> tuple[dict[str, str], bytes]:
    """The headers and the body of the one delivery there is."""
    came: list[tuple[dict[str, str], bytes]] = []

    async def take(request: web.Request) -> web.Response:
        came.append((dict(request.headers), await request.read()))
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    target = Target(f"http://127.0.0.1:{runner.addresses[0][1]}/", SECRET)
    await sender(house.database, house.application.knowledge, target).drain()
    await runner.cleanup()
    (one,) = came
    return one


def genuine() -> Callable[..., bool]:
    scope: dict[str, Any] = {}
    exec(marked(PAGE, "code")["genuine"], scope)
    check: Callable[..., bool] = scope["genuine"]
    return check


def test_a_delivery_comes_as_the_page_shows_and_its_check_believes_it(house: House) -> None:
    house.handed_over()
    headers, body = asyncio.run(delivered(house))
    is_shown(marked(PAGE, "request")["delivery"], headers, body)
    stamp, signature = headers["X-Baitiao-Timestamp"], headers["X-Baitiao-Signature"]
    check = genuine()
    assert check(SECRET, stamp, signature, body)
    assert not check(SECRET, stamp, signature, body + b" ") and not check(b"another", stamp, signature, body)


def test_a_call_for_a_customer_who_is_away_comes_as_the_page_shows(house: House) -> None:
    with house.database.session() as session:
        conversations.append(
            session, "u-1013", [conversations.MessageDraft(role="user", text="在吗", id=str(number)) for number in range(11)]
        )
        conversations.append(session, "u-1013", [conversations.MessageDraft(role="agent", text="您好")])
        session.execute(update(outbox.OUTBOX).values(due=real_now()))
    headers, body = asyncio.run(delivered(house, PushDispatcher))
    is_shown(marked(ROOT / "docs/widget-api.md", "request")["push"], headers, body)
    assert genuine()(SECRET, headers["X-Baitiao-Timestamp"], headers["X-Baitiao-Signature"], body)


def is_shown(request: str, headers: dict[str, str], body: bytes) -> None:
    """Whether a request is the one that a page shows."""
    head, _, shown = request.partition("\n\n")
    for line in head.splitlines()[1:]:
        name, _, value = line.partition(": ")
        assert fits(value, headers[name]), line
    assert fits(shown, json.dumps(json.loads(body), ensure_ascii=False))


def test_the_check_of_the_page_refuses_an_old_delivery(house: House) -> None:
    for age, believed in ((0, True), (301, False)):
        headers = signed_headers(SECRET, b"{}", int(time.time()) - age)
        assert genuine()(SECRET, headers["X-Baitiao-Timestamp"], headers["X-Baitiao-Signature"], b"{}") is believed


def test_the_diagram_of_owners_is_the_table_of_the_program() -> None:
    (diagram,) = [block.text for block in blocks(PAGE) if block.language == "mermaid"]
    drawn = {(before, after) for before, after in re.findall(r"^  (\w+) --> (\w+):", diagram, re.MULTILINE)}
    assert drawn == {(before, after) for (before, _), after in TRANSITIONS.items() if before != after}


def test_attempts_are_as_patient_as_the_page_says() -> None:
    patience = Patience()
    assert f"{patience.timeout:.0f} seconds without an answer" in TEXT
    assert (patience.first, patience.first * 2, patience.first * 4) == (2, 4, 8) and "2 s, 4 s, 8 s …" in TEXT
    assert f"up to {patience.longest / 60:.0f} minutes; after {patience.attempts} attempts" in TEXT


@pytest.mark.broad
@pytest.mark.parametrize("command", ["list --status queued", "export --since 2026-11-22", "dead-letters", "purge --dry-run",
                                     "purge --older-than 90", "erase u-1013 --dry-run"])  # fmt: skip
def test_a_command_of_the_page_is_carried_out(command: str, run: Callable[[str], str], house: House) -> None:
    row = house.handed_over()
    printed = run(f"baitiao handoff {command}")
    assert (row.id in printed) == command.startswith(("list", "export")) and "Traceback" not in printed


def test_every_block_of_a_payload_has_a_row() -> None:
    rows = set(re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `"))))
    assert {field.alias for field in Payload.__fields__.values()} - rows == set()
