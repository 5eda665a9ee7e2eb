"""What people do with policies by ``baitiao policy``: the same steps as in the console, each by a person whose token says who it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from actions.yaml_source import Source, SourceError
from bot.channel.tokens import ROLE_APPROVER, ROLE_AUTHOR
from bot.commands.persons import in_person
from ops.policies import service
from ops.policies.register import find_policy

AUTHORS, APPROVERS = frozenset({ROLE_AUTHOR}), frozenset({ROLE_APPROVER})
ABOUT = (*service.TEXTS, "risk", "review_on", "supersedes", "trial", "backdated")
"""What a file may say of a policy beside its row."""
ROW = "policy"


def written(file: Path, backdated: str | None, token: str) -> dict[str, Any]:
    """Writes what a file says as a draft.

    Args:
        backdated: why it begins in the past, if the file does not say it.

    Raises:
        SourceError: it is not of this form.
        Refusal: the world would refuse it, or somebody else's version is under way.
    """
    body, about = read(file)
    if backdated is not None:
        about["backdated"] = backdated

    def work(here: Any, session: Any, name: str) -> dict[str, Any]:
        version = service.write(session, here.world_now(session), body=body, by=name, **about)
        return {"id": version.policy, "version": version.version, "status": "draft"}

    return in_person(token, AUTHORS, "policies", work)


def read(file: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The row of a file, and what it says beside it.

    Raises:
        SourceError: with every problem, each with its line.
    """
    source = Source.read(file)
    data = source.data
    if not isinstance(data, dict):
        raise SourceError([source.problem((), f"must be a map with {ROW}, {', '.join(ABOUT)}")])
    body = data.get(ROW)
    problems = [source.problem((name,), f"{name} is not a field here") for name in data if name not in (ROW, *ABOUT)]
    problems += [
        source.problem((name,), f"{name} must be text") for name, value in data.items() if name in ABOUT and not isinstance(value, str)
    ]
    if not isinstance(body, dict) or not isinstance(body.get("id"), str):
        problems.append(source.problem((ROW,), f"{ROW} must be the row of a policy as in a world file, with its id"))
    if problems or not isinstance(body, dict):
        raise SourceError(sorted(problems, key=lambda problem: problem.line))
    return body, {name: value for name, value in data.items() if name != ROW}


def submitted(policy: str, number: int | None, token: str) -> dict[str, Any]:
    """Says that a draft is done.

    Raises:
        Refusal: a rule is against it, or it lacks something.
    """

    def step(here: Any, session: Any, name: str) -> None:
        service.submit(session, here.knowledge.current, here.world_now(session), policy, by=name, number=number)

    return _decided(policy, token, AUTHORS, "policy_submit", step)


def approved(policy: str, number: int | None, token: str) -> dict[str, Any]:
    """Approves what somebody else wrote and submitted.

    Raises:
        Refusal: a rule is against it, among them that two people must have seen it.
    """

    def step(here: Any, session: Any, name: str) -> None:
        service.approve(session, here.knowledge.current, here.world_now(session), policy, by=name, number=number)

    return _decided(policy, token, APPROVERS, "policy_approve", step)


def sent_back(policy: str, number: int | None, reason: str, token: str) -> dict[str, Any]:
    """Gives a submitted version back to its author.

    Raises:
        Refusal: it is not submitted, or no reason is given.
    """

    def step(here: Any, session: Any, name: str) -> None:
        service.send_back(session, here.world_now(session), policy, by=name, reason=reason, number=number)

    return _decided(policy, token, APPROVERS, "policy_return", step)


def withdrawn(policy: str, number: int | None, token: str) -> dict[str, Any]:
    """Says that a version is not to be.

    Raises:
        Refusal: it is in force already, or its author takes back what somebody has approved.
    """

    def step(here: Any, session: Any, name: str) -> None:
        service.withdraw(session, here.world_now(session), policy, by=name, number=number)

    return _decided(policy, token, AUTHORS | APPROVERS, "policy_withdraw", step)


def step_line(done: Mapping[str, Any]) -> str:
    """What was done, for people."""
    version = f" v{done['version']}" if "version" in done else ""
    registration = f", {done['registration']}" if "registration" in done else ""
    return f"{done['id']}{version}: {done['status']}{registration}"


def _decided(policy: str, token: str, roles: frozenset[str], name: str, step: Callable[[Any, Any, str], None]) -> dict[str, Any]:
    def work(here: Any, session: Any, by: str) -> dict[str, Any]:
        step(here, session, by)
        found = find_policy(session, policy, here.world_now(session))
        return {"id": policy, "status": found.status, "registration": found.registration}

    return in_person(token, roles, name, work)
