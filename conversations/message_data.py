"""The data of messages that the program makes now, read strictly."""

from __future__ import annotations

from typing import Any

from actions.core.messages import DATA_TYPES, MessageData


def read_new(data: dict[str, Any]) -> MessageData:
    """Data as its model, every field of it.

    For new messages only: those stored before a field was added lack it, which the published schema allows and this refuses. The
    program itself takes stored data as it is and reads none of it into models.

    Raises:
        ValueError: an unknown type, or fields that do not fit it.
    """
    model = DATA_TYPES.get(str(data.get("type")))
    if model is None:
        raise ValueError(f"no message data has the type {data.get('type')}")
    return model.parse_obj(data)
