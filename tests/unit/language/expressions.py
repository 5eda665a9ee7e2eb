"""Every regular expression of this project, in a process of its own: ``python -m tests.unit.language.expressions`` prints them as JSON."""

from __future__ import annotations

import ast
import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
_PLACES = tuple(str(ROOT / folder) for folder in ("actions", "bot"))
_FLAGS = {re.ASCII: "a", re.DOTALL: "s", re.MULTILINE: "m", re.VERBOSE: "x"}
_NOT_PART_OF_SERVING = ("actions.state.migrations", "bot.evaluation", "bot.cli")


def _written(pattern: Any, flags: int) -> str:
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    inline = "".join(letter for flag, letter in _FLAGS.items() if flags & flag)
    return f"(?{inline}){text}" if inline else text


def _compiled() -> dict[str, str]:
    """Those that our modules compile while they are imported and while their tables are made: expression → file."""
    found: dict[str, str] = {}
    compile_ = re._compile  # type: ignore[attr-defined]

    def noting(pattern: Any, flags: int) -> Any:
        caller = sys._getframe(2).f_code.co_filename
        if caller.startswith(_PLACES) and isinstance(pattern, (str, bytes)):
            found[_written(pattern, int(flags))] = str(Path(caller).relative_to(ROOT))
        return compile_(pattern, flags)

    re._compile = noting  # type: ignore[attr-defined]
    for path in sorted(file for place in _PLACES for file in Path(place).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if not name.startswith(_NOT_PART_OF_SERVING) and not name.endswith("__main__"):
            importlib.import_module(name)
    from actions.knowledge.loading import load
    from actions.masking import mask
    from bot.language.dual_intent import ClauseSplitter
    from bot.language.normaliser import Normaliser
    from bot.language.pipeline import build_pipeline, glossary_at

    load()
    mask("1")
    build_pipeline()
    ClauseSplitter(glossary_at().clauses)
    Normaliser(glossary_at().corrections)
    return found


def _in_functions() -> Iterator[tuple[str, str]]:
    """Those that are written where they are used."""
    for place in _PLACES:
        for path in Path(place).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "re"
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    yield _written(node.args[0].value, 0), str(path.relative_to(ROOT))


if __name__ == "__main__":
    expressions = _compiled()
    print(json.dumps({**dict(_in_functions()), **expressions}))
