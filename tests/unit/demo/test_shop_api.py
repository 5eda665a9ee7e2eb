"""The demo shop's API: what it shows, what it plays, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from actions.state.database import Database
from bot.bootstrap import demo_shop
from bot.channel.tokens import TokenVerifier
from bot.demo import register
from conversations.application import composed
from tests.unit.demo.serving import Serving
from tools.openapi import openapi

SECRET = "a secret of the tests, longer than 32 characters"
Client = Callable[..., requests.Response]


@pytest.fixture()
def client(world: Database) -> Iterator[Client]:
    serving = Serving(lambda app: register(app, demo_shop(composed(world)), SECRET))
    yield lambda method, path, **options: requests.request(method, serving.address + path, timeout=20, **options)
    serving.close()


def get(client: Client, path: str, **options: Any) -> requests.Response:
    return client("GET", path, **options)


def post(client: Client, path: str, body: Any, **options: Any) -> requests.Response:
    return client("POST", path, json=body, **options)


def causes(response: requests.Response) -> list[str]:
    return [cause["id"] for cause in response.json()["causes"]]


def test_customers_come_with_their_subjects_and_what_they_are_about(client: Client) -> None:
    customers = {customer["id"]: customer for customer in get(client, "/shop/api/customers").json()["customers"]}
    assert customers["u-1001"] == {
        "id": "u-1001",
        "name": "林晓雨",
        "region": "广东",
        "about": "一切正常，能看到全部期数",
        "starts": None,
        "subjects": [{"order": "o-1", "titles": ["星云手机 12 Pro"], "amount": 5299.0, "picture": "goods-phones.svg"}],
    }
    assert [next(iter(subject.values())) for subject in customers["u-2006"]["subjects"]] == ["o-2006", "o-2016", "b-2006"]
    assert customers["u-1003"]["starts"] == "outage"
    assert all(customer["about"] for customer in customers.values())


@pytest.mark.slow
def test_the_api_is_described(client: Client) -> None:
    answer = get(client, "/openapi.json")
    assert answer.headers["Content-Type"] == "application/json" and answer.json() == openapi()


def test_a_healthy_order_shows_its_plans(client: Client) -> None:
    state = get(client, "/shop/api/state?user=u-1001&order=o-1").json()
    assert state["causes"] == [] and state["installment"]["state"] == "offered"
    assert [plan["tenor"] for plan in state["installment"]["plans"]] == [3, 6, 12, 24]
    assert all(plan["apr"] > 0 for plan in state["installment"]["plans"])


@pytest.mark.parametrize(
    ("subject", "row"),
    [
        ("user=u-1013&order=o-1013", "greyed"),
        ("user=u-1036&order=o-1036", "missing"),
        ("user=u-1028&order=o-1028", "missing"),
        ("user=u-2005&order=o-2005", "offered"),
        ("user=u-1034&bill=b-1034", "missing"),
        ("user=u-2006&bill=b-2006", "offered"),
    ],
)
def test_the_row_looks_as_the_state_says(subject: str, row: str, client: Client) -> None:
    assert get(client, f"/shop/api/state?{subject}").json()["installment"]["state"] == row


def test_a_discount_is_taken_off_and_shown(client: Client) -> None:
    state = get(client, "/shop/api/state?user=u-3006&order=o-3006").json()
    assert (state["order"]["amount"], state["order"]["discount"], state["order"]["down_payment"]) == (2699.0, 200.0, 0.0)
    assert state["installment"]["amount"] == 2699.0
    listed = next(each for each in get(client, "/shop/api/customers").json()["customers"] if each["id"] == "u-3006")
    assert {each["order"]: each["amount"] for each in listed["subjects"]} == {"o-3006": 2699.0, "o-3016": 68.0}


def test_a_remedy_is_named_with_whose_part_it_is_and_played(client: Client) -> None:
    state = get(client, "/shop/api/state?user=u-1013&order=o-1013").json()
    assert [(cause["id"], cause["remedy"]) for cause in state["causes"]] == [
        ("overdue", {"title": "还清逾期", "by": "您", "stand_in": False, "everybody": False})
    ]
    played = post(client, "/shop/api/remedy", {"user": "u-1013", "order": "o-1013", "cause": "overdue"})
    assert played.status_code == 200 and causes(played) == []
    again = post(client, "/shop/api/remedy", {"user": "u-1013", "order": "o-1013", "cause": "overdue"})
    assert again.status_code == 409


def test_a_stand_in_is_labelled(client: Client) -> None:
    state = get(client, "/shop/api/state?user=u-1036&order=o-1036").json()
    assert state["causes"][0]["remedy"]["stand_in"] is True


def test_disturbances_start_end_and_start_again_and_reset_undoes_everything(client: Client) -> None:
    where = "/shop/api/state?user=u-1001&order=o-1"
    for name, cause in (("outage", "incident_outage"), ("degraded", "incident_degraded"), ("maintenance", "maintenance_window")):
        for _ in range(2):
            assert post(client, "/shop/api/world", {"action": name}).status_code == 200
            state = get(client, where)
            assert causes(state) == [cause] and state.json()["disturbances"] == [name]
            assert state.json()["installment"]["state"] == ("offered" if name == "degraded" else "failed")
            assert post(client, "/shop/api/world", {"action": "end"}).status_code == 200
            assert causes(get(client, where)) == []
    post(client, "/shop/api/world", {"action": "outage"})
    post(client, "/shop/api/remedy", {"user": "u-1024", "order": "o-1024", "cause": "phone_unbound"})
    assert post(client, "/shop/api/world", {"action": "reset"}).status_code == 200
    assert causes(get(client, "/shop/api/state?user=u-1024&order=o-1024")) == ["phone_unbound"]


def test_a_token_is_for_the_customer_and_their_order(client: Client) -> None:
    verifier = TokenVerifier({"HS256": SECRET})
    token = post(client, "/shop/api/token", {"user": "u-1001", "order": "o-1"}).json()["token"]
    claims = verifier.verify(token)
    assert (claims.user, claims.order, claims.roles) == ("u-1001", "o-1", frozenset())
    assert verifier.verify(post(client, "/shop/api/token", {"user": "u-1031", "order": None}).json()["token"]).order is None


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/shop/api/token", {}, 400),
        ("/shop/api/token", {"user": 1}, 400),
        ("/shop/api/token", {"user": ""}, 400),
        ("/shop/api/token", {"user": "u-1001", "role": "agent"}, 400),
        ("/shop/api/token", [], 400),
        ("/shop/api/token", {"user": "u-9999"}, 404),
        ("/shop/api/token", {"user": "u-1001", "order": "o-1013"}, 404),
        ("/shop/api/token", {"user": "u-1\0001"}, 404),
        ("/shop/api/remedy", {"user": "u-1001", "order": "o-1"}, 400),
        ("/shop/api/remedy", {"user": "u-1001", "order": "o-1", "bill": "b-2006", "cause": "overdue"}, 400),
        ("/shop/api/remedy", {"user": "u-1001", "order": "o-1013", "cause": "overdue"}, 404),
        ("/shop/api/remedy", {"user": "u-1001", "order": "o-1", "cause": "overdue"}, 409),
        ("/shop/api/remedy", {"user": "u-1001", "order": "o-1", "cause": "no_cause_found"}, 409),
        ("/shop/api/world", {"action": "../world"}, 400),
        ("/shop/api/world", {"action": None}, 400),
    ],
)
def test_what_is_wrong_is_refused(path: str, body: Any, status: int, client: Client) -> None:
    response = post(client, path, body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status and problem["title"] and problem["detail"]


def test_what_is_no_json_or_comes_from_another_site_is_refused(client: Client) -> None:
    reset = json.dumps({"action": "reset"})
    plain = client("POST", "/shop/api/world", data=reset, headers={"Content-Type": "text/plain"})
    broken = client("POST", "/shop/api/world", data="{", headers={"Content-Type": "application/json"})
    other = post(client, "/shop/api/world", {"action": "reset"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (plain.status_code, broken.status_code, other.status_code) == (415, 400, 403)


@pytest.mark.parametrize("query", ["", "user=u-9999", "user=u-1001&order=o-1013", "user=u-1001&order=o-1&bill=b-2006", "user=u-1001&x=1"])
def test_unknown_subjects_have_no_state(query: str, client: Client) -> None:
    assert get(client, f"/shop/api/state?{query}").status_code in (400, 404)


def test_a_database_that_is_away_is_an_honest_503(client: Client, world: Database) -> None:
    with world.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE users RENAME TO gone")
    response = get(client, "/shop/api/customers")
    assert response.status_code == 503 and response.headers["retry-after"]


def test_the_page_embeds_the_chat_and_has_no_inline_code(client: Client) -> None:
    page = get(client, "/shop")
    assert "<style" not in page.text and " style=" not in page.text and " onclick" not in page.text
    for source in ("/widget/baitiao-chat.js", "/widget/baitiao-badge.js", "/shop/static/shop.js"):
        assert page.text.count(f'<script type="module" src="{source}"></script>') == 1
    assert page.text.count("<script") == 3 and page.text.count("<baitiao-chat") == 1
    assert "演示：全部为模拟数据，与京东实际决定无关" in page.text
    assert get(client, "/shop", headers={"If-None-Match": page.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("name", ["nothing.js", "../__init__.py", "%2e%2e%2f__init__.py", "..%2fproblems.yml"])
def test_only_the_pages_own_files_are_served(name: str, client: Client) -> None:
    assert get(client, f"/shop/static/{name}").status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:5005", "127.0.0.1@evil.example", "", "xlocalhost"]
)
@pytest.mark.parametrize("path", ["/shop/api/customers", "/shop/api/customers/", "/shop"])
def test_a_name_that_only_leads_here_opens_nothing(host: str, path: str, client: Client) -> None:
    response = get(client, path, headers={"Host": host})
    assert response.status_code == 421 and "林晓雨" not in response.text


@pytest.mark.parametrize("host", ["127.0.0.1:1", "LocalHost", "[::1]:5005", "192.168.1.7", "shop.example:8443"])
def test_addresses_and_own_names_open_the_shop(host: str, world: Database) -> None:
    serving = Serving(lambda app: register(app, demo_shop(composed(world)), SECRET, {"shop.example"}))
    assert requests.get(f"{serving.address}/shop/api/customers", headers={"Host": host}, timeout=20).status_code == 200
    serving.close()
