"""What the proxy in front says when it refuses: the web server's own words, in files of deploy/nginx/."""

from __future__ import annotations

from bot.web.responses import ProblemError

NAMES = ("picture_too_large", "too_long", "too_many", "unavailable")
FOLDER = "deploy/nginx/problems"


def proxy_problem(name: str) -> str:
    """The document of one refusal."""
    return ProblemError(name).body().decode() + "\n"
