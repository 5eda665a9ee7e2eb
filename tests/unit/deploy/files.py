"""The files of deploy/ as data."""

from __future__ import annotations

from typing import Any

import yaml

from tools.pages import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
TEMPLATE = (DEPLOY / "nginx/assistant.conf.template").read_text("utf-8")
FILES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
OBJECTS: list[dict[str, Any]] = [each for file in FILES for each in yaml.safe_load_all(file.read_text("utf-8"))]


def objects(kind: str) -> dict[str, Any]:
    """Name → what a kind of object asks for."""
    return {each["metadata"]["name"]: each["spec"] for each in OBJECTS if each["kind"] == kind}


def pods() -> dict[str, Any]:
    """Name of what makes them → the pods' own part."""
    return {name: spec["template"] for kind in ("Deployment", "Job") for name, spec in objects(kind).items()}


def setting(name: str) -> str:
    """What Kubernetes' pods get of a setting that is no secret."""
    [found] = [each["data"] for each in OBJECTS if each["kind"] == "ConfigMap"]
    return str(found[name])
