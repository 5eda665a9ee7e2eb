"""Personas, worlds, sentences, and what a simulated customer makes of what it sees."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from actions.core.diagnosis import diagnose
from actions.core.messages import DATA_TYPES, ENDS
from actions.core.subject import Subject
from actions.state.world.facts import SqlFacts
from actions.state.world.loading import load_world_data
from actions.yaml_source import Source
from conversations.application import project_knowledge
from conversations.healthy_world import healthy, injections
from conversations.simulation.customer import SETTLED, Customer
from conversations.simulation.digressions import DIGRESSIONS
from conversations.simulation.moves import Fix, Press
from conversations.simulation.observation import BY_DATA, look
from conversations.simulation.outcome import Asked, Outcome, Problem, Verdict
from conversations.simulation.personas import personas
from conversations.simulation.phrasings import Line, phrasings
from conversations.simulation.report import Report
from conversations.simulation.scenario import VARIANTS, plan, scenario
from conversations.simulation.worlds import BILL, CUSTOMER, ORDER, beside, generate, secrets
from tests.databases import migrated
from tests.unit.simulation.saying import PERSON, message
from tools.message_examples import example_of

pytestmark = pytest.mark.slow

KNOWLEDGE = project_knowledge()
CAUSES = KNOWLEDGE.causes
VALUES = {"order": "o-9", "user": "u-9", "name": "n", "number": "1", "amount": "50"}


def button(payload: str) -> dict[str, str]:
    return {"title": payload, "payload": payload}


def seen(data: dict[str, object] | None, *payloads: str):  # type: ignore[no-untyped-def]
    return look([replace(message("bot", "text", data), buttons=tuple(button(each) for each in payloads) or (PERSON,))])


def customer(persona: str = "hurried", seed: int = 0) -> Customer:
    return Customer(scenario(seed, persona, CAUSES), KNOWLEDGE, phrasings(), VALUES)


# --- data ------------------------------------------------------------------------------------------------------------------------------


def test_every_digression_of_a_persona_exists_and_none_is_left_over() -> None:
    used = {kind for persona in personas().values() for kind in persona.digressions}
    assert used == set(DIGRESSIONS)


def test_every_act_has_sentences_and_every_sentence_can_be_said() -> None:
    lines, chance = phrasings(), random.Random(1)
    assert {digression.act for digression in DIGRESSIONS.values() if digression.act} <= set(lines.acts)
    for act in lines.acts:
        if act != "frame":
            for persona in personas():
                assert "{order}" not in lines.say(act, persona, chance, **VALUES).text


def test_no_sentence_of_ours_is_a_training_sentence() -> None:
    root = Path(__file__).resolve().parents[3] / "data" / "nlu"
    trained = {
        line.strip()[2:]
        for path in root.glob("*.yml")
        for entry in Source.read(path, shown_as=path.name).data["nlu"]
        for line in entry["examples"].splitlines()
    }
    assert len(trained) > 1000
    assert trained & set(phrasings().sentences) == set()


# --- worlds and scenarios --------------------------------------------------------------------------------------------------------------


def test_the_worlds_go_through_every_cause_alone_and_none_at_all() -> None:
    alone = [generate(2 * number, CAUSES).causes for number in range(len(injections()) + 1)]
    assert sorted(alone) == sorted([(), *((cause,) for cause in injections())])


@pytest.mark.parametrize("number", range(1, 120, 2))
def test_a_random_world_holds_exactly_what_was_put_into_it(number: int, tmp_path: Path) -> None:
    world = generate(number, CAUSES)
    database = migrated(f"sqlite:///{tmp_path}/world.db")
    load_world_data(database, healthy())
    load_world_data(database, beside()["own"])
    for cause in world.causes:
        load_world_data(database, injections()[cause].patch)
    with database.session() as session:
        facts = SqlFacts(session).snapshot(CUSTOMER, Subject("order", ORDER) if world.subject == "order" else Subject("bill", BILL))
    database.close()
    assert 1 <= len(world.causes) <= 3
    assert diagnose(facts, CAUSES.values()).cause_ids == world.causes


def test_what_belongs_to_the_neighbour_is_secret() -> None:
    assert {"u-990017", "o-990017", "b-990017", "161.80", "1732.05"} <= secrets()
    assert not secrets() & {"u", "o", "b", "personal", "allowed"}


def test_a_seed_and_a_persona_always_give_the_same_conversation() -> None:
    first, again, other = (scenario(seed, "polite", CAUSES) for seed in (41, 41, 42))
    assert (first.world, first.token, first.chance.random()) == (again.world, again.token, again.chance.random())
    assert other.world == first.world and other.chance.random() != first.chance.random()


def test_a_run_plays_each_cell_in_all_variants_and_every_persona() -> None:
    jobs = plan(2000)
    assert len(set(jobs)) == 2000 and {name for _, name in jobs} == set(personas())
    cells: dict[tuple[int, str], int] = {}
    for seed, name in jobs:
        cells[seed // VARIANTS, name] = cells.get((seed // VARIANTS, name), 0) + 1
    assert set(cells.values()) == {VARIANTS}
    assert len(plan(7)) == 7


# --- what is seen ----------------------------------------------------------------------------------------------------------------------


def test_every_type_of_data_means_something_to_the_customer() -> None:
    assert set(BY_DATA) == set(DATA_TYPES)


def test_whether_there_is_something_to_start_with_is_read_from_the_data() -> None:
    explained = example_of("explained")
    assert seen({**explained, "startable": True}, "/request_human").startable
    assert not seen({**explained, "startable": False}, "/affirm").startable


def test_another_wording_of_the_same_message_is_the_same_to_the_customer() -> None:
    step = example_of("step")
    assert seen({**step, "instruction": "again"}).gist == seen(step).gist != seen({**step, "step": 2}).gist


# --- the customer ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, data, payloads",
    [
        ("handed_over", {"type": "handoff"}, []),
        ("step", {"type": "step"}, ["/step_done", "/cannot_find"]),
        ("asked", {"type": "clarify"}, []),
        ("answered", {"type": "plans"}, []),
        ("paused", None, ["/step_done", "/cannot_find", "/step_failed", "/request_human"]),
        ("confirm", None, ["/affirm", "/step_failed", "/request_human"]),
        ("handoff_offer", None, ["/request_human", "/step_done", "/deny"]),
        ("offer", None, ["/affirm", "/request_human"]),
        ("said", None, ["/request_human"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_customers_know_what_they_are_faced_with(kind: str, data: dict[str, object] | None, payloads: list[str]) -> None:
    assert seen(data, *payloads).kind == kind


def test_a_customer_who_manages_a_step_does_it_and_says_so() -> None:
    person = customer()
    person.move(None)
    cause = min(scenario(0, "hurried", CAUSES).world.manageable - {"no_cause_found"})
    step = seen({"type": "step", "cause": cause, "step": 1, "steps": 1}, "/step_done", "/cannot_find")
    moves = [person.move(step) for _ in range(2)]
    assert Fix(cause) in moves[0].before and moves[0].says is not None
    assert moves[1].before == ()


def test_a_customer_who_is_handed_over_goes() -> None:
    person = customer()
    person.move(None)
    last = person.move(seen({"type": "handoff"}))
    while last.says is not None:
        # At most a question about the queue comes first.
        assert isinstance(last.says, Line) and last.says.asks
        last = person.move(seen({"type": "answer"}))
    assert last.end == "handed_over"


def test_a_customer_chooses_the_order_they_mean() -> None:
    seed = next(seed for seed in range(0, 500, 5) if scenario(seed, "hurried", CAUSES).world.subject == "order")
    person = customer(seed=seed)
    person.move(None)
    mine = f'/installment_missing{{"order": "{ORDER}"}}'
    asked = seen({"type": "clarify"}, '/installment_missing{"order": "o-own"}', mine)
    assert person.move(asked).says == Press(mine)


def test_every_customer_asks_before_going() -> None:
    for persona in personas():
        person = customer(persona)
        said = [person.move(None)]
        explained = seen({"type": "explained", "cause": "age_restricted", "startable": False}, "/request_human")
        while said[-1].says is not None and len(said) < 20:
            said.append(person.move(explained))
        assert any(isinstance(move.says, Line) and move.says.asks for move in said), persona


def test_after_the_answer_to_a_question_a_customer_goes_on_where_they_were() -> None:
    person = customer()
    person.move(None)
    step = seen({"type": "step", "cause": "age_restricted", "step": 1, "steps": 1}, "/step_done", "/cannot_find", "/step_failed")
    move = person.move(step)
    while not (isinstance(move.says, Line) and move.says.asks):
        person = customer(seed=random.randrange(5000))
        person.move(None)
        move = person.move(step)
    answered = seen({"type": "answer", "topic": "case_why", "facts": []}, "/step_done", "/cannot_find", "/step_failed")
    after = person.move(answered)
    assert isinstance(after.says, Press) or (isinstance(after.says, Line) and after.says.act in ("done", "lost", "cannot", "ask"))


# --- the report ------------------------------------------------------------------------------------------------------------------------


def _outcome(seed: int, good: bool, persona: str = "hurried") -> Outcome:
    problems = () if good else (Problem(2, "seq", "seen"),)
    return Outcome(seed, persona, (), "resolved", seed % 7 + 1, problems)


def _report(*outcomes: Outcome) -> Report:
    report = Report()
    for outcome in outcomes:
        report.add(outcome)
    return report


def test_one_failure_of_a_cooperative_customer_fails_the_run() -> None:
    good = [_outcome(seed, True) for seed in range(1000)]
    assert _report(*good).good
    failed = _report(*good[1:], _outcome(0, False))
    assert failed.success == 0.999 and failed.passed_every_time("hurried") == 199 / 200 and not failed.good
    assert "--seed 0 --persona hurried: turn 2: seq" in failed.text(1.0)


def test_others_may_fail_once_in_a_hundred() -> None:
    assert _report(*[_outcome(seed, seed != 0, "angry") for seed in range(100)]).good
    assert not _report(*[_outcome(seed, seed > 1, "angry") for seed in range(100)]).good


def _with_question(seed: int, how: Verdict) -> Outcome:
    question = Asked(1, "case", "case_why", "text", "step", how, "case_cost", 0.4, ("answer",))
    return replace(_outcome(seed, True), asked=(question,))


def test_a_run_in_which_one_question_of_five_stays_open_is_good_and_worse_is_not() -> None:
    def run(open_ones: int) -> Report:
        return _report(*[_with_question(seed, "misread" if seed < open_ones else "answered") for seed in range(100)])

    assert run(20).good and run(20).answered == 0.8
    assert not run(21).good
    assert "case case_why" in run(21).text(1.0) and "79.0%" in run(21).text(1.0)


def test_the_questions_without_an_answer_are_written_down(tmp_path: Path) -> None:
    _report(_with_question(0, "misread"), _with_question(1, "answered")).save(tmp_path)
    written = (tmp_path / "unanswered.tsv").read_text(encoding="utf-8").splitlines()
    assert len(written) == 2 and written[1].split("\t")[3:9] == ["case_why", "step", "text", "misread", "case_cost", "0.40"]


def test_nothing_played_is_a_failure() -> None:
    assert not _report().good


def test_a_customer_is_settled_by_every_end_of_a_case() -> None:
    assert {BY_DATA[name] for name in ENDS} == {*SETTLED, "handed_over"}
