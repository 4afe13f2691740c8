"""The search: crowds in all windows, the strongest first, their edges, what else speaks for them; then once more.

A crowd's p-value is multiplied by the number of windows, categories and kinds of evidence that were looked at. Among
neighbours that are exchangeable but for what the list itself varies by, the product bounds the probability of any false
block at all, and with it the false-discovery rate. A block that is found is taken out of the list before the next
search: it no longer stands in the flanks of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.candidates import LEVEL, Crowd, categories_in, numbers_of_tests, strongest_crowds
from botscan.blocks.change_points import score_stretches
from botscan.blocks.columns import mark_columns
from botscan.blocks.edges import refine_edges
from botscan.blocks.flanks import Flanks
from botscan.blocks.marks import MarkColumn
from botscan.blocks.measure import Measured, measure
from botscan.blocks.order_evidence import OrderEvidence
from botscan.blocks.scales import SHORTEST
from botscan.blocks.variation import with_variation
from botscan.blocks.windows import weigh_stretches

#: Searches after blocks were taken out; a list has few purchases.
_SEARCHES = 6
#: A further kind of evidence is named when it alone would be so improbable in the block.
_NAMED_LEVEL = 0.001
#: Being new, silent or alike in name is no suspicious sign: a block of these alone bounds no suspicious share.
WEAK = frozenset({"fresh_accounts", "inactive", "similar_handles"})
#: Blocks with fewer accounts between them, and fewer than either holds, are one: a delivery of several batches.
_NEAR = 100


@dataclass(frozen=True)
class Finding:
    """One kind of evidence: what a stretch, or a part of it, holds, and what its neighbours predict.

    `n_around` is the share among the neighbours, in accounts; `expected` allows for organic change along the order too.
    """

    evidence: str
    n_known: int
    n_marked: int
    n_around: float
    expected: float
    n_excess_lower: int
    band: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class Stretch:
    """A stretch [start, stop) of the order that its neighbours do not explain; its evidence, the strongest first.

    `n_suspicious_lower` is the excess of evidence that is more than being new or silent; `marked` are the places of the
    accounts that show any.
    """

    start: int
    stop: int
    q_value: float
    n_excess_lower: int
    n_suspicious_lower: int
    findings: tuple[Finding, ...]
    marked: NDArray[np.int64]


def find_stretches(evidence: OrderEvidence) -> tuple[tuple[Stretch, ...], tuple[str, ...]]:
    """Return the stretches of a list that its neighbourhoods do not explain, and the kinds of evidence examined.

    Parameters
    ----------
    evidence
        Followers in follow order.

    Returns
    -------
    stretches, examined
        Stretches that do not overlap, in follow order; codes of evidence that the list could show.
    """
    whole = tuple(with_variation(column) for column in mark_columns(evidence))
    examined = tuple(dict.fromkeys(column.evidence for column in whole))
    changes = [one for one in score_stretches(evidence.log_odds) if one[1] - one[0] >= SHORTEST]
    columns, taken = whole, np.zeros(len(evidence), dtype=bool)
    found: list[Stretch] = []
    for search in range(_SEARCHES):
        crowds = strongest_crowds(columns, numbers_of_tests(whole, search), changes)
        fresh = _search(evidence, columns, crowds, taken)
        if not fresh:
            break
        for stretch in fresh:
            taken[stretch.start : stretch.stop] = True
        found += fresh
        columns = tuple(column.without(taken) for column in columns)
    return merge_stretches(found), examined


def merge_stretches(found: Sequence[Stretch], near: int = _NEAR) -> tuple[Stretch, ...]:
    """Return stretches that do not overlap: those that do, nested ones too, and close neighbours become one.

    No account is counted in two of them, so their bounds add up.
    """
    merged: list[Stretch] = []
    for stretch in sorted(found, key=lambda one: (one.start, one.stop)):
        if merged and stretch.start - merged[-1].stop < min(near, _size(merged[-1]), _size(stretch)):
            merged[-1] = _joined(merged[-1], stretch)
        else:
            merged.append(stretch)
    return tuple(merged)


def _size(stretch: Stretch) -> int:
    return stretch.stop - stretch.start


def _joined(first: Stretch, second: Stretch) -> Stretch:
    return Stretch(
        first.start,
        max(first.stop, second.stop),
        min(first.q_value, second.q_value),
        first.n_excess_lower + second.n_excess_lower,
        first.n_suspicious_lower + second.n_suspicious_lower,
        _strongest_first([*first.findings, *second.findings]),
        np.union1d(first.marked, second.marked),
    )


def _search(
    evidence: OrderEvidence, columns: Sequence[MarkColumn], crowds: Iterable[Crowd], taken: NDArray[np.bool_]
) -> list[Stretch]:
    found: list[Stretch] = []
    for candidate in crowds:
        if taken[candidate.start : candidate.stop].all() or any(
            candidate.start < one.stop and one.start < candidate.stop for one in found
        ):
            continue
        crowd = _beyond_nature(evidence, candidate)
        if crowd.q_value >= LEVEL:
            continue
        stretch = _described(evidence, columns, _placed(evidence, crowd, found), crowd)
        if stretch is not None:
            found.append(stretch)
    return found


def _beyond_nature(evidence: OrderEvidence, crowd: Crowd) -> Crowd:
    """Weigh a crowd anew where organic change along the order predicts more than the flanks hold."""
    one = measure(evidence, crowd.column, crowd.category, (crowd.start, crowd.stop))
    return replace(crowd, q_value=min(1.0, max(crowd.q_value, one.p_value * crowd.n_tests)) if one.is_crowd else 1.0)


def _placed(evidence: OrderEvidence, crowd: Crowd, found: Sequence[Stretch]) -> tuple[int, int]:
    """Return the refined edges of a crowd, clear of stronger ones; its window where they would hold it less well."""
    start, stop = clear_of(found, refine_edges(crowd.column, crowd.category, crowd.start, crowd.stop), crowd)
    if start < stop:
        one = measure(evidence, crowd.column, crowd.category, (start, stop))
        if one.is_crowd and one.p_value * crowd.n_tests < LEVEL:
            return start, stop
    return crowd.start, crowd.stop


def clear_of(found: Sequence[Stretch], place: tuple[int, int], crowd: Crowd) -> tuple[int, int]:
    """Return a stretch without what belongs to others: the part on the crowd's own side of each."""
    start, stop = place
    for one in found:
        if one.stop <= crowd.start:
            start = max(start, one.stop)
        else:
            stop = min(stop, one.start)
    return start, stop


def _described(
    evidence: OrderEvidence, columns: Sequence[MarkColumn], place: tuple[int, int], crowd: Crowd
) -> Stretch | None:
    """Return a stretch with every category that stands out in it; None where none is beyond doubt an excess."""
    own = measure(evidence, crowd.column, crowd.category, place)
    if not own.is_crowd or own.n_excess_lower == 0:
        return None
    marks = [(crowd.column, crowd.category, own)]
    for column in columns:
        if not column.n_categories:
            continue
        level = _NAMED_LEVEL / (column.n_categories * len(columns))
        others = weigh_stretches(column, *categories_in(column, [place]))
        for category in others.category[others.p_value < level]:
            one = measure(evidence, column, int(category), place)
            if one.is_crowd and one.n_excess_lower and one.p_value < level:
                marks.append((column, int(category), one))
    findings = [_finding(column, category, place, one) for column, category, one in marks]
    strong = [finding.n_excess_lower for finding in findings if finding.evidence not in WEAK]
    if not strong and is_less_suspicious(evidence.log_odds, place):
        return None
    return Stretch(
        *place,
        crowd.q_value,
        max(strong or [finding.n_excess_lower for finding in findings]),
        max(strong, default=0),
        _strongest_first(findings),
        np.unique(np.concatenate([column.places(category, *place) for column, category, _ in marks])),
    )


def is_less_suspicious(log_odds: NDArray[np.float64], place: tuple[int, int]) -> bool:
    """Return whether the scores of a stretch are lower than those of its neighbours, by the median; False if unknown.

    Where most followers are bought, the organic ones in between are those that are alike.
    """
    start, stop = place
    inside = log_odds[start:stop]
    around = log_odds[Flanks.around(np.array([start]), np.array([stop]), len(log_odds)).places()]
    inside, around = inside[~np.isnan(inside)], around[~np.isnan(around)]
    return bool(len(inside) and len(around) and np.median(inside) < np.median(around))


def _finding(column: MarkColumn, category: int, place: tuple[int, int], one: Measured) -> Finding:
    n_known = int(column.n_known(*place))
    return Finding(
        column.evidence, n_known, one.n_marked, one.n_around, one.expected, one.n_excess_lower, column.band(category)
    )


def _strongest_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return one finding of each kind of evidence, that with the largest excess; the kinds by their excess."""
    best: dict[str, Finding] = {}
    for finding in findings:
        if finding.evidence not in best or finding.n_excess_lower > best[finding.evidence].n_excess_lower:
            best[finding.evidence] = finding
    return tuple(sorted(best.values(), key=lambda one: -one.n_excess_lower))
