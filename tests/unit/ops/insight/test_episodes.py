"""Episodes folded from observations, what they count for, and of which days reports tell."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from actions.core.moments import SHANGHAI
from actions.core.observations import PROOF
from ops.insight.counting import Tellings, cells_of, count
from ops.insight.episodes import Episode, ObservedRow, episodes_of
from ops.insight.periods import Period, PeriodRefused, last_week, period_of, week_of

_DAY = 86_400_000


def rows(*said: tuple[Any, ...], ref: str = "r", episode: int = 1, at: int = 0, **dims: Any) -> list[ObservedRow]:
    made = []
    for seq, (kind, value, *own) in enumerate(said, episode):
        made.append(ObservedRow(at + seq, ref, episode, seq, kind, value, json.dumps({**dims, **(own[0] if own else {})})))
    return made


def one(*said: tuple[Any, ...], **more: Any) -> Episode:
    ((episode,),) = episodes_of(rows(*said, **more))
    return episode


def cells(episode: Episode, later: tuple[Episode, ...] = ()) -> set[tuple[str, ...]]:
    return set(cells_of(episode, later, 100 * _DAY, {"item_restricted": ("item_excluded",)}))


def test_the_first_diagnosis_counts_and_the_last_end() -> None:
    same = [ObservedRow(5, "r", 1, 2, "found", cause, "{}") for cause in ("overdue", "self_locked")]
    later = rows(("found", "risk_blocked"), ("end", "handoff"), ("end", "resolved", {"by": PROOF}), episode=3)
    ((first,), *_) = episodes_of([*rows(("complained", "item_restricted")), *same, *(row._replace(episode=1) for row in later)])
    assert (first.claim, first.causes, first.first, first.is_proven) == ("item_restricted", ["overdue", "self_locked"], "overdue", True)
    assert {("proven",), ("pair", "overdue", "self_locked"), ("claim", "item_restricted", "overdue")} <= cells(first)


@pytest.mark.parametrize(
    ("said", "outcome", "hint"),
    [
        ([], "silent", False),
        ([("step", "overdue/1/done")], "done", False),
        ([("step", "overdue/1/not_found")], "not_found", False),
        ([("step", "overdue/1/not_found"), ("step", "overdue/1/shown"), ("step", "overdue/1/done")], "done", True),
        ([("step", "overdue/1/cannot")], "cannot", False),
        ([("step", "overdue/1/done"), ("check", "overdue/failed")], "failed", False),
    ],
)
def test_what_comes_of_a_step(said: list[tuple[str, str]], outcome: str, hint: bool) -> None:
    episode = one(("found", "overdue"), ("step", "overdue/1/shown"), *said, ("end", "abandoned"))
    found = cells(episode)
    assert ("step", "overdue", "1", outcome) in found and (("hint", "overdue", "1") in found) is hint
    assert ("stopped", "overdue", "1") in found


def test_each_lost_episode_belongs_to_one_place() -> None:
    walked = one(("complained", "item_restricted"), ("found", "overdue"), ("step", "overdue/1/shown"), ("end", "handoff"))
    unmet = one(("complained", "item_restricted"), ("found", "overdue"), ("end", "handoff"))
    met = one(("complained", "item_restricted"), ("found", "item_excluded"), ("end", "handoff"))
    nothing = one(("complained", "installment_missing"), ("found", "none"), ("end", "abandoned"))
    places = [{cell for cell in cells(each) if cell[0] in ("stopped", "off_lost", "lost_untold")} for each in (walked, unmet, met, nothing)]
    assert places == [
        {("stopped", "overdue", "1")},
        {("off_lost", "item_restricted")},
        {("lost_untold", "item_excluded")},
        {("lost_untold", "none")},
    ]


@pytest.mark.parametrize(("days", "cause", "lasted"), [(3, "overdue", False), (3, "self_locked", True), (8, "overdue", True)])
def test_who_complains_of_the_same_within_a_week_was_not_helped_for_good(days: int, cause: str, lasted: bool) -> None:
    helped = one(("found", "overdue"), ("end", "resolved", {"by": PROOF}))
    again = one(("found", cause), at=days * _DAY)
    assert (("lasted",) in cells(helped, (again,))) is lasted and ("watched",) in cells(helped, (again,))
    assert ("watched",) not in set(cells_of(helped, (), 6 * _DAY, {}))


def told(*customers: list[Episode], **more: Any) -> Tellings:
    return count(customers, 10 * _DAY, 20 * _DAY, 30 * _DAY, {}, **more)


def test_a_customer_counts_once_and_each_of_their_episodes() -> None:
    made = [one(("found", "overdue"), at=day * _DAY, region="广东") for day in (5, 11, 12, 25)]
    here = told(made)
    assert (here.now.episodes["all",], here.now.customers["all",], here.before.episodes["all",]) == (2, 1, 1)
    assert told(made, region="北京").now.episodes["all",] == 0


def test_who_got_what_they_came_for_is_told_of_those_who_are_watched() -> None:
    helped, lost = (one(("found", "overdue"), ("end", end), ref=end, at=11 * _DAY) for end in ("explained", "handoff"))
    assert told([helped], [lost], watched={"explained", "handoff"}).helped == {"explained"}


NOW = datetime(2026, 11, 25, 12, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("first", "end", "region", "why"),
    [
        ("2026-11-10", "2026-11-10", None, "must be before"),
        ("2026-11-11", "2026-11-10", None, "must be before"),
        ("2026-11-10", "2026-11-27", None, "lies in the future"),
        ("2025-10-01", "2026-11-20", None, "more than 400"),
        ("2026-11-10", "2026-11-20", "火星", "customers live in 广东"),
    ],
)
def test_days_of_which_nothing_can_be_told_are_refused_with_the_reason(first: str, end: str, region: str | None, why: str) -> None:
    with pytest.raises(PeriodRefused, match=why):
        Period(date.fromisoformat(first), date.fromisoformat(end), region).check(NOW, {"广东"})


def test_today_may_be_told_of_as_far_as_it_has_come() -> None:
    Period(date(2026, 11, 25), date(2026, 11, 26), "广东").check(NOW, {"广东"})


def test_weeks_begin_on_monday_in_the_shops_time() -> None:
    monday = datetime(2026, 11, 23, 0, 5, tzinfo=SHANGHAI)
    assert last_week(monday) == period_of("2026-W47") == Period(date(2026, 11, 16), date(2026, 11, 23))
    assert last_week(monday - timedelta(minutes=10)) == period_of("2026-W46")
    assert week_of(date(2027, 1, 3)) == "2026-W53"
    for wrong in ("2026-47", "2026-W54", "x"):
        with pytest.raises(PeriodRefused, match="is no week"):
            period_of(wrong)
