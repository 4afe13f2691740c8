"""One verdict an account: the first of `botscan.evidence.scores.VERDICTS` whose condition holds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.evidence.scores import VERDICTS


def assign_verdicts(conditions: Mapping[str, NDArray[np.bool_]]) -> pa.DictionaryArray:
    """Give every account the first verdict whose condition holds for it.

    Parameters
    ----------
    conditions
        Verdict -> whether its condition holds, shape (n,); all verdicts but ``active``, which is what remains.

    Examples
    --------
    >>> conditions = {verdict: np.array([False, verdict == "dormant"]) for verdict in VERDICTS[:-1]}
    >>> assign_verdicts(conditions).to_pylist()
    ['active', 'dormant']
    """
    named = VERDICTS[:-1]
    if set(conditions) != set(named):
        raise ValueError(f"wanted conditions for {named}, found {tuple(conditions)}")
    n_rows = len(next(iter(conditions.values())))
    indices = np.full(n_rows, len(named), dtype=np.int8)
    for index in range(len(named) - 1, -1, -1):
        indices[conditions[named[index]]] = index
    return pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(VERDICTS, pa.string()))
