"""CommonAccounts: what became of the accounts that stand in both lists; counts only, never an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.evidence.scores import SEGMENT_ORDER, Scores


@dataclass(frozen=True)
class CommonAccounts:
    """Accounts of two lists, and the verdicts of those that stand in both.

    Attributes
    ----------
    n_common, n_only_before, n_only_after
        Accounts of both lists and of one only; an account that stands twice in a list counts once.
    transitions
        Verdict before -> verdict after -> number of common accounts; every pair is there.
    n_scored_in_both
        Common accounts with a score in both.
    mean_log_odds_change
        Mean over these of the change of log-odds, above 0 = more suspicious; None where there is none of them, or the
        scores are of different models or patterns and share no scale.
    """

    n_common: int
    n_only_before: int
    n_only_after: int
    transitions: Mapping[str, Mapping[str, int]]
    n_scored_in_both: int
    mean_log_odds_change: float | None

    @property
    def n_verdict_kept(self) -> int:
        """Common accounts with the same verdict in both."""
        return sum(self.transitions[name][name] for name in SEGMENT_ORDER)

    def moves(self) -> tuple[tuple[str, str, int], ...]:
        """Return (verdict before, verdict after, accounts) of those whose verdict changed, most frequent first."""
        found = [
            (first, second, count)
            for first, row in self.transitions.items()
            for second, count in row.items()
            if first != second and count
        ]
        return tuple(sorted(found, key=lambda move: -move[2]))


def match_accounts(before: Scores, after: Scores) -> CommonAccounts:
    """Compare two scored lists account by account.

    Parameters
    ----------
    before, after
        Scores of two lists whose ids are of one kind. Rows without an id are left out.
    """
    ids_before, rows_before = _first_rows(before)
    ids_after, rows_after = _first_rows(after)
    found = np.asarray(pc.fill_null(pc.index_in(ids_after, value_set=ids_before), -1).to_numpy(zero_copy_only=False))
    is_common = found >= 0
    first, second = rows_before[found[is_common]], rows_after[is_common]
    n_common = len(second)
    n_scored, change = _log_odds_change(before, after, first, second)
    return CommonAccounts(
        n_common=n_common,
        n_only_before=len(rows_before) - n_common,
        n_only_after=len(rows_after) - n_common,
        transitions=_transitions(_verdicts(before)[first], _verdicts(after)[second]),
        n_scored_in_both=n_scored,
        mean_log_odds_change=change,
    )


def _first_rows(scores: Scores) -> tuple[pa.Array, NDArray[np.int64]]:
    """Return every id once, and the row where it first stands."""
    ids = scores.account_ids.combine_chunks()
    rows = np.flatnonzero(np.asarray(pc.is_valid(ids).to_numpy(zero_copy_only=False)))
    coded = ids.drop_null().dictionary_encode()
    _, first = np.unique(coded.indices.to_numpy(), return_index=True)
    # Codes are given in order of appearance, so the sorted codes stand as the dictionary does.
    return coded.dictionary, rows[first]


def _verdicts(scores: Scores) -> NDArray[np.int64]:
    """Return the position of each account's verdict in SEGMENT_ORDER, shape (n,)."""
    verdicts = pc.fill_null(pc.cast(scores.table["verdict"], pa.string()), "unknown")
    return np.asarray(pc.index_in(verdicts, value_set=pa.array(SEGMENT_ORDER)).to_numpy(), dtype=np.int64)


def _transitions(first: NDArray[np.int64], second: NDArray[np.int64]) -> dict[str, dict[str, int]]:
    n = len(SEGMENT_ORDER)
    counts = np.bincount(first * n + second, minlength=n * n).reshape(n, n)
    return {
        name: {other: int(count) for other, count in zip(SEGMENT_ORDER, row, strict=True)}
        for name, row in zip(SEGMENT_ORDER, counts, strict=True)
    }


def _log_odds_change(
    before: Scores, after: Scores, first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[int, float | None]:
    """Return how many common accounts have both scores, and their mean change where the scores share a scale."""
    both = before.is_scored[first] & after.is_scored[second]
    n_scored = int(both.sum())
    is_one_scale = (before.model_sha256, before.pattern) == (after.model_sha256, after.pattern)
    if not n_scored or not is_one_scale:
        return n_scored, None
    # Whole steps, so that the sum is exact in any order.
    steps = after.steps[second[both]].astype(np.int64) - before.steps[first[both]]
    return n_scored, int(steps.sum()) / n_scored / STEPS_PER_LOG_ODDS
