"""Centre line and limits of charts of counts, proportions and rare events.

Montgomery, Introduction to Statistical Quality Control, chapter 7, for p, c, u and t; Laney,
Quality Engineering 14 (2002) 531-537, for p' and u'; Benneyan, Health Care Management Science
4 (2001) 305-318, for g; Nelson, Journal of Quality Technology 26 (1994) 239-243, for the power
of t. They have no moving-range part.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kpi_analysis.signals.layout import Bools, Floats
from kpi_analysis.signals.limits import (
    D2,
    Block,
    Lines,
    about,
    centres,
    half_widths,
    moving_ranges,
    range_averages,
)
from kpi_analysis.signals.rules import RuleSet

T_POWER: Final = 3.6  # the time between Poisson events, to the power 1/3.6, is nearly normal


def p(block: Block, rules: RuleSet) -> Lines:
    """Proportion: three binomial standard deviations for each denominator."""
    return _by_denominator(block, rules, binomial=True, laney=False)


def p_prime(block: Block, rules: RuleSet) -> Lines:
    """Proportion, its limits stretched by the variation between periods (Laney)."""
    return _by_denominator(block, rules, binomial=True, laney=True)


def u(block: Block, rules: RuleSet) -> Lines:
    """Rate: three Poisson standard deviations for each denominator."""
    return _by_denominator(block, rules, binomial=False, laney=False)


def u_prime(block: Block, rules: RuleSet) -> Lines:
    """Rate, its limits stretched by the variation between periods (Laney)."""
    return _by_denominator(block, rules, binomial=False, laney=True)


def c(block: Block, rules: RuleSet) -> Lines:
    """Count over equal opportunities: three Poisson standard deviations."""
    counts = block.segments.counts(block.use)
    enough = counts >= rules.min_values
    centre = centres(block, counts, rules)
    return about(block, centre, _where(enough, 3 * np.sqrt(centre)), _none(block), enough)


def g(block: Block, rules: RuleSet) -> Lines:
    """Cases between events: limits of the geometric distribution, runs about the median.

    The mean sets the limits, mean +- 3 sqrt(mean (mean + 1)); the drawn centre is the median,
    because half of the values of so skew a distribution must lie on either side of it
    (Provost and Murray, The Health Care Data Guide, p. 228; qicharts2 draws the same).
    """
    segments, counts = block.segments, block.segments.counts(block.use)
    mean = segments.means(block.values, block.use, counts)
    enough = counts >= rules.min_values
    way = _where(enough, 3 * np.sqrt(mean * (mean + 1)))
    lines = about(block, mean, way, _none(block), enough)
    centre = segments.medians(block.values, block.use, counts)
    return Lines(
        centre=centre,
        lower=lines.lower,
        upper=lines.upper,
        range_limit=lines.range_limit,
        away=segments.apply(np.subtract, block.values, centre),
        up=lines.upper - centre,
        down=centre - lines.lower,
        slack=lines.slack,
        enough=lines.enough,
    )


def t(block: Block, rules: RuleSet) -> Lines:
    """Time between events: an XmR chart of time ** (1 / 3.6), drawn in the unit of time.

    A lower limit below zero on the chart's scale has no time; it is drawn at zero.
    """
    power = block.values ** (1 / T_POWER)
    first = np.zeros(len(power), bool)
    first[block.segments.starts] = True
    bent = Block(power, moving_ranges(power, first), block.use, block.segments)
    counts = bent.segments.counts(bent.use)
    enough = counts >= rules.min_values
    half, none = half_widths(bent, rules, enough)[0], _none(bent)
    lines = about(bent, centres(bent, counts, rules), half, none, enough)
    return Lines(
        centre=lines.centre**T_POWER,
        lower=np.maximum(lines.lower, 0) ** T_POWER,
        upper=lines.upper**T_POWER,
        range_limit=lines.range_limit,
        away=lines.away,
        up=lines.up,
        down=lines.down,
        slack=lines.slack,
        enough=lines.enough,
    )


def _by_denominator(block: Block, rules: RuleSet, *, binomial: bool, laney: bool) -> Lines:
    """Give limits that follow the denominator of each period."""
    if block.numerator is None or block.denominator is None:  # detect reads both
        raise ValueError("a chart of proportions or rates needs numerators and denominators")
    segments, counts = block.segments, block.segments.counts(block.use)
    cases, chances = (
        segments.means(column, block.use, counts) for column in (block.numerator, block.denominator)
    )
    rate = segments.spread(cases / chances)
    sigma = np.sqrt(rate * (1 - rate if binomial else 1) / block.denominator)
    if laney:
        sigma = sigma * segments.spread(_sigma_z(block, rate, sigma, rules))
    enough = counts >= rules.min_values
    way = _where(segments.spread(enough), 3 * sigma * block.per)
    return about(block, rate * block.per, way, _none(block), enough)


def _sigma_z(block: Block, rate: Floats, sigma: Floats, rules: RuleSet) -> Floats:
    """Give Laney's sigma z of each segment, from the moving ranges of the z-scores."""
    scores = (block.values / block.per - rate) / sigma
    first = np.zeros(len(scores), bool)
    first[block.segments.starts] = True
    return range_averages(moving_ranges(scores, first), block, rules) / D2


def _none(block: Block) -> Floats:
    return np.full(len(block.segments.starts), np.nan)


def _where(enough: Bools, way: Floats) -> Floats:
    return np.where(enough, way, np.nan)
