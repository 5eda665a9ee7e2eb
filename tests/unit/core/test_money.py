"""Amounts as messages name them."""

from __future__ import annotations

import pytest

from actions.core.money import fen_named


@pytest.mark.parametrize(("text", "fen"), [("5199", 519900), ("0.01", 1), ("12.50", 1250), ("0", 0)])
def test_an_amount_that_is_named_is_read_in_fen(text: str, fen: int) -> None:
    assert fen_named(text) == fen


@pytest.mark.parametrize("text", [None, "", "many", "1.005", "-1", "NaN", "1e99"])
def test_what_can_be_no_amount_is_none(text: str | None) -> None:
    assert fen_named(text) is None
