"""Pages of the app to which steps lead, read from ``pages.yml``: what opens each of them with one press."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import quote, urlsplit

from pydantic import Field, StrictStr, ValidationError, validator

from actions.core.causes import Cause
from actions.core.fields import Strict
from actions.core.subject import Subject
from actions.knowledge.refusals import model_problems
from actions.knowledge.rendering import PLACEHOLDER
from actions.knowledge.texts import bad_braces
from actions.yaml_source import Problem, Source

WEB = "https"
PLACEHOLDERS = ("order", "bill")
"""What a link may hold of the subject; a link that holds what the subject lacks is left out."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_RUNNING = frozenset({"javascript", "vbscript", "data", "blob", "file", "filesystem", "about", "view-source", "http", "ws", "wss", "ftp"})
"""Schemes that are no app's: they run what stands in them, read the device, or are not encrypted."""
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\\]")


class Page(Strict):
    """A page of the app.

    Attributes:
        path: as steps name it, levels joined by ``→``.
        link: what opens it; None where nothing is known to, and customers copy the path.
    """

    path: StrictStr
    link: StrictStr | None = None


class Pages(Strict):
    """The whole file.

    Attributes:
        schemes: of the shop's apps; beside ``https`` no link has another one.
    """

    schemes: tuple[StrictStr, ...] = ()
    pages: tuple[Page, ...] = Field(default=())

    @validator("schemes", each_item=True)
    def _is_an_apps(cls, scheme: str) -> str:
        if not _SCHEME.fullmatch(scheme) or scheme in _RUNNING or scheme == WEB:
            raise ValueError("must be the scheme of an app in small letters, without the colon, such as shopapp")
        return scheme

    def link(self, path: str | None, subject: Subject) -> str | None:
        """What opens the page of a path for an order or bill; None if nothing is known to."""
        template = next((page.link for page in self.pages if page.path == path), None)
        values = {"order": subject.order, "bill": subject.bill}
        if template is None or any(values[name] is None for name in PLACEHOLDER.findall(template)):
            return None
        return PLACEHOLDER.sub(lambda match: quote(values[match[1]] or "", safe=""), template)


def read_pages(sources: Sequence[Source], paths: Collection[str], problems: list[Problem]) -> Pages:
    """Reads the file; what is wrong is added to ``problems``.

    Args:
        paths: those of all steps.
    """
    found = Pages()
    for source in sources:
        try:
            found = Pages.parse_obj(source.data)
        except ValidationError as error:
            problems.extend(model_problems(source, error))
            continue
        for index, page in enumerate(found.pages):
            if page.path not in paths:
                problems.append(source.problem(("pages", index, "path"), f"no step leads to {page.path}"))
            if page.path in [each.path for each in found.pages[:index]]:
                problems.append(source.problem(("pages", index, "path"), f"{page.path} stands here twice"))
            problems.extend(source.problem(("pages", index, "link"), reason) for reason in _wrong(page.link, found.schemes))
    return found


def paths_of(causes: Mapping[str, Cause]) -> frozenset[str]:
    """The places in the app that steps of causes name, in whatever state."""
    steps = (step for cause in causes.values() for step in cause.steps)
    return frozenset(step.path for step in steps if step.path)


def _wrong(link: str | None, schemes: Collection[str]) -> Iterator[str]:
    if link is None:
        return
    yield from bad_braces(link)
    for name in PLACEHOLDER.findall(link):
        if name not in PLACEHOLDERS:
            yield f"unknown placeholder {{{name}}}; a link may hold {', '.join(f'{{{each}}}' for each in PLACEHOLDERS)}"
    if _BLANK.search(link):
        yield "a link holds no blanks, no control characters and no backslash"
        return
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        yield "is no address"
        return
    if parts.scheme not in (WEB, *schemes):
        yield f"must begin with {WEB}:// or with a scheme that stands under schemes, not with {parts.scheme or 'none'}"
    elif parts.scheme == WEB and (not host or "{" in parts.netloc or "@" in parts.netloc):
        yield "must name a host, and nobody's name or password before it"
