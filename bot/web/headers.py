"""Headers that tell browsers what our answers allow: to whom they may be shown, and where the chat may be embedded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from actions.settings import Settings

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer says to browsers."""

_WORDS = ("self", "none")
_PREFLIGHT_SECONDS = 600


def page_policy(frames: Iterable[str] = ("'none'",), forms: str = "'none'") -> str:
    """The Content-Security-Policy of a page that takes nothing from elsewhere.

    Args:
        frames: whose pages may show it in a frame.
        forms: where its forms may be sent.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        f"base-uri 'none'; form-action {forms}; frame-ancestors {' '.join(frames)}"
    )


@dataclass(frozen=True)
class Embedding:
    """Which origins may embed the chat.

    Attributes:
        origins: whose pages may load the component and call the API; ours always may.
        frames: sources of the policy's frame-ancestors.
    """

    origins: frozenset[str] = field(default_factory=frozenset)
    frames: tuple[str, ...] = ("'self'",)

    @classmethod
    def from_settings(cls, settings: Settings) -> Embedding:
        """What the settings allow."""
        frames = (f"'{entry}'" if entry in _WORDS else entry for entry in settings.frame_ancestors)
        return cls(frozenset(settings.widget_origins), tuple(frames))

    @property
    def page_policy(self) -> str:
        """The Content-Security-Policy of our pages."""
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            f"base-uri 'none'; form-action 'self'; frame-ancestors {' '.join(self.frames)}"
        )

    def headers_for(self, origin: str | None) -> dict[str, str]:
        """What a page of that origin must be told so that its browser lets it read an answer; nothing for strangers."""
        if origin is None or origin not in self.origins:
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
            "Access-Control-Expose-Headers": "Retry-After",
            "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
        }


ONLY_OURSELVES = Embedding()
