"""Where the chat may be embedded: whose pages may call the API from a browser, and whose pages may show ours in a frame."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Dict, FrozenSet, Mapping, Optional, Tuple

_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9-]+(\.[a-z0-9-]+)*)(:[0-9]{1,5})?")
_WORDS = {"self": "'self'", "'self'": "'self'", "none": "'none'", "'none'": "'none'"}
_PREFLIGHT_SECONDS = 600


class EmbeddingSettingsError(ValueError):
    """A setting names something that is no origin."""


@dataclass(frozen=True)
class Embedding:
    """Which origins may embed the chat.

    Attributes:
        origins: whose pages may load the component and call the API; ours always may.
        frames: sources of the policy's frame-ancestors.
    """

    origins: FrozenSet[str] = field(default_factory=frozenset)
    frames: Tuple[str, ...] = ("'self'",)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Embedding:
        """Reads BAITIAO_WIDGET_ORIGINS (default: none) and BAITIAO_FRAME_ANCESTORS (default: self), separated by blanks or commas.

        Raises:
            EmbeddingSettingsError: an entry is no origin such as https://shop.example.
        """
        origins = _entries(environ, "BAITIAO_WIDGET_ORIGINS", {})
        frames = _entries(environ, "BAITIAO_FRAME_ANCESTORS", _WORDS)
        return cls(frozenset(origins), frames or cls.frames)

    @property
    def page_policy(self) -> str:
        """The Content-Security-Policy of our pages."""
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            f"base-uri 'none'; form-action 'self'; frame-ancestors {' '.join(self.frames)}"
        )

    def headers_for(self, origin: Optional[str]) -> Dict[str, str]:
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


def _entries(environ: Mapping[str, str], name: str, words: Mapping[str, str]) -> Tuple[str, ...]:
    found = []
    for entry in re.split(r"[\s,]+", environ.get(name, "").strip()):
        if not entry:
            continue
        if entry not in words and not _ORIGIN.fullmatch(entry):
            raise EmbeddingSettingsError(f"{name}: {entry!r} is no origin such as https://shop.example (no path, no wildcard)")
        found.append(words.get(entry, entry))
    return tuple(dict.fromkeys(found))
