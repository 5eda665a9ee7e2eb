"""A stored conversation as the text of a conversation test, under pseudonyms."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml
from sqlalchemy.orm import Session

from actions.core.moments import local
from actions.core.records import SECTIONS
from actions.knowledge.model import Knowledge
from actions.state import handoffs
from actions.state.conversations import history, load_tracker
from bot.export.timeline import Recorded, steps, token_orders
from bot.export.world_history import Past, bare, look_back


class Pseudonyms:
    """Replaces a customer's ids and name in texts and in world rows.

    An id keeps its shape and its place among the others, because titles of buttons are cut by length and ties are broken by order. The
    day of birth is left out, or the first of its month where an age policy needs it.

    Args:
        user: the customer.
        past: their world, which names their orders, bills and what became of them.
    """

    def __init__(self, user: str, past: Past) -> None:
        self._ages = any(policy["kind"] == "age" for policy in past.rows["policies"].values())
        others = sorted({*past.rows["users"]} - {user})
        self._names: dict[str, str] = {key: _numbered(key, number) for number, key in enumerate((user, *others), start=1)}
        for section in ("orders", "bills", "contracts", "repayments", "refunds"):
            added = {row["id"] for _, patch in past.changes for row in patch.get(section, ())}
            for number, key in enumerate(sorted({*past.rows[section], *added}), start=1):
                self._names[key] = _numbered(key, number)
        name = past.rows["users"].get(user, {}).get("name")
        if name:
            self._names[name] = "customer-1"
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile(
            "|".join(rf"(?<![\w-]){re.escape(each)}(?![\w-])" if each.isascii() else re.escape(each) for each in longest_first), re.ASCII
        )

    def text(self, text: str) -> str:
        """A text in which nobody is named."""
        return self._pattern.sub(lambda match: self._names[match.group()], text)

    def value(self, value: Any) -> Any:
        """Anything made of texts, maps and lists."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if not isinstance(value, dict):
            return value
        shown = {self.value(key): self.value(each) for key, each in value.items()}
        birth = shown.pop("birth_date", None)
        return {**shown, "birth_date": f"{birth[:7]}-01"} if birth and self._ages else shown


def _numbered(key: str, number: int) -> str:
    digits = sum(character.isdigit() for character in key)
    if len(str(number)) > digits:
        return f"id-{number}"
    figures = iter(str(number).zfill(digits))
    return "".join(next(figures) if character.isdigit() else character for character in key)


_SHORT = 110
"""Characters up to which a map or list stands on one line."""


def write(session: Session, conversation: str, knowledge: Knowledge) -> str:
    """The conversation of a customer, or the one behind a handoff, as a file with one test case.

    Raises:
        LookupError: there is neither such a conversation nor such a handoff.
    """
    handoff = handoffs.get_handoff(session, conversation)
    user = handoff.conversation_id if handoff is not None else conversation
    everything = history(session, user)
    if not any(message.role == "user" for message in everything):
        raise LookupError(f"there is no conversation or handoff {conversation}")
    recorded = Recorded(everything, load_tracker(session, user), handoffs.list_handoffs(session, conversation_id=user))
    past = look_back(session, user, recorded.begun)
    names = Pseudonyms(user, past)
    begun = local(recorded.begun)
    world = {"now": past.now or begun.isoformat(timespec="seconds"), **_world(past, user)}
    given = {"world": [world], "user": user, "order": token_orders(recorded)[0]}
    case = {
        "test_case": f"from life on {begun:%Y-%m-%d}, {', '.join(_causes(recorded)) or 'no diagnosis'}",
        "given": {name: value for name, value in given.items() if value is not None},
        "steps": list(steps(recorded, past, knowledge)),
    }
    head = "# yaml-language-server: $schema=../schema.json\n"
    if past.replaced:
        head += "# The world was replaced after this conversation: what stands here is what is left of it.\n"
    return head + to_yaml({"test_cases": [names.value(case)]})


def _world(past: Past, user: str) -> dict[str, Any]:
    rows = {section: [bare(section, row) for row in past.rows[section].values()] for section in SECTIONS}
    # Nothing is told about other customers but that they exist.
    rows["users"] = [row if row["id"] == user else {"id": row["id"]} for row in rows["users"]]
    return {section: found for section, found in rows.items() if found}


def _causes(recorded: Recorded) -> list[str]:
    data = [message.data for message in recorded.history if message.data and message.data["type"] == "diagnosis"]
    return list(dict.fromkeys(cause["id"] for each in data for cause in each["causes"]))


def to_yaml(data: Any) -> str:
    """Data as YAML that people read: what is short stands on one line, steps and test cases below one another."""
    return yaml.dump(_laid_out(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=138)


class _Flow:
    """A value that stands on one line."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _laid_out(value: Any, name: str = "") -> Any:
    block = name in ("test_cases", "steps", "assertions", "world") or not isinstance(value, (dict, list))
    if not block and len(str(value)) <= _SHORT and not _holds(value, ("steps", "assertions")):
        return _Flow(value)
    if isinstance(value, dict):
        return {key: _laid_out(each, key) for key, each in value.items()}
    if isinstance(value, list):
        inner = name if name not in ("steps", "assertions", "test_cases") else f"one of {name}"
        return [_step(each) if name in ("steps", "assertions") else _laid_out(each, f"in {inner}") for each in value]
    return value


def _step(step: dict[str, Any]) -> Any:
    return {key: _laid_out(value, key) for key, value in step.items()}


def _holds(value: Any, names: tuple[str, ...]) -> bool:
    return isinstance(value, dict) and any(name in value for name in names)


def _represent_flow(dumper: yaml.SafeDumper, flow: _Flow) -> yaml.Node:
    node = dumper.represent_data(flow.value)
    _all_on_one_line(node)
    return node


def _all_on_one_line(node: yaml.Node) -> None:
    if isinstance(node, yaml.CollectionNode):
        node.flow_style = True
        for part in node.value:
            for each in part if isinstance(part, tuple) else (part,):
                _all_on_one_line(each)


_Dumper.add_representer(_Flow, _represent_flow)
_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", str(value)))
