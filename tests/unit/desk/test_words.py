"""Whatever agents read is in words for people: no action, intent, file, fact or choice in the words of machines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle, islice

import pytest
from sqlalchemy import select

from actions.core.case import Case
from actions.core.causes import NO_CAUSE_FOUND
from actions.core.diagnosis import diagnose
from actions.core.effects import Effect, HandoffMade
from actions.core.handoff import HandoffRequest
from actions.core.subject import Subject
from actions.core.turn import Turn
from actions.handoff.effects import carry_out
from actions.handoff.payload import Payload, RaisedLater, read_payload
from actions.handoff.rendering import as_html, as_markdown
from actions.handoff.sql_handoffs import SqlDesk
from actions.handoff.standing import read_by_strongest
from actions.state import handoffs
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from actions.state.world.tables import TABLES
from conversations.application import project_knowledge
from tests.unit.desk.conftest import AgentsBrowser
from tests.unit.handoff.conftest import House

pytestmark = pytest.mark.slow

MACHINE_WORDS = re.compile(r"[a-z_]{6,}")
NUMBERS = re.compile(r"\b[a-z]-[a-z0-9-]+\b")
"""Of handoffs, customers, orders and bills."""
REASONS = list(project_knowledge().handoffs)
REASONS_OF_CAUSE = 3


class Seen(HTMLParser):
    """What people see of a page, and what is read to them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.lasttag not in ("style", "script"):
            self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        shown = ("aria-label", "placeholder", "alt", "title", "label")
        self.texts.extend(value for name, value in attrs if name in shown and value)


def seen(page: str) -> str:
    reader = Seen()
    reader.feed(page)
    return "\n".join(reader.texts)


TROUBLE = {
    "incidents": [
        {"id": "i-8", "component": "checkout", "severity": "outage", "started_at": "2026-11-22T09:00:00+08:00"},
        {"id": "i-9", "component": "credit", "severity": "degraded", "started_at": "2026-11-22T09:00:00+08:00"},
    ],
    "maintenance": [
        {"id": "w-9", "component": "account", "starts_at": "2026-11-22T09:00:00+08:00", "ends_at": "2026-11-23T09:00:00+08:00"}
    ],
}


def customers(house: House) -> Iterator[tuple[str, str, Subject]]:
    """For every cause a customer of the demo world in whose case it comes first, or at least holds, with the order or the bill."""
    healthy = _customers(house)
    yield from healthy
    load_world_data(house.database, {**TROUBLE, "now": "2026-11-22T10:00:00+08:00"})
    in_trouble = [each for each in _customers(house) if each[0] not in {cause for cause, _, _ in healthy}]
    yield from in_trouble
    assert {cause for cause, _, _ in (*healthy, *in_trouble)} == set(project_knowledge().causes)


def _customers(house: House) -> list[tuple[str, str, Subject]]:
    causes = project_knowledge().causes
    found: dict[str, tuple[int, str, Subject]] = {}
    with house.database.session() as session:
        source = SqlFacts(session)
        for user in session.execute(select(TABLES["users"].c.id)).scalars().all():
            orders = [Subject("order", each.order.id) for each in source.orders(user)]
            for subject in (*orders, *(Subject("bill", each.id) for each in source.bills(user))):
                ids = diagnose(source.snapshot(user, subject), causes.values()).cause_ids
                for place, cause in enumerate(ids or (NO_CAUSE_FOUND,)):
                    if cause not in found or place < found[cause][0]:
                        found[cause] = (place, user, subject)
    return [(cause, user, subject) for cause, (_, user, subject) in found.items()]


def handed_over(house: House, user: str, subject: Subject, reason: str, case: Case) -> HandoffMade:
    knowledge = house.application.knowledge.current
    rule, effects = knowledge.handoffs[reason], list[Effect]()
    with house.database.session() as session:
        desk = SqlDesk(session, knowledge, SqlFacts(session), 180, effects)
        turn = Turn(user, "request_human", "转人工", token_order=subject.order)
        desk.hand_over(
            HandoffRequest(turn, "action_request_person", reason, rule.queue, rule.priority, case.but(subject=subject), None, ())
        )
    (made,) = effects
    assert isinstance(made, HandoffMade)
    return made


def complained(house: House, user: str, subject: Subject) -> Case:
    intent = "bill_installment_missing" if subject.bill else "installment_missing"
    case = house.turn(user, intent, "怎么不能分期了", order=subject.order).case
    case = house.turn(user, "step_done", "弄好了", case, subject.order).case
    with house.database.session() as session:
        # Some causes call a person by themselves, for a reason of their own.
        called = handoffs.open_handoff(session, user)
        if called is not None:
            handoffs.close(session, called.id)
    return case


def machine_words(text: str) -> list[str]:
    return MACHINE_WORDS.findall(NUMBERS.sub("", text))


def state(payload: Payload) -> dict[str, str]:
    return {"status": "queued", "priority": payload.priority.level, "queue": payload.routing.queue}


def words_of_exports(house: House, user: str, subject: Subject, reason: str, case: Case) -> list[str]:
    knowledge = house.application.knowledge.current
    stored = read_payload(handed_over(house, user, subject, reason, case).payload)
    raised = [RaisedLater(code=other, at=stored.created_at, words="快点") for other in ("complaint", "fraud") if other != reason]
    both = (stored, read_by_strongest(stored, raised, "urgent", "risk", knowledge))
    exports = [(as_markdown(each, state(each), knowledge), seen(as_html(each, state(each), knowledge))) for each in both]
    return [word for texts in exports for text in texts for word in machine_words(text)]


def words_of_pages(browser: AgentsBrowser, number: str, cause: str, after_each: bool) -> list[str]:
    """Of one handoff from the queue to its end, before and after it or after each step."""
    wrong: list[str] = []
    steps: list[tuple[str, dict[str, str]]] = [
        ("", {}),
        ("take", {}),
        ("note", {"note": "看过了"}),
        ("reply", {"text": "查清了"}),
        ("close", {"resolved_by": "unresolved", "root_cause": cause}),
    ]
    for name, data in steps:
        if name:
            assert browser.send(f"/desk/cases/{number}/{name}", data=data).status_code == 303
        if after_each or name in ("", "close"):
            page = browser.ask("GET", f"/desk/cases/{number}?state=now")
            assert page.status_code == 200
            wrong.extend(machine_words(seen(page.text)))
    return wrong


def test_exports_and_pages_of_every_cause_and_reason(house: House, browser: AgentsBrowser) -> None:
    """With every cause some of the reasons, and with every reason many of the causes: no sentence is made of both."""
    browser.sign_in()
    wrong: dict[str, list[str]] = {}
    reasons, shown = cycle(REASONS), set[str]()
    for place, (cause, user, subject) in enumerate(customers(house)):
        case = complained(house, user, subject)
        for reason in islice(reasons, REASONS_OF_CAUSE):
            wrong[f"{cause} {reason}"] = words_of_exports(house, user, subject, reason, case)
        with house.database.session() as session:
            carry_out(session, user, [handed_over(house, user, subject, reason, case)])
        pages = words_of_pages(browser, house.open(user).id, cause, after_each=place < len(REASONS))
        wrong[f"{cause} {reason}"] += pages
        shown.add(reason)
    wrong["queue"] = machine_words(seen(browser.ask("GET", "/desk").text))
    assert shown == {*REASONS}
    assert {where: words for where, words in wrong.items() if words} == {}
