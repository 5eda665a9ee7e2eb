"""The examples of knowledge/handoffs.yml as a conversation test: ``python -m conversations.reasons`` prints it."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from actions.knowledge.handoffs import HandoffReason
from conversations.application import project_knowledge


def conversations(reasons: Mapping[str, HandoffReason]) -> str:
    """One conversation per example: said out of the blue, it must hand over for its reason, to its queue."""
    cases = [
        {
            "test_case": f"{name}: {example}",
            "given": {"world": ["demo"], "user": "u-1001"},
            "steps": [{"user": example, "assertions": [{"handoff": {"reason": name, "queue": reason.queue, "priority": reason.priority}}]}],
        }
        for name, reason in reasons.items()
        for example in reason.examples
    ]
    return yaml.safe_dump({"test_cases": cases}, allow_unicode=True, sort_keys=False)


if __name__ == "__main__":
    print(conversations(project_knowledge().handoffs), end="")
