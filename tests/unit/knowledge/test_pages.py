"""Links of pages: what opens a page for an order or bill, and which files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.core.subject import ACCOUNT, Subject
from actions.knowledge.pages import Page, Pages, read_pages
from actions.yaml_source import Problem, Source
from conversations.application import project_knowledge

PAY, BILLS = "京东App → 我的 → 待付款", "京东App → 我的 → 白条 → 还款"


def read(text: str, tmp_path: Path) -> tuple[Pages, list[Problem]]:
    file = tmp_path / "pages.yml"
    file.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    found = read_pages([Source.read(file, shown_as="knowledge/pages.yml")], {PAY, BILLS}, problems)
    return found, problems


def test_a_link_holds_the_subject_percent_encoded_or_is_left_out() -> None:
    pages = Pages(
        schemes=("shopapp",), pages=(Page(path=PAY, link="shopapp://pay?o={order}"), Page(path=BILLS, link="https://a.example/b"))
    )
    assert pages.link(PAY, Subject("order", "o 1&x=/ü")) == "shopapp://pay?o=o%201%26x%3D%2F%C3%BC"
    assert pages.link(PAY, Subject("bill", "b-1")) is None and pages.link(PAY, ACCOUNT) is None
    assert pages.link(BILLS, ACCOUNT) == "https://a.example/b"
    assert pages.link("京东App", ACCOUNT) is None and pages.link(None, ACCOUNT) is None


def test_every_place_that_a_step_of_ours_names_can_be_given_a_link() -> None:
    knowledge = project_knowledge()
    named = {step.path for cause in knowledge.causes.values() for step in cause.steps if step.path}
    assert {page.path for page in knowledge.pages.pages} == named


@pytest.mark.parametrize(
    ("schemes", "link", "line", "reason"),
    [
        ("[]", "http://a.example/", 3, "not with http"),
        ("[]", "shopapp://pay", 3, "not with shopapp"),
        ("[]", "javascript:alert(1)", 3, "not with javascript"),
        ("[]", "//a.example/x", 3, "not with none"),
        ("[]", "https:///x", 3, "must name a host"),
        ("[]", '"https://{order}.example/"', 3, "must name a host"),
        ("[]", "https://me@a.example/", 3, "nobody's name"),
        ("[]", '"https://a.example/a b"', 3, "no blanks"),
        ("[]", '"https://a.example/{user}"', 3, "unknown placeholder {user}"),
        ("[]", "'https://a.example/{order'", 3, "a brace that belongs to no placeholder"),
        ("[javascript]", "null", 1, "must be the scheme of an app"),
        ("[https]", "null", 1, "must be the scheme of an app"),
        ("['shop app']", "null", 1, "must be the scheme of an app"),
        ("[]", "7", 3, "link must be text"),
    ],
)
def test_what_is_no_link_of_ours_is_refused_with_file_line_and_reason(
    schemes: str, link: str, line: int, reason: str, tmp_path: Path
) -> None:
    _, problems = read(f"schemes: {schemes}\npages:\n  - {{path: {PAY}, link: {link}}}\n", tmp_path)
    assert [(each.file, each.line) for each in problems] == [("knowledge/pages.yml", line)]
    assert reason in problems[0].reason


def test_a_page_to_which_no_step_leads_and_one_that_stands_twice_are_refused(tmp_path: Path) -> None:
    _, problems = read(f"pages:\n  - {{path: 京东App}}\n  - {{path: {PAY}}}\n  - {{path: {PAY}}}\n", tmp_path)
    assert [(each.line, each.reason) for each in problems] == [(2, "no step leads to 京东App"), (4, f"{PAY} stands here twice")]
