"""What is different for a subject between worlds with and without a policy, gathered over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.core.diagnosis import Diagnosis, Found
from actions.gate import objections
from actions.knowledge.model import Knowledge
from actions.knowledge.rendering import Values, fill
from actions.state.policy_trials import TrialEffect
from ops.policies.distinct import DistinctCounts

_LONGEST_TEXT = 2000
"""Characters of what the chat says of a cause; what stands in a banner is shorter, but nobody puts this there."""


@dataclass(frozen=True)
class FourWorlds:
    """One subject.

    Attributes:
        today: as things are.
        without: on the day, without the policies.
        with_it: on the day, with them.
        apart_without, apart_with: the same as if no other policy began or ended until then.
        today_with: today, with policies that may only begin later; None where the day shows no effect of theirs.
    """

    today: Diagnosis
    without: Diagnosis
    with_it: Diagnosis
    apart_without: Diagnosis
    apart_with: Diagnosis
    today_with: Diagnosis | None = None


def effect_of(without: Diagnosis, with_it: Diagnosis) -> TrialEffect | None:
    """What one diagnosis means after another; None: neither the option nor its plans change."""
    if bool(with_it.blocks) != bool(without.blocks):
        return "lose" if with_it.blocks else "gain"
    return "narrower" if not with_it.blocks and any(found.cause.kind == "limit" for found in new_in(without, with_it)) else None


def new_in(without: Diagnosis, with_it: Diagnosis) -> list[Found]:
    """The causes that are new."""
    return [found for found in with_it.found if found.cause.id not in without.cause_ids]


def changed_causes(before: Diagnosis, after: Diagnosis) -> dict[str, Any]:
    """A subject whose causes are others, as a row of a dry-run."""
    subject = after.facts.subject
    return {
        "user": after.facts.user.id,
        subject.kind: subject.id,
        "causes_before": list(before.cause_ids),
        "causes_after": list(after.cause_ids),
    }


class Comparison:
    """Gathers rows, counts, and what would be told.

    Args:
        knowledge: how causes are told, and what must not be.
        at: the instant of the day.

    Attributes:
        subjects: how many were taken.
        early: users for whom something changes today already.
        had, newly: customers by cause today, and by cause that is new to them.
    """

    def __init__(self, knowledge: Knowledge, at: datetime) -> None:
        self._knowledge = knowledge
        self._rank = {cause: place for place, cause in enumerate(knowledge.causes)}
        self._rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("lose", "gain", "narrower", "calendar")}
        self._effects = {name: Counter[str]() for name in ("beside", "alone", "together")}
        self._told: dict[tuple[str, str], None] = {}
        self.had: DistinctCounts[str] = DistinctCounts()
        self.newly: DistinctCounts[str] = DistinctCounts()
        self.subjects = 0
        self.early: set[str] = set()

    def take(self, worlds: FourWorlds) -> TrialEffect | None:
        """Takes one subject; what the policies do to it."""
        self.subjects += 1
        user = worlds.today.facts.user.id
        for cause in worlds.today.cause_ids:
            self.had.add(cause, user)
        if worlds.today.cause_ids != worlds.without.cause_ids:
            self._rows["calendar"].append(changed_causes(worlds.today, worlds.without))
        if worlds.today_with is not None and worlds.today_with.cause_ids != worlds.today.cause_ids:
            self.early.add(user)
        effect = effect_of(worlds.without, worlds.with_it)
        if effect is not None:
            self._rows[effect].append(changed_causes(worlds.without, worlds.with_it))
        for name, pair in (
            ("beside", (worlds.without, worlds.with_it)),
            ("alone", (worlds.apart_without, worlds.apart_with)),
            ("together", (worlds.apart_without, worlds.with_it)),
        ):
            self._effects[name].update(found for found in (effect_of(*pair),) if found)
        for found in new_in(worlds.without, worlds.with_it):
            self.newly.add(found.cause.id, user)
            text = fill("\n".join(found.cause.explanation), Values(worlds.with_it.facts, found.matches), self._knowledge.locale)
            self._told.setdefault((found.cause.id, str(text)))
        return effect

    def fold(self) -> None:
        """Forgets who had which cause: none of them comes again."""
        self.had.fold()
        self.newly.fold()

    def rows(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """The rows of an effect or of the calendar: orders by id, then bills by id."""
        return tuple(sorted(self._rows[name], key=lambda row: ("order" not in row, row.get("order") or row["bill"])))

    def effects(self, apart: bool) -> dict[str, dict[str, int]]:
        """How many subjects, by what is compared.

        Args:
            apart: whether there are other policies whose effect is another one.
        """
        shown = self._effects if apart else {"beside": self._effects["beside"]}
        return {name: {effect: counts[effect] for effect in ("lose", "gain", "narrower")} for name, counts in shown.items()}

    @property
    def told(self) -> tuple[Mapping[str, str], ...]:
        """What customers would be told of causes that are new to them, each text once."""
        return tuple({"cause": cause, "text": text} for cause, text in sorted(self._told, key=lambda told: (self._rank[told[0]], told[1])))

    @property
    def refused(self) -> tuple[Mapping[str, Any], ...]:
        """Those of these texts that must not be said, with the reasons."""
        held = ((told, objections(told["text"], self._knowledge, longest=_LONGEST_TEXT)) for told in self.told)
        return tuple({**told, "reasons": [each.to_data() for each in against]} for told, against in held if against)
