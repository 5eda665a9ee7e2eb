"""The console's page of a policy that was begun in regions of its own: before and after, against the regions most like them, as the worker has found it."""

from __future__ import annotations

from typing import Any

from actions.state.policy_rollouts import PolicyRollout, find_rollout
from bot.console.places import ConsoleRefused, Download, Place, Shown, Visit
from bot.console.policy_forms import as_policy_refusals
from bot.console.policy_views import PolicyPremises
from ops.policies.register import find_policy
from ops.rollouts.words import rollout_words


class PolicyRegions:
    """Makes the places.

    Args:
        premises: what policies are read from.
    """

    def __init__(self, premises: PolicyPremises) -> None:
        self._at = premises

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        one = "/policies/<policy:str>/regions"
        return (
            Place("policy_regions", one, self._one),
            Place("policy_regions_plot", f"{one}/plot/<theme:str>", self._plot, audited=False),
        )

    def _one(self, visit: Visit) -> Shown:
        policy = visit.parts["policy"]
        with as_policy_refusals(), self._at.database.session() as session:
            found = find_policy(session, policy, self._at.clock(session))
            kept = find_rollout(session, policy)
        about = {name: value for name, value in found.to_data().items() if name in ("id", "title", "kind", "from", "to")}
        regions = found.to_data()["values"].get("regions") or []
        data: dict[str, Any] = {**about, "regions": regions, "report": None, "refused": None, "plot": False}
        if not regions:
            data["refused"] = {"code": "no-regions"}
        elif kept is not None and "refused" in kept.data:
            data["refused"] = kept.data["refused"]
        elif kept is not None:
            data |= {"report": kept.data, "plot": kept.light is not None}
        words = rollout_words()
        told = data["refused"] and str(words["refused"][data["refused"]["code"]]).format_map(data["refused"])
        return Shown(data, "policy_regions.html", {"words": words, "refusal": told})

    def _plot(self, visit: Visit) -> Download:
        with self._at.database.session() as session:
            kept = find_rollout(session, visit.parts["policy"])
        svg = None if kept is None else _drawings(kept).get(visit.parts["theme"])
        if svg is None:
            raise ConsoleRefused("not_found")
        return Download(svg.encode(), "image/svg+xml", f"{visit.parts['policy']}-regions-{visit.parts['theme']}.svg")


def _drawings(kept: PolicyRollout) -> dict[str, str | None]:
    return {"light": kept.light, "dark": kept.dark}
