"""`rasa shell` as a caller that the action server believes: Rasa's own way of calling actions sends no secret."""

from __future__ import annotations

from typing import Any

from rasa.core.actions import action
from rasa.utils.endpoints import EndpointConfig

from actions.bootstrap import application
from actions.callers import SECRET_HEADER, actions_secret
from bot.engine.tracker_store import ConversationTrackerStore


class BelievedAction(action.RemoteAction):
    """A custom action, called with the secret."""

    def __init__(self, name: str, action_endpoint: EndpointConfig | None) -> None:
        super().__init__(name, action_endpoint)
        if action_endpoint is not None:
            action_endpoint.headers[SECRET_HEADER] = actions_secret(application().settings)


class ShellTrackerStore(ConversationTrackerStore):
    """The tracker store that bot/endpoints.yml names: the one thing of ours that Rasa's own commands make, so it brings the caller along.

    An endpoint of Rasa can take the secret from a variable, but the file is refused if that is unset, and a file cannot name another.

    Args:
        settings: see ConversationTrackerStore.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        action.RemoteAction = BelievedAction
