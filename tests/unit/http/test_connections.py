"""Nobody holds a connection for ever, nor all of them, and whoever is being answered is left in peace."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from actions.callers import LARGEST_CALL, SECRET_HEADER
from bot.web.site import LARGEST_BODY, MOST_FIELDS
from tests.unit.http.hurried import FILES, HURRY
from tests.unit.http.servers import SECRET, Server, hurried_action_server, hurried_site

pytestmark = pytest.mark.slow

HOST = b"Host: localhost\r\n"
HONEST = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
POST = b"POST /webhook HTTP/1.1\r\n" + HOST + f"Content-Type: application/json\r\n{SECRET_HEADER}: {SECRET}\r\n".encode()
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
HALF = POST + b"Content-Length: 500\r\n\r\n{"
NOWHERE = HALF.replace(b"/webhook", b"/nowhere")
FORM = b"POST /form HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"

UNFINISHED: dict[str, tuple[bytes, bytes]] = {
    "nothing": (b"", b""),
    "half a head": (b"GET /health HTTP/1.1\r\n", b""),
    "a dripping head": (b"GET /health HTTP/1.1\r\nX-Note: ", b"a"),
    "half a body": (HALF, b""),
    "a dripping body": (HALF, b"a"),
    "a body for no address": (NOWHERE, b""),
    "a dripping body for no address": (NOWHERE, b"a"),
    "half a chunk": (CHUNKED + b"5\r\nab", b""),
    "half the line of a chunk": (CHUNKED + b"5", b""),
    "dripping chunks": (CHUNKED, b"1\r\na\r\n"),
    "an answered request and half of another": (HONEST + b"GET /hea", b"l"),
}
SLACK = 1.5
"""Seconds that a busy machine may add."""


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from running(hurried_action_server(tmp_path_factory.mktemp("actions")))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from running(hurried_site(tmp_path_factory.mktemp("pages")))


@pytest.fixture(params=["actions", "pages"])
def server(request: pytest.FixtureRequest) -> Server:
    named: Server = request.getfixturevalue(request.param)
    return named


def running(started: Server) -> Iterator[Server]:
    yield started
    assert started.answers() and "Traceback" not in started.log.read_text("utf-8")
    started.close()


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def ends(connection: socket.socket, drip: bytes = b"") -> bytes:
    """What comes until the server ends the connection, to which a drip is sent meanwhile."""
    received = b""
    connection.settimeout(0.2)
    until = time.monotonic() + max(HURRY.head, HURRY.body, HURRY.idle) + HURRY.leftovers + SLACK
    while time.monotonic() < until:
        try:
            piece = connection.recv(65536)
            if not piece:
                return received
            received += piece
            continue
        except TimeoutError:
            pass
        except ConnectionResetError:
            return received
        try:
            connection.sendall(drip)
        except OSError:
            return received
    raise AssertionError(f"still open after {received[:200]!r}")


def is_gone(connection: socket.socket) -> bool:
    """Whether the server ended the connection without a word."""
    connection.settimeout(0.3)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def test_whoever_does_not_finish_is_ended_however_it_comes(server: Server) -> None:
    def finish(name: str) -> bytes:
        first, drip = UNFINISHED[name]
        with connect(server) as connection:
            connection.sendall(first)
            return ends(connection, drip)

    with ThreadPoolExecutor(len(UNFINISHED)) as pool:
        answers = dict(zip(UNFINISHED, pool.map(finish, UNFINISHED)))
    assert answers.pop("nothing") == b""
    assert answers.pop("an answered request and half of another").count(b"HTTP/1.1 ") == 2
    assert all(answer.startswith((b"HTTP/1.1 408", b"HTTP/1.1 404")) and answer.count(b"HTTP/1.1 ") == 1 for answer in answers.values())
    assert server.answers()


@pytest.mark.parametrize("name", ["nothing", "half a head", "half a body"])
def test_unfinished_requests_of_more_than_all_files_leave_room(server: Server, name: str) -> None:
    with ExitStack() as held:
        for _ in range(FILES + 50):
            held.enter_context(connect(server)).sendall(UNFINISHED[name][0])
        for _ in range(10):
            began = time.monotonic()
            # Before anybody who says nothing is thrown out, so there was room at once.
            assert server.answers() and time.monotonic() - began < HURRY.silent - 0.2


def test_who_is_known_and_who_is_being_answered_keep_their_places(pages: Server) -> None:
    with ExitStack() as held, connect(pages) as known, connect(pages) as waiting, connect(pages) as stranger:
        known.sendall(b"GET /known HTTP/1.1\r\n" + HOST + b"\r\n")
        stranger.sendall(HONEST)
        waiting.sendall(b"GET /late?seconds=1 HTTP/1.1\r\n" + HOST + b"\r\n")
        assert known.recv(4096).endswith(b"known") and stranger.recv(4096)
        for _ in range(FILES + 50):
            held.enter_context(connect(pages))
        assert waiting.recv(4096).endswith(b"late")
        known.sendall(b"GET /known HTTP/1.1\r\n" + HOST + b"\r\n")
        assert known.recv(4096).endswith(b"known")
        # The oldest stranger made room.
        assert is_gone(stranger)


def test_when_all_are_being_answered_newcomers_are_turned_away_and_all_are_answered(pages: Server) -> None:
    with ExitStack() as held:
        busy = [held.enter_context(connect(pages)) for _ in range(FILES * 3 // 4)]
        for connection in busy:
            connection.sendall(b"GET /late?seconds=2 HTTP/1.1\r\n" + HOST + b"\r\n")
        time.sleep(0.5)
        assert all(is_gone(held.enter_context(connect(pages))) for _ in range(50))
        assert all(connection.recv(4096).endswith(b"late") for connection in busy)
    assert pages.answers() and pages.log.read_text("utf-8").count("connections.full") == 1


def test_a_stream_outlives_every_patience_and_a_kept_connection_its_requests(pages: Server) -> None:
    with connect(pages) as stream, connect(pages) as kept:
        stream.sendall(b"GET /stream?beats=40 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        until, answers = time.monotonic() + HURRY.answer + HURRY.head, 0
        while time.monotonic() < until:
            kept.sendall(HONEST)
            answers += kept.recv(4096).startswith(b"HTTP/1.1 404")
            time.sleep(HURRY.silent)
        received = b""
        while piece := stream.recv(65536):
            received += piece
        assert answers > 2 and b"id: 39" in received


def test_whoever_reads_nothing_is_ended(server: Server) -> None:
    send_without_reading(server, HONEST * 400)


def test_whoever_stops_reading_a_stream_is_ended(pages: Server) -> None:
    send_without_reading(pages, b"GET /stream?beats=100&size=900000 HTTP/1.1\r\n" + HOST + b"\r\n")


def send_without_reading(server: Server, requests: bytes) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.settimeout(0.2)
        until = time.monotonic() + 30
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            while time.monotonic() < until:
                try:
                    connection.sendall(requests)
                except TimeoutError:
                    continue
    assert server.answers()


@pytest.mark.parametrize("many", [HONEST * 1500, CHUNKED + b"1\r\n \r\n" * 8000])
def test_many_requests_or_chunks_at_once_hold_up_nobody(server: Server, many: bytes) -> None:
    times: list[float] = []
    with ExitStack() as held:
        for _ in range(4):
            greedy = held.enter_context(connect(server))
            greedy.setblocking(False)
            # As much as fits between the two; the rest is not needed.
            greedy.send(many)
        for _ in range(20):
            began = time.monotonic()
            assert server.answers()
            times.append(time.monotonic() - began)
    assert max(times) < 0.3


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, LARGEST_CALL + 1])
def test_a_body_that_is_too_large_is_left_unread_and_its_refusal_arrives(server: Server, size: int) -> None:
    head = b"POST /webhook HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % size
    answer, closed = server.send(head + b"a" * size)
    # The action server does not even look at what strangers send.
    assert answer.startswith((b"HTTP/1.1 413", b"HTTP/1.1 401")) and b"onnection: close" in answer and closed


def test_a_stranger_is_refused_before_its_body_comes(actions: Server) -> None:
    answer, closed = actions.send(HALF.replace(SECRET.encode(), b"guessed"))
    assert answer.startswith(b"HTTP/1.1 401") and closed


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (b"application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(MOST_FIELDS)), b"200"),
        (b"application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(MOST_FIELDS + 1)), b"400"),
        (b"Application/X-WWW-Form-URLencoded; charset=utf-8", b"&" * 60000, b"400"),
        (b"multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n', b"400"),
        (b"application/x-www-form-urlencoded", b"a=" + b"x" * LARGEST_BODY, b"413"),
    ],
)  # fmt: skip
def test_forms_have_few_fields(pages: Server, kind: bytes, body: bytes, status: bytes) -> None:
    answer, _ = pages.send(FORM + b"Content-Type: " + kind + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert answer.startswith(b"HTTP/1.1 " + status)


def test_refusals_do_not_fill_the_log(actions: Server) -> None:
    actions.send(b"GET /actions HTTP/1.1\r\nHost: localhost\r\n\r\n" * 300)
    assert 0 < actions.log.read_text("utf-8").count("call.refused") <= 200
