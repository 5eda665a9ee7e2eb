"""Signing in to the console, for tests that give a stand of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.widget.stand import Stand
from tests.widget.test_desk import TOLERATED

Enter = Callable[..., Page]


@pytest.fixture
def enter(stand: Stand, opened: Callable[..., Page]) -> Enter:
    """Signs somebody in, in a browser of their own."""

    def sign_in(*roles: str, **options: object) -> Page:
        page = opened(f"{stand.address}/console", f"{TOLERATED}|422", **options)
        page.get_by_label("运营台令牌").fill(stand.token(f"{'-'.join(roles)}-1", None, roles=[*roles]))
        page.get_by_role("button", name="登录").press("Enter")
        expect(page.get_by_role("heading", name="今天")).to_be_visible()
        return page

    return sign_in
