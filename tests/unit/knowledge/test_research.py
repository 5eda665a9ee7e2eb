"""What causes cite stands in docs/research.md, and nothing stands there that nobody cites."""

from __future__ import annotations

import re

import pytest

from actions.core.causes import Cause
from conversations.application import project_knowledge
from tools.pages import ROOT

TEXT = (ROOT / "docs" / "research.md").read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"^## (C\d\d) [^\n]+\n+(.*?)(?=\n## )", TEXT, re.DOTALL | re.MULTILINE))
"""Reference → the lines below its heading."""

PAGE, SOURCES = TEXT.split("\n## Sources\n")
TRUST = re.compile(r"Trust: (?P<marks>.+)\. Sources: (?P<sources>none|S\d+(, S\d+)*)\.")


def test_no_section_stands_twice() -> None:
    assert sorted(SECTIONS) == re.findall(r"^## (C\d\d)\b", TEXT, re.MULTILINE)


@pytest.mark.parametrize("cause", project_knowledge().causes.values(), ids=lambda cause: cause.id)
def test_what_a_cause_cites_has_its_section(cause: Cause) -> None:
    assert [reference for reference in cause.brief if reference not in SECTIONS] == []


def test_every_section_is_cited_by_a_cause() -> None:
    assert {*SECTIONS} - {reference for cause in project_knowledge().causes.values() for reference in cause.brief} == set()


@pytest.mark.parametrize("reference", SECTIONS)
def test_a_section_is_short_and_says_at_its_end_how_far_to_trust_it(reference: str) -> None:
    lines = SECTIONS[reference].splitlines()
    assert 2 <= len(lines) <= 6
    trust = TRUST.fullmatch(lines[-1])
    marks = re.findall(r"\b(?:[A-Z]|S0)\b", trust["marks"]) if trust else []
    assert marks and [mark for mark in marks if f"| **{mark}** |" not in PAGE] == []


def test_the_sources_named_are_those_listed() -> None:
    assert {*re.findall(r"\bS\d+\b", PAGE)} == {*re.findall(r"^- \*\*(S\d+)\*\* ", SOURCES, re.MULTILINE)}


@pytest.mark.parametrize("link", re.findall(r"\]\(#([^)]+)\)", TEXT))
def test_a_link_within_the_page_leads_to_a_heading(link: str) -> None:
    headings = (heading.lower() for heading in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE))
    assert link in {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}
