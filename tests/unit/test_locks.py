"""What is installed is the same wherever it is, and what is served with is no more than it takes."""

from __future__ import annotations

import re

import pytest

from tools.pages import ROOT

REQUIREMENT = re.compile(r"^([a-z0-9.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)
RUN, DEV, UV, DEPLOY = "requirements.lock", "requirements-dev.lock", "scripts/uv.lock", "deploy/tools.lock"


def lock(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def versions(name: str) -> dict[str, str]:
    return {package: version for package, version, _ in REQUIREMENT.findall(lock(name))}


def left_out() -> set[str]:
    return set(re.findall(r'^([a-z0-9-]+); python_version < "0"$', lock("scripts/left-out.txt"), re.MULTILINE))


@pytest.mark.parametrize("name", [RUN, DEV, UV, DEPLOY])
def test_a_lock_is_nothing_but_versions_with_hashes_for_every_python_alike(name: str) -> None:
    assert REQUIREMENT.sub("", lock(name)) == "" and versions(name)


def test_what_is_served_with_is_tested_at_the_same_versions() -> None:
    tested = versions(DEV)
    assert {package: version for package, version in versions(RUN).items() if tested.get(package) != version} == {}


def test_what_is_left_out_is_there_for_developers_alone() -> None:
    assert left_out() & set(versions(RUN)) == set()
    assert left_out() - set(versions(DEV)) == {"tensorflow-cpu-aws"}  # TensorFlow's name on processors by ARM


@pytest.mark.parametrize("package", ["jax", "jaxlib", "libclang", "keras", "pytest", "mypy", "playwright", "hypothesis", "jieba"])
def test_nothing_is_served_with_tests_or_with_what_tensorflow_needs(package: str) -> None:
    assert package in versions(DEV) and package not in versions(RUN)
