"""What a message asks for, as it was understood: sub-questions, emergencies, and how sure an understanding must be for what is done with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from actions.core.topics import Topic

ALARMING, ALARMING_TOGETHER = 0.3, 0.4
"""The confidence from which on all emergencies together call a person, if one of them is the likeliest topic, and if none is: which of them
it is matters less than that it is one."""
ALARMING_ALONE, FAR_AHEAD = 0.2, 1.2
"""The confidence from which on all emergencies together call a person if one of them is the likeliest topic and they are so many times as likely
as any other matter, and as the case. Rare words make every topic unlikely, and a call too many costs less than one that is missed."""


NONE_TOGETHER = 0.05
"""The confidence of all emergencies together below which a message that is surely about something else tells of none."""


def tells_of_none(ranked: Iterable[tuple[Topic, float]], sure: float) -> bool:
    """Whether a message is surely about a matter that is no emergency.

    Args:
        ranked: topics by falling confidence.
        sure: the confidence that the likeliest needs.
    """
    topics = tuple(ranked)
    likeliest = [confidence for topic, confidence in topics[:1] if topic.kind != "emergency"]
    together = sum(confidence for topic, confidence in topics if topic.kind == "emergency")
    return bool(likeliest) and likeliest[0] >= sure and together < NONE_TOGETHER


def emergency_in(ranked: Iterable[tuple[Topic, float]]) -> Topic | None:
    """The likeliest emergency, if a message is likely enough to speak of one.

    Args:
        ranked: topics by falling confidence.
    """
    topics = tuple(ranked)
    emergencies = [(topic, confidence) for topic, confidence in topics if topic.kind == "emergency"]
    if not emergencies:
        return None
    together = sum(confidence for _, confidence in emergencies)
    # Whatever is said of the case is one matter.
    of_case = sum(confidence for topic, confidence in topics if topic.kind == "case")
    nearest = max(of_case, *(confidence for topic, confidence in topics if topic.kind not in ("case", "emergency")), 0.0)
    far_ahead = together >= FAR_AHEAD * nearest
    needed = ALARMING_TOGETHER if emergencies[0] != topics[0] else ALARMING_ALONE if far_ahead else ALARMING
    return emergencies[0][0] if together >= needed else None


SURE = 0.35
"""The confidence from which on a topic is taken for what was asked."""
CLEAR = 0.28
"""The confidence that suffices for one of several clauses, which has fewer words to be read from."""
LIKELY = 0.2
"""The confidence that suffices in the middle of a case for what is said about the case or the talk: little else is said there."""
HEARD = 0.1
"""The confidence below which a topic is no reading of a message that seems to be about something else."""
MOSTLY = 0.4
"""The share of the confidence from which on a doubtful message is about what stands in the way: more than of anything else."""
CERTAIN = 0.6
"""The confidence from which on the topic of a follow-up says more than its words."""
DOUBTLESS, PLAIN = 0.85, 0.95
"""The confidences from which on a matter beside the case is what was asked, although words of it have a usual answer within the case, and although
the cause on the table has words of its own for them."""

WishKind = Literal["complaint", "question", "other"]
"""What a message is by its intent: something does not work, something is asked, or neither."""


@dataclass(frozen=True)
class Asked:
    """What a message asks for.

    Attributes:
        kind: by its intent.
        topic: the likeliest matter; None if there is none.
        confidence: how sure the topic is, 0–1.
        aspects: sub-questions, in the order of the text.
        claims: what the customer says of their own state.
        second: another matter of the same message.
        of_second: what the message asks of that one.
        several: whether the message holds more than one question, and no other matter was found for the further ones.
        guesses: the next likely topics.
        blamed: what the complaint takes to keep the order from being split: the causes that would prove it right.
        endangered: whether the account may be in somebody else's hands: whatever is complained of, that comes first.
        alone: the sub-questions the message asks if it names no matter at all.
        of_case: the sub-question that the message asks of the causes of the case, read from its whole; empty if there is none.
        plain: whether that was read plainly.
        narrow: those of the sub-questions that ask for something so particular that little else is meant.
        of_block: the share of the confidence that falls on matters of what stands in the way of installments, 0–1.
        untold: whether nothing was told yet in the case under way.
        told: whether the customer was told what was found, though the case was given up since.
        complained: whether the matter is one that is complained of, whatever the message was taken for.
        guessed: whether neither the matter nor what the message is by its intent is sure.
        told_beside: the sub-questions that were heard, but are not asked: their words stand only where the message tells something while it asks or
            complains elsewhere, or no clause of it asks them by itself.
        questions: for each clause that asks, in their order, those of the sub-questions that it asks by itself, and behind them those whose words
            stand in no clause alone.
        of_cause: the sub-questions that a clause asks by itself of the cause that was found, which has words of its own for them.
        blocked: whether what was found keeps from splitting, and does not only narrow it.
        nameless: whether no word names a matter, so that it can only be about what is at hand.
        guesses_it: whether it guesses, in words of the cause that was found, that just this is the reason.
    """

    kind: WishKind
    topic: Topic | None = None
    confidence: float = 1.0
    aspects: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    second: Topic | None = None
    of_second: tuple[str, ...] = ()
    several: bool = False
    guesses: tuple[Topic, ...] = ()
    blamed: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    of_case: str = ""
    plain: bool = False
    narrow: tuple[str, ...] = ()
    of_block: float = 0.0
    endangered: bool = False
    untold: bool = False
    told: bool = False
    complained: bool = False
    guessed: bool = False
    told_beside: tuple[str, ...] = ()
    questions: tuple[tuple[str, ...], ...] = ()
    of_cause: tuple[str, ...] = ()
    blocked: bool = False
    nameless: bool = False
    guesses_it: bool = False

    @property
    def sure(self) -> bool:
        """Whether the topic is taken for what was asked."""
        if self.topic is None:
            return False
        return self.confidence >= (ALARMING if self.topic.kind == "emergency" else SURE)


Reading = tuple[tuple[str, float], ...]
"""Sub-questions of a matter by falling probability, 0–1, with ``""`` for the matter itself."""

ABOUT_CASE = "about_case"
"""The matter of the case under way, whose sub-questions are those of its causes; also the intent of questions about it."""
TAKEN = 0.4
"""The probability from which on the sub-question that was read best is taken for what was asked."""
STANDS = 0.5
"""The probability from which on a sub-question of the case is answered whatever the message was taken for."""
NEARLY = 0.5
"""The share of the best sub-question's probability from which on another one is read nearly as well."""
DENIED = 0.2
"""The probability below which words that stand in a message do not ask of its matter what they usually ask."""
FAINT = 0.05
"""The probability below which a sub-question of the case was not asked, though those that are more probable cannot be answered."""
DENIED_OF_CASE = 0.03
"""The same for the causes of the case, among whose many sub-questions hardly any is more probable than a few percent."""


@dataclass(frozen=True)
class Clause:
    """What one clause of a message of several says by itself.

    Attributes:
        text: as it was understood.
        intent: what it was taken for.
        confidence: how sure that is, 0–1.
        topics: matters by falling confidence.
        aspects: the sub-questions whose words stand in it.
        readings: what was read of the sub-questions of each matter that it may be about.
    """

    text: str
    intent: str
    confidence: float = 1.0
    topics: tuple[tuple[str, float], ...] = ()
    aspects: tuple[str, ...] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)


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
    whole = readings.get(ABOUT_CASE, ())
    own = () if of_case is None else _among(whole, of_case)
    asked_of_case = _worded_too(own, words, dict(whole)) or _best(own, TAKEN)
    if dict(whole).get(asked_of_case, 0.0) < FAINT:
        # What is left over of a message that surely asks something else says nothing.
        asked_of_case = ""
    read = tuple(dict.fromkeys([*best, *([asked_of_case] if asked_of_case else [])]))
    in_play = [(dict(readings.get(matter, ())), DENIED) for matter in matters]
    if of_case is not None:
        in_play.append((dict(own), DENIED_OF_CASE))
    stand = tuple(name for name in words if name in of_any or not _is_denied(name, in_play))
    return Heard(tuple(dict.fromkeys([*read, *stand])), stand, read, asked_of_case, bool(asked_of_case and _best(own, STANDS)))


def _among(reading: Reading, names: Collection[str]) -> Reading:
    """A reading where nothing but some names can be asked, or the matter itself."""
    left = [(name, share) for name, share in reading if not name or name in names]
    whole = sum(share for _, share in left)
    return tuple((name, share / whole) for name, share in left) if whole else ()


def _best(reading: Reading, least: float) -> str:
    """The best sub-question of a reading; empty if that is the matter itself, or not sure enough."""
    name, share = reading[0] if reading else ("", 0.0)
    return name if share >= least else ""


def _worded_too(reading: Reading, words: Collection[str], whole: Mapping[str, float]) -> str:
    """The sub-question whose words stand in the message and which is read nearly as well as the best, whose words do not; empty if there is none,
    or the best stands by itself among all that may be asked (``whole``)."""
    name, share = reading[0] if reading else ("", 0.0)
    if not name or share < TAKEN or whole.get(name, 0.0) >= STANDS or name in words:
        return ""
    return next((each for each, own in reading if each in words and own >= NEARLY * share), "")


def _is_denied(name: str, readings: Sequence[tuple[Mapping[str, float], float]]) -> bool:
    """Whether all that can tell a sub-question say that it is not asked."""
    told = [shares[name] < least for shares, least in readings if name in shares]
    return bool(told) and all(told)
