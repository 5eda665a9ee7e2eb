"""Requests that can be read in two ways, and requests that cannot."""

from __future__ import annotations

_GET = "GET /health HTTP/1.1\r\nHost: localhost\r\n"
_POST = "POST /health HTTP/1.1\r\nHost: localhost\r\n"


def _request(fields: str, body: str = "0\r\n\r\n", line: str = _POST) -> bytes:
    return f"{line}{fields}\r\n\r\n{body}".encode("latin-1")


AMBIGUOUS: dict[str, bytes] = {
    "negative length": _request("Content-Length: -1", "A", _GET),
    "negative length of a body that is there": _request("Content-Length: -5", "AAAAA"),
    "length with a plus": _request("Content-Length: +5"),
    "length with an underscore": _request("Content-Length: 0_5"),
    "hexadecimal length": _request("Content-Length: 0x5"),
    "list of lengths": _request("Content-Length: 5, 5"),
    "no length at all": _request("Content-Length:"),
    "length in Arabic digits": _request("Content-Length: \u0665".encode().decode("latin-1")),
    "length of eleven digits": _request("Content-Length: 00000000005"),
    "length with a fraction": _request("Content-Length: 5.0"),
    "two lengths": _request("Content-Length: 5\r\nContent-Length: 6"),
    "the same length twice": _request("Content-Length: 5\r\nContent-Length: 5"),
    "blank before the colon of a length": _request("Content-Length : 5"),
    "length and coding": _request("Content-Length: 5\r\nTransfer-Encoding: chunked"),
    "unknown coding beside a length": _request("Transfer-Encoding: xchunked\r\nContent-Length: 5"),
    "chunked, then identity": _request("Transfer-Encoding: chunked, identity"),
    "identity, then chunked": _request("Transfer-Encoding: identity, chunked"),
    "identity": _request("Transfer-Encoding: identity"),
    "chunked in capitals": _request("Transfer-Encoding: CHUNKED"),
    "chunked with a blank after it": _request("Transfer-Encoding: chunked "),
    "chunked twice": _request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
    "blank before the colon of a coding": _request("Transfer-Encoding : chunked"),
    "folded coding": _request("Transfer-Encoding:\r\n chunked"),
    "folded field": _request("X-Note: one\r\n two"),
    "vertical tab before a coding": _request("Transfer-Encoding:\x0bchunked"),
    "line feed in a field": _request("X-Note: one\nTransfer-Encoding: chunked"),
    "carriage return in a field": _request("X-Note: one\rtwo"),
    "NUL in a field": _request("X-Note: \x00"),
    "no name": _request(": 5"),
    "no colon": _request("Content-Length"),
    "name that is no token": _request("Content(Length): 5"),
    "no version": _request("X-Note: 1", line="GET /health\r\nHost: localhost\r\n"),
    "another version": _request("X-Note: 1", line="GET /health HTTP/1.12\r\nHost: localhost\r\n"),
    "tab in the request line": _request("X-Note: 1", line="GET\t/health\tHTTP/1.1\r\nHost: localhost\r\n"),
    "target without a slash": _request("X-Note: 1", line="GET health HTTP/1.1\r\nHost: localhost\r\n"),
    "target beyond ASCII": _request("X-Note: 1", line="GET /h\xe9 HTTP/1.1\r\nHost: localhost\r\n"),
    "two hosts": _request("Host: example.org"),
    "chunked in HTTP/1.0": _request("Transfer-Encoding: chunked", line="POST /health HTTP/1.0\r\nHost: localhost\r\n"),
    "unknown expectation": _request("Content-Length: 1\r\nExpect: x", "A"),
    "a thousand segments": _request("X-Note: 1", "", f"GET {'/' * 1000} HTTP/1.1\r\nHost: localhost\r\n"),
    "port beyond all ports": _request("X-Note: 1", "", "GET http://e:99999999/ HTTP/1.1\r\nHost: localhost\r\n"),
    "negative port": _request("X-Note: 1", "", "GET http://e:-1/ HTTP/1.1\r\nHost: localhost\r\n"),
    "address without its end": _request("X-Note: 1", "", "GET http://[::1 HTTP/1.1\r\nHost: localhost\r\n"),
    "no address": _request("X-Note: 1", "", "GET https:/// HTTP/1.1\r\nHost: localhost\r\n"),
    "negative length for the first page": _request("Content-Length: -1", "A", "GET / HTTP/1.1\r\nHost: localhost\r\n"),
}

BAD_CHUNKS: list[bytes] = [b"0x5\r\nhello\r\n", b"0_5\r\nhello\r\n", b"+5\r\nhello\r\n", b"-5\r\nhello\r\n", b" 5\r\nhello\r\n", b"\r\n\r\n",
    b"5\r\nhelloXX0\r\n\r\n", b"5;" + b"x" * 100 + b"\r\nhello\r\n", b"0\r\nGET /health HTTP/1.1\r\n\r\n"]  # fmt: skip
