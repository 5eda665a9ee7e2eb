"""An environment without settings, for whoever runs the tests may have some."""

from __future__ import annotations

import os

import pytest

from actions.settings import PREFIX


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
