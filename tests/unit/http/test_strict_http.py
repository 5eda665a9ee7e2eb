"""No request may stop a server or be read in two ways."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sanic.http import Http

from actions.callers import SECRET_HEADER
from actions.strict_http import is_unambiguous
from tests.unit.http.heads import AMBIGUOUS, BAD_CHUNKS
from tests.unit.http.servers import SECRET, Server, action_server, site

pytestmark = pytest.mark.slow

CHUNKED = (
    b"POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    + f"{SECRET_HEADER}: {SECRET}\r\n\r\n".encode()
)


@pytest.fixture(scope="module", params=[action_server, site])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    start: Callable[[Path], Server] = request.param
    running = start(tmp_path_factory.mktemp("server"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = site(tmp_path_factory.mktemp("pages"))
    yield running
    running.close()


@pytest.mark.parametrize("request_", [pytest.param(request, id=name) for name, request in AMBIGUOUS.items()])
def test_an_ambiguous_head_is_refused_and_others_are_answered(server: Server, request_: bytes) -> None:
    answer, closed = server.send(request_)
    assert answer.startswith(b"HTTP/1.1 400") and answer.count(b"HTTP/1.1 ") == 1 and closed
    assert server.answers()


@pytest.mark.parametrize("chunks", BAD_CHUNKS)
@pytest.mark.parametrize("expecting", [False, True])
def test_an_ambiguous_chunk_is_refused_and_others_are_answered(server: Server, chunks: bytes, expecting: bool) -> None:
    head = CHUNKED.replace(b"Host", b"Expect: 100-continue\r\nHost") if expecting else CHUNKED
    answer, closed = server.send(head + chunks)
    answer = answer.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")
    assert answer.startswith(b"HTTP/1.1 400") and answer.count(b"HTTP/1.1 ") == 1 and closed
    assert server.answers()


def test_no_refusal_is_a_traceback_in_the_log(server: Server) -> None:
    for request in (*AMBIGUOUS.values(), *(CHUNKED + chunks for chunks in BAD_CHUNKS)):
        server.send(request)
    assert "Traceback" not in server.log.read_text("utf-8")


def test_honest_requests_on_one_connection_are_all_answered(pages: Server) -> None:
    post = b"POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nfirst"
    chunked = CHUNKED + b"3\r\nsec\r\n3;note=x\r\nond\r\n0\r\n\r\n"
    expecting = CHUNKED.replace(b"Host", b"Expect: 100-continue\r\nHost") + b"a\r\n0123456789\r\n0\r\n\r\n"
    last = b"GET / HTTP/1.0\r\nHost:localhost\r\nX-Empty:\r\nX-Name: \xe6\x9d\xa1\tx \r\n\r\n"
    answer, closed = pages.send(post + chunked + expecting + last)
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"100", b"200", b"302"]
    assert b"first" in answer and b"second" in answer and b"0123456789" in answer and closed


@pytest.mark.parametrize("size", range(-2, 6))
def test_a_head_as_long_as_is_allowed_is_looked_at_however_it_comes(server: Server, size: int) -> None:
    for held_back in (1, 2, 3):
        request = b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\nX-Pad: "
        request += b"a" * (Http.HEADER_MAX_SIZE + size - len(request) - len(b"\r\n\r\n")) + b"\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(request[:-held_back])
            time.sleep(0.1)
            connection.sendall(request[-held_back:] + b"A")
            assert connection.recv(65536).startswith((b"HTTP/1.1 400", b"HTTP/1.1 413"))
        assert server.answers()


def test_a_head_that_comes_in_pieces_is_read_as_a_whole(pages: Server) -> None:
    request = b"POST /webhook HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5\r\n\r\nwhole"
    with socket.create_connection(("127.0.0.1", pages.port), timeout=10) as connection:
        for index in range(0, len(request), 7):
            connection.sendall(request[index : index + 7])
            time.sleep(0.005)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    assert received.startswith(b"HTTP/1.1 200") and received.endswith(b"whole")


def test_a_head_without_an_end_is_refused(server: Server) -> None:
    answer, closed = server.send(b"GET /health HTTP/1.1\r\nX-Long: " + b"a" * 20000)
    assert answer.startswith(b"HTTP/1.1 413") and closed and server.answers()


@pytest.mark.parametrize("line", [b"GET / HTTP/1.1", b"POST /a?b=%20&c HTTP/1.0", b"GET http://localhost:5005/ HTTP/1.1"])
def test_an_honest_head_is_unambiguous(line: bytes) -> None:
    assert is_unambiguous(line)
    assert is_unambiguous(line + b"\r\nHost: x\r\ncontent-length:12 \r\nX-Empty:")
    assert is_unambiguous(line + b"\r\nTransfer-Encoding:  chunked") is line.endswith(b"1.1")
