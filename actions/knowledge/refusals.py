"""What is wrong with a file of the knowledge folder, with a line and words for its author: models, conditions and regular expressions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from actions.core.conditions import ConditionReader, Opened
from actions.knowledge.adversarial import blow_ups, reason
from actions.knowledge.glossary import patterns_in, with_macros_filled
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


class PlacedExpression(NamedTuple):
    """A regular expression of a file, and its place there."""

    pattern: str
    source: Source
    path: tuple[str | int, ...]


def expressions_in(root: Path) -> Iterator[PlacedExpression]:
    """Every expression of the glossary, the forbidden wordings, the intents, the aspects, the claims and the causes of a folder that has
    been loaded without problems."""
    for source, data in _files(root, "glossary.yml"):
        yield from (PlacedExpression(pattern, source, path) for path, pattern in patterns_in(with_macros_filled(data)))
    for source, data in _files(root, "forbidden.yml"):
        for index, entry in enumerate(data["sentences"]):
            if entry.get("pattern"):
                yield PlacedExpression(entry["pattern"], source, ("sentences", index, "pattern"))
    for source, data in _files(root, "intents.yml"):
        for intent, meaning in data.items():
            for field in ("corrections", "denials"):
                yield from (PlacedExpression(each, source, (intent, field, index)) for index, each in enumerate(meaning.get(field) or ()))
    for file, words in (("aspects.yml", "asked"), ("claims.yml", "said")):
        for source, data in _files(root, file):
            for name, entry in data.items():
                for field in (words, "unless", "alone"):
                    yield from (PlacedExpression(each, source, (name, field, index)) for index, each in enumerate(entry.get(field) or ()))

    for path in sorted((root / "causes").glob("*.yml")):
        for source, data in _files(root, f"causes/{path.name}"):
            for field in ("called", "guessed"):
                yield from (PlacedExpression(each, source, (field, index)) for index, each in enumerate(data.get(field) or ()))


def blow_up_problems(root: Path) -> list[Problem]:
    """The expressions of a folder that blow up, as problems of its files."""
    expressions = list(expressions_in(root))
    slow = blow_ups(each.pattern for each in expressions)
    return [each.source.problem(each.path, reason(slow[each.pattern])) for each in expressions if each.pattern in slow]


def _files(root: Path, name: str) -> Iterator[tuple[Source, Any]]:
    path = root / name
    if path.is_file():
        source = Source.read(path, shown_as=path.relative_to(root.parent).as_posix())
        yield source, source.data


def check_condition(source: Source, path: tuple[str | int, ...], data: Any, problems: list[Problem]) -> Opened:
    """Adds every problem of a condition in file form, each with its line, and tells what the condition ranges over."""
    reader = ConditionReader()
    reader.read(data)
    wrong = [*reader.malformed, *reader.misplaced]
    problems.extend(source.problem((*path, *place), _reason(error)) for place, error in wrong)
    return reader.opened


def _reason(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(dict.fromkeys(map(_in_words, error.errors())))
