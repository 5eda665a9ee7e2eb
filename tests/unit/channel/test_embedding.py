"""Who may embed the chat."""

from __future__ import annotations

from actions.settings import Settings
from bot.web.headers import ONLY_OURSELVES, Embedding


def test_by_default_only_our_own_pages_may() -> None:
    embedding = Embedding.from_settings(Settings.construct())
    assert embedding == ONLY_OURSELVES
    assert embedding.headers_for("https://shop.example") == {} and embedding.headers_for(None) == {}
    assert embedding.page_policy.endswith("frame-ancestors 'self'") and "unsafe" not in embedding.page_policy


def test_origins_and_frames_come_from_the_settings() -> None:
    origins = ("https://shop.example", "http://127.0.0.1:8000")
    embedding = Embedding.from_settings(Settings.construct(widget_origins=origins, frame_ancestors=("self", "https://app.example")))
    assert embedding.headers_for("https://shop.example")["Access-Control-Allow-Origin"] == "https://shop.example"
    assert embedding.headers_for("https://evil.example") == {}
    assert embedding.page_policy.endswith("frame-ancestors 'self' https://app.example")
