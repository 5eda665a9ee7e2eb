"""The report of a generated month: its numbers are those that the messages tell, the broken step leads, and nothing tells who anybody is."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.state.conversations import MESSAGES
from ops.insight.cases import UnknownPlace, cases_of
from ops.insight.drawing import plots_of
from ops.insight.drilling import places_in, with_places
from ops.insight.periods import Period
from ops.insight.rendering import as_html, as_tables
from ops.insight.report import Ground, make_report
from tests.unit.ops.insight.conftest import NOW, PERIOD, UNTIL, GeneratedMonth

pytestmark = pytest.mark.broad


def naive(generated: GeneratedMonth) -> Counter[str]:
    """What a person would count who reads the messages of every conversation from the beginning, and knows nothing of observations."""
    with generated.database.session() as session:
        rows = session.execute(select(MESSAGES).order_by(MESSAGES.c.conversation_id, MESSAGES.c.seq)).all()
    found: Counter[str] = Counter()
    conversations: dict[str, list[Any]] = {}
    for row in rows:
        conversations.setdefault(row.conversation_id, []).append(row)
    for said in conversations.values():
        for case in _cases(said):
            _count(case, found)
    return found


def _cases(said: list[Any]) -> Iterator[list[Any]]:
    """Cuts a conversation into complaints: a new one begins with a complaint after an end, or after a day of silence."""
    case: list[Any] = []
    ended, last = True, None
    for row in said:
        if row.role == "user":
            silent = last is not None and row.at - last >= timedelta(hours=24)
            if silent and case:
                yield case
                case, ended = [], True
            if row.action == "action_diagnose" and ended:
                if case:
                    yield case
                case, ended = [], False
            last = row.at
        if not ended or case:
            case.append(row)
        if row.data and row.data["type"] in ("resolved", "explained", "waiting", "handoff"):
            ended = True
    if case:
        yield case


def _count(case: list[Any], found: Counter[str]) -> None:
    if case[0].at >= UNTIL or case[0].at < UNTIL - timedelta(days=28):
        return
    types = [row.data["type"] for row in case if row.data]
    found["all"] += 1
    ends = [each for each in types if each in ("resolved", "explained", "waiting", "handoff")]
    found[f"end/{ends[-1] if ends else 'abandoned'}"] += 1
    found["alone"] += "handoff" not in types
    found["proven"] += bool(ends) and ends[-1] == "resolved"
    diagnosis = next(row.data for row in case if row.data and row.data["type"] == "diagnosis")
    for cause in diagnosis["causes"] or [{"id": "none"}]:
        found[f"cause/{cause['id']}"] += 1
    for step in {(row.data["cause"], row.data["step"]) for row in case if row.data and row.data["type"] == "step"}:
        found[f"shown/{step[0]}/{step[1]}"] += 1


def figures(value: Any) -> Iterator[dict[str, Any]]:
    """Every rate in a report."""
    if isinstance(value, dict):
        if "hits" in value:
            yield value
        for each in value.values():
            yield from figures(each)
    elif isinstance(value, list):
        for each in value:
            yield from figures(each)


def test_every_number_is_the_one_that_the_messages_tell(generated: GeneratedMonth) -> None:
    true, tables = naive(generated), generated.data["tables"]
    assert generated.data["episodes"] == true["all"] > 450
    for row in tables["results"]:
        if row["measure"].startswith("end/") or row["measure"] in ("alone", "proven"):
            # Less than five customers are not told.
            assert row["rate"]["hits"] in (true[row["measure"]], None), row
            assert row["rate"]["hits"] is not None or true[row["measure"]] < 40
    assert len(tables["causes"]) > 10
    for row in tables["causes"]:
        assert row["rate"]["hits"] == true[f"cause/{row['cause']}"] or (row["rate"]["hits"] is None and true[f"cause/{row['cause']}"] < 8)
    for row in tables["steps"]:
        assert row["shown"] == true[f"shown/{row['cause']}/{row['step']}"]


def test_the_broken_step_leads_the_work_list_with_the_file_to_edit(generated: GeneratedMonth) -> None:
    first = generated.data["work"][0]
    cause = generated.broken.split("/")[1]
    assert first["place"] == generated.broken and first["file"] == f"knowledge/causes/{cause}.yml" and first["spot"] == "第 1 步"
    assert 0 < first["low"] <= first["per_week"] <= first["high"] and first["rate"]["low"] <= 0.7 <= first["rate"]["high"]
    lows = [item["low"] for item in generated.data["work"]]
    assert lows == sorted(lows, reverse=True)


def test_what_nine_customers_say_is_one_cluster_and_what_four_say_is_hidden(generated: GeneratedMonth) -> None:
    (cluster,) = [row for row in generated.data["tables"]["unclear"] if "花呗" in row["words"]]
    assert (cluster["customers"], cluster["sentences"], cluster["file"]) == (9, 12, "data/nlu/faq_how_to.yml")
    assert "报销" not in json.dumps(generated.data, ensure_ascii=False)


def test_who_comes_back_within_a_week_was_not_helped_for_good(generated: GeneratedMonth) -> None:
    lasted = next(row["rate"] for row in generated.data["tables"]["results"] if row["measure"] == "lasted")
    # A fifth of those who were helped comes back; who was helped at their second coming does not.
    assert 0.75 < lasted["rate"] < 0.92


def test_nothing_tells_who_anybody_is_and_no_cell_is_small(generated: GeneratedMonth) -> None:
    plots = generated.plots
    html = as_html(generated.data, {})
    written = [json.dumps(generated.data, ensure_ascii=False), html, *as_tables(generated.data).values()]
    written += [svg for sizes in plots.values() for themes in sizes.values() for svg in themes.values()]
    for text in written:
        readable = re.sub(r'(?:id|d|href|clip-path|transform|x|y|points)="[^"]*"', "", text)
        readable = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", readable, flags=re.DOTALL)
        assert "王小明" not in readable and "r-u-" not in readable and not re.search(r"\bu-(\d|many|few)", readable)
        assert "13800138000" not in readable and "138****" not in readable and "11010519" not in readable
    for each in figures(generated.data):
        assert each["hits"] is None or each["hits"] == 0 or each["hits"] >= 5
    for row in (*generated.data["tables"]["shops"], *generated.data["tables"]["regions"]):
        if row["rate"]["hits"] is not None:
            assert row["rate"]["of"] >= 5 and (row["rate"]["of"] - row["rate"]["hits"]) not in range(1, 5)


def test_a_hidden_end_cannot_be_found_by_taking_the_others_away(generated: GeneratedMonth) -> None:
    ends = [row["rate"] for row in generated.data["tables"]["results"] if row["measure"].startswith("end/")]
    assert sum(1 for each in ends if each.get("hidden")) != 1


def test_tables_are_csv_with_a_row_each(generated: GeneratedMonth) -> None:
    tables = as_tables(generated.data)
    for name in ("results", "causes", "steps", "shops"):
        rows = list(csv.DictReader(io.StringIO(tables[f"{name}.csv"])))
        assert len(rows) == len(generated.data["tables"][name]) and "rate_hits" in rows[0] or name == "steps"
    assert next(iter(csv.DictReader(io.StringIO(tables["work.csv"]))))["place"] == generated.broken


def test_every_plot_is_a_picture_for_day_and_night_with_its_table(generated: GeneratedMonth) -> None:
    plots = generated.plots
    assert {"funnel", "results", "causes", "steps", "survival", "claims", "shops", "regions", "work"} <= set(plots)
    for sizes in plots.values():
        assert {(size, theme) for size, themes in sizes.items() for theme in themes} == {
            (size, theme) for size in ("wide", "narrow") for theme in ("light", "dark")
        }
    html = as_html(generated.data, plots)
    assert html.count('<figure class="plot">') == len(plots) and "<script" not in html
    assert all(svg.startswith("<?xml") for sizes in plots.values() for themes in sizes.values() for svg in themes.values())


@pytest.mark.parametrize("region", ["广东", "北京"])
def test_a_region_tells_of_its_own_customers_alone(generated: GeneratedMonth, region: str) -> None:
    with generated.database.session() as session:
        data = make_report(Ground(session, generated.knowledge, NOW), Period(PERIOD.first, PERIOD.end, region))
    whole = next(row for row in generated.data["tables"]["regions"] if row["region"] == region)
    assert data["episodes"] == whole["rate"]["of"]
    assert not data["few"] and [row["region"] for row in data["tables"]["regions"]] == [region]


def test_behind_each_row_stand_the_cases_that_it_counts(generated: GeneratedMonth) -> None:
    kinds = ("found", "end", "shown", "said", "region")
    tables = generated.data["tables"]
    rows = [row for name in ("causes", "results", "steps", "claims", "regions") for row in tables[name] if row["place"]]
    said: dict[str, list[Any]] = {}
    with generated.database.session() as session:
        for message in session.execute(select(MESSAGES)).all():
            said.setdefault(message.conversation_id, []).append(message)
        chosen = {kind: next(row for row in rows if row["place"].startswith(f"{kind}/")) for kind in kinds}
        users = {kind: cases_of(session, generated.knowledge, PERIOD, row["place"]) for kind, row in chosen.items()}
        elsewhere = {
            region: cases_of(session, generated.knowledge, Period(PERIOD.first, PERIOD.end, region), f"found/{chosen['found']['cause']}")
            for region in ("广东", "北京")
        }
    assert all(len(found) == 5 for found in users.values())
    assert not set(elsewhere["广东"]) & set(elsewhere["北京"])
    cause, step = chosen["found"]["cause"], chosen["shown"]
    for user in users["found"]:
        assert any(
            cause in [each["id"] for each in row.data["causes"]] for row in said[user] if row.data and row.data["type"] == "diagnosis"
        )
    for user in users["shown"]:
        shown = [(row.data["cause"], row.data["step"]) for row in said[user] if row.data and row.data["type"] == "step"]
        assert (step["cause"], step["step"]) in shown
    for user in users["said"]:
        assert any(row.intent == chosen["said"]["intent"] for row in said[user])


def test_behind_what_is_counted_together_stand_the_cases_of_each_part(generated: GeneratedMonth) -> None:
    tables, causes = generated.data["tables"], generated.knowledge.causes
    said: dict[str, list[dict[str, Any]]] = {}
    with generated.database.session() as session:
        for message in session.execute(select(MESSAGES).where(MESSAGES.c.data.is_not(None))).all():
            if message.data:
                said.setdefault(message.conversation_id, []).append(message.data)
        found = {
            row["place"]: (row, cases_of(session, generated.knowledge, PERIOD, row["place"]))
            for row in (*tables["pairs"][:2], *tables["owners"], *tables["survival"][:4])
            if row["place"]
        }
    assert {place.split("/")[0] for place in found} == {"together", "owned", "reached", "walked"}
    assert all(len(users) == 5 for _, users in found.values())
    for place, (row, users) in found.items():
        for user in users:
            diagnosed = [[each["id"] for each in data["causes"]] for data in said[user] if data["type"] == "diagnosis"]
            if place.startswith("together/"):
                assert any({row["cause"], row["other"]} <= set(names) for names in diagnosed)
            elif place.startswith("owned/"):
                assert any(names and getattr(causes[names[0]], row["kind"]) == row["name"] for names in diagnosed)
            elif place.startswith("reached/"):
                steps = [data["step"] for data in said[user] if data["type"] == "step" and data["cause"] == row["cause"]]
                assert max(steps) >= row["step"]
            else:
                assert any(data["type"] == "check" and data["passed"] and data["cause"] == row["cause"] for data in said[user])


def test_what_is_not_told_of_a_row_leads_nowhere(generated: GeneratedMonth) -> None:
    cause, hidden, none = {"cause": "a", "title": "A"}, {"hits": None, "of": 9, "hidden": True}, {"hits": 0, "of": 9}
    tables: dict[str, list[Any]] = dict.fromkeys(generated.data["tables"], [])
    tables |= {"votes": [{"kind": "cause", "id": "a", "rate": rate} for rate in (hidden, none)]}
    tables |= {"survival": [{**cause, "step": 1, "rate": rate} for rate in (hidden, none)]}
    tables |= {"roots": [{**cause, "root": "b", "rate": hidden}], "owners": [{"kind": "level", "name": "user", "rate": hidden}]}
    tables |= {"alternatives": [{"end": "waiting", "topic": "t", "rate": none}], "pairs": [{**cause, "other": "b", "episodes": None}]}
    assert places_in(with_places(tables)) == set()


@pytest.mark.parametrize("place", ["owned/shop/user", "owned/level", "root/overdue", "disliked/cause", "together/overdue", "walked"])
def test_a_place_of_which_no_report_speaks_is_unknown(generated: GeneratedMonth, place: str) -> None:
    with generated.database.session() as session, pytest.raises(UnknownPlace):
        cases_of(session, generated.knowledge, PERIOD, place)


def test_the_sum_of_an_owner_leads_to_no_case_of_a_cause_of_which_nothing_is_told(generated: GeneratedMonth) -> None:
    tables = generated.data["tables"]
    told = {row["cause"] for row in tables["causes"] if row["first"]["hits"]}
    few = [cause for cause in generated.knowledge.causes.values() if cause.id not in told]
    only = replace(generated.knowledge, causes={cause.id: cause for cause in few})
    with generated.database.session() as session:
        assert not any(cases_of(session, only, PERIOD, row["place"]) for row in tables["owners"])


def test_few_episodes_are_too_few_to_say_anything(generated: GeneratedMonth) -> None:
    with generated.database.session() as session:
        data = make_report(Ground(session, generated.knowledge, NOW), Period(PERIOD.first, PERIOD.first + timedelta(days=1)))
    assert data["few"] and "tables" not in data and "work" not in data
    assert plots_of(data) == {} and "太少，什么都说明不了" in as_html(data, {})
    assert list(as_tables(data)) == ["report.csv"]
