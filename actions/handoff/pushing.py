"""Tells a shop's push service that a customer has something to read: who, what kind, and never a word of it."""

from __future__ import annotations

import json
from datetime import timedelta

from actions.handoff.delivery import Dispatcher
from actions.knowledge import phrases
from actions.state import outbox, pushes, references
from actions.state.columns import real_now

LONGEST_USEFUL = timedelta(hours=24)
"""Nobody is called for what is older: it may have lain here while there was no push service."""


class PushDispatcher(Dispatcher):
    """Delivers calls for customers in place of handoffs, as often as it takes and signed in the same way."""

    audience = "shop"

    def body_of(self, delivery: outbox.Delivery) -> bytes:
        """What is sent: the customer's reference, the kind and number of the message, and one sentence that says nothing of it.

        Raises:
            LookupError: the customer was erased or has come, or the message is too old to call anybody for.
        """
        with self._database.session() as session:
            customer = delivery.conversation_id or ""
            if not pushes.is_called(session, customer):
                raise LookupError("the customer was erased, or has come")
            # Not before: a turn under way that hands the case over gives its customer a reference, too.
            references.keep(session, customer, references.new_reference())
            reference = references.find(session, customer)
        if real_now() - delivery.created_at > LONGEST_USEFUL:
            raise LookupError("too old to call anybody for")
        known = self._knowledge.current
        text = known.advice.push if delivery.event == outbox.ADVICE_PUSH else known.phrases.title(phrases.PUSH_DUE)
        message = {"event": delivery.event, "key": delivery.key, "customer": reference, "text": text, **delivery.detail}
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
