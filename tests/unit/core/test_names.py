"""Names of facts and their world paths, each made from the other."""

from __future__ import annotations

import pytest

from actions.core.names import fact_type, name_of, path_of, proofs_of, world_names


@pytest.mark.parametrize(
    "path, name",
    [
        ("baitiao.overdue", "baitiao.overdue"),
        ("items[100001].price", "item.price"),
        ("items[100001].interest_free.until", "item.interest_free.until"),
        ("categories[c-1].installment", "category.installment"),
        ("policies[p-1].amount", "policy.amount"),
        ("maintenance[w-1].ends_at", "maintenance.ends_at"),
        ("region", "region"),
    ],
)
def test_a_world_path_has_the_name_that_cause_files_use(path: str, name: str) -> None:
    assert name_of(path) == name


@pytest.mark.parametrize("name", world_names())
def test_every_world_fact_is_found_again_by_its_path(name: str) -> None:
    assert name_of(path_of(name)) == name


def test_a_derived_fact_is_proved_by_world_facts() -> None:
    assert proofs_of("item.price") == ("item.price",)
    assert proofs_of("bill.amount_to_split") == ("bill.amount", "bill.in_installments", "policy.ratio")
    assert proofs_of("now") == ()


def test_lists_of_choices_know_their_choices() -> None:
    assert fact_type("policy.types").choices == ("mainland", "temporary", "other")
    assert fact_type("item.tenors").choices == ()
