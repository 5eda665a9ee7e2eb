"""What the worker would have found of a policy in its regions, put where pages look for it."""

from __future__ import annotations

from typing import Any

from actions.state.database import Database
from actions.state.policy_rollouts import PolicyRollout, keep_rollout
from actions.state.world.loading import load_world_data

POLICY = {"id": "p-here", "kind": "region", "regions": ["北京"], "effective_from": "2026-01-01"}
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="90"><title>{theme}</title></svg>'


def begun_somewhere(database: Database, **report: Any) -> None:
    """A policy of one region, and what was found of it, if anything was."""
    load_world_data(database, {"policies": [POLICY]})
    if report:
        drawn = {theme: DRAWN.format(theme=theme) for theme in ("light", "dark")}
        with database.session() as session:
            keep_rollout(session, PolicyRollout("p-here", 1, False, {"policy": "p-here", **report}, **drawn))


def a_report() -> dict[str, Any]:
    """A change that is not decided, and one that may not be told."""
    shares = {"treated": {"hits": 40, "of": 200, "share": 0.2}, "matched": {"hits": None, "of": 300, "share": None}}
    open_ = {"verdict": "not_decided", "region": "北京"}
    one = {
        **open_,
        "outcome": "handoff",
        "estimate": 0.041,
        "interval": [0.01, 0.072],
        "why": "drifting",
        "matched": [{"region": "上海", "customers": 90, "share": 0.2}],
        "before": shares,
        "after": shares,
        "placebo": {"estimate": 0.02, "interval": [0.01, 0.03], "drift": 0.03},
        "elsewhere": {"regions": 7, "moved_as_much": 1},
        "weeks": [{"from": "2026-01-01", "after": True, "treated": 0.2, "matched": None, "difference": None}],
    }
    few = {**dict.fromkeys(one), **open_, "outcome": "came", "why": "few", "matched": [], "weeks": []}
    return {
        "weeks": {"matching": 4, "before": 8, "after": {"handoff": 4}},
        "treated": ["北京"],
        "already": [],
        "untreated": ["上海"],
        "made_at": "2026-02-01T00:00:00+08:00",
        "final": False,
        "comparisons": [one, few],
        "meanwhile": {
            "policies": [{"id": "p-min", "kind": "min_amount", "from": "2026-01-02", "to": None, "where": "everywhere"}],
            "incidents": [
                {
                    "id": "i-9",
                    "component": "checkout",
                    "severity": "outage",
                    "from": "2026-01-02T10:00:00+08:00",
                    "to": None,
                    "where": "treated",
                }
            ],
        },
    }
