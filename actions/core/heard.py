"""What a message asks beside its matter: the sub-questions whose words stand in it, put right by what was read for each matter it may be about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Reading = tuple[tuple[str, float], ...]
"""Sub-questions of a matter by falling probability, 0–1, with ``""`` for the matter itself."""

ABOUT_CASE = "about_case"
"""The matter of the case under way, whose sub-questions are those of its causes; also the intent of questions about it."""
TAKEN = 0.4
"""The probability from which on the sub-question that was read best is taken for what was asked."""
PLAIN = 0.5
"""The probability from which on a sub-question of the case is answered whatever the message was taken for."""
DENIED = 0.2
"""The probability below which words that stand in a message do not ask of its matter what they usually ask."""
DENIED_OF_CASE = 0.03
"""The same for the causes of the case, among whose many sub-questions hardly any is more probable than a few percent."""


@dataclass(frozen=True)
class Heard:
    """The sub-questions of a message.

    Attributes:
        aspects: all, those that were read first, then those whose words stand in the message in its order.
        worded: those whose words stand in the message and are not denied.
        read: those that were read.
        of_case: the one of the case that was read; empty if there is none.
        plain: whether that was read so plainly that it is answered whatever the message was taken for.
    """

    aspects: tuple[str, ...]
    worded: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    of_case: str = ""
    plain: bool = False


def heard_in(
    words: Sequence[str],
    readings: Mapping[str, Reading],
    matters: Sequence[str],
    of_case: Collection[str] | None,
    of_any: Collection[str] = (),
) -> Heard:
    """The sub-questions of a message.

    Args:
        words: the sub-questions whose words stand in it.
        readings: by matter; what a matter does not list it cannot tell.
        matters: what the message may be about beside the case, likeliest first.
        of_case: the sub-questions that the causes of the case answer; None if there is no case.
        of_any: those that may be asked of whatever is found: no reading of one matter denies their words.
    """
    best = [name for matter in matters if (name := _best(readings.get(matter, ()), TAKEN))]
    own = () if of_case is None else _among(readings.get(ABOUT_CASE, ()), of_case)
    asked_of_case = _best(own, TAKEN)
    read = tuple(dict.fromkeys([*best, *([asked_of_case] if asked_of_case else [])]))
    in_play = [(dict(readings.get(matter, ())), DENIED) for matter in matters]
    if of_case is not None:
        in_play.append((dict(own), DENIED_OF_CASE))
    stand = tuple(name for name in words if name in of_any or not _is_denied(name, in_play))
    return Heard(tuple(dict.fromkeys([*read, *stand])), stand, read, asked_of_case, bool(_best(own, PLAIN)))


def _among(reading: Reading, names: Collection[str]) -> Reading:
    """A reading where nothing but some names can be asked, or the matter itself."""
    left = [(name, share) for name, share in reading if not name or name in names]
    whole = sum(share for _, share in left)
    return tuple((name, share / whole) for name, share in left) if whole else ()


def _best(reading: Reading, least: float) -> str:
    """The best sub-question of a reading; empty if that is the matter itself, or not sure enough."""
    name, share = reading[0] if reading else ("", 0.0)
    return name if share >= least else ""


def _is_denied(name: str, readings: Sequence[tuple[Mapping[str, float], float]]) -> bool:
    """Whether all that can tell a sub-question say that it is not asked."""
    told = [shares[name] < least for shares, least in readings if name in shares]
    return bool(told) and all(told)
