"""The API's description is a sound one, describes every route that there is and no other, and is served with the demo alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys

from openapi_spec_validator import openapi_v31_spec_validator

from bot.web.responses import ProblemError
from tools.openapi import openapi
from tools.pages import ROOT

ROUTES = """
import json
from actions.bootstrap import bootstrap
from actions.settings import Settings
from bot.server import make_app
from sanic import Sanic
Sanic.test_mode = True
here = bootstrap(Settings.read(token_secret="a secret of the tests, longer than 32 characters"))
for demo in (True, False):
    routes = make_app("models", here, demo).router.routes
    print(json.dumps([[f"/{route.path}", method.lower()] for route in routes for method in route.methods]))
"""


def routes() -> list[set[tuple[str, str]]]:
    """Path and method of every route of the web application, with parameters as OpenAPI writes them: in demo mode, and otherwise."""
    command = [sys.executable, "-W", "ignore", "-c", ROUTES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    return [
        {(re.sub(r"<(\w+):\w+>", r"{\1}", path), method) for path, method in json.loads(line)} for line in done.stdout.splitlines()[-2:]
    ]


def test_the_description_is_a_sound_one() -> None:
    described = openapi()
    assert [str(error) for error in openapi_v31_spec_validator.iter_errors(described)] == []
    names = [operation["operationId"] for methods in described["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_every_route_is_described_and_there_is_no_other() -> None:
    described = [(path, method, operation) for path, methods in openapi()["paths"].items() for method, operation in methods.items()]
    everything = {(path, method) for path, method, _ in described}
    only_demo = {(path, method) for path, method, operation in described if operation["tags"] == ["demo"] or path == "/openapi.json"}
    assert routes() == [everything, everything - only_demo]


def test_every_refusal_of_the_channel_is_described_somewhere() -> None:
    written = json.dumps(openapi())
    missing = [name for name in ProblemError.catalogue.kinds if f'"{ProblemError.catalogue.type_of(name)}"' not in written]
    assert missing == ["method_not_allowed"], "which no operation of OpenAPI can have"
