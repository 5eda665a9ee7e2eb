"""By what an obligation is kept: tests, forbidden wordings, kinds of policy, answers and times of retention, and whether each of them exists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from actions.core.platform import POLICY_FIELDS
from actions.knowledge.answer_files import topic_ids
from actions.state.retention import retentions
from actions.yaml_source import Source

ControlKind = Literal["test", "forbidden", "policy", "answer", "retention"]
KINDS: tuple[ControlKind, ...] = get_args(ControlKind)
_TESTS = "tests"


@dataclass(frozen=True)
class Control:
    """One control, by the name of something that exists."""

    kind: ControlKind
    name: str


class KnownControls:
    """What there is to be named.

    Args:
        root: a knowledge folder; the tests stand beside it, if they were shipped.
    """

    def __init__(self, root: Path) -> None:
        self._project = root.parent
        forbidden = root / "forbidden.yml"
        answers = (_topics_of(path, _stamp(path)) for path in sorted((root / "answers").glob("*.yml")))
        self._names: Mapping[ControlKind, frozenset[str]] = {
            "forbidden": _whys(forbidden, _stamp(forbidden)) if forbidden.is_file() else frozenset(),
            "policy": frozenset(POLICY_FIELDS),
            "answer": frozenset().union(*answers),
            "retention": frozenset(retentions()),
        }
        self.with_tests = (self._project / _TESTS).is_dir()

    def missing(self, control: Control) -> str | None:
        """Why a control does not exist; None: it does, or it is a test and none were shipped."""
        if control.kind == "test":
            return self._no_test(control.name) if self.with_tests else None
        if control.name in self._names[control.kind]:
            return None
        where = {
            "forbidden": "no entry of forbidden.yml says why",
            "policy": f"a kind of policy is one of {', '.join(sorted(POLICY_FIELDS))}, not",
            "answer": "no topic of answers/ is called",
            "retention": "actions/state/retention.yml has no table",
        }
        return f"{where[control.kind]} {control.name}"

    def _no_test(self, name: str) -> str | None:
        path, _, called = name.partition("::")
        file = self._project / path
        if not path.startswith(f"{_TESTS}/") or ".." in path or not file.is_file():
            return f"there is no test file {path}"
        if path.endswith(".py") and not called:
            return f"{path} holds many tests: name one as {path}::test_…"
        return None if not called or called in _tests_of(file) else f"{path} has no test {called}"


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """Another one once a file was written; reading all answers takes longer than showing the page that names some."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=256)
def _topics_of(file: Path, _stamp: tuple[int, int, int] | None) -> frozenset[str]:
    return topic_ids([Source.read(file)])


@lru_cache(maxsize=4)
def _whys(file: Path, _stamp: tuple[int, int, int] | None) -> frozenset[str]:
    return frozenset(str(entry.get("why")) for entry in Source.read(file).data.get("sentences", ()))


@lru_cache(maxsize=64)
def _tests_of(file: Path) -> frozenset[str]:
    text = file.read_text(encoding="utf-8")
    named = r"^ *(?:async )?def (test_\w+)" if file.suffix == ".py" else r"^ *- test_case: ['\"]?(.+?)['\"]?$"
    return frozenset(re.findall(named, text, re.MULTILINE))
