"""What a diagnosis is about: one order, one bill, or the account alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SubjectKind = Literal["order", "bill", "account"]


@dataclass(frozen=True)
class Subject:
    """One thing whose installment option is asked for.

    Attributes:
        kind: what it is.
        id: of the order or bill; None for the account.
    """

    kind: SubjectKind = "account"
    id: str | None = None

    def __post_init__(self) -> None:
        if (self.kind == "account") != (self.id is None):
            raise ValueError(f"an order or a bill has an id and the account has none, not {self.kind} {self.id}")

    @classmethod
    def of(cls, order: str | None = None, bill: str | None = None) -> Subject:
        """The subject that the two fields ``order`` and ``bill`` of messages, rows and commands name.

        Raises:
            ValueError: they name both an order and a bill.
        """
        if order is not None and bill is not None:
            raise ValueError("a subject is an order or a bill, not both")
        if order is not None:
            return cls("order", order)
        return cls("bill", bill) if bill is not None else ACCOUNT

    @property
    def order(self) -> str | None:
        """The order's id, None if it is no order."""
        return self.id if self.kind == "order" else None

    @property
    def bill(self) -> str | None:
        """The bill's id, None if it is no bill."""
        return self.id if self.kind == "bill" else None

    def to_data(self) -> dict[str, str | None]:
        """The two fields of messages and rows."""
        return {"order": self.order, "bill": self.bill}


ACCOUNT = Subject()
