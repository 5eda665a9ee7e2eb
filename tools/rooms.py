"""The rooms of the house as a drawing: which packages import which, read from the imports themselves."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import grimp

_ROOTS = ("actions", "bot")


def rooms() -> str:
    """A Mermaid drawing: a box per package with its number of modules, an arrow per import that no longer way already tells of."""
    graph = grimp.build_graph(*_ROOTS, exclude_type_checking_imports=True)
    modules = {module for module in graph.modules if ".migrations" not in module}
    packages = {module for module in modules if any(other.startswith(f"{module}.") for other in modules)}
    size: Counter[str] = Counter()
    arrows: set[tuple[str, str]] = set()
    for module in modules - packages:
        size[_room(module)] += 1
    for module in modules:
        for imported in graph.find_modules_directly_imported_by(module) & modules:
            arrows.add((_room(module), _room(imported)))
    arrows = {(one, other) for one, other in arrows if one != other and other in size}
    lines = ["```mermaid", "flowchart TD"]
    for root in _ROOTS:
        lines.append(f"  subgraph {root}_[{root}]")
        lines.extend(f'    {_key(room)}["{_title(room, size[room])}"]' for room in sorted(size) if room.split(".")[0] == root)
        lines.append("  end")
    lines.extend(f"  {_key(one)} --> {_key(other)}" for one, other in sorted(_without_detours(arrows)))
    return "\n".join([*lines, "```"]) + "\n"


def _room(module: str) -> str:
    """The package at the second level that holds a module; a module beside those packages is a room of its own."""
    return ".".join(module.split(".")[:2])


def _title(room: str, modules: int) -> str:
    name = room.partition(".")[2] or room
    return name if modules == 1 else f"{name} ({modules})"


def _key(room: str) -> str:
    return room.replace(".", "_")


def _without_detours(arrows: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows from which all others follow; packages import in no circle, so they are well defined."""
    reached = set(arrows)
    names = {name for arrow in arrows for name in arrow}
    for through, one, other in ((via, *pair) for via in names for pair in permutations(names - {via}, 2)):
        if (one, through) in reached and (through, other) in reached:
            reached.add((one, other))
    return {(one, other) for one, other in arrows if not any((one, via) in reached and (via, other) in reached for via in names)}
