"""Collects what the bot says in one turn; nothing is sent before all of it is stored."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.core.channels.channel import OutputChannel

from actions.state.conversations import MessageDraft
from bot.channel.unit import current_turn


class Replies(OutputChannel):
    """The output channel of one turn."""

    def __init__(self) -> None:
        self.drafts: List[MessageDraft] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name, by which responses of the domain may differ."""
        return "widget"

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Takes one message as the action server or Rasa made it."""
        text = message.get("text") or ""
        data = message.get("custom") or None
        buttons = message.get("buttons") or []
        if not text and not data and not buttons:
            return
        turn = current_turn()
        self.drafts.append(
            MessageDraft(
                role="bot",
                text=text,
                buttons=[{"title": str(button["title"]), "payload": str(button["payload"])} for button in buttons],
                data=data,
                action=turn.action if turn else None,
            )
        )
