"""One action per kind of turn. What each does is decided by the assistant; the names are what rules and tests refer to."""

from __future__ import annotations

from actions.handlers.handler import Handler


class DiagnoseAction(Handler):
    """Complaints."""

    def name(self) -> str:
        """See Handler."""
        return "action_diagnose"


class AnswerAction(Handler):
    """Questions with an answer in the knowledge."""

    def name(self) -> str:
        """See Handler."""
        return "action_answer"


class QuoteAction(Handler):
    """Questions for what each period would cost."""

    def name(self) -> str:
        """See Handler."""
        return "action_quote"


class ContinueAction(Handler):
    """Everything said about the step, offer or question at hand."""

    def name(self) -> str:
        """See Handler."""
        return "action_continue"


class HandOverAction(Handler):
    """A person, or an alarm that needs one."""

    def name(self) -> str:
        """See Handler."""
        return "action_hand_over"


class CalmAction(Handler):
    """Anger."""

    def name(self) -> str:
        """See Handler."""
        return "action_calm"


class RedirectAction(Handler):
    """Matters of other products."""

    def name(self) -> str:
        """See Handler."""
        return "action_redirect"


class SmallTalkAction(Handler):
    """Greetings, thanks, goodbyes, and whether this is a robot."""

    def name(self) -> str:
        """See Handler."""
        return "action_small_talk"


class StartOverAction(Handler):
    """From the beginning."""

    def name(self) -> str:
        """See Handler."""
        return "action_restart"


class ClarifyAction(Handler):
    """What was not understood."""

    def name(self) -> str:
        """See Handler."""
        return "action_clarify"
