"""docs/widget-api.md: the calls that it shows, made in its order to a real ``baitiao up``, get what it shows."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import Any

import pytest
import requests
import yaml

from actions.state.world.loading import load_world_data
from conversations.served import SECRET, ServedStage, Up
from tools.pages import ROOT, blocks, commands, fits, marked, resembles

PAGE = ROOT / "docs/widget-api.md"
CALLS = marked(PAGE, "call")
ANSWERS = marked(PAGE, "answer")
SHOWN_AT = "http://127.0.0.1:5005"


def token() -> str:
    """What the page's command prints."""
    (line,) = [line for block in blocks(PAGE) for line in commands(block.text) if line.startswith("TOKEN=$(")]
    words = line.removeprefix("TOKEN=$(").removesuffix(")").split()[1:]
    environment = {**os.environ, "BAITIAO_TOKEN_SECRET": SECRET}
    done = subprocess.run([sys.executable, "-m", "bot.cli", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def curl(line: str, up: Up, bearer: str) -> requests.Response:
    """Makes the call that a line for curl makes."""
    words = iter(shlex.split(line.replace("$TOKEN", bearer).replace(SHOWN_AT, up.address))[1:])
    headers, body, method, address = {}, None, None, ""
    for word in words:
        if word == "-H":
            headers.update([next(words).split(": ", 1)])
        elif word == "-d":
            body = next(words).encode()
        elif word == "--data-binary":
            body = (ROOT / next(words).removeprefix("@")).read_bytes()
        elif word == "-X":
            method = next(words)
        elif not word.startswith("-"):
            address = word
    return requests.request(method or ("POST" if body else "GET"), address, headers=headers, data=body, timeout=30, stream=True)


def begun(stream: requests.Response, to: str) -> str:
    """What a stream has said when a text stands in it."""
    said = b""
    for part in stream.iter_content(1):
        said += part
        if to.encode() in said:
            break
    stream.close()
    return said.decode()


@pytest.mark.xdist_group("over_http")
def test_the_calls_of_the_page_get_what_it_shows(up: Up) -> None:
    ServedStage(up, ["demo"], "u-1013", "o-1013")
    bearer = token()
    (look,) = commands(CALLS["open"])
    assert resembles(json.loads(ANSWERS["opening"]), curl(look, up, bearer).json())
    (send,) = commands(CALLS["send"])
    answer = curl(send, up, bearer).json()
    assert resembles(json.loads(ANSWERS["send"]), answer), answer
    assert curl(send, up, bearer).json() == answer

    read, listen = commands(CALLS["read"])
    history = curl(read, up, bearer).json()
    assert history["messages"] == answer["messages"]
    said = begun(curl(listen, up, bearer), "第 1 步")
    assert fits(ANSWERS["stream"], said), said

    ask, rate = commands(CALLS["rate"])
    (ended,) = curl(ask, up, bearer).json()["messages"]
    assert (ended["seq"], ended["data"]["type"]) == (5, "handoff")
    assert curl(rate, up, bearer).status_code == 204
    (vote,) = commands(CALLS["vote"])
    assert curl(vote, up, bearer).status_code == 204
    given = requests.get(f"{up.address}/webhooks/widget/messages", headers={"Authorization": f"Bearer {bearer}"}, timeout=30).json()
    assert (given["ratings"], given["feedback"]) == ({"5": 5}, {"2": "down"})

    (show,) = commands(CALLS["picture"])
    (kept,) = curl(show, up, bearer).json()["messages"]
    assert curl(show, up, bearer).json()["messages"] == [kept] and "看不了图片" in kept["text"]

    load_world_data(up.database, {"incidents": yaml.safe_load((ROOT / "demo/outage.yml").read_text(encoding="utf-8"))["incidents"]})
    see, want = commands(CALLS["notices"])
    assert curl(see, up, bearer).json() == json.loads(ANSWERS["notices"])
    assert curl(want, up, bearer).status_code == 204 and curl(see, up, bearer).json()["notices"][0]["subscribed"]

    labels = requests.get(f"{up.address}/webhooks/widget/labels", headers={"Authorization": f"Bearer {bearer}"}, timeout=30).json()
    assert resembles(json.loads(ANSWERS["labels"]), labels)

    stale: Any = {"id": "0c6f5f0e-93a5-4a5e-b0a0-3c5d2f1e4b03", "payload": "/step_done"}
    refused = requests.post(f"{up.address}/webhooks/widget/messages", json=stale, headers={"Authorization": f"Bearer {bearer}"}, timeout=30)
    assert refused.json() == json.loads(ANSWERS["refusal"]) and refused.status_code == 409


def test_every_call_and_every_answer_of_the_page_is_tried() -> None:
    assert {*CALLS} == {"send", "read", "rate", "vote", "open", "picture", "notices"} and {*ANSWERS} == {
        "send",
        "stream",
        "opening",
        "labels",
        "notices",
        "refusal",
    }
    assert [block.where for block in blocks(PAGE) if not block.kind and "TOKEN=$(" not in block.text] == []
