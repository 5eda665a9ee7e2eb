"""What the manifests promise: nobody loses a turn, nobody gets in, and nothing is asked for that is not there."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from actions.serving import GRACE_SECONDS
from bot.web.metrics import Metrics
from tests.unit.deploy.files import DEPLOY, FILES, OBJECTS, objects, pods, setting

PODS = pods()
SERVED = ("web", "actions", "proxy")


def test_every_file_is_applied() -> None:
    kustomization = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text("utf-8"))
    assert sorted(kustomization["resources"]) == [file.relative_to(DEPLOY).as_posix() for file in FILES]
    mounted = [name for generator in kustomization["configMapGenerator"] for name in generator["files"]]
    assert sorted(mounted) == sorted(file.relative_to(DEPLOY).as_posix() for file in (DEPLOY / "nginx").rglob("*") if file.is_file())


@pytest.mark.parametrize("name", PODS)
def test_a_pod_may_do_nothing_that_it_need_not(name: str) -> None:
    spec = PODS[name]["spec"]
    assert spec["securityContext"]["runAsNonRoot"] and spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    [container] = spec["containers"]
    assert container["securityContext"] == {
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"] and container["resources"]["requests"].keys() == {"cpu", "memory"}


@pytest.mark.parametrize("name", SERVED)
def test_a_rolling_update_takes_nothing_away_before_there_is_something_else(name: str) -> None:
    deployment = objects("Deployment")[name]
    assert deployment["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert objects("PodDisruptionBudget")[name]["selector"] == deployment["selector"]
    assert {"readinessProbe", "livenessProbe"} <= PODS[name]["spec"]["containers"][0].keys()


def test_what_is_under_way_is_finished_before_a_pod_is_killed() -> None:
    pause = int(PODS["actions"]["spec"]["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert PODS["actions"]["spec"]["terminationGracePeriodSeconds"] >= pause + GRACE_SECONDS + 10
    drain = int(setting("BAITIAO_DRAIN_SECONDS"))
    assert PODS["web"]["spec"]["terminationGracePeriodSeconds"] >= drain + GRACE_SECONDS + 10
    probe = PODS["web"]["spec"]["containers"][0]["readinessProbe"]
    # And the proxy's own look at names, every two seconds, and those of names that are five seconds old.
    assert drain >= probe["periodSeconds"] * probe["failureThreshold"] + 7


def test_only_web_servers_reach_the_actions_and_only_the_proxy_and_prometheus_the_web_servers() -> None:
    policies = objects("NetworkPolicy")
    assert policies["nobody"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert [policy["podSelector"] for policy in policies.values() if policy.get("ingress")].count({"matchLabels": {"app": "actions"}}) == 1
    [rule] = policies["actions"]["ingress"]
    assert rule["from"] == [{"podSelector": {"matchLabels": {"app": "web"}}}] and rule["ports"] == [{"port": 5055, "protocol": "TCP"}]
    [rule] = policies["web"]["ingress"]
    assert [list(source) for source in rule["from"]] == [["podSelector"], ["namespaceSelector"]]


def test_probes_call_the_action_server_by_the_name_by_which_it_answers() -> None:
    container = PODS["actions"]["spec"]["containers"][0]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        [header] = container[probe]["httpGet"]["httpHeaders"]
        assert header == {"name": "Host", "value": setting("BAITIAO_ACTIONS_HOST")}
    assert setting("BAITIAO_ACTIONS_HOST") in objects("Service")


def test_the_number_of_web_servers_follows_a_metric_that_there_is() -> None:
    asked = [each["pods"]["metric"]["name"] for each in objects("HorizontalPodAutoscaler")["web"]["metrics"] if each["type"] == "Pods"]
    [rule] = yaml.safe_load((DEPLOY / "monitoring/prometheus-adapter.yaml").read_text("utf-8"))["rules"]["custom"]
    assert asked == [rule["name"]["matches"]] == [Metrics().turns_running._name]
    assert rule["seriesQuery"].startswith(asked[0])
    # An autoscaler and a number of its own would undo each other.
    assert [name for name in objects("HorizontalPodAutoscaler") if "replicas" in objects("Deployment")[name]] == []


def test_no_secret_stands_in_a_file() -> None:
    def literals(part: Any) -> list[str]:
        if isinstance(part, dict):
            mine = [part["name"]] if {"name", "value"} <= part.keys() else []
            return mine + [name for each in part.values() for name in literals(each)]
        return [name for each in part for name in literals(each)] if isinstance(part, list) else []

    assert [each["kind"] for each in OBJECTS if each["kind"] == "Secret"] == []
    assert [name for name in literals(OBJECTS) if name.startswith("BAITIAO_")] == []
