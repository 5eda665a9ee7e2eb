"""Who may embed the chat."""

from __future__ import annotations

import pytest

from bot.embedding import Embedding, EmbeddingSettingsError


def test_by_default_only_our_own_pages_may() -> None:
    embedding = Embedding.from_environment({})
    assert embedding.headers_for("https://shop.example") == {} and embedding.headers_for(None) == {}
    assert embedding.page_policy.endswith("frame-ancestors 'self'") and "unsafe" not in embedding.page_policy


def test_origins_and_frames_come_from_the_settings() -> None:
    settings = {
        "BAITIAO_WIDGET_ORIGINS": "https://shop.example, http://127.0.0.1:8000",
        "BAITIAO_FRAME_ANCESTORS": "self https://app.example",
    }
    embedding = Embedding.from_environment(settings)
    assert embedding.headers_for("https://shop.example")["Access-Control-Allow-Origin"] == "https://shop.example"
    assert embedding.headers_for("https://evil.example") == {}
    assert embedding.page_policy.endswith("frame-ancestors 'self' https://app.example")


@pytest.mark.parametrize(
    "entry", ["*", "shop.example", "https://shop.example/path", "https://*.example", "https://a;script-src", "null", "self"]
)
def test_what_is_no_origin_is_refused_with_the_setting_named(entry: str) -> None:
    with pytest.raises(EmbeddingSettingsError, match="BAITIAO_WIDGET_ORIGINS"):
        Embedding.from_environment({"BAITIAO_WIDGET_ORIGINS": entry})
