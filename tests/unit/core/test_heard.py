"""What a message asks beside its matter, from words and readings."""

from __future__ import annotations

import pytest

from actions.core.asked import Heard, heard_in

FEE_READ = {"early": (("fee", 0.8), ("", 0.1), ("late", 0.0))}
DOUBTFUL = {"early": (("fee", 0.3), ("", 0.25))}
ITSELF = {"early": (("", 0.7), ("late", 0.15))}
NEARLY = {"early": (("", 0.6), ("late", 0.25))}
IN_CASE = {"about_case": (("forever", 0.7), ("safe", 0.3), ("", 0.1))}
LESS_PLAIN = {"about_case": (("forever", 0.45), ("safe", 0.35), ("", 0.2))}


@pytest.mark.parametrize(
    "words, readings, matters, of_case, heard",
    [
        pytest.param(("late",), {}, ["early"], None, Heard(("late",), ("late",)), id="words alone stand"),
        pytest.param((), FEE_READ, ["early"], None, Heard(("fee",), (), ("fee",)), id="what was read needs no words"),
        pytest.param(("late",), FEE_READ, ["early"], None, Heard(("fee",), (), ("fee",)), id="words that are denied do not stand"),
        pytest.param(("late",), NEARLY, ["early"], None, Heard(("late",), ("late",)), id="words that may ask it stand"),
        pytest.param(
            ("late",), {"about_case": (("", 0.9), ("late", 0.05))}, [], ("late",), Heard(("late",), ("late",)), id="and more so of a case"
        ),
        pytest.param(("why", "late"), ITSELF, ["early"], None, Heard(("why",), ("why",)), id="a matter denies only what it knows"),
        pytest.param(("late",), DOUBTFUL, ["early"], None, Heard(("late",), ("late",)), id="a doubtful reading asks nothing"),
        pytest.param((), FEE_READ, ["other"], None, Heard(()), id="only the matters of the message are read"),
        pytest.param((), IN_CASE, [], ("forever", "safe"), Heard(("forever",), (), ("forever",), "forever", True), id="of the case"),
        pytest.param((), IN_CASE, [], ("safe",), Heard(("safe",), (), ("safe",), "safe", True), id="among what the causes answer"),
        pytest.param((), LESS_PLAIN, [], ("forever", "safe"), Heard(("forever",), (), ("forever",), "forever", False), id="less plainly"),
        pytest.param(
            ("safe",), LESS_PLAIN, [], ("forever", "safe"), Heard(("safe",), ("safe",), ("safe",), "safe", False), id="nearly and worded"
        ),
        pytest.param(
            ("safe",),
            IN_CASE,
            [],
            ("forever", "safe"),
            Heard(("forever", "safe"), ("safe",), ("forever",), "forever", True),
            id="plainly, whatever its words",
        ),
        pytest.param(
            (), {"about_case": (("forever", 0.9), ("safe", 0.02))}, [], ("safe",), Heard(()), id="what is left over of another is not asked"
        ),
        pytest.param((), IN_CASE, [], ("late",), Heard(()), id="what no cause answers is not asked of it"),
        pytest.param((), IN_CASE, [], None, Heard(()), id="without a case nothing is asked of it"),
        pytest.param(
            ("late",), {**ITSELF, **IN_CASE}, ["early"], ("forever",), Heard(("forever",), (), ("forever",), "forever", True), id="both"
        ),
    ],
)
def test_what_is_heard(words, readings, matters, of_case, heard) -> None:  # type: ignore[no-untyped-def]
    assert heard_in(words, readings, matters, of_case) == heard


def test_what_may_be_asked_of_whatever_is_found_is_denied_by_no_matter() -> None:
    assert heard_in(("late",), ITSELF, ["early"], None, of_any=("late",)) == Heard(("late",), ("late",))
