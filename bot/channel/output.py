"""Collects what the bot says in one turn; nothing is sent before all of it is stored."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from actions.state.conversations import MessageDraft


class Replies(OutputChannel):
    """The output channel of one turn."""

    def __init__(self) -> None:
        self.drafts: list[MessageDraft] = []

    @property
    def action(self) -> str | None:
        """The action that answered; None if nobody did."""
        return next((draft.action for draft in self.drafts if draft.action), None)

    @classmethod
    def name(cls) -> str:
        """The channel's name, by which responses of the domain may differ."""
        return "widget"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Takes one message as the action server or Rasa made it."""
        text = message.get("text") or ""
        data = message.get("custom") or None
        buttons = message.get("buttons") or []
        if not text and not data and not buttons:
            return
        self.drafts.append(
            MessageDraft(
                role="bot",
                text=text,
                buttons=[{"title": str(button["title"]), "payload": str(button["payload"])} for button in buttons],
                data=data,
                # What the action server said names its action; Rasa names the response where the domain's own are said.
                action=message.get("action") or message.get("utter_action"),
            )
        )
