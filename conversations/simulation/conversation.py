"""Plays one scenario on a stage: the thin layer between the simulated customer and the real assistant."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from actions.core.diagnosis import Diagnosis, diagnose
from actions.core.subject import Subject
from actions.knowledge.model import Knowledge
from actions.state import handoffs
from actions.state.conversations import Message, load_tracker
from actions.state.database import Database
from actions.state.subscriptions import open_subscriptions
from actions.state.world.facts import SqlFacts
from bot.web.responses import ProblemError
from conversations.rules import PERSON, TurnRecord
from conversations.simulation.answering import crowded_out, put_off, verdict
from conversations.simulation.customer import Customer
from conversations.simulation.moves import Away, Fix, Move, Press
from conversations.simulation.observation import Observation, look
from conversations.simulation.outcome import Asked, Misread, Outcome, Problem
from conversations.simulation.phrasings import Line, Phrasings
from conversations.simulation.properties import MOST_TURNS, broken, ended, person_reached, rightly_refused
from conversations.simulation.reading import reading_of
from conversations.simulation.scenario import Scenario
from conversations.simulation.turn_evidence import Inquiry, TurnEvidence
from conversations.simulation.worlds import BILL, CUSTOMER, ORDER, secrets
from conversations.stage import Stage

_LATEST_PROBE = 6


class Play:
    """One conversation being played.

    Args:
        scenario: what is played.
        agent: with its model loaded.
        database: the conversation's own, with the scenario's world in it.
        values: what the customer's sentences may speak of, see ``Customer``.
    """

    def __init__(
        self,
        scenario: Scenario,
        agent: Any,
        database: Database,
        loop: asyncio.AbstractEventLoop,
        knowledge: Knowledge,
        lines: Phrasings,
        values: dict[str, str],
    ) -> None:
        self._scenario, self._agent, self._database, self._loop = scenario, agent, database, loop
        self._knowledge, self._lines, self._values = knowledge, lines, values
        self._stage = Stage(agent, database, loop, CUSTOMER, scenario.token)
        self._chance = scenario.chance
        self._probe_at = self._chance.randint(1, _LATEST_PROBE)
        self._acts: set[str] = set()
        self._numbers: list[str] = []
        self._untouched = True
        self._problems: list[Problem] = []
        self._misread: list[Misread] = []
        self._asked: list[Asked] = []
        self._put_off: Inquiry | None = None

    def run(self, folder: Path) -> tuple[Outcome, tuple[Message, ...]]:
        """Plays to the end; returns how it went and everything that was said.

        Args:
            folder: for the copy on which a person is asked for.
        """
        customer = Customer(self._scenario, self._knowledge, self._lines, self._values)
        observation: Observation | None = None
        turns, end = 0, ""
        while True:
            move = customer.move(observation)
            if move.says is None:
                end = move.end
                break
            if turns == MOST_TURNS:
                break
            turns += 1
            observation = self._turn(turns, move, observation)
            if turns == self._probe_at and (observation is None or observation.kind != "handed_over"):
                self._ask_for_person(turns, folder)
        self._note(turns, "ends", ended(end, turns))
        outcome = Outcome(
            seed=self._scenario.seed,
            persona=self._scenario.persona.name,
            causes=self._scenario.world.causes,
            end=end or "none",
            turns=turns,
            problems=tuple(self._problems),
            misread=tuple(self._misread),
            asked=tuple(self._asked),
        )
        return outcome, self._stage.history()

    def end(self) -> None:
        """Closes what the stage holds open."""
        self._stage.end()

    def _turn(self, number: int, move: Move, before: Observation | None) -> Observation | None:
        notices = [message for happening in move.before for message in self._happen(number, happening)]
        assert move.says is not None
        try:
            replies = self._say(move.says)
        except ProblemError as refusal:
            act = move.says.act if isinstance(move.says, Line) else move.says.payload
            self._note(number, "accepted", rightly_refused(act, refusal.name))
            return before
        evidence = self._judge(number, replies, inquiry=self._inquiry(move.says))
        if evidence.inquiry is not None:
            self._note_asked(number, evidence, move.says, before)
        return look([*notices, *replies])

    def _say(self, said: Line | Press) -> Sequence[Message]:
        if isinstance(said, Press):
            if said.payload.startswith(PERSON):
                self._acts.add("person")
            return self._stage.press(said.payload)
        self._acts.update((said.act, *said.means))
        if self._values["number"] in said.text:
            self._numbers.append(self._values["number"])
        replies = self._stage.say(said.text)
        self._note_misread(said)
        return replies

    def _happen(self, number: int, happening: Any) -> Sequence[Message]:
        self._untouched = False
        if isinstance(happening, Away):
            self._stage.pass_time(hours=happening.hours)
            self._stage.start()
        elif self._diagnosis().get(happening.cause) is not None:
            self._stage.play_remedy(happening.cause)
        if isinstance(happening, Fix):
            return ()
        before = len(self._stage.history())
        self._stage.look()
        notices = self._stage.history()[before:]
        if notices:
            self._judge(number, notices, notice=True)
        return notices

    def _judge(self, number: int, replies: Sequence[Message], notice: bool = False, inquiry: Inquiry | None = None) -> TurnEvidence:
        numbers = tuple(self._numbers)
        mine = Subject("order", ORDER) if self._scenario.world.subject == "order" else Subject("bill", BILL)
        with self._database.session() as session:
            open_handoff = handoffs.open_handoff(session, CUSTOMER)
            heard = reading_of(load_tracker(session, CUSTOMER))
        evidence = TurnEvidence(
            record=TurnRecord(self._knowledge, self._stage.history(), replies, notice),
            diagnosis=self._diagnosis(),
            injected=self._scenario.world.causes if self._untouched and self._stage.subject == mine else None,
            subscribed=self._subscribed(),
            handoffs={open_handoff.id: (open_handoff.reason, open_handoff.queue)} if open_handoff else {},
            acts=frozenset(self._acts),
            secrets=secrets(),
            numbers=numbers,
            dump=self._stage.dump() if numbers else "",
            inquiry=inquiry,
            heard=() if heard is None else heard.aspects,
        )
        if inquiry is not None and inquiry.question.sort == "aspects" and (crowded_out(evidence) or put_off(evidence)):
            self._put_off = None if crowded_out(evidence) else inquiry
            evidence = replace(evidence, inquiry=None)
        self._problems.extend(Problem(number, name, problem) for name, problem in broken(evidence))
        return evidence

    def _inquiry(self, said: Line | Press) -> Inquiry | None:
        """What is asked in this turn: by what was typed, or before the customer had to choose an order."""
        if isinstance(said, Press) or said.asks is None:
            waiting, self._put_off = self._put_off, None
            return waiting
        with self._database.session() as session:
            reading = reading_of(load_tracker(session, CUSTOMER))
        return None if reading is None else Inquiry(said.asks, reading)

    def _note_asked(self, number: int, evidence: TurnEvidence, said: Line | Press, before: Observation | None) -> None:
        inquiry = evidence.inquiry
        assert inquiry is not None
        question, (taken_for, confidence) = inquiry.question, inquiry.reading.taken_for
        seen = tuple(message.data["type"] for message in evidence.record.replies if message.data)
        text, at = said.text if isinstance(said, Line) else "", before.kind if before is not None else "opening"
        self._asked.append(Asked(number, question.sort, question.name, text, at, verdict(evidence), taken_for, confidence, seen))

    def _note(self, number: int, name: str, problems: Iterable[str]) -> None:
        self._problems.extend(Problem(number, name, problem) for problem in problems)

    def _diagnosis(self) -> Diagnosis:
        with self._database.session() as session:
            facts = SqlFacts(session).snapshot(CUSTOMER, self._stage.subject)
        return diagnose(facts, self._knowledge.causes.values())

    def _subscribed(self) -> frozenset[str]:
        with self._database.session() as session:
            stored = open_subscriptions(session)
        return frozenset(each.cause for each in stored if each.subject == self._stage.subject)

    def _note_misread(self, line: Line) -> None:
        heard = next(message for message in reversed(self._stage.history()) if message.role == "user")
        if line.means and heard.intent not in line.means:
            self._misread.append(Misread(line.text, line.means, heard.intent or "", heard.confidence or 0.0))

    def _ask_for_person(self, number: int, folder: Path) -> None:
        """Asks for a person on a copy, by button or in words: that must work at any moment, in one turn."""
        copy = folder / "probe.db"
        copy.unlink(missing_ok=True)
        connection = self._database.engine.raw_connection()
        try:
            connection.execute("VACUUM INTO ?", (str(copy),))
        finally:
            connection.close()
        database = Database(f"sqlite:///{copy}")
        stage = Stage(self._agent, database, self._loop, CUSTOMER, self._scenario.token)
        try:
            typed = self._lines.say("person", self._scenario.persona.name, self._chance)
            replies = stage.say(typed.text) if self._chance.random() < 0.5 else stage.press(PERSON)
            with database.session() as session:
                row = handoffs.open_handoff(session, CUSTOMER)
            self._note(number, "person", person_reached(replies, row.id if row else None))
        finally:
            stage.end()
            database.close()
            # The agent is shared, and the copy's stores are in it.
            self._stage.start()
