"""One place composes: nobody else reads the environment or makes what is handed on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for top in ("actions", "bot", "tools")
    for path in ROOT.glob(f"{top}/**/*.py")
}


@pytest.mark.broad
@pytest.mark.parametrize(
    ("what", "where"),
    [
        (r"\bos\.environ|\bgetenv\b|\bputenv\b|import environ\b", {"actions/settings.py"}),
        (r"\bSqlFacts\(", {"actions/bootstrap.py"}),
        (r"\bDatabase\(", {"actions/bootstrap.py", "actions/state/migrations/env.py"}),  # the latter for Alembic's own command line
        (r"\b(?:Assistant|SqlDesk|SqlNotices|RecoveryWatcher|LatenessWatcher|Dispatcher|KnowledgeStore)\(", {"actions/bootstrap.py"}),
        (r"\b(?:WidgetInput|ChannelStore|RateLimiter|make_locks|DeskWork|Shop)\(", {"bot/bootstrap.py"}),
        (r"\b(?:TokenVerifier|Embedding)\.from_settings\(", {"bot/bootstrap.py", "bot/server.py", "bot/commands/up.py", "bot/commands/persons.py"}),
    ],
)  # fmt: skip
def test_only_the_composition_makes_it(what: str, where: set[str]) -> None:
    definition = re.compile(rf"(?:class|def) (?:{what})")
    found = {name for name, text in SOURCES.items() if re.search(what, definition.sub("", text))}
    assert found == where
