"""Comparisons that may be looked at after every unit: confidence sequences for a difference of shares, and e-values for splits.

An e-value has a mean of at most 1 while its hypothesis holds, whenever it is looked at, so that 1/alpha is reached with probability alpha at most.
Sources: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", 2024 (the
sequence); Ville, "Étude critique de la notion de collectif", 1939 (the bound); Lindon, Malek, "Anytime-valid inference for multinomial count
data", 2022 (the splits).
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]
LEAST_UNITS = 200
LEAST_EVENTS = 30
"""Of each arm, before which the sequence says nothing: it is asymptotic."""
_SPLIT_WEIGHT = 100.0
"""Units that the expected split is worth."""
_EVENTS_WEIGHT = 10.0
"""Bad events that the expected split is worth."""


class Difference(NamedTuple):
    """A difference of two shares at every look; where there is too little to say, limits are NaN.

    Attributes:
        estimate: variant minus control.
        low: lower limit.
        high: upper limit.
    """

    estimate: Numbers
    low: Numbers
    high: Numbers


def difference(units: tuple[Numbers, Numbers], events: tuple[Numbers, Numbers], alpha: float, planned: float) -> Difference:
    """The confidence sequence of a difference of shares.

    Args:
        units: of control and of variant at each look.
        events: of them.
        alpha: probability that the difference ever lies outside.
        planned: units of both together for which the sequence is made narrow.
    """
    (control, variant), (among_control, among_variant) = units, events
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = among_control / control, among_variant / variant
        estimate = second - first
        total = control + variant
        spread = np.sqrt(total * (first * (1 - first) / control + second * (1 - second) / variant))
        best = max(1.0, planned / 3)
        tuned = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / best
        radius = spread * np.sqrt((total * tuned + 1) / (total * total * tuned) * np.log((total * tuned + 1) / alpha**2))
    # What is not the metric's event is the event of its opposite, and the rarer of the two is what the sequence needs enough of.
    rarest = np.minimum.reduce([among_control, control - among_control, among_variant, variant - among_variant])
    enough = (np.minimum(control, variant) >= LEAST_UNITS) & (rarest >= LEAST_EVENTS)
    return Difference(estimate, np.where(enough, estimate - radius, np.nan), np.where(enough, estimate + radius, np.nan))


def split(units: Numbers, weights: Numbers) -> Numbers:
    """E-value against "units fall into the arms by their weights", at each look.

    Args:
        units: per look (rows) and arm (columns).
        weights: of the arms; they need not sum to 1.
    """
    shares = weights / weights.sum()
    prior = _SPLIT_WEIGHT * shares
    after = prior + units
    logarithm = _log_beta(after) - _log_beta(prior) - (units * np.log(shares)).sum(axis=-1)
    result: Numbers = np.exp(np.minimum(logarithm, 700.0))
    return result


def worse(control: Numbers, variant: Numbers, share: float) -> Numbers:
    """E-value against "no more bad events come from the variant than its share of the units", at each look.

    Args:
        control: customers with a bad event among the control.
        variant: the same among the variant.
        share: of the variant among the units of both, between 0 and 1.
    """
    more, less = _EVENTS_WEIGHT * share, _EVENTS_WEIGHT * (1 - share)
    above = np.maximum(special.betainc(less + control, more + variant, 1 - share), 1e-300)
    above_before = special.betainc(less, more, 1 - share)
    logarithm = special.betaln(more + variant, less + control) - special.betaln(more, less) + np.log(above / above_before)
    logarithm = logarithm - variant * log(share) - control * log(1 - share)
    result: Numbers = np.exp(np.minimum(logarithm, 700.0))
    return result


def _log_beta(parameters: Numbers) -> Numbers:
    result: Numbers = special.gammaln(parameters).sum(axis=-1) - special.gammaln(parameters.sum(axis=-1))
    return result
