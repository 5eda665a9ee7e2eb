"""What the console is made of: places, each with an address, who may see it and act there, and functions that answer; as a page and as JSON alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from actions.gate import Objection
from bot.channel.tokens import ROLE_VIEWER
from bot.staff.sessions import Agent
from bot.web.responses import Catalogue, ProblemError


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


API = "/api"
"""What stands between the console's address and a place's for programs."""


class ConsoleRefused(ProblemError):
    """A request that is not obeyed: ``name`` is a key of ``problems.yml``, and ``more`` what else the document says.

    Args:
        detail: instead of the sentence of ``problems.yml``, where only the place knows what was wrong.
    """

    catalogue = Catalogue(Path(__file__).with_name("problems.yml"), "urn:baitiao:problem:")

    def __init__(self, name: str, detail: str | None = None, **more: Any) -> None:
        super().__init__(name)
        self.detail = detail
        self.more = more

    def document(self) -> dict[str, Any]:
        """The problem document's members."""
        told = super().document()
        return {**told, **({} if self.detail is None else {"detail": self.detail}), **self.more}

    @classmethod
    def text(cls, objections: Collection[Objection], **more: Any) -> ConsoleRefused:
        """The refusal of a text for customers that the gate objects to."""
        return cls("text_refused", reasons=[each.to_data() for each in objections], **more)


@dataclass(frozen=True)
class Visit:
    """One request.

    Attributes:
        who: asks.
        asked: the query, the first value of each name.
        parts: of the address.
        given: the fields of the form, which are texts, or of the JSON body.
    """

    who: Agent
    asked: Mapping[str, str] = field(default_factory=_nothing)
    parts: Mapping[str, str] = field(default_factory=_nothing)
    given: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True)
class Shown:
    """What a place shows.

    Attributes:
        data: for programs, and in the template as ``data``.
        template: of the page.
        words: what else stands in the template, by name.
        status: of the answer.
    """

    data: Mapping[str, Any]
    template: str
    words: Mapping[str, Any] = field(default_factory=_nothing)
    status: int = 200


@dataclass(frozen=True)
class Done:
    """What was done.

    Attributes:
        to: below the console, where the page leads then.
        data: for programs.
        status: for programs.
    """

    to: str
    data: Mapping[str, Any] = field(default_factory=_nothing)
    status: int = 200


@dataclass(frozen=True)
class Returned:
    """A form that is not obeyed: people get it back as they filled it in, with what is wrong at the field; programs get the refusal.

    Attributes:
        refused: why.
        form: what the page shows.
    """

    refused: ConsoleRefused
    form: Shown


@dataclass(frozen=True)
class Download:
    """A file, the same for people and programs."""

    content: bytes
    content_type: str
    name: str


Show = Callable[[Visit], "Shown | Returned | Download"]
Act = Callable[[Visit], "Done | Shown | Returned | Download"]


@dataclass(frozen=True)
class Place:
    """One place. Both functions block, run in a thread, may raise ``ConsoleRefused``, and find the database by themselves.

    Attributes:
        name: in the audit as ``console.<name>``, and the key of its title in ``places.yml``.
        path: below ``/console`` and below ``/console/api``, such as ``/incidents/<id:str>``.
        show: answers GET.
        act: answers POST.
        seen_by: roles, one of which is needed for GET; what they are contained in counts as well.
        acted_by: the same for POST.
        listed: whether it stands in the navigation.
        home: its page is the console's first.
        programs_only: it has no page.
        audited: whether a look is noted, once a minute; what changes something audits itself, with what was there before and after.
    """

    name: str
    path: str
    show: Show | None = None
    act: Act | None = None
    seen_by: Collection[str] = field(default=frozenset({ROLE_VIEWER}))
    acted_by: Collection[str] = frozenset()
    listed: bool = False
    home: bool = False
    programs_only: bool = False
    audited: bool = True

    def may_see(self, who: Agent) -> bool:
        """Whether somebody may look."""
        return not who.roles.isdisjoint(self.seen_by)

    def may_act(self, who: Agent) -> bool:
        """Whether somebody may do what is done here."""
        return not who.roles.isdisjoint(self.acted_by)

    @property
    def page(self) -> str:
        """Its path below the console for people."""
        return "" if self.home else self.path

    @property
    def verbs(self) -> tuple[str, ...]:
        """What can be asked of it."""
        return tuple(verb for verb, answer in (("GET", self.show), ("POST", self.act)) if answer is not None)
