"""Fixtures of conversations: the diagnoses of small worlds, and every situation of a case."""

from tests.unit.core.conftest import diagnosed  # noqa: F401
from tests.unit.dialogue.situations import situated  # noqa: F401
