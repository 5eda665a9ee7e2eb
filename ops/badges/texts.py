"""What stands at a product, read from ``knowledge/badges.yml``."""

from __future__ import annotations

from pathlib import Path

from pydantic import StrictStr, ValidationError

from actions.core.fields import Strict
from actions.knowledge.forbidden import Forbidden
from actions.knowledge.loading import DEFAULT_ROOT
from actions.knowledge.refusals import model_problems
from actions.yaml_source import Source, SourceError

FILE = "badges.yml"


class BadgeLabels(Strict):
    """What is shown, by state. Without a text nothing is shown; that installments are possible would be advertising, which needs their cost."""

    unavailable: StrictStr
    later: StrictStr
    limited: StrictStr


class BadgeTexts(Strict):
    """The texts of badges.

    Attributes:
        labels: by state.
        offer: of what can be had in installments, only ever shown together with what they cost.
        neutral: in place of reasons that are not told.
    """

    labels: BadgeLabels
    offer: StrictStr
    neutral: StrictStr


def read_badge_texts(forbidden: Forbidden, root: Path = DEFAULT_ROOT) -> BadgeTexts:
    """The texts of a knowledge folder.

    Args:
        forbidden: sentences that must never be said.
        root: the folder.

    Raises:
        SourceError: every problem, with file, line and reason.
    """
    source = Source.read(root / FILE, shown_as=f"{root.name}/{FILE}")
    try:
        texts = BadgeTexts.parse_obj(source.data)
    except ValidationError as error:
        raise SourceError(list(model_problems(source, error))) from None
    said: dict[tuple[str, ...], str] = {("labels", name): text for name, text in texts.labels.dict().items()}
    said.update({("offer",): texts.offer, ("neutral",): texts.neutral})
    problems = [source.problem(path, found) for path, text in said.items() for found in forbidden.found_in(text)]
    if problems:
        raise SourceError(problems)
    return texts
