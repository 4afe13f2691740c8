"""ScoreHistogram: the small, mergeable value that statistics see instead of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

N_BINS = 1024
LOWEST = -16.0
HIGHEST = 16.0
#: One step of a score: every table entry is a whole number of steps, so sums are exact.
STEPS_PER_LOG_ODDS = 20


def histogram_bins(steps: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the histogram bin of each score, in whole-number arithmetic.

    Parameters
    ----------
    steps
        Scores in steps of 0.05 log-odds, shape (n,).

    Returns
    -------
    bins
        Bin 0 to 1,023 on [-16, 16), shape (n,); the end bins collect what lies beyond.

    Examples
    --------
    >>> histogram_bins(np.array([-400, -320, 0, 1, 319, 400], dtype=np.int32)).tolist()
    [0, 0, 512, 513, 1022, 1023]
    """
    # 32 bins and 20 steps a unit of log-odds: bin = floor(steps * 32 / 20) + 512.
    bins = (steps.astype(np.int64) * 8) // 5 + N_BINS // 2
    return np.clip(bins, 0, N_BINS - 1)


@dataclass(frozen=True, eq=False)
class ScoreHistogram:
    """Counts of scored accounts on 1,024 bins of log-odds in [-16, 16).

    Attributes
    ----------
    counts
        uint64, shape (1024,).
    n_unscored
        Accounts without a score (not enough evidence, or rejected records in a stream).
    n_declared_bots
        Accounts that call themselves automated; known, so they are in neither `counts` nor `n_unscored`.
    model
        SHA-256 of the model that scored.
    pattern
        Evidence pattern, ``platform/name``; empty when nothing could be scored.
    has_duplicates
        True when repeated accounts may have been counted more than once (row-by-row scoring).

    Examples
    --------
    >>> a = ScoreHistogram.from_steps(np.array([0, 10], dtype=np.int32), n_unscored=1, model="m", pattern="p")
    >>> (a + a).n_scored, (a + a).n_unscored
    (4, 2)
    """

    counts: NDArray[np.uint64]
    n_unscored: int
    model: str
    pattern: str
    n_declared_bots: int = 0
    has_duplicates: bool = False

    def __post_init__(self) -> None:
        counts = np.ascontiguousarray(self.counts, dtype=np.uint64)
        if counts.shape != (N_BINS,):
            raise ValueError(f"counts has shape {counts.shape}, wanted ({N_BINS},)")
        counts = counts.copy()
        counts.flags.writeable = False
        object.__setattr__(self, "counts", counts)

    @classmethod
    def from_steps(
        cls,
        steps: NDArray[np.int32],
        *,
        n_unscored: int,
        model: str,
        pattern: str,
        n_declared_bots: int = 0,
        has_duplicates: bool = False,
    ) -> ScoreHistogram:
        """Count scores given in steps of 0.05 log-odds, shape (n,)."""
        counts = np.bincount(histogram_bins(steps), minlength=N_BINS).astype(np.uint64)
        return cls(counts, n_unscored, model, pattern, n_declared_bots, has_duplicates)

    @property
    def n_scored(self) -> int:
        """Number of scored accounts."""
        return int(self.counts.sum())

    @property
    def n_accounts(self) -> int:
        """Number of accounts, scored or not."""
        return self.n_scored + self.n_unscored + self.n_declared_bots

    def __add__(self, other: object) -> ScoreHistogram:
        if not isinstance(other, ScoreHistogram):
            return NotImplemented
        if (self.model, self.pattern) != (other.model, other.pattern):
            raise ValueError(
                "histograms of different models or patterns cannot be added: "
                f"{self.model[:12]}/{self.pattern} and {other.model[:12]}/{other.pattern}"
            )
        return ScoreHistogram(
            self.counts + other.counts,
            self.n_unscored + other.n_unscored,
            self.model,
            self.pattern,
            self.n_declared_bots + other.n_declared_bots,
            self.has_duplicates or other.has_duplicates,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ScoreHistogram):
            return NotImplemented
        mine = (self.n_unscored, self.model, self.pattern, self.n_declared_bots, self.has_duplicates)
        theirs = (other.n_unscored, other.model, other.pattern, other.n_declared_bots, other.has_duplicates)
        return mine == theirs and bool(np.array_equal(self.counts, other.counts))

    __hash__ = None  # type: ignore[assignment]

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers, ready for JSON; `from_dict` reads them back."""
        return {
            "n_bins": N_BINS,
            "lowest": LOWEST,
            "highest": HIGHEST,
            "counts": [int(count) for count in self.counts],
            "n_unscored": self.n_unscored,
            "model": self.model,
            "pattern": self.pattern,
            "n_declared_bots": self.n_declared_bots,
            "has_duplicates": self.has_duplicates,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ScoreHistogram:
        """Read what `to_dict` wrote."""
        return cls(
            np.array(data["counts"], dtype=np.uint64),
            int(data["n_unscored"]),
            str(data["model"]),
            str(data["pattern"]),
            int(data["n_declared_bots"]),
            bool(data["has_duplicates"]),
        )
