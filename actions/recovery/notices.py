"""The dialogue's port to subscriptions, over SQL."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.core.subject import Subject
from actions.state import subscriptions


class SqlNotices:
    """Notes who wants to be told, in the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def subscribe(self, user_id: str, subject: Subject, cause: str) -> None:
        """Notes a wish; noting it twice is noting it once."""
        subscriptions.subscribe(self._session, user_id, user_id, subject, cause)

    def is_subscribed(self, user_id: str, subject: Subject, cause: str) -> bool:
        """Whether the wish is noted for this subject."""
        return subscriptions.is_subscribed(self._session, user_id, subject, cause)

    def unsubscribe(self, user_id: str) -> None:
        """Forgets every wish of the customer's."""
        subscriptions.cancel_all(self._session, user_id)
