"""The port to recovery notices: one message to a customer when a cause that only time removes is gone."""

from __future__ import annotations

from typing import Protocol

from actions.core.subject import Subject


class Notices(Protocol):
    """The recovery notices that customers asked for."""

    def subscribe(self, user_id: str, subject: Subject, cause: str) -> None:
        """Notes that the customer wants one message when the cause is gone."""
        ...

    def is_subscribed(self, user_id: str, subject: Subject, cause: str) -> bool:
        """Whether that is noted: the same cause may go on for another subject."""
        ...

    def unsubscribe(self, user_id: str) -> None:
        """Forgets every wish of the customer's."""
        ...
