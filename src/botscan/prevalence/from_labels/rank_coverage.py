"""RankCoverage: what the places of a list in the follow order allow it to speak of, and how it can be weighted.

Where every account knows its place among all followers, the places show whether a list is a sample of them. A head or a
tail is one run of neighbours and never speaks of more than itself; of a part of the order from which nothing was
fetched nothing is said; what was fetched unevenly is cut into strata of known size, to be weighted by these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from botscan.notes import Note
from botscan.prevalence.frame import ROUNDED_AWAY
from botscan.prevalence.from_labels.post_strata import PostStrata
from botscan.reading_report import NEARLY_ALL

Integers = NDArray[np.int64]

#: Accounts that a stratum holds at least.
FEWEST_FETCHED = 30
#: Labels that a stratum holds at least; fewer where the sample is so uneven that strata must be fine.
FEWEST_LABELED: tuple[int, ...] = (10, 5, 2)
#: Strata at most; more would gain nothing.
MOST_STRATA = 15
#: Strata are joined from so many equal parts of the order.
_N_PARTS = 20
#: The places of fewer accounts than this could be anywhere by chance.
_FEWEST_EXAMINED = 10
#: Pages of neighbours, fewer than this, miss a purchase that stands between them too often for any interval to hold.
_FEWEST_RUNS = 30
#: Runs that a part of the order holds on average when it is asked whether it was seen, and at least when it was.
_RUNS_PER_PART, _FEWEST_RUNS_IN_PART = 20, 5
#: In one random sample of a hundred a gap is taken for unseen places that arose by chance.
_CHANCE_OF_GAP = 0.01
#: Within a stratum the parts may be fetched unevenly: by chance, or by no more than this factor.
_CHANCE_UNEVEN, _MOST_UNEVEN = 0.01, 2.0


@dataclass(frozen=True, eq=False)
class RankCoverage:
    """What the places of a list in the follow order allow.

    Attributes
    ----------
    strata
        Strata to weight by; None where there is nothing to weight.
    may_extrapolate
        Whether the list may speak of followers outside it. False where its places show a head, a tail, or a sample
        too uneven to be weighted, whatever the caller said: the share is then of the list alone.
    looks_random
        Whether nothing speaks against a simple random sample of all followers. Weights then gain next to nothing, and
        labels are put to better use by the scores than by strata.
    notes
        What a reader must know.
    """

    strata: PostStrata | None = None
    may_extrapolate: bool = True
    looks_random: bool = True
    notes: tuple[Note, ...] = ()

    def for_labels_within_strata(self) -> RankCoverage:
        """Return what is allowed where labels were drawn within strata of another kind, by score for instance.

        Two ways of weighting cannot both be followed; so where weights along the order are needed the share is of the
        list alone.
        """
        if self.looks_random:
            return self
        notes = [note for note in self.notes if note.code != "post_stratified"]
        if self.may_extrapolate:
            notes.append(Note("ranks_not_weighted"))
        return RankCoverage(None, may_extrapolate=False, looks_random=False, notes=tuple(notes))


def find_post_strata(
    follow_rank: Integers, population: int | None, is_labeled: NDArray[np.bool_] | None = None
) -> RankCoverage:
    """Cut an audience along its follow order into strata of known size, as finely as the accounts of a list allow.

    Parameters
    ----------
    follow_rank
        Place of each account among ALL followers, 0 = oldest; -1 where not known; shape (n,). Places that only count
        the list itself, 0 to n - 1, are recognised and left aside.
    population
        Number of all followers, when known.
    is_labeled
        Accounts with a label, shape (n,): every stratum then holds some of them as well (`FEWEST_LABELED`).

    Returns
    -------
    coverage
        Strata, or why there are none. Of a part of the order from which nothing was fetched nothing is said: the
        strata leave it out, and a note names it.

    Examples
    --------
    >>> head = np.arange(18_000, 20_000)
    >>> found = find_post_strata(head, 20_000)
    >>> found.strata, found.may_extrapolate, [note.code for note in found.notes]
    (None, False, ['ranks_in_few_runs'])
    """
    n = len(follow_rank)
    if population is None or n < _FEWEST_EXAMINED or (follow_rank < 0).all():
        return RankCoverage()
    ranks = np.unique(follow_rank[follow_rank >= 0])
    last = int(ranks[-1])
    total = max(population, n, last + 1)
    if last < n * (1.0 + NEARLY_ALL) or n >= (1.0 - NEARLY_ALL) * total:
        return RankCoverage()  # places in the file, or hardly a follower missing
    doubts = _doubts(n - len(ranks), last, max(population, n))
    starts = ranks[np.flatnonzero(np.diff(ranks, prepend=-2) != 1)]
    # Of accounts drawn one by one few are neighbours by chance.
    is_in_pages = len(starts) < 0.5 * len(ranks) * (total - len(ranks) + 1) / total
    # A head stays one where a place is missing or the number of followers is an old one.
    if is_in_pages and len(starts) < _FEWEST_RUNS and len(ranks) >= _FEWEST_EXAMINED:
        numbers = {"first": int(ranks[0]), "last": last, "population": total}
        few_runs = Note("ranks_in_few_runs", count=len(starts), numbers=numbers)
        return RankCoverage(None, may_extrapolate=False, looks_random=False, notes=(few_runs, *doubts))
    if len(ranks) < FEWEST_FETCHED:
        return RankCoverage(notes=doubts)
    unseen = _unseen_places(ranks, starts, total)
    if doubts:
        is_random = not is_in_pages and _cut(ranks, starts, total, unseen, None).looks_random
        return RankCoverage(notes=doubts) if is_random else _not_random((*_unseen_notes(unseen, total), *doubts))
    found = _cut(follow_rank, starts, total, unseen, is_labeled)
    if not is_in_pages or not found.may_extrapolate:
        return found
    pages = Note("ranks_in_pages", count=len(starts))
    return replace(found, looks_random=False, notes=(*found.notes, pages))


def _doubts(n_without: int, last: int, population: int) -> tuple[Note, ...]:
    """Say why places cannot be weighted by; empty where they can."""
    if n_without:
        return (Note("ranks_not_usable", count=n_without),)
    if last >= population * (1.0 + ROUNDED_AWAY):
        return (Note("ranks_beyond_population", numbers={"last": last, "population": population}),)
    return ()


def _not_random(notes: tuple[Note, ...]) -> RankCoverage:
    """Return what places allow that show no random sample, and that cannot be weighted by."""
    return RankCoverage(None, may_extrapolate=False, looks_random=False, notes=(*notes, Note("ranks_not_random")))


def _unseen_places(ranks: Integers, starts: Integers, total: int) -> Integers:
    """Return first and last place of each part of the order that the list says nothing about, shape (n_parts, 2).

    The order is cut into equal parts. A part with hardly a run was not seen at all; in the others a gap between runs
    was not seen when chance would hardly leave it.
    """
    n_parts = int(np.clip(len(starts) // _RUNS_PER_PART, 1, _N_PARTS // 2))
    borders = _equal_borders(total, n_parts)
    unseen = []
    for first, end in pairwise(borders.tolist()):
        inside = ranks[(ranks >= first) & (ranks < end)]
        n_runs = int(np.count_nonzero(np.diff(inside, prepend=first - 2) != 1))
        width = end - first
        if n_runs < _FEWEST_RUNS_IN_PART and len(inside) < (1.0 - NEARLY_ALL) * width:
            unseen.append((first, end - 1))
        else:
            longest = width * math.log(n_runs * n_parts / _CHANCE_OF_GAP) / n_runs
            unseen += _gaps(inside, first, end, longest)
    merged = _merged(unseen)
    n_unseen = sum(last - first + 1 for first, last in merged)
    return np.array(merged if n_unseen > NEARLY_ALL * total else [], dtype=np.int64).reshape(-1, 2)


def _gaps(ranks: Integers, first: int, end: int, longest: float) -> list[tuple[int, int]]:
    """Return first and last place of each gap between ranks in [first, end) that is longer than it may be."""
    walls = np.concatenate([[first - 1], ranks, [end]])
    is_long = np.diff(walls) - 1 > longest
    return [
        (int(left) + 1, int(right) - 1) for left, right in zip(walls[:-1][is_long], walls[1:][is_long], strict=True)
    ]


def _merged(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join parts that overlap or touch, in order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(parts):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _cut(
    follow_rank: Integers, starts: Integers, total: int, unseen: Integers, is_labeled: NDArray[np.bool_] | None
) -> RankCoverage:
    """Cut what was seen of the order into as many strata as hold enough accounts."""
    lengths = unseen[:, 1] - unseen[:, 0] + 1
    n_seen = total - int(lengths.sum())
    borders = _equal_borders(n_seen, _N_PARTS)
    place = _place_among_seen(follow_rank, unseen)
    fetched = np.histogram(place[place >= 0], borders)[0]
    seen_starts = _place_among_seen(starts, unseen)
    runs = np.histogram(seen_starts[seen_starts >= 0], borders)[0]
    enough = [(fetched, max(FEWEST_FETCHED, -(-int(fetched.sum()) // MOST_STRATA)))]
    notes = _unseen_notes(unseen, total)
    choices = [enough]
    if is_labeled is not None:
        labeled = np.histogram(place[is_labeled & (place >= 0)], borders)[0]
        choices = [[*enough, (labeled, fewest)] for fewest in FEWEST_LABELED]
    if len(unseen) and any(counts.sum() < fewest for counts, fewest in choices[-1]):
        return RankCoverage(None, may_extrapolate=False, looks_random=False, notes=notes)
    found = (_best_ends(choice, runs, np.diff(borders)) for choice in choices)
    ends = next((one for one in found if one is not None), None)
    if ends is None:
        return RankCoverage(None, may_extrapolate=False, looks_random=False, notes=(*notes, Note("ranks_too_uneven")))
    upper = borders[ends]
    stratum = np.where(place >= 0, np.searchsorted(upper, place, side="right"), -1)
    run = np.searchsorted(starts, follow_rank, side="right") - 1
    strata = PostStrata(stratum, run, np.diff(upper, prepend=0))
    if not len(unseen) and _unevenness(runs, np.diff(borders)) is not None:
        return RankCoverage(strata)
    weighted = Note("post_stratified", numbers={"n_strata": len(ends), "population": strata.population})
    return RankCoverage(strata, looks_random=False, notes=(*notes, weighted))


def _equal_borders(total: int, n_parts: int) -> Integers:
    return np.arange(n_parts + 1, dtype=np.int64) * total // n_parts


def _place_among_seen(ranks: Integers, unseen: Integers) -> Integers:
    """Count places without those that were not seen; -1 for accounts that stand among them."""
    first, last = unseen[:, 0], unseen[:, 1]
    skipped = np.concatenate([[0], np.cumsum(last - first + 1)])
    before = np.searchsorted(last, ranks, side="left")  # unseen parts that end before the place
    is_inside = np.zeros(len(ranks), dtype=np.bool_)
    if len(first):
        is_inside = (before < len(first)) & (ranks >= first[np.minimum(before, len(first) - 1)])
    return np.where(is_inside, -1, ranks - skipped[before])


def _best_ends(enough: list[tuple[Integers, int]], runs: Integers, widths: Integers) -> list[int] | None:
    """Join neighbouring parts into as many strata as hold enough of everything and were fetched evenly inside.

    Of equally many the most even ones are taken. Returned is where each ends, counted in parts; None when no strata
    were fetched evenly.
    """
    n_parts = len(widths)
    best: dict[int, tuple[int, float, list[int]]] = {0: (0, 0.0, [])}
    for end in range(1, n_parts + 1):
        for begin in range(end):
            holds_enough = all(counts[begin:end].sum() >= fewest for counts, fewest in enough)
            is_everything = begin == 0 and end == n_parts  # the last resort of a small list
            if begin not in best or not (holds_enough or is_everything):
                continue
            unevenness = _unevenness(runs[begin:end], widths[begin:end])
            if unevenness is None:
                continue
            n_strata, before, ends = best[begin]
            found = (n_strata + 1, before - unevenness, [*ends, end])
            if end not in best or found[:2] > best[end][:2]:
                best[end] = found
    return best[n_parts][2] if n_parts in best else None


def _unevenness(runs: Integers, widths: Integers) -> float | None:
    """Return how unevenly parts were fetched (chi-square); None where their accounts do not stand for all of them."""
    from scipy.special import gammaincc

    if len(runs) < 2 or not runs.sum():
        return 0.0
    expected = runs.sum() * widths / widths.sum()
    chi_square = float(((runs - expected) ** 2 / expected).sum())
    by_chance = gammaincc((len(runs) - 1) / 2, chi_square / 2) >= _CHANCE_UNEVEN
    density = runs / widths
    return chi_square if by_chance or density.max() <= _MOST_UNEVEN * density.min() else None


def _unseen_notes(unseen: Integers, total: int) -> tuple[Note, ...]:
    if not len(unseen):
        return ()
    lengths = unseen[:, 1] - unseen[:, 0] + 1
    first, last = unseen[int(np.argmax(lengths))].tolist()
    numbers = {"first": first, "last": last, "population": total}
    return (Note("ranks_unseen", count=int(lengths.sum()), numbers=numbers),)
