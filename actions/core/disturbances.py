"""Disturbances: incidents and maintenance windows."""

from __future__ import annotations

from typing import Literal, Optional

from pydantic import StrictStr

from actions.core.fields import When
from actions.core.record import Record

Component = Literal["checkout", "installment", "account", "credit"]


class Incident(Record):
    """Something is broken, wholly or partly."""

    id: StrictStr
    component: Component
    severity: Literal["outage", "degraded"]
    started_at: When
    resolved_at: Optional[When] = None
    eta: Optional[When] = None
    notice: StrictStr = ""


class Maintenance(Record):
    """A maintenance window."""

    id: StrictStr
    component: Component = "installment"
    starts_at: When
    ends_at: When
    notice: StrictStr = ""
