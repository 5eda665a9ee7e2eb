"""One type says what a diagnosis is about."""

from __future__ import annotations

import pytest

from actions.core.subject import ACCOUNT, Subject


def test_the_two_fields_of_the_contract_name_one_subject() -> None:
    for subject in (Subject("order", "o-1"), Subject("bill", "b-1"), ACCOUNT):
        assert Subject.of(**subject.to_data()) == subject
    assert Subject("order", "o-1").to_data() == {"order": "o-1", "bill": None}


def test_what_is_both_or_half_a_subject_is_refused() -> None:
    with pytest.raises(ValueError, match="an order or a bill, not both"):
        Subject.of("o-1", "b-1")
    with pytest.raises(ValueError, match="has an id"):
        Subject("order")
    with pytest.raises(ValueError, match="the account has none"):
        Subject("account", "o-1")
