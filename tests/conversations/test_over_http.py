"""A slice of the conversations over HTTP against ``baitiao up``: those that say ``over: [process, http]``."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import requests

from conversations.application import project_knowledge
from conversations.loading import Conversation, collect
from conversations.player import play
from conversations.served import ServedStage, Up
from tests.conversations.test_conversations import outcome

SLICE = [each for each in collect() if "http" in each.over]
FEWEST = 15


def test_the_slice_is_not_empty() -> None:
    assert len(SLICE) >= FEWEST


@pytest.mark.xdist_group("over_http")
def test_a_length_that_is_none_stops_neither_server(up: Up) -> None:
    for address in (up.address, up.actions_address):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\nA")
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
    assert requests.get(f"{up.address}/health/ready", timeout=10).status_code == 200


# One server for all of them: with `-n` and `--dist loadgroup` they stay on one worker.
@pytest.mark.xdist_group("over_http")
@pytest.mark.parametrize("conversation", [pytest.param(each, id=each.id) for each in SLICE])
def test_conversation_over_http(conversation: Conversation, up: Up) -> None:
    def over_http(conversation: Conversation) -> Any:
        return play(conversation, ServedStage(up, conversation.world, conversation.user, conversation.order), project_knowledge())

    outcome(conversation, over_http)
