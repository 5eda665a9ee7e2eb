"""The deployment's shape on one machine: a proxy, two web servers, two action servers, PostgreSQL and Redis, all of them real."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import requests
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from actions.state.database import Database
from actions.state.world.loading import load_world
from bot.web.responses import CONTENT_TYPE, ProblemError
from tests.services.conftest import RedisServer
from tests.services.deployment import NAME, ROOT, Customer, Deployment
from tests.threads import in_threads

SAID = ("付款的时候怎么没有分期了", "怎么还款", "分期手续费怎么算", "额度怎么提高", "你好")


@pytest.fixture(scope="module")
def deployment(postgres_server: str, redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    administration = create_engine(postgres_server, future=True, isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE deployment")
    url = make_url(postgres_server).set(database="deployment").render_as_string(hide_password=False)
    made = Deployment(tmp_path_factory.mktemp("deployment"), url, redis.url)
    database = Database(url)
    try:
        load_world(database, [ROOT / "demo/world.yml"])
        made.start()
        yield made
    finally:
        made.close()
        database.close()
        with administration.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE deployment WITH (FORCE)")
        administration.dispose()


def test_a_chat_is_answered_over_tls_and_what_is_nobodys_business_is_not_there(deployment: Deployment) -> None:
    customer = Customer(deployment, "u-2001", "10.0.0.1", "o-2001")
    answer = customer.say("怎么付款的时候没有分期了啊")
    assert answer.status_code == 200 and "max-age" in answer.headers["strict-transport-security"]
    assert [cause["id"] for cause in answer.json()["messages"][0]["data"]["causes"]] == ["overdue", "phone_unbound"]
    inside = f"https://{NAME}:{deployment.port}"
    assert [requests.get(inside + path, **customer.options).status_code for path in ("/metrics", "/health/ready")] == [404, 404]
    metrics = requests.get(f"http://127.0.0.1:{deployment.web_ports[0]}/metrics", timeout=10).text
    assert "baitiao_turns_running 0.0" in metrics


def test_plain_http_is_sent_to_tls_and_another_name_is_refused(deployment: Deployment) -> None:
    answer = requests.get(f"http://127.0.0.1:{deployment.plain_port}/shop?a=1", allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["location"]) == (308, f"https://{NAME}:{deployment.port}/shop?a=1")
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://127.0.0.1:{deployment.port}/widget/baitiao-chat.js", verify=False, timeout=10)


def test_messages_of_one_customer_go_to_both_web_servers_and_stay_in_order(deployment: Deployment) -> None:
    customer = Customer(deployment, "u-1013", "10.0.0.2")
    before = len(deployment.calls())
    texts = [f"{SAID[number % len(SAID)]}{'！' * number}" for number in range(6)]
    for text in texts:
        assert customer.say(text).status_code == 200
    assert in_threads(lambda number: customer.say(f"在吗{'？' * number}").status_code, 4) == [200] * 4
    history = customer.history()
    assert [message["seq"] for message in history] == list(range(1, len(history) + 1))
    said = [message["text"] for message in history if message["role"] == "user"]
    assert said[:6] == texts and sorted(said[6:], key=len) == [f"在吗{'？' * number}" for number in range(4)]
    roles = "".join(message["role"][0] for message in history)
    assert "uu" not in roles and roles.startswith("u") and roles.endswith("b")
    calls = [call for call in deployment.calls()[before:] if call["path"].endswith("/messages")]
    servers = {call["server"] for call in calls}
    assert {f"127.0.0.1:{port}" for port in deployment.web_ports} <= servers and {call["from"] for call in calls} == {"10.0.0.2"}


def test_a_stream_through_the_proxy_shows_at_once_what_another_web_server_answers(deployment: Deployment) -> None:
    customer, arrived = Customer(deployment, "u-1014", "10.0.0.3"), dict[str, float]()
    opened, ended = threading.Event(), threading.Event()

    def listen() -> None:
        with customer.events() as stream:
            opened.set()
            for line in stream.iter_lines(chunk_size=1):
                if line.startswith(b"data:"):
                    message = json.loads(line[5:])
                    if "role" not in message:
                        continue  # Who has the case is told on the same stream.
                    arrived.setdefault(message["id"], time.monotonic())
                    if message["role"] == "user" and message["text"] == SAID[4]:
                        ended.set()
                        return

    listener = threading.Thread(target=listen)
    listener.start()
    assert opened.wait(20)
    before, answered = len(deployment.calls()), dict[str, float]()
    for text in SAID:
        identifier = str(uuid4())
        assert customer.say(text, identifier).status_code == 200
        answered[identifier] = time.monotonic()
    assert ended.wait(20)
    listener.join()
    posts = {call["server"] for call in deployment.calls()[before:] if call["method"] == "POST"}
    # The proxy notes a stream once it has seen its end.
    until = time.monotonic() + 10
    while not (streams := {call["server"] for call in deployment.calls()[before:] if call["path"].endswith("/events")}):
        assert time.monotonic() < until
        time.sleep(0.05)
    [stream] = streams
    assert posts - {stream}, "every message was answered by the web server that had the stream"
    # By itself, a stream looks every five seconds only.
    assert sorted(arrived[identifier] - answered[identifier] for identifier in answered)[len(answered) // 2] < 0.5


def test_nothing_is_lost_or_doubled_while_servers_are_restarted(deployment: Deployment) -> None:
    over, sent = threading.Event(), dict[str, list[str]]()
    refused: list[str] = []

    def write(number: int) -> None:
        customer = Customer(deployment, f"u-{1015 + number}", f"10.0.1.{number}")
        mine = sent.setdefault(customer.user, [])
        while not over.is_set():
            identifier = str(uuid4())
            mine.append(identifier)
            answer = customer.say(SAID[len(mine) % len(SAID)], identifier)
            if answer.status_code != 200 or not answer.json()["messages"]:
                refused.append(f"{answer.status_code} {answer.text}")
            time.sleep(0.25)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    try:
        for name in ("web-1", "actions-2"):
            time.sleep(1)
            assert deployment.end(name) == 0, f"{name} did not end by itself:\n{deployment.logged()}"
            deployment.begin(name)
        deployment.wait("web-1")
        time.sleep(1)
    finally:
        over.set()
        for writer in writers:
            writer.join()
    assert refused == []
    for number, (user, identifiers) in enumerate(sorted(sent.items())):
        history = Customer(deployment, user, f"10.0.2.{number}").history()
        assert [message["id"] for message in history if message["role"] == "user"] == identifiers
        assert [message["seq"] for message in history] == list(range(1, len(history) + 1))
        roles = "".join(message["role"][0] for message in history)
        assert "uu" not in roles and roles.endswith("b") and len(identifiers) > 5


@pytest.mark.parametrize(
    ("name", "length", "many"), [("too_long", 70_000, 1), ("too_many", 10, 40)], ids=["a body that is too large", "one address too fast"]
)
def test_the_proxy_refuses_in_the_words_of_the_web_server(deployment: Deployment, name: str, length: int, many: int) -> None:
    customer = Customer(deployment, "u-1020", f"10.0.3.{many}")
    customer.options["headers"]["Authorization"] = "Bearer nobody"
    answers = [customer.say("啊" * (length // 3)) for _ in range(many)]
    refused = [answer for answer in answers if answer.status_code != 401]
    problem = ProblemError(name)
    assert {answer.status_code for answer in refused} == {problem.status}
    assert refused[-1].json() == json.loads(problem.body()) and refused[-1].headers["content-type"] == CONTENT_TYPE
    assert refused[-1].headers["retry-after"] == "3"
    neighbour = Customer(deployment, "u-1020", "10.0.4.1")
    assert neighbour.say("你好").status_code == 200


def test_connections_of_one_address_are_limited(deployment: Deployment) -> None:
    customers = [Customer(deployment, f"u-{1021 + number}", "10.0.5.1") for number in range(3)]
    # As many of one customer as each web server allows.
    streams = [customer.events() for customer in customers for _ in range(7)]
    try:
        assert [stream.status_code for stream in streams] == [200] * 20 + [429]
        assert streams[-1].json() == json.loads(ProblemError("too_many").body())
    finally:
        for stream in streams:
            stream.close()
