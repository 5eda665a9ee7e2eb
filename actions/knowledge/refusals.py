"""Turns what pydantic says about a file into problems with a line and words for the author of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

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


def in_words(message: str) -> str:
    """A message of pydantic in words for the author of a file."""
    if message.startswith("unexpected value; permitted: "):
        return "must be one of " + message.partition(": ")[2].replace("'", "")
    return _WORDS.get(message, message)


def model_problems(source: Source, error: ValidationError, at: Sequence[str | int] = ()) -> Iterator[Problem]:
    """One problem per thing that does not fit the model.

    Args:
        source: the file.
        error: what pydantic found.
        at: where in the file the validated value stands.
    """
    for each in error.errors():
        loc = tuple(part for part in each["loc"] if part != "__root__")
        names = ".".join(str(part) for part in loc if not isinstance(part, int))
        reason = in_words(each["msg"])
        yield source.problem((*at, *loc), f"{names} {reason}" if names else reason)


def read_entries(source: Source, model: type[_Model], problems: list[Problem]) -> dict[str, _Model]:
    """The entries of a file that is a map of names; what does not fit the model is added to ``problems``."""
    if not isinstance(source.data, dict):
        problems.append(source.problem((), "must be a map"))
        return {}
    found: dict[str, _Model] = {}
    for name, data in source.data.items():
        try:
            found[name] = model.parse_obj(data)
        except ValidationError as error:
            problems.extend(model_problems(source, error, (name,)))
    return found
