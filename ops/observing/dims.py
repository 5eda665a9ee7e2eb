"""What is known of a customer whom something was observed of, never who it is: the places where a trouble may sit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

from actions.core.amounts import order_amount
from actions.core.facts import Facts
from actions.core.platform import Component
from actions.core.subject import SubjectKind

COMPONENT: dict[SubjectKind, Component] = {"account": "account", "order": "checkout", "bill": "installment"}
"""Where what somebody complains of is met: an order at the checkout, a bill where it is put into installments."""
_YUAN = (0, 100, 500, 2000, 10000)
"""Where classes of amounts begin."""


def dims_of(facts: Facts) -> dict[str, Any]:
    """The dimensions of a customer with what they complain of: a text each, or a list of them where an order holds several."""
    user = facts.user
    dims: dict[str, Any] = {"region": user.region, "app_version": str(user.app_version), "card": user.bank_card}
    dims["component"] = COMPONENT[facts.subject.kind]
    if facts.order is not None:
        dims["channel"] = facts.order.channel
        dims["merchants"] = sorted({line.merchant.id for line in facts.lines})
        dims["categories"] = sorted({line.category.id for line in facts.lines})
        dims["amount"] = _amount_class(order_amount(facts) / 100)
    return dims


def flat(dims: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each dimension with each of its values; what is no text is no place."""
    for name, value in dims.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield name, each


def _amount_class(yuan: float) -> str:
    place = bisect_right(_YUAN, yuan)
    return f"{_YUAN[place - 1]}-{_YUAN[place]}" if place < len(_YUAN) else f"{_YUAN[-1]}-"
