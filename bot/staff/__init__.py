"""Staff: how somebody who works here signs in, stays signed in and signs out, and how their pages are guarded; the same for the desk and the console."""

from __future__ import annotations

from pathlib import Path

STAFF_TEMPLATES = Path(__file__).parent / "templates"
"""Of the pages around signing in. A place adds its own ``base.html`` for their frame, and ``door_words.html`` for what they call it."""
