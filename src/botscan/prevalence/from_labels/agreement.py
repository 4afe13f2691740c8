"""How far raters agree beyond chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.labels import NO, UNSURE, YES

_ANSWERS = (YES, NO, UNSURE)


@dataclass(frozen=True)
class Agreement:
    """Agreement of raters on the accounts that two or more of them answered.

    Attributes
    ----------
    kappa
        1 = they always agree, 0 = no more than chance; None when all answers are the same, so chance alone agrees.
    agreement
        Share of pairs of answers that are equal, in [0, 1].
    n_accounts
        Accounts with two or more answers.
    """

    kappa: float | None
    agreement: float
    n_accounts: int


def measure_agreement(answers: NDArray[np.int8]) -> Agreement | None:
    """Measure agreement on yes, no and unsure; None when no account has two answers.

    Cohen's kappa for two raters, Fleiss' for more; where raters left accounts out, every account with two answers or
    more counts by its pairs.

    Parameters
    ----------
    answers
        As in `botscan.evidence.labels.LabelTable`, shape (n_accounts, n_raters).

    References
    ----------
    .. [1] Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement
       20(1), 37-46. https://doi.org/10.1177/001316446002000104
    .. [2] Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin 76(5),
       378-382. https://doi.org/10.1037/h0031619

    Examples
    --------
    >>> measure_agreement(np.array([[1, 1], [1, 0], [0, 0], [0, 0]], dtype=np.int8))
    Agreement(kappa=0.5, agreement=0.75, n_accounts=4)
    """
    is_answer = np.isin(answers, _ANSWERS)
    shared = answers[is_answer.sum(axis=1) >= 2]
    if len(shared) == 0:
        return None
    counts = np.stack([(shared == answer).sum(axis=1) for answer in _ANSWERS], axis=1)
    n_answers = counts.sum(axis=1)
    # Each account weighs one: its share of agreeing pairs.
    agreement = float(((counts * (counts - 1)).sum(axis=1) / (n_answers * (n_answers - 1))).mean())
    if answers.shape[1] == 2:
        first, second = ([float((shared[:, rater] == answer).mean()) for answer in _ANSWERS] for rater in (0, 1))
        by_chance = sum(one * other for one, other in zip(first, second, strict=True))
    else:
        by_chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    kappa = None if by_chance >= 1.0 - 1e-12 else (agreement - by_chance) / (1.0 - by_chance)
    return Agreement(kappa, agreement, len(shared))
