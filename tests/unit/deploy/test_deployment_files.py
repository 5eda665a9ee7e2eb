"""The files of deploy/ agree with the program and with each other; scripts/check-deploy says whether they are what they should be at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import sanic.config
import yaml

from actions.serving import GRACE_SECONDS
from actions.settings import Settings
from bot.channel.imaging import LARGEST_PICTURE
from bot.channel.turns import LONGEST_TURN
from bot.web.metrics import Metrics
from bot.web.responses import HEARTBEAT_SECONDS, RETRY_SECONDS
from bot.web.site import LARGEST_BODY
from ops.passes import PASSES
from tests.unit.deploy.families import families
from tests.unit.deploy.files import COMPOSE, DEPLOY, TEMPLATE, pods
from tools.pages import ROOT

DOCKERFILE = (DEPLOY / "container/Dockerfile").read_text("utf-8")
DASHBOARD = json.loads((DEPLOY / "monitoring/dashboard.json").read_text("utf-8"))


def directive(name: str, after: str = "") -> str:
    """What the proxy's configuration says, from a line on."""
    found = re.search(rf"^\s*{name} ([^;]+);", TEMPLATE[TEMPLATE.index(after) :], re.MULTILINE)
    assert found
    return found[1]


def test_every_setting_that_is_named_is_one() -> None:
    known = {Settings.variable(name) for name in Settings.__fields__}
    texts = [file.read_text("utf-8") for file in DEPLOY.rglob("*") if file.is_file()]
    assert {word for text in texts for word in re.findall(r"BAITIAO_[A-Z_0-9]+", text)} - known == set()


def test_compose_and_kubernetes_fill_in_the_whole_template() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)\}", TEMPLATE)) - {"NGINX_LOCAL_RESOLVERS"}
    [nginx] = pods()["proxy"]["spec"]["containers"]
    for given in (COMPOSE["services"]["proxy"]["environment"], {each["name"]: each["value"] for each in nginx["env"]}):
        assert {name for name in given if name.startswith("PROXY_")} == wanted
        assert re.match(given["NGINX_ENVSUBST_FILTER"].replace("$$", "$"), "NGINX_LOCAL_RESOLVERS")


def test_the_proxy_waits_as_long_as_the_web_servers_and_no_longer() -> None:
    assert directive("client_max_body_size") == f"{LARGEST_BODY // 1024}k"
    for pictures in ("location = /webhooks/widget/pictures", "location ~ ^/desk/cases/"):
        assert directive("client_max_body_size", after=pictures) == f"{LARGEST_PICTURE // 2**20}m"
    assert LONGEST_TURN < int(directive("proxy_read_timeout").rstrip("s")) < 2 * LONGEST_TURN
    assert int(directive("proxy_read_timeout", after="location = /webhooks/widget/events").rstrip("s")) > 2 * HEARTBEAT_SECONDS
    assert int(directive("keepalive_timeout", after="upstream web").rstrip("s")) < sanic.config.DEFAULT_CONFIG["KEEP_ALIVE_TIMEOUT"]
    assert directive("add_header Retry-After") == f"{RETRY_SECONDS} always"


def test_a_container_gets_the_time_to_finish() -> None:
    for name in ("web-1", "web-2", "actions-1", "actions-2"):
        service = COMPOSE["services"][name]
        drain = int(service["environment"].get("BAITIAO_DRAIN_SECONDS", 0))
        assert int(service["stop_grace_period"].rstrip("s")) >= drain + GRACE_SECONDS + 10


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_container_may_do_nothing_that_it_need_not_and_is_bounded(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] and service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] and service["pids_limit"] and service["cpus"]
    assert "healthcheck" in service or name.startswith("web")
    assert ("ports" in service) == (name == "proxy")


def test_only_the_proxy_is_between_the_world_and_the_web_servers() -> None:
    members = {
        network: {name for name, service in COMPOSE["services"].items() if network in service["networks"]}
        for network in COMPOSE["networks"]
    }
    assert members["outside"] == {"proxy"} and members["front"] == {"proxy", "web-1", "web-2"} and "proxy" not in members["inner"]
    assert COMPOSE["networks"]["inner"]["internal"] and COMPOSE["networks"]["front"]["internal"]


def test_what_the_image_is_built_from_is_there_and_sent() -> None:
    copied = {word for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for word in words.split()[:-1]} - {"."}
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert copied <= sent and [name for name in sent if not (ROOT / name).exists()] == []
    assert "USER 10001:10001" in DOCKERFILE and "HEALTHCHECK" in DOCKERFILE


def test_the_dashboard_shows_what_there_is() -> None:
    shown_by_servers = families()
    series = {sample.name for family in shown_by_servers for sample in family.samples} | {
        f"{family.name}{end}"
        for family in shown_by_servers
        for end in {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}[family.type]
    }
    labels = {
        "outcome",
        "route",
        "stage",
        "status",
        "score",
        "vote",
        "le",
        "job",
        "instance",
        "cause",
        "end",
        "reason",
        "pass",
        "component",
    }
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            assert set(re.findall(r"baitiao_\w+", target["expr"])) <= series, panel["title"]
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= labels, panel["title"]
    shown = json.dumps(DASHBOARD)
    assert [family.name for family in shown_by_servers if family.name not in shown] == []


def test_the_panels_of_the_dashboard_lie_beside_each_other() -> None:
    cells: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        mine = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not mine & cells and max(x for x, _ in mine) < 24
        cells |= mine
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(identifiers) == len(set(identifiers))


def test_new_secrets_are_usable_private_and_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = shutil.copy(DEPLOY / "new-secrets", tmp_path)
    made = [tmp_path / name for name in (".env", "assistant.env", "web.env")]
    seen = []
    for _ in range(2):
        subprocess.run([script, "chat.example.com"], check=True, capture_output=True, timeout=30)
        assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}
        seen.append([file.read_text("utf-8") for file in made])
    texts = seen[0]
    assert seen[1] == texts
    for name in [name for name in os.environ if name.startswith("BAITIAO_")]:
        monkeypatch.delenv(name)
    compose, assistant, web = (dict(line.split("=", 1) for line in text.splitlines()) for text in texts)
    for name, value in {**assistant, **web}.items():
        monkeypatch.setenv(name, value)
    assert Settings.read().database_url.endswith("@postgres/baitiao") and not Settings.unknown()
    assert f":{compose['POSTGRES_PASSWORD']}@" in assistant["BAITIAO_DATABASE_URL"]
    assert len({compose["POSTGRES_PASSWORD"], assistant["BAITIAO_ACTIONS_SECRET"], web["BAITIAO_TOKEN_SECRET"]}) == 3
    made[1].unlink()
    subprocess.run([script, "chat.example.com"], check=True, capture_output=True, timeout=30)
    assert f":{compose['POSTGRES_PASSWORD']}@" in made[1].read_text("utf-8")


def test_the_rules_burn_what_a_month_may_lose_over_two_windows_each_and_ask_for_metrics_that_there_are() -> None:
    groups = yaml.safe_load((DEPLOY / "monitoring/prometheus-rules.yaml").read_text("utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    recorded = {rule["record"]: rule["expr"] for rule in rules if "record" in rule}
    alerts = {rule["alert"]: rule["expr"] for rule in rules if "alert" in rule}
    windows = {"BaitiaoTurnsFailFast": ("14.4 * 0.001", "1h", "5m"), "BaitiaoTurnsFail": ("6 * 0.001", "6h", "30m")}
    for name, (limit, *both) in windows.items():
        assert alerts[name] == " and ".join(f"baitiao:turns_failed:ratio{window} > {limit}" for window in both)
        assert all(recorded[f"baitiao:turns_failed:ratio{window}"].count(f"[{window}]") == 2 for window in both)
    assert Metrics().turns._name == "baitiao_turns" and 'outcome="failed"' in recorded["baitiao:turns_failed:ratio1h"]
    assert [each.name for each in PASSES if f'pass="{each.name}"' in alerts["BaitiaoWatchBlind"]] == ["watch"]
