"""Outlines: a test case with a table of examples stands for one test case per row, in which ``<name>`` is the row's value.

As scenario outlines of Gherkin; the placeholders may stand in any text of the test case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from actions.yaml_source import Problem, Source, SourceError

EXAMPLES = "examples"
_PLACEHOLDER = re.compile(r"<([a-z_]+)>")


def expanded(source: Source) -> tuple[Any, tuple[int, ...]]:
    """A file's data with every outline written out, and for each of its test cases the place of the one it stands for.

    Raises:
        SourceError: a placeholder is no column of the examples, or a column is no placeholder.
    """
    data = source.data
    cases = data.get("test_cases") if isinstance(data, dict) else None
    if not isinstance(cases, list):
        return data, ()
    problems: list[Problem] = []
    written: list[Any] = []
    places: list[int] = []
    for place, case in enumerate(cases):
        rows = case.get(EXAMPLES) if isinstance(case, dict) else None
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) and row for row in rows):
            # The format itself says what is wrong with it.
            written.append(case)
            places.append(place)
            continue
        outline = {name: value for name, value in case.items() if name != EXAMPLES}
        named = _names_in(outline)
        for at, row in enumerate(rows):
            path = ("test_cases", place, EXAMPLES, at)
            problems.extend(source.problem(path, f"there is no <{name}> in the test case") for name in sorted({*row} - named))
            problems.extend(source.problem(path, f"<{name}> has no value") for name in sorted(named - {*row}))
            case = _filled(outline, row)
            written.append({**case, "test_case": f"{case.get('test_case')} [{next(iter(row.values()))}]"})
            places.append(place)
    if problems:
        raise SourceError(problems)
    return {**data, "test_cases": written}, tuple(places)


def _names_in(part: Any) -> set[str]:
    return {name for text in _texts(part) for name in _PLACEHOLDER.findall(text)}


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _texts(key)
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


def _filled(part: Any, row: Mapping[str, Any]) -> Any:
    if isinstance(part, str):
        whole = _PLACEHOLDER.fullmatch(part)
        return row[whole.group(1)] if whole and whole.group(1) in row else _PLACEHOLDER.sub(lambda each: str(row.get(each.group(1))), part)
    if isinstance(part, dict):
        filled: dict[Any, Any] = {_filled(key, row): _filled(value, row) for key, value in part.items()}
        return filled
    return [_filled(each, row) for each in part] if isinstance(part, list) else part
