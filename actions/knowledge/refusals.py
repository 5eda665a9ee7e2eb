"""What is wrong with a file of the knowledge folder, with a line and words for its author: models and conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from actions.core.conditions import Opened, read_condition
from actions.yaml_source import Problem, Source

_Model = TypeVar("_Model", bound=BaseModel)

_WORDS = {
    "field required": "is missing",
    "extra fields not permitted": "is not a field here",
    "none is not an allowed value": "must not be empty",
    "value is not a valid dict": "must be a map",
    "value is not a valid tuple": "must be a list",
    "value is not a valid sequence": "must be a list",
    "str type expected": "must be text",
    "value is not a valid integer": "must be a whole number",
    "value could not be parsed to a boolean": "must be true or false",
    "value is not a valid boolean": "must be true or false",
}


def _in_words(error: Mapping[str, Any]) -> str:
    """One error of pydantic in words for the author of a file: the field that it is about, and what is wrong with it."""
    names = ".".join(part for part in error["loc"] if isinstance(part, str) and part != "__root__")
    message = str(error["msg"])
    if message.startswith("unexpected value; permitted: "):
        message = "must be one of " + message.partition(": ")[2].replace("'", "")
    message = _WORDS.get(message, message)
    return f"{names} {message}" if names else message


def model_problems(source: Source, error: ValidationError, at: Sequence[str | int] = ()) -> Iterator[Problem]:
    """One problem per thing that does not fit the model.

    Args:
        source: the file.
        error: what pydantic found.
        at: where in the file the validated value stands.
    """
    for each in error.errors():
        loc = tuple(part for part in each["loc"] if part != "__root__")
        yield source.problem((*at, *loc), _in_words(each))


def read_entries(source: Source, model: type[_Model], problems: list[Problem], besides: Collection[str] = ()) -> dict[str, _Model]:
    """The entries of a file that is a map of names; what does not fit the model is added to ``problems``.

    Args:
        besides: names of the map that are no entries.
    """
    if not isinstance(source.data, dict):
        problems.append(source.problem((), "must be a map"))
        return {}
    found: dict[str, _Model] = {}
    for name, data in source.data.items():
        if name in besides:
            continue
        try:
            found[name] = model.parse_obj(data)
        except ValidationError as error:
            problems.extend(model_problems(source, error, (name,)))
    return found


def check_condition(source: Source, path: tuple[str | int, ...], data: Any, problems: list[Problem]) -> Opened:
    """Adds every problem of a condition in file form, each with its line, and tells what the condition ranges over."""
    read = read_condition(data)
    problems.extend(source.problem((*path, *place), _reason(error)) for place, error in read.wrong)
    return read.opened


def _reason(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(dict.fromkeys(map(_in_words, error.errors())))
