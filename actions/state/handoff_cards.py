"""What a list shows of a handoff and finds it by, beside its payload: a payload holds a whole conversation, and a list reads hundreds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Session

from actions.state.columns import table_of
from actions.state.database import upsert


@dataclass(frozen=True)
class HandoffCard:
    """One handoff's card, made from its payload and from nothing else.

    Attributes:
        handoff_id: whose it is.
        reference: the customer's.
        headline: the case in one line; empty for payloads of former versions.
        causes: the ids of what was found, each between commas.
        words: the sentences of the summary, masked as the payload is.
    """

    handoff_id: str
    reference: str
    headline: str
    causes: str
    words: str


HANDOFF_CARDS = table_of("handoff_cards", HandoffCard, Index(None, "reference"), key=("handoff_id",))


def keep(session: Session, handoff_id: str, payload: Mapping[str, Any]) -> None:
    """Makes a handoff's card, or makes it anew after its payload has changed."""
    upsert(session, HANDOFF_CARDS, "handoff_id", [vars(card_of(handoff_id, payload))])


def card_of(handoff_id: str, payload: Mapping[str, Any]) -> HandoffCard:
    """The card of a payload, which may be one of a former version or hold next to nothing."""
    summary = payload.get("summary") or {}
    causes = [str(cause["id"]) for cause in (payload.get("diagnosis") or {}).get("causes") or ()]
    return HandoffCard(
        handoff_id,
        reference=str((payload.get("customer") or {}).get("reference") or ""),
        headline=str(summary.get("headline") or ""),
        causes=f",{','.join(causes)}," if causes else "",
        words="\n".join(_sentences(summary)),
    )


def _sentences(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, (Mapping, list)):
        for each in part.values() if isinstance(part, Mapping) else part:
            yield from _sentences(each)
