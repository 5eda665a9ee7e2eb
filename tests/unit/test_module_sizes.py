"""No module is longer than a reader can hold: one concept each."""

from __future__ import annotations

from tools.pages import ROOT

MOST_LINES = 300
TOO_LONG_YET: set[str] = {"tests/unit/state/test_state_world.py", "tests/unit/state/test_state_world_refusals.py"}
"""Modules that are still to be split; whoever does so takes them out here."""


def test_no_module_is_too_long() -> None:
    modules = [path for top in ("actions", "bot", "conversations", "tools", "tests") for path in (ROOT / top).rglob("*.py")]
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {name: many for name, many in lines.items() if many > MOST_LINES and name not in TOO_LONG_YET} == {}
