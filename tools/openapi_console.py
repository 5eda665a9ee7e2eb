"""The console's places in the OpenAPI description: each is said once in ``openapi.yml``, and is a page and the same for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.console.places import API, ConsoleRefused
from bot.staff.entrances import CONSOLE

_SEEN = {"401": "nobody is signed in", "403": "the role does not allow it", "503": "it takes too long"}
_SENT = {"400": "no form of ours", "413": "too large", "415": "no form"}
_ALWAYS = ("unauthorized", "forbidden", "unavailable")
_WITH_BODY = ("malformed", "too_large", "form")

Words = dict[str, Any]


def console_paths(places: Mapping[str, Mapping[str, Words]]) -> dict[str, dict[str, Words]]:
    """Paths with the words of their operations, as ``openapi.yml`` has them for every other."""
    paths: dict[str, dict[str, Words]] = {}
    for path, methods in places.items():
        for method, words in methods.items():
            for address, operation in _both(path, method, words):
                paths.setdefault(address, {})[method] = operation
    return paths


def _both(path: str, method: str, words: Words) -> Iterator[tuple[str, Words]]:
    shared = {name: words[name] for name in ("summary", "path", "query", "file") if name in words}
    if not words.get("programs_only", False):
        yield f"{CONSOLE.path}{words.get('page', path)}", {**shared, "tag": "console", **_page(path, method, words)}
    yield f"{CONSOLE.path}{API}{path}", {**shared, "tag": "console", "secured_as": "programs", **_program(path, method, words)}


def _page(path: str, method: str, words: Words) -> Words:
    pages = {**_SEEN, **({"404": "no such thing"} if "{" in path else {}), **_refused(words)}
    if method == "post":
        pages |= _SENT
    given: Words = {"pages": pages}
    if "leads" in words:
        given["responses"] = {"303": {"description": words["leads"]}}
    if "file" not in words and ("leads" not in words or words.get("shows", False)):
        pages["200"] = "the page"
    if method == "post":
        given["form"] = {"csrf": {"type": "string", "description": "stands in the page"}, **words.get("fields", {})}
        given["needed"] = ["csrf", *words.get("needed", ())]
    return given


def _refused(words: Words) -> dict[str, str]:
    kinds = ConsoleRefused.catalogue.kinds
    return {str(kinds[name].status): "refused" for name in words.get("refuses", ())}


def _program(path: str, method: str, words: Words) -> Words:
    refuses = [*_ALWAYS, *(["not_found"] if "{" in path else []), *(_WITH_BODY if method == "post" else ()), *words.get("refuses", ())]
    given: Words = {"console_problems": refuses}
    if "file" not in words:
        given["json"] = {"type": "object"}
    if words.get("creates", False):
        given["responses"] = {"201": {"description": "made", "content": {"application/json": {"schema": {"type": "object"}}}}}
    if method == "post":
        schema = {"type": "object", "properties": words.get("fields", {}), "required": words.get("needed", [])}
        given["body"] = {"application/json": schema}
    return given
