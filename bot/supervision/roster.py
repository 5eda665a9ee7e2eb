"""What is to be kept running, as one process hands it to the next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from bot.supervision.course import Waits


@dataclass(frozen=True)
class Service:
    """A process to be kept running.

    Attributes:
        name: what people call it.
        command: what starts it, after the interpreter; ``--pulse N`` is added.
        log: the file that takes its output; None: that of whoever supervises.
        stops: services with a lower number are stopped first.
        vital: whether nothing goes without it; what is not is started once everything else is ready, and again
            however often it fails.
    """

    name: str
    command: tuple[str, ...]
    log: str | None = None
    stops: int = 0
    vital: bool = True


@dataclass(frozen=True)
class Roster:
    """Everything a supervisor needs to know.

    Attributes:
        services: in the order in which they are started.
        host: where ``/health/ready`` is asked once every service is ready.
        port: of that; no two supervisors serve the same.
        announcement: what is printed when everything is ready.
        metrics: the folder in which several web servers count together; None: one counts alone.
        waits: how long is waited for what.
    """

    services: tuple[Service, ...]
    host: str
    port: int
    announcement: tuple[str, ...] = ()
    metrics: str | None = None
    waits: Waits = field(default_factory=Waits)

    def to_json(self) -> str:
        """As text; nothing secret stands in it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Roster:
        """What ``to_json`` wrote."""
        read = json.loads(text)
        read["services"] = tuple(Service(**{**service, "command": tuple(service["command"])}) for service in read["services"])
        return cls(**{**read, "announcement": tuple(read["announcement"]), "waits": Waits(**read["waits"])})
