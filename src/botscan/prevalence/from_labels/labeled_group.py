"""How many accounts of one group of a list are organic, from the labels that fell into the group.

Labels drawn with equal probabilities are, within any group that is known for every account, a simple random sample of
the group: they get the exact interval, hypergeometric where the group is finite. Labels drawn with unequal
probabilities are weighted by how many accounts each stands for, and their interval is Clopper and Pearson's at the
number of equally weighted labels that would be as precise [1]_.

References
----------
.. [1] Korn, E. L., Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of positive
   counts estimated from survey data. Survey Methodology 24(2), 193-201.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.labels import LabelTable
from botscan.evidence.scores import Scores
from botscan.prevalence.from_labels.matched_labels import MatchedLabels
from botscan.prevalence.intervals import exact_interval
from botscan.prevalence.share import rounded_interval

#: With fewer accounts of a group labelled yes or no, nothing is said of how many are organic.
FEWEST_LABELED = 15

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class OrganicOfGroup:
    """What labels tell of one group.

    Attributes
    ----------
    n_labeled, n_undecided
        Accounts of the group that raters called suspicious or not, and that they looked at and could not decide.
    interval
        Organic share of the group with the ends of its interval, in [0, 1]; None with fewer than 15 labels, or where
        some stratum has none.
    unsure_band
        How far the interval would reach if all undecided accounts were of one kind; None where there are none.
    """

    n_labeled: int
    n_undecided: int
    interval: tuple[float, float, float] | None = None
    unsure_band: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class GroupLabels:
    """Labels of a list, ready to be asked about any group of its accounts.

    Attributes
    ----------
    matched
        Labelled accounts that are in the list and do not call themselves automated.
    weight
        Accounts of the list each stands for, shape (n,); None when all stand for as many.
    """

    matched: MatchedLabels
    weight: Floats | None

    @classmethod
    def of(cls, scores: Scores, labels: LabelTable) -> GroupLabels:
        """Find the labelled accounts in the list.

        Raises
        ------
        SchemaError
            As `MatchedLabels.of`.
        """
        matched = MatchedLabels.of(scores, labels)
        if len(matched.stratum_sizes) == 0:
            return cls(matched, None)
        # Whoever stops early has reached fewer of a stratum than were drawn.
        is_reached = matched.is_decided | matched.is_undecided
        reached = np.bincount(matched.stratum[is_reached], minlength=len(matched.stratum_sizes))
        weight = (matched.stratum_sizes / np.maximum(reached, 1))[matched.stratum]
        return cls(matched, None if np.allclose(weight, weight[:1], rtol=1e-3) else weight)

    def organic_of(self, in_group: Mask, size: float, confidence_level: float) -> OrganicOfGroup:
        """Return what the labels tell of one group.

        Parameters
        ----------
        in_group
            Whether each account of the list is in it, shape (n_accounts,).
        size
            Accounts of the group that the interval speaks of, those outside the list too; may be infinite.
        confidence_level
            In (0, 1).
        """
        matched = self.matched
        here, is_decided = in_group[matched.positions], matched.is_decided
        n_labeled, n_undecided = int((here & is_decided).sum()), int((here & matched.is_undecided).sum())
        # Of a stratum where nothing was decided it is not known how it fills the group.
        # Rows that were lost may have been of this group.
        if n_labeled < FEWEST_LABELED or matched.is_unlabeled.any() or matched.n_unknown:
            return OrganicOfGroup(n_labeled, n_undecided)

        def organic_share(undecided: float | None) -> tuple[float, float, float]:
            # None leaves undecided accounts out, else they are all of one kind.
            is_used = is_decided if undecided is None else is_decided | matched.is_undecided
            organic = 1.0 - np.where(is_decided, matched.suspicious, undecided or 0.0)
            if self.weight is None:
                here_alone = organic[here & is_used]
                n, total = len(here_alone), float(here_alone.sum())
                return rounded_interval(total / n, *exact_interval(total, n, max(size, n), confidence_level))
            share, n_effective = weighted_share(
                organic[is_used], here[is_used], self.weight[is_used], matched.stratum[is_used]
            )
            return rounded_interval(share, *effective_interval(share, n_effective, confidence_level))

        interval = organic_share(None)
        if not n_undecided:
            return OrganicOfGroup(n_labeled, n_undecided, interval)
        band = min(interval[1], organic_share(1.0)[1]), max(interval[2], organic_share(0.0)[2])
        return OrganicOfGroup(n_labeled, n_undecided, interval, band)


def weighted_share(organic: Floats, here: Mask, weight: Floats, stratum: NDArray[np.int64]) -> tuple[float, float]:
    """Return the weighted share of one group, and how many equally weighted labels would be as precise.

    The variance is that of a ratio of two totals, by strata; accounts outside the group count as zeros. A single label
    of a stratum cannot tell how much the stratum varies: it is compared with the share. No more labels are returned
    than Kish's number, which the weights alone leave.

    Parameters
    ----------
    organic
        Labels of all labelled accounts, 0 to 1, shape (n,).
    here
        Whether each is in the group; at least one is, shape (n,).
    weight
        Accounts each stands for, > 0, shape (n,).
    stratum
        In which stratum each was drawn, shape (n,).

    Examples
    --------
    >>> weighted_share(np.array([1.0, 0.0]), np.array([True, True]), np.array([3.0, 1.0]), np.array([0, 1]))
    (0.75, 1.6)
    """
    of_group = weight * here
    total = float(of_group.sum())
    share = float(of_group @ organic) / total
    residual = of_group * (organic - share) / total
    variance = 0.0
    for one in np.unique(stratum):
        of_stratum = residual[stratum == one]
        n = len(of_stratum)
        centre = float(of_stratum.mean()) if n > 1 else 0.0
        variance += n / max(n - 1, 1) * float(((of_stratum - centre) ** 2).sum())
    spread, most = share * (1.0 - share), total**2 / float((of_group**2).sum())
    if spread <= 0.0 or variance <= 0.0:
        return share, most
    return share, min(spread / variance, most)


def effective_interval(share: float, n_effective: float, confidence_level: float) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson at a number of labels that need not be whole.

    Examples
    --------
    >>> lower, upper = effective_interval(0.0, 20.0, 0.95)
    >>> lower, round(upper, 3)
    (0.0, 0.168)
    """
    from scipy.special import betaincinv

    tail = (1.0 - confidence_level) / 2.0
    events = share * n_effective
    lower = 0.0 if share <= 0.0 else float(betaincinv(events, n_effective - events + 1.0, tail))
    upper = 1.0 if share >= 1.0 else float(betaincinv(events + 1.0, n_effective - events, 1.0 - tail))
    return min(lower, share), max(upper, share)
