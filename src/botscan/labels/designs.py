"""Draws accounts of a list for raters: simple random, systematic along the follow order, or stratified."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.evidence.scores import Scores
from botscan.labels.strata import cut_strata, share_out

Integers = NDArray[np.int64]

#: How a sheet can be drawn.
DRAWN: tuple[str, ...] = ("simple_random", "systematic", "stratified")


@dataclass(frozen=True, eq=False)
class Candidates:
    """Accounts that may be drawn, sorted by account id, so that the order of the list changes nothing.

    Attributes
    ----------
    rows
        Where they stand in the list, shape (n,).
    bot_score
        In [0, 1], NaN where not scored, shape (n,).
    follow_rank
        0 = oldest follower, -1 where not known, shape (n,).
    """

    rows: Integers
    bot_score: NDArray[np.float64]
    follow_rank: Integers

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def of(cls, accounts: AccountTable, scores: Scores) -> Candidates:
        """Return the accounts of a list that do not call themselves automated."""
        rows = np.flatnonzero(~scores.is_declared_bot)
        by_id = pc.sort_indices(accounts.table["account_id"].take(pa.array(rows)))
        rows = rows[np.asarray(by_id.to_numpy(), dtype=np.int64)]
        score = np.asarray(scores.table["bot_score"].to_numpy(), dtype=np.float64)
        rank = np.asarray(pc.fill_null(scores.table["follow_rank"], -1).to_numpy(), dtype=np.int64)
        return cls(rows, score[rows], rank[rows])

    def in_follow_order(self) -> Integers:
        """Return the positions of all, the oldest follower first; the order of the list where no rank is known.

        Accounts without a rank among others come last, by id.
        """
        if not (self.follow_rank >= 0).any():
            return np.argsort(self.rows)
        return np.argsort(np.where(self.follow_rank >= 0, self.follow_rank, np.iinfo(np.int64).max), kind="stable")


@dataclass(frozen=True, eq=False)
class Drawn:
    """Accounts drawn, in the order in which raters meet them.

    Attributes
    ----------
    rows
        Where they stand in the list, shape (n,).
    probability
        Probability of each to be drawn, in (0, 1], shape (n,).
    strata
        Name and number of accounts of every stratum, by name; empty unless stratified.
    stratum
        Position of each account's stratum in `strata`, shape (n,); None unless stratified.
    """

    rows: Integers
    probability: NDArray[np.float64]
    strata: tuple[tuple[str, int], ...] = ()
    stratum: Integers | None = None


def draw(design: str, candidates: Candidates, n: int, random_state: int) -> Drawn:
    """Draw accounts without replacement.

    Whatever the design, a rater who stops after any number of rows has looked at a fair part: rows of a simple random
    and of a systematic sample stand in random order, those of a stratified one in turns of the strata (see
    `botscan.labels.strata.share_out`), and within each stratum in random order.

    Parameters
    ----------
    design
        One of `DRAWN`. ``simple_random``; ``systematic``: at equal steps along the follow order from a random start;
        ``stratified``: a simple random sample within each stratum of `botscan.labels.strata.cut_strata`.
    candidates
        At least one account.
    n
        Accounts to draw, at least 1; all when there are fewer.
    random_state
        Seed, from 0. Only the raw output of a counter-based generator is used, which no version of numpy changes.

    References
    ----------
    .. [1] Cochran, W. G. (1977). Sampling Techniques, 3rd edition, chapters 5 and 8. Wiley. ISBN 978-0-471-16240-7.
    .. [2] Ohlsson, E. (1995). Coordination of samples using permanent random numbers. In Business Survey Methods,
       153-169. https://doi.org/10.1002/9781118150504.ch9

    Examples
    --------
    >>> ten = Candidates(np.arange(10), np.full(10, 0.5), np.arange(10))
    >>> sorted(draw("systematic", ten, 5, random_state=0).rows.tolist())
    [0, 2, 4, 6, 8]
    """
    generator = np.random.Philox(random_state)
    # One number an account for good; of equal numbers the account with the first id counts as smaller.
    numbers = generator.random_raw(len(candidates))
    n = min(n, len(candidates))
    if design == "stratified":
        return _stratified(candidates, n, numbers, generator)
    if design == "systematic":
        chosen = _systematic(candidates, n, start=int(generator.random_raw()) % len(candidates))
        chosen = chosen[np.lexsort((chosen, numbers[chosen]))]
    else:
        chosen = np.argsort(numbers, kind="stable")[:n]
    return Drawn(candidates.rows[chosen], np.full(n, n / len(candidates)))


def _systematic(candidates: Candidates, n: int, start: int) -> Integers:
    """Return the positions of n accounts at steps of N / n along the follow order; `start` is in [0, N)."""
    # In n-ths of an account, so that the steps are exact and every account has the same probability.
    places = (start + np.arange(n, dtype=np.int64) * len(candidates)) // n
    return candidates.in_follow_order()[places]


def _stratified(candidates: Candidates, n: int, numbers: NDArray[np.uint64], generator: np.random.Philox) -> Drawn:
    cells = cut_strata(candidates.bot_score, candidates.follow_rank, n)
    sizes = np.bincount(cells.stratum)
    # Letters in random order: they must not say which stratum scores higher.
    order = np.argsort(generator.random_raw(len(sizes)), kind="stable")
    letter = np.empty_like(order)
    letter[order] = np.arange(len(order))
    stratum, sizes, weights = letter[cells.stratum], sizes[order], cells.weights[order]
    turns = share_out(sizes, weights, n)
    chosen = np.empty(n, dtype=np.int64)
    probability = np.empty(n)
    by_number = np.argsort(numbers, kind="stable")
    for number in range(len(sizes)):
        its_turns = np.flatnonzero(turns == number)
        chosen[its_turns] = by_number[stratum[by_number] == number][: len(its_turns)]
        probability[its_turns] = len(its_turns) / sizes[number]
    names = tuple((chr(ord("A") + number), int(size)) for number, size in enumerate(sizes))
    return Drawn(candidates.rows[chosen], probability, names, turns)
