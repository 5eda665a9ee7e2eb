"""The table of experiments: false verdicts where the arms are the same, and how soon what is planted is found, with a look after every unit.

``python -m tools.evaluation.experiments SEED… [--runs 1000] [--units 6000] [--planted 200]``; every number of seeds gives its own draws.

Outcomes become known late, those that happen sooner than those that do not, and some customers come again and again, of which the first
exposure counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

import numpy as np
import numpy.typing as npt
from scipy import special

from ops.experiments.analysis import GUARDRAIL_ALPHA, SPLIT_ALPHA
from ops.stats.sequential import Numbers, difference, split, worse

BASES = (0.02, 0.05, 0.3, 0.6, 0.95)
SPLITS = ((50, 50), (90, 10))
ALPHA = 0.05
EFFECTS = ((0.05, 6000), (0.08, 6000), (0.10, 6000), (0.03, 20_000))
"""Points above a base of 60 %, and planned units."""
_GUARDRAILS = 5
_COMES_AGAIN = 0.3
_LEAST_FOR_PLAIN = 100
"""Units before which nobody would look at a plain test."""


@dataclass(frozen=True)
class Drawn:
    """One simulated experiment, by the order in which outcomes became known.

    Attributes:
        variant: whether each unit is of the variant.
        event: whether it had the event.
        exposed: whether each unit is of the variant, by the order of exposure.
    """

    variant: Numbers
    event: Numbers
    exposed: Numbers


def drawn(random: np.random.Generator, units: int, base: float, effect: float, share: float) -> Drawn:
    """Draws one.

    Args:
        base: rate of the event among the control; ``effect`` is added for the variant.
        share: of the variant.
    """
    # Who comes again meets the arm they have met: the units are the distinct ones of so many visits.
    visits = random.zipf(2.0, int(units * (1 + _COMES_AGAIN))) % (20 * units)
    customers = np.concatenate([np.arange(units), units + visits])
    random.shuffle(customers)
    _, first = np.unique(customers, return_index=True)
    order = customers[np.sort(first)][:units]
    arm_of = random.random(int(order.max()) + 1) < share
    exposed = arm_of[order].astype(float)
    event = (random.random(units) < base + effect * exposed).astype(float)
    # In units of arrivals: what happens is known soon, that it does not only when its time is over.
    known = np.arange(units) + np.where(event > 0, random.exponential(units / 20, units), units / 10)
    by = np.argsort(known, kind="stable")
    return Drawn(exposed[by], event[by], exposed)


def crossing(found: Drawn, planned: int, alpha: float = ALPHA) -> int | None:
    """After how many outcomes the interval leaves zero out for the first time; None: never."""
    low, high = _limits(found, planned, alpha)
    return _first((low > 0) | (high < 0))


def plain_crossing(found: Drawn) -> int | None:
    """The same of a plain test that is looked at after every unit."""
    (control, variant), (events, among) = _counts(found)
    with np.errstate(divide="ignore", invalid="ignore"):
        total, happened = control + variant, events + among
        rate = happened / total
        z = (among / variant - events / control) / np.sqrt(rate * (1 - rate) * (1 / control + 1 / variant))
    return _first((total >= _LEAST_FOR_PLAIN) & (2 * special.ndtr(-np.abs(np.nan_to_num(z))) < ALPHA))


def covers(found: Drawn, planned: int, truth: float) -> bool:
    """Whether the interval holds the truth at every look."""
    low, high = _limits(found, planned, ALPHA)
    return not bool(((low > truth) | (high < truth)).any())


def blocked(found: Drawn, weights: Sequence[float]) -> int | None:
    """After how many exposures the sample ratio blocks the result; None: never."""
    exposed = np.stack([(1 - found.exposed).cumsum(), found.exposed.cumsum()], axis=1)
    return _first(split(exposed, np.array(weights, dtype=float)) >= 1 / SPLIT_ALPHA)


def stopped(found: Drawn, share: float, guardrails: int = _GUARDRAILS) -> int | None:
    """After how many outcomes a guardrail on the event stops the variant; None: never."""
    control, variant = (found.event * (1 - found.variant)).cumsum(), (found.event * found.variant).cumsum()
    return _first(worse(control, variant, share) >= guardrails / GUARDRAIL_ALPHA)


def _counts(found: Drawn) -> tuple[tuple[Numbers, Numbers], tuple[Numbers, Numbers]]:
    control = 1 - found.variant
    units = control.cumsum(), found.variant.cumsum()
    return units, ((found.event * control).cumsum(), (found.event * found.variant).cumsum())


def _limits(found: Drawn, planned: int, alpha: float) -> tuple[Numbers, Numbers]:
    with np.errstate(invalid="ignore"):
        sequence = difference(*_counts(found), alpha, planned)
    return sequence.low, sequence.high


def _first(hits: npt.NDArray[np.bool_]) -> int | None:
    at = np.flatnonzero(hits)
    return int(at[0]) + 1 if len(at) else None


def same(seeds: Sequence[int], runs: int, units: int) -> Iterator[str]:
    """A row for each base and split: how often arms that are the same were called different, blocked or stopped."""
    yield f"arms that are the same, {runs} runs of {units} units, a look after every unit"
    yield f"{'base':>6} {'split':>6} {'false':>7} {'upper':>7} {'plain test':>11} {'covered':>8} {'blocked':>8} {'stopped':>8}"
    for base in BASES:
        for weights in SPLITS:
            share = weights[1] / sum(weights)
            draws = [drawn(random, units, base, 0.0, share) for random in _randoms(seeds, runs)]
            false = [crossing(each, units) is not None for each in draws]
            shares = (
                [plain_crossing(each) is not None for each in draws],
                [covers(each, units, 0.0) for each in draws],
                [blocked(each, weights) is not None for each in draws],
                [stopped(each, share) is not None for each in draws],
            )
            plain, covered, wrong, harmed = (sum(each) / len(draws) for each in shares)
            rate, upper = sum(false) / len(draws), upper_bound(sum(false), len(draws))
            split_ = f"{weights[0]}/{weights[1]}"
            yield f"{base:>6.0%} {split_:>6} {rate:>7.1%} {upper:>7.1%} {plain:>11.1%} {covered:>8.1%} {wrong:>8.1%} {harmed:>8.1%}"


def planted(seeds: Sequence[int], runs: int) -> Iterator[str]:
    """A row for each thing that is planted: how often it was found, and after how many units."""
    yield f"what is planted, {runs} runs each"
    for effect, planned in EFFECTS:
        found = _found(seeds, runs, planned, 0.6, effect, 0.5, partial(crossing, planned=planned))
        yield _row(f"+{100 * effect:.0f} points on 60 %, n {planned}", found)
    yield _row("80/20 served as 67/33", _found(seeds, runs, 1000, 0.6, 0.0, 0.33, lambda each: blocked(each, (80, 20))))
    yield _row("50/50 served as 45/55", _found(seeds, runs, 5000, 0.6, 0.0, 0.55, lambda each: blocked(each, (50, 50))))
    for base, harm in ((0.15, 0.10), (0.15, 0.05), (0.01, 0.02)):
        name = f"guardrail: {base:.0%} becomes {base + harm:.0%}"
        yield _row(name, _found(seeds, runs, 5000, base, harm, 0.5, lambda each: stopped(each, 0.5)))


def _found(
    seeds: Sequence[int], runs: int, units: int, base: float, effect: float, share: float, look: Callable[[Drawn], int | None]
) -> list[int | None]:
    return [look(drawn(random, units, base, effect, share)) for random in _randoms(seeds, runs)]


def _row(name: str, found: Sequence[int | None]) -> str:
    at = [each for each in found if each is not None]
    after = f"median {median(at):.0f}, at most {max(at)}" if at else "never"
    return f"{name:<36} found {len(at) / len(found):>6.1%}, {after}"


def _randoms(seeds: Sequence[int], runs: int) -> Iterator[np.random.Generator]:
    for run in range(runs):
        yield np.random.default_rng([seeds[run % len(seeds)], run])


def upper_bound(hits: int, runs: int) -> float:
    """The rate of which so few hits would be seen with 5 % only (Clopper–Pearson)."""
    return 1.0 if hits == runs else float(special.betaincinv(hits + 1, runs - hits, 0.95))


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.evaluation.experiments", description=__doc__)
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--runs", type=int, default=1000, help="of arms that are the same, for each base and split; 0 leaves them out")
    parser.add_argument("--units", type=int, default=6000, help="of each of them")
    parser.add_argument("--planted", type=int, default=200, help="runs of everything that is planted; 0 leaves it out")
    given = parser.parse_args(arguments)
    for line in same(given.seeds, given.runs, given.units) if given.runs else ():
        print(line, flush=True)
    for line in planted(given.seeds, given.planted) if given.planted else ():
        print(line, flush=True)


if __name__ == "__main__":
    main()
