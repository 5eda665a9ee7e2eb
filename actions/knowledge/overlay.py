"""Overlays: files that put some texts of the knowledge into other words, for one arm of an experiment, and change nothing else.

An overlay has the shape of the file it lies over and holds only what differs. Maps go together by their keys, lists of maps by ``id`` or by
their place, where ``{}`` leaves one as it is; texts and lists of texts take the place of the usual ones. ``order: [2, 1]`` puts the steps of
a cause into another order if that is marked as free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.knowledge.overlay_rules import ALTERNATIVES, ORDER, OverlayRules, overlay_rules
from actions.yaml_source import Path_, Problem, Source

FREE_ORDER = "free_order"
DAYS: Path_ = ("ahead", "days")
"""Where a cause says how many days before it begins it is told."""
FREE_DAYS, TRIED_DAYS = "free_days", "tried_days"
LINES = "explanation"
"""The list of texts that is one text of several lines; other lists are variants of each other."""
_NOTHING: dict[str, Any] = {}


class OverlaidSource(Source):
    """A file of the knowledge with an overlay over it; a problem of a text of the overlay's is told where that stands.

    Args:
        base: the file.
        overlay: what lies over it.
        data: both together.
        origins: the path in the overlay of each value that came from it.
    """

    def __init__(self, base: Source, overlay: Source, data: Any, origins: Mapping[Path_, Path_]) -> None:
        self.file, self.data = base.file, data
        self._base, self._overlay, self._origins = base, overlay, origins

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a value, in whichever of the two files it stands."""
        origin = self._origin(path)
        return self._base.line(path) if origin is None else self._overlay.line(origin)

    def problem(self, path: Sequence[str | int], reason: str) -> Problem:
        """A problem at a value, in whichever of the two files it stands."""
        origin = self._origin(path)
        return self._base.problem(path, reason) if origin is None else self._overlay.problem(origin, reason)

    def _origin(self, path: Sequence[str | int]) -> Path_ | None:
        wanted = tuple(path)
        for length in range(len(wanted), 0, -1):
            if wanted[:length] in self._origins:
                return (*self._origins[wanted[:length]], *wanted[length:])
        return None


@dataclass
class Overlaying:
    """Puts one overlay over a file.

    Attributes:
        problems: why it cannot be: with the overlay's file and line.
        changed: the paths of the file at which something differs.
    """

    base: Source
    overlay: Source
    file: str
    rules: OverlayRules = field(default_factory=overlay_rules)
    problems: list[Problem] = field(default_factory=list)
    changed: list[Path_] = field(default_factory=list)
    _origins: dict[Path_, Path_] = field(default_factory=dict)

    def put_together(self) -> Source:
        """The file with the overlay over it; what is refused is left out and told in ``problems``."""
        locked = self.rules.why_locked(self.file)
        if locked or self.file.partition("/")[0] not in self.rules.texts:
            self._refuse((), locked or "nothing of this file may differ between arms")
            return self.base
        data = self._merged(self.base.data, self.overlay.data, (), ())
        return OverlaidSource(self.base, self.overlay, data, self._origins)

    def _merged(self, usual: Any, other: Any, at: Path_, origin: Path_) -> Any:
        if self.rules.may_differ(self.file, at):
            return self._text(usual, other, at, origin)
        if isinstance(usual, Mapping) and isinstance(other, Mapping):
            return self._map(usual, other, at, origin)
        if at == (ALTERNATIVES,) and self.file.startswith("causes/"):
            return self._alternatives(usual, other, at, origin)
        if isinstance(usual, list) and isinstance(other, list) and usual and isinstance(usual[0], Mapping):
            return self._list(usual, other, at, origin)
        self._refuse(origin, "may not differ between arms")
        return usual

    def _map(self, usual: Mapping[str, Any], other: Mapping[str, Any], at: Path_, origin: Path_) -> dict[str, Any]:
        merged = dict(usual)
        for key, value in other.items():
            locked = self.rules.why_locked(self.file, (*at, key)) if not at else None
            if locked:
                self._refuse((*origin, key), locked)
            elif not at and key == ORDER and self.file.startswith("causes/"):
                continue  # Put on at the end, when the texts of the steps stand where they stood.
            elif key not in usual:
                self._refuse(
                    (*origin, key), "does not stand in the usual file: an arm puts into other words what is said, and adds nothing"
                )
            elif key == "id" and value == usual[key]:
                continue
            elif (*at, key) == DAYS and self.file.startswith("causes/"):
                # Beside the usual ones, which stay what customers may choose from.
                merged.update(self._days(usual, value, (*origin, key)))
            else:
                merged[key] = self._merged(usual[key], value, (*at, key), (*origin, key))
        if not at and ORDER in other and self.file.startswith("causes/"):
            merged["steps"] = self._ordered(usual, merged.get("steps"), other[ORDER])
        return merged

    def _list(self, usual: list[Any], other: list[Any], at: Path_, origin: Path_) -> list[Any]:
        merged = list(usual)
        named = {str(each.get("id")): place for place, each in enumerate(usual) if isinstance(each, Mapping) and "id" in each}
        if not named and len(other) != len(usual):
            self._refuse(origin, f"takes as many entries as the usual file, {len(usual)}; {{}} leaves one as it is")
            return merged
        for place, each in enumerate(other):
            if not isinstance(each, Mapping):
                self._refuse((*origin, place), "must be a map; {} leaves this one as it is")
                continue
            target = named.get(str(each.get("id"))) if named else place
            if target is None:
                self._refuse((*origin, place), f"names by id one of {', '.join(named)}")
                continue
            merged[target] = self._merged(usual[target], each, (*at, target), (*origin, place))
        return merged

    def _text(self, usual: Any, other: Any, at: Path_, origin: Path_) -> Any:
        texts = _texts(usual)
        if isinstance(usual, list) and isinstance(other, list) and any(not isinstance(each, str) for each in usual):
            return self._conditional(usual, other, at, origin)
        if type(usual) is not type(other) or not _texts(other) or (isinstance(other, list) and not all(isinstance(t, str) for t in other)):
            self._refuse(origin, f"must be {'a list of texts' if isinstance(usual, list) else 'a text'}, as in the usual file")
            return usual
        if at[-1] == LINES:
            told = [(origin, "\n".join(_texts(other)))]
            texts = ["\n".join(texts)]
        else:
            told = [((*origin, place) if isinstance(other, list) else origin, text) for place, text in enumerate(_texts(other))]
        for path, text in told:
            for reason in self.rules.lost(texts, text):
                self._refuse(path, reason)
        return self._note(usual, other, at, origin)

    def _conditional(self, usual: list[Any], other: list[Any], at: Path_, origin: Path_) -> list[Any]:
        """Texts of which some hold under a condition only: the condition stays, and what is said may differ."""
        if len(usual) != len(other):
            self._refuse(origin, f"takes as many entries as the usual file, {len(usual)}; {{}} leaves one as it is")
            return usual
        merged = []
        for place, (before, after) in enumerate(zip(usual, other)):
            here, there = (*at, place), (*origin, place)
            if isinstance(before, Mapping):
                if not isinstance(after, Mapping) or set(after) - {"say"}:
                    self._refuse(there, "holds say alone: conditions are the same in every arm")
                    merged.append(before)
                elif "say" in after:
                    merged.append({**before, "say": self._text(before.get("say"), after["say"], (*here, "say"), (*there, "say"))})
                else:
                    merged.append(before)
            else:
                merged.append(before if after == _NOTHING else self._text(before, after, here, there))
        return merged

    def _alternatives(self, usual: Any, other: Any, at: Path_, origin: Path_) -> Any:
        if not isinstance(other, list) or not usual or other[:1] != usual[:1]:
            self._refuse(
                origin, f"begins with {usual[0] if usual else 'nothing'}, as in the usual file: a payment without credit comes first"
            )
            return usual
        return self._note(usual, other, at, origin)

    def _ordered(self, usual: Mapping[str, Any], steps: Any, order: Any) -> Any:
        count = len(steps) if isinstance(steps, list) else 0
        if not usual.get(FREE_ORDER):
            self._refuse((ORDER,), f"the order of these steps is not free: the usual file does not say {FREE_ORDER}")
        elif not isinstance(order, list) or sorted(map(str, order)) != sorted(map(str, range(1, count + 1))):
            self._refuse((ORDER,), f"names every step once, by its number from 1 to {count}")
        elif order != sorted(order):
            self.changed.append(("steps",))
            moved = {("steps", place): ("steps", number - 1) for place, number in enumerate(order)}
            self._origins.update({to: self._origins[was] for to, was in moved.items() if was in self._origins})
            return [steps[number - 1] for number in order]
        return steps

    def _days(self, usual: Mapping[str, Any], other: Any, origin: Path_) -> dict[str, Any]:
        free, days = usual.get(FREE_DAYS), usual["days"]
        if not free:
            self._refuse(origin, f"the day of this is not free: the usual file does not say {FREE_DAYS}")
        elif not isinstance(other, list) or len(other) != len(days) or any(type(day) is not int for day in other):
            self._refuse(origin, f"takes as many days as the usual file, {len(days)}")
        elif any(not free[0] <= day <= free[1] for day in other):
            self._refuse(origin, f"lies between {free[0]} and {free[1]} days before, as {FREE_DAYS} of the usual file has it")
        elif other != sorted(set(other), reverse=True):
            self._refuse(origin, "names the earliest day first, each once")
        elif other != days:
            self.changed.append(DAYS)
            self._origins[(*DAYS[:-1], TRIED_DAYS)] = origin
            return {TRIED_DAYS: other}
        return {}

    def _note(self, usual: Any, other: Any, at: Path_, origin: Path_) -> Any:
        if usual != other:
            self.changed.append(at)
        self._origins[at] = origin
        return other

    def _refuse(self, origin: Path_, reason: str) -> None:
        self.problems.append(self.overlay.problem(origin, reason))


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]
