"""The OpenAPI description of the web server's API, ``bot/web/openapi.json``: ``openapi.yml`` beside this, and what other files say already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic.tools import schema_of

from actions.core.messages import AnyData
from actions.dialogue.notices import KINDS, MOST_NOTICES
from actions.state.conversations import Role
from actions.state.feedback import REASONS, VOTES
from actions.state.ratings import SCORES
from bot.channel.badges import LONGEST_REGION, LONGEST_SKU, MOST_FOR_CUSTOMERS, MOST_FOR_SHOPS
from bot.channel.plain_text import LONGEST_TEXT
from bot.channel.requests import LARGEST_POSITION
from bot.console.places import ConsoleRefused
from bot.demo.refusals import Refused
from bot.demo.shop import DISTURBANCES
from bot.web.files import FILE_TYPES
from bot.web.responses import CONTENT_TYPE, Catalogue, ProblemError
from ops.badges.badge import BadgeState
from ops.badges.everywhere import CHANNELS
from tools.openapi_console import console_paths

SOURCE = Path(__file__).with_name("openapi.yml")
_COMPONENTS = "#/components/schemas/"
_TEXT = {"schema": {"type": "string"}}
_FILE_KINDS = sorted({kind.partition(";")[0] for kind in FILE_TYPES.values()})
_ALWAYS = ("malformed", "unavailable")
"""What any request may be refused with: a head that is none, and a failure."""
_HEADERS = {"401": ("WWW-Authenticate",), "429": ("Retry-After",), "503": ("Retry-After",)}
_FORM = "application/x-www-form-urlencoded"


def openapi() -> dict[str, Any]:
    """The description, in OpenAPI 3.1."""
    given = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    security = given["security"]
    _limit_badges(given["paths"])
    paths = {
        path: {method: _operation(path, method, words, security) for method, words in methods.items()}
        for path, methods in {**given["paths"], **console_paths(given["console"])}.items()
    }
    components = given["components"]
    components["schemas"].update(_message_data())
    _limit(components["schemas"])
    return {"openapi": "3.1.0", "info": given["info"], "tags": given["tags"], "paths": paths, "components": components}


def openapi_json() -> str:
    """The published file."""
    return json.dumps(openapi(), ensure_ascii=False, indent=1) + "\n"


def _message_data() -> dict[str, Any]:
    schema = schema_of(AnyData, title="MessageData", ref_template=f"{_COMPONENTS}{{model}}")
    # The library hands the same one out every time.
    return {**schema["definitions"], "MessageData": {name: value for name, value in schema.items() if name != "definitions"}}


def _limit(schemas: dict[str, Any]) -> None:
    """Puts in what the program bounds and names."""
    schemas["Position"]["maximum"] = LARGEST_POSITION
    schemas["Sent"]["properties"]["text"]["maxLength"] = LONGEST_TEXT
    for name in ("Rating", "Feedback"):
        schemas[name]["properties"]["seq"]["maximum"] = LARGEST_POSITION
        schemas[name]["properties"]["word"]["maxLength"] = LONGEST_TEXT
    notice = schemas["Notices"]["properties"]["notices"]
    notice["maxItems"], notice["items"]["properties"]["kind"]["enum"] = MOST_NOTICES, [*KINDS]
    schemas["Messages"]["properties"]["feedback"]["additionalProperties"]["enum"] = [*VOTES]
    schemas["Feedback"]["properties"]["vote"]["enum"] = [*VOTES, None]
    schemas["Feedback"]["properties"]["reason"]["enum"] = [*REASONS, None]
    schemas["Rating"]["properties"]["score"].update(minimum=SCORES[0], maximum=SCORES[-1])
    schemas["Message"]["properties"]["role"]["enum"] = list(get_args(Role))
    wanted, badges = schemas["BadgesWanted"]["properties"], schemas["Badges"]["properties"]
    wanted["skus"].update(maxItems=MOST_FOR_SHOPS, items={**wanted["skus"]["items"], "maxLength": LONGEST_SKU})
    wanted["region"]["maxLength"] = LONGEST_REGION
    wanted["channel"]["enum"] = [*CHANNELS, None]
    badges["badges"]["items"]["properties"]["state"]["enum"] = list(get_args(BadgeState))
    schemas["WorldChange"]["properties"]["action"]["enum"] = [*DISTURBANCES, "end", "reset"]


def _limit_badges(paths: Mapping[str, Any]) -> None:
    asked = paths["/webhooks/widget/badges"]["get"]["query"]
    asked["sku"].update(maxItems=MOST_FOR_CUSTOMERS, items={**asked["sku"]["items"], "maxLength": LONGEST_SKU})
    for query in (asked, paths["/catalog/badges/changes"]["get"]["query"]):
        query["region"]["maxLength"], query["channel"]["enum"] = LONGEST_REGION, [*CHANNELS]


def _operation(path: str, method: str, words: Mapping[str, Any], security: Mapping[str, Any]) -> dict[str, Any]:
    public = words.get("public", False) or words["tag"] not in security
    operation: dict[str, Any] = {
        "operationId": f"{method}{''.join(part.strip('{}').title() for part in path.replace('-', '/').replace('.', '/').split('/'))}",
        "tags": [words["tag"]],
        "summary": words["summary"],
        "security": [] if public else security[words.get("secured_as", words["tag"])],
        "parameters": list(_parameters(path, words)),
    }
    body = words.get("body") or _form(words)
    if body:
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": schema} for kind, schema in body.items()}}
    operation["responses"] = dict(sorted(_responses(words).items()))
    return operation


def _form(words: Mapping[str, Any]) -> dict[str, Any]:
    form = words.get("form")
    return {} if form is None else {_FORM: {"type": "object", "required": words.get("needed", list(form)), "properties": form}}


def _parameters(path: str, words: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    inside = dict(words.get("path", {}))
    if "{name}" in path:
        inside["name"] = {"type": "string"}
    for place, schemas in (("path", inside), ("query", words.get("query", {})), ("header", words.get("headers", {}))):
        for name, schema in schemas.items():
            needed = place == "path" or schema.get("required", False)
            yield {
                "name": name,
                "in": place,
                "required": needed,
                "schema": {word: value for word, value in schema.items() if word != "required"},
            }


def _responses(words: Mapping[str, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {status: dict(response) for status, response in words.get("responses", {}).items()}
    if "json" in words:
        responses["200"] = {"description": "answered", "content": {"application/json": {"schema": words["json"]}}}
    if words.get("stream"):
        responses["200"] = {"description": "a stream of events", "content": {"text/event-stream": _TEXT}}
    if "file" in words:
        kinds = _FILE_KINDS if words["file"] == "any" else [words["file"]]
        responses["200"] = {"description": "the file", "content": {kind: {} for kind in kinds}}
        responses["304"] = {"description": "as the client has it: If-None-Match"}
    for status, meaning in words.get("pages", {}).items():
        responses[status] = {"description": meaning, "content": {"text/html": _TEXT}}
    for status, problem in _problems(words).items():
        page = responses.get(status)
        if page is None:
            responses[status] = problem
        else:
            # Whether it is the one or the other, and so has the headers, the client sees by the type.
            page.update(description=f"{page['description']}, or a problem", content={**page.get("content", {}), **problem["content"]})
    return responses


def _problems(words: Mapping[str, Any]) -> dict[str, Any]:
    """A response per status with which an operation refuses."""
    known: dict[str, list[tuple[Catalogue, str]]] = {}
    named = [(ProblemError.catalogue, name) for name in [*_ALWAYS, *words.get("problems", ())]]
    if words.keys() & {"body", "form"}:
        named += [(ProblemError.catalogue, "too_long")]
    named += [(ConsoleRefused.catalogue, name) for name in words.get("console_problems", ())]
    if "demo_problems" in words:
        named += [(Refused.catalogue, name) for name in [*words["demo_problems"], "unavailable"]]
    for catalogue, name in dict.fromkeys(named):
        known.setdefault(str(catalogue.kinds[name].status), []).append((catalogue, name))
    return {status: _problem(status, kinds) for status, kinds in known.items()}


def _problem(status: str, kinds: list[tuple[Catalogue, str]]) -> dict[str, Any]:
    titles = list(dict.fromkeys(catalogue.kinds[name].title for catalogue, name in kinds))
    schema = {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"enum": [catalogue.type_of(name) for catalogue, name in kinds]},
            "title": {"enum": titles},
            "status": {"const": int(status)},
            "detail": {"type": "string", "description": "can be shown to the customer"},
            "kept": {"type": "boolean", "description": "of a message: whether it was stored"},
        },
        # Places of the console say more of what was wrong.
        "additionalProperties": any(catalogue is ConsoleRefused.catalogue for catalogue, _ in kinds),
    }
    headers = {header: {"required": True, "schema": {"type": "string"}} for header in _HEADERS.get(status, ())}
    return {"description": "; ".join(titles), "headers": headers, "content": {CONTENT_TYPE: {"schema": schema}}}
