"""Behind how few customers a number is not told."""

from __future__ import annotations

LEAST_CUSTOMERS = 5
"""Customers below which a number is hidden; nobody at all may be told."""


def is_hidden(customers: int) -> bool:
    """Whether so few stand behind a number that it is not told."""
    return 0 < customers < LEAST_CUSTOMERS
