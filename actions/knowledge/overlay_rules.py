"""What an arm of an experiment may say differently: the list of ``overlays.yml``, and what every other text keeps of the usual one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import StrictStr

from actions.core.fields import Strict
from actions.core.names import fact_type
from actions.knowledge.rendering import PLACEHOLDER
from actions.yaml_source import Path_, Source

ORDER = "order"
"""The key of a cause's overlay that puts its steps into another order."""
ALTERNATIVES = "alternatives"
_OF_COSTS = ("money", "ratio")
"""Kinds of facts that tell what credit costs or what is owed: no arm may tell more or less of these."""


class OverlayRules(Strict):
    """The whole file.

    Attributes:
        texts: by folder of the knowledge, the paths of texts that may differ.
        locked: what may not differ all the same, a file or ``file#phrase``, with the reason.
        kept: words that a text keeps if the usual one has them.
    """

    texts: Mapping[StrictStr, tuple[StrictStr, ...]]
    locked: Mapping[StrictStr, StrictStr]
    kept: tuple[StrictStr, ...]

    def why_locked(self, file: str, path: Path_ = ()) -> str | None:
        """Why a file of the knowledge, or a value of it, is the same in every arm; None: it is not locked."""
        return self.locked.get(file) or (self.locked.get(f"{file}#{path[0]}") if path else None)

    def may_differ(self, file: str, path: Path_) -> bool:
        """Whether the text or texts at a path may be put into other words."""
        return any(_fits(pattern.split("."), path) for pattern in self.texts.get(file.partition("/")[0], ()))

    def lost(self, usual: Sequence[str], other: str) -> Iterator[str]:
        """Why a text is refused that stands in for the usual ones: what it does not keep of them."""
        for word in self.kept:
            if word not in other and any(word in text for text in usual):
                yield f"must keep {word}, which the usual text has"
        before = {name for text in usual for name in PLACEHOLDER.findall(text) if _tells_costs(name)}
        after = {name for name in PLACEHOLDER.findall(other) if _tells_costs(name)}
        for name in sorted(after - before):
            yield f"tells {{{name}}}, which the usual text does not: amounts are the same in every arm"
        if len(usual) == 1 or all(before <= set(PLACEHOLDER.findall(text)) for text in usual):
            for name in sorted(before - after):
                yield f"leaves {{{name}}} out, which the usual text tells: amounts are the same in every arm"


@cache
def overlay_rules() -> OverlayRules:
    """The rules of this version."""
    return OverlayRules.parse_obj(Source.read(Path(__file__).with_name("overlays.yml")).data)


def _fits(pattern: Sequence[str], path: Path_) -> bool:
    # Keys may hold dots themselves, as those of phrases do; a star stands for one key whatever it is called.
    return len(pattern) == len(path) and all(part == "*" or part == str(key) for part, key in zip(pattern, path))


def _tells_costs(name: str) -> bool:
    try:
        return fact_type(name).kind in _OF_COSTS
    except KeyError:
        # What the code gives to a phrase, or what the customer said; whether it is an amount nobody knows, so it counts as one.
        return True
