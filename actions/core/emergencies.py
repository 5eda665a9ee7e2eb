"""Emergencies: whether a message is likely enough to speak of one, though which of them it is may be unsure."""

from __future__ import annotations

from collections.abc import Iterable

from actions.core.topics import Topic

ALARMING, ALARMING_TOGETHER = 0.3, 0.4
"""The confidence from which on all emergencies together call a person, if one of them is the likeliest topic, and if none is: which of them
it is matters less than that it is one."""
ALARMING_ALONE, FAR_AHEAD = 0.2, 1.2
"""The confidence from which on all emergencies together call a person if one of them is the likeliest topic and they are so many times as likely
as any other matter. Rare words make every topic unlikely, and a call too many costs less than one that is missed."""


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
    nearest = max((confidence for topic, confidence in topics if topic.kind != "emergency"), default=0.0)
    far_ahead = together >= FAR_AHEAD * nearest
    needed = ALARMING_TOGETHER if emergencies[0] != topics[0] else ALARMING_ALONE if far_ahead else ALARMING
    return emergencies[0][0] if together >= needed else None
