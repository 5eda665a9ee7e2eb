"""Disturbances: incidents and maintenance windows."""

from __future__ import annotations

from typing import Literal

from pydantic import StrictStr

from actions.core.fields import Version, When
from actions.core.record import Record

Component = Literal["checkout", "installment", "account", "credit"]


class Affects(Record):
    """Whom an incident affects: who is in every list that is not empty, and uses an app older than ``app_below`` if there is one."""

    regions: tuple[StrictStr, ...] = ()
    merchants: tuple[StrictStr, ...] = ()
    categories: tuple[StrictStr, ...] = ()
    channels: tuple[Literal["app", "web", "wechat", "offline"], ...] = ()
    app_below: Version | None = None


class Incident(Record):
    """Something is broken, wholly or partly."""

    id: StrictStr
    component: Component
    severity: Literal["outage", "degraded"]
    started_at: When
    resolved_at: When | None = None
    eta: When | None = None
    notice: StrictStr = ""
    affects: Affects = Affects()


class Maintenance(Record):
    """A maintenance window."""

    id: StrictStr
    component: Component = "installment"
    starts_at: When
    ends_at: When
    notice: StrictStr = ""
