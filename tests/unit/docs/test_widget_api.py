"""docs/widget-api.md: its refusals, limits and fields are those of the program."""

from __future__ import annotations

import re
from typing import Any, get_args

from actions.connections import Deadlines
from actions.settings import Settings
from actions.state.conversations import Message, Role
from bot.channel import imaging, picture_store, plain_text, tokens
from bot.channel.widget import input, stream
from bot.web import responses, site
from bot.web.responses import ProblemError
from tests.unit.docs.tables import first_cells, rows, section
from tools.pages import ROOT

PAGE = ROOT / "docs/widget-api.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_refusal_has_a_row_with_its_status() -> None:
    shown: dict[str, str] = {}
    for cells in rows(section(PAGE, "Refusals"))[1:]:
        names, statuses = re.findall(r"`([\w-]+)`", cells[1]), re.findall(r"\d+", cells[0])
        shown.update(zip(names, statuses * len(names) if len(statuses) == 1 else statuses))
    assert shown == {name.replace("_", "-"): str(kind.status) for name, kind in ProblemError.catalogue.kinds.items()}


def test_the_limits_are_those_of_the_program() -> None:
    for words in (
        f"1–{plain_text.LONGEST_TEXT} characters",
        f"more than {plain_text.LONGEST_TEXT} characters, or a body above {site.LARGEST_BODY // 1024} KB",
        f"at most {tokens.LONGEST_LIFETIME // 86400} days away",
        f"up to {tokens.LONGEST_SUBJECT} printable characters",
        f"| `aud` | `{tokens.AUDIENCE}` |",
        f"every {responses.HEARTBEAT_SECONDS:.0f} seconds of silence",
        f"At most {input.MOST_STREAMS} streams",
        f"up to {input.LONGEST_HISTORY} messages",
        f"longer than {Deadlines().head:.0f} seconds, or a body longer than {Deadlines().body:.0f}",
        f"up to {tokens.LONGEST_NAME} characters; without it",
        f"looked at every {stream.PLACE_SECONDS:.0f} seconds",
        f"up to {imaging.LARGEST_PICTURE // 2**20} MB and {imaging.MOST_PIXELS // 10**6} million pixels",
        f"longest side has {imaging.LONGEST_SIDE} pixels",
        f"At most {picture_store.MOST_PICTURES} pictures a day",
        f"retry: {responses.RECONNECT_MILLISECONDS}",
        f"more than {Settings.__fields__['message_rate'].default.partition('/')[0]} messages a minute",
    ):
        assert words in TEXT


def test_the_fields_of_a_message_are_those_that_are_sent() -> None:
    from datetime import datetime, timezone

    unset: Any = dict.fromkeys(Message.__dataclass_fields__)
    sent = Message(**{**unset, "at": datetime.now(timezone.utc), "buttons": [], "choices_of": 1}).to_json()
    assert first_cells(section(PAGE, "A message")) == set(sent)
    assert all(f"`{role}`" in section(PAGE, "A message") for role in get_args(Role))
