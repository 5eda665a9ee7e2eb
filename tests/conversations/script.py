"""Conversations as written: YAML files, read and checked before anything is played.

A file is a list of conversations::

    - name: the overdue amount is paid          # unique in its file
      world: [demo]                             # demo | healthy | {inject: [cause …]} | a patch in the form of a world file
      user: u-1013
      order: o-1013                             # the token's order; left out: the token names none
      turns:
        - user: 白条突然不能分期了                # or  press: a button's title
          diagnosis: [overdue]                  # expectations, all optional
          data: [diagnosis, {type: step, step: 1}]
        - when: {remedy: overdue}               # between turns: remedy, patch, order (another token), restart,
                                                # notices (how many come), taken (a person takes the case)

Expectations of a turn: ``diagnosis`` (cause ids in order), ``data`` (of every message in order: a type, a map of fields, or ``text`` for a
message without data), ``says`` and ``not_says`` (parts of any of the texts), ``buttons`` (titles of the last message), ``handoff`` (its
reason; ``same_handoff: true`` for one that was named before), ``plans`` (tenors offered), ``nowhere`` (texts the database must not hold) and
``silent: true`` (no answer at all).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from actions.yaml_source import Source

HERE = Path(__file__).parent

_CONVERSATION = {"name", "world", "user", "order", "turns"}
_EXPECTED = {"diagnosis", "data", "says", "not_says", "buttons", "handoff", "same_handoff", "plans", "nowhere", "silent"}
_EVENTS = {"remedy", "patch", "order", "restart", "notices", "taken"}


class ScriptError(ValueError):
    """A conversation file says something that means nothing."""


@dataclass(frozen=True)
class Turn:
    """What the customer types or presses, and what is expected of the answer."""

    where: str
    user: Optional[str]
    press: Optional[str]
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """What happens between two turns; ``kind`` is one of ``_EVENTS``."""

    where: str
    kind: str
    value: Any


@dataclass(frozen=True)
class Conversation:
    """One conversation; ``id`` is its file and its name."""

    id: str
    world: Tuple[Any, ...]
    user: str
    order: Optional[str]
    turns: Tuple[Turn | Event, ...]


def collect(root: Path = HERE) -> List[Conversation]:
    """Every conversation under a folder, in order of files.

    Raises:
        ScriptError: there is none, a name appears twice, or a file is malformed.
    """
    found = [conversation for path in sorted(root.rglob("*.yml")) for conversation in read(path, root)]
    if not found:
        raise ScriptError(f"no conversation under {root.name}/")
    return found


def read(path: Path, root: Path = HERE) -> List[Conversation]:
    """The conversations of one file.

    Raises:
        ScriptError: see ``collect``.
    """
    shown = path.relative_to(root).as_posix()
    source = Source.read(path, shown_as=shown)
    if not isinstance(source.data, list) or not source.data:
        raise ScriptError(f"{shown}: a list of conversations is expected")
    conversations = [_conversation(entry, shown, source, number) for number, entry in enumerate(source.data)]
    names = [conversation.id for conversation in conversations]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ScriptError(f"{shown}: {', '.join(sorted(twice))} appears twice")
    return conversations


def _conversation(entry: Any, shown: str, source: Source, number: int) -> Conversation:
    where = f"{shown}:{source.problem((number,), '').line}"
    given = _fields(entry, _CONVERSATION, {"name", "world", "user", "turns"}, where)
    turns = tuple(
        _turn(turn, f"{shown}:{source.problem((number, 'turns', index), '').line}") for index, turn in enumerate(_list(given["turns"]))
    )
    if not any(isinstance(turn, Turn) for turn in turns):
        raise ScriptError(f"{where}: nobody says anything")
    name = f"{shown[: -len('.yml')]}: {given['name']}"
    return Conversation(name, tuple(_list(given["world"])), given["user"], given.get("order"), turns)


def _turn(entry: Any, where: str) -> Turn | Event:
    if isinstance(entry, dict) and "when" in entry:
        _fields(entry, {"when"}, {"when"}, where)
        event = _fields(entry["when"], _EVENTS, set(), where)
        if len(event) != 1:
            raise ScriptError(f"{where}: one thing at a time: {', '.join(sorted(_EVENTS))}")
        ((kind, value),) = event.items()
        return Event(where, kind, value)
    given = _fields(entry, {"user", "press", *_EXPECTED}, set(), where)
    if ("user" in given) == ("press" in given):
        raise ScriptError(f"{where}: a turn has either user or press")
    expected = {key: value for key, value in given.items() if key in _EXPECTED}
    return Turn(where, given.get("user"), given.get("press"), expected)


def _fields(entry: Any, known: Sequence[str] | set[str], needed: set[str], where: str) -> Dict[str, Any]:
    if not isinstance(entry, dict):
        raise ScriptError(f"{where}: a map is expected")
    unknown, missing = set(entry) - set(known), needed - set(entry)
    if unknown or missing:
        raise ScriptError(f"{where}: unknown {', '.join(map(str, sorted(unknown))) or '-'}; missing {', '.join(sorted(missing)) or '-'}")
    return entry


def _list(value: Any) -> List[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
