"""How pages of tests end: after they have loaded what they asked for, before their servers do, and with every complaint of the browser's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.widget.browsing import Watch

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'


class Gallery(ThreadingHTTPServer):
    """Serves a page with a picture, which it holds back until the page is there."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Showing)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked, self.may_answer = threading.Event(), threading.Event()
        self.served: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Showing(BaseHTTPRequestHandler):
    server: Gallery

    def do_GET(self) -> None:
        picture = self.path.startswith("/picture")
        if picture:
            self.server.asked.set()
            self.server.may_answer.wait(10)
        found = self.path != "/picture-lost"
        body = SVG if picture else f'<link rel="icon" href="data:,"><p>there</p><img src="/picture{self.path[1:]}">'.encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "image/svg+xml" if picture else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.server.served.append(self.path)
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def gallery() -> Iterator[Gallery]:
    gallery = Gallery()
    yield gallery
    gallery.shutdown()
    gallery.server_close()


@pytest.fixture
def served_on(opened: Callable[..., Page]) -> Iterator[Gallery]:
    """A server that ends before the fixture that opens pages does."""
    gallery = Gallery()
    yield gallery
    assert gallery.served == ["/", "/picture"], "the page has left after its picture came"
    gallery.shutdown()
    gallery.server_close()


def test_a_page_whose_picture_is_under_way_misses_no_server(served_on: Gallery, opened: Callable[..., Page]) -> None:
    page = opened("about:blank")
    page.evaluate("address => { setTimeout(() => { location = address }) }", served_on.address)
    assert served_on.asked.wait(10)
    threading.Timer(0.3, served_on.may_answer.set).start()


def test_what_was_wrong_before_a_page_left_is_held_against_it(gallery: Gallery, browser: Browser) -> None:
    gallery.may_answer.set()
    watch = Watch(browser)
    watch.open(f"{gallery.address}/-lost")
    with pytest.raises(AssertionError, match="404"):
        watch.close()
    watch.close()
