"""Which tests are broad without saying so themselves."""

from __future__ import annotations

import pytest

SERVED = frozenset({"client", "consoles", "desks", "provider", "shop", "staffed"})
"""Fixtures that serve pages over a database of the test's own."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for pages takes about a tenth of a second."""
    for item in items:
        if not SERVED.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.broad)
