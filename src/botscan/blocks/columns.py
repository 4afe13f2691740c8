"""The evidence along a follow order: a new kind is a function here, with what a crowd of it must exceed.

Organic crowds differ too: a post that goes round brings newcomers, a broadcast brings people who only read. So each
column asks for more than chance: a crowd must hold `least_excess` of its accounts and `least_ratio` times as many as
its neighbours predict. The limits were set on simulated histories; `benchmarks/blocks.py` measures them on others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.creation_ages import FRESH_DAYS
from botscan.blocks.marks import FEWEST, UNKNOWN, UNMARKED, MarkColumn
from botscan.blocks.order_evidence import OrderEvidence
from botscan.cells.dates import MICROSECONDS_PER_DAY

#: Shares of the list above whose scores an account counts as high.
HIGH_SHARES = (0.2, 0.1, 0.03, 0.01)
#: Days that a band of creation dates spans.
BAND_DAYS = (2, 8, 32)
#: So many newcomers, silent accounts or handles of one shape may be a class that follows together.
CLASS = 30
#: A column that knows fewer accounts than this share of the list is not examined.
_LEAST_KNOWN = 0.1

Codes = NDArray[np.int32]


def mark_columns(evidence: OrderEvidence) -> tuple[MarkColumn, ...]:
    """Return every column that this list can fill."""
    makers = (high_scores, creation_bands, bands_of_high_scores, fresh_accounts, similar_handles, inactive)
    columns = (column for maker in makers for column in maker(evidence))
    return tuple(
        column
        for column in columns
        if column.n_categories and column.n_known(0, len(column)) >= _LEAST_KNOWN * len(column)
    )


def high_scores(evidence: OrderEvidence) -> Iterator[MarkColumn]:
    """Yield who is among the highest scores of the list; shares of the list, so that any model serves."""
    known = ~np.isnan(evidence.log_odds)
    for share in HIGH_SHARES:
        threshold = _threshold(evidence.log_odds, share)
        yield MarkColumn("high_scores", _binary(evidence.log_odds > threshold, known), 0.05, 2.0, threshold=threshold)


def creation_bands(evidence: OrderEvidence) -> Iterator[MarkColumn]:
    """Yield the creation band of each account that was no newcomer when it followed."""
    for codes, first, width in _bands(evidence):
        yield MarkColumn("creation_band", codes, 0.05, 3.0, first_band=first, band_width=width)


def bands_of_high_scores(evidence: OrderEvidence) -> Iterator[MarkColumn]:
    """Yield the creation band of the accounts whose scores are high; the others are left aside."""
    is_high = evidence.log_odds > _threshold(evidence.log_odds, HIGH_SHARES[0])
    for codes, first, width in _bands(evidence):
        of_high = np.where(is_high, codes, UNKNOWN).astype(np.int32)
        yield MarkColumn("creation_band_of_high_scores", of_high, 0.15, 4.0, first_band=first, band_width=width)


def fresh_accounts(evidence: OrderEvidence) -> Iterator[MarkColumn]:
    """Yield who was a newcomer to the platform on following; only a crowd far beyond any trend counts."""
    age = evidence.age_days
    yield MarkColumn("fresh_accounts", _binary(age < FRESH_DAYS, ~np.isnan(age)), 0.4, 3.0, fewest=CLASS)


def similar_handles(evidence: OrderEvidence) -> Iterator[MarkColumn]:
    """Yield the shape and the first letters of each handle, those that occur often enough to be a crowd."""
    for codes in (evidence.handle_shape, evidence.handle_start):
        yield MarkColumn("similar_handles", _frequent(codes), 0.1, 3.0, fewest=CLASS)


def inactive(evidence: OrderEvidence) -> Iterator[MarkColumn]:
    """Yield who has never posted."""
    flag = evidence.is_inactive
    yield MarkColumn("inactive", _binary(flag == 1, flag >= 0), 0.15, 2.0, fewest=CLASS)


def _bands(evidence: OrderEvidence) -> Iterator[tuple[Codes, int, int]]:
    """Yield categories of creation time, each width twice, half a band apart; with first start and width."""
    age = evidence.age_days
    known = ~np.isnan(age)  # without an age nobody can tell a newcomer from a batch
    if not known.any():
        return
    is_fresh = age < FRESH_DAYS
    first = int(evidence.created_at[known].min())
    for days in BAND_DAYS:
        width = days * MICROSECONDS_PER_DAY
        for offset in (0, width // 2):
            band = (evidence.created_at - first + offset) // width
            codes = np.where(known, np.where(is_fresh, UNMARKED, band + 1), UNKNOWN).astype(np.int32)
            yield codes, first - offset, width


def _frequent(codes: Codes) -> Codes:
    """Return categories from 1 on for codes of at least `FEWEST` accounts; others are no mark, -1 stays unknown."""
    known = codes >= 0
    _, inverse, counts = np.unique(codes[known], return_inverse=True, return_counts=True)
    category = np.where(counts >= FEWEST, np.cumsum(counts >= FEWEST), UNMARKED)
    found = np.full(len(codes), UNKNOWN, dtype=np.int32)
    found[known] = category[inverse]
    return found


def _threshold(values: NDArray[np.float64], share: float) -> float:
    """Return the value that at most such a share of the known values exceeds."""
    known = values[~np.isnan(values)]
    return float(np.quantile(known, 1.0 - share, method="inverted_cdf")) if len(known) else np.inf


def _binary(marked: NDArray[np.bool_], known: NDArray[np.bool_]) -> Codes:
    return np.where(known, np.where(marked, 1, UNMARKED), UNKNOWN).astype(np.int32)
