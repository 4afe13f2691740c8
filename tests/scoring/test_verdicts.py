import itertools

import numpy as np
import pytest

from botscan.evidence.scores import VERDICTS
from botscan.scoring.verdicts import assign_verdicts


def test_precedence_holds_for_every_combination():
    combinations = list(itertools.product([False, True], repeat=len(VERDICTS) - 1))
    conditions = {verdict: np.array([row[i] for row in combinations]) for i, verdict in enumerate(VERDICTS[:-1])}
    given = assign_verdicts(conditions).to_pylist()
    for row, verdict in zip(combinations, given, strict=True):
        holding = [name for name, holds in zip(VERDICTS, row, strict=False) if holds]
        assert verdict == (holding[0] if holding else "active")


@pytest.mark.parametrize("names", [VERDICTS, VERDICTS[:-2], (*VERDICTS[:-1], "ghost")])
def test_conditions_must_be_all_and_no_others(names):
    with pytest.raises(ValueError, match="wanted conditions"):
        assign_verdicts({name: np.zeros(1, dtype=bool) for name in names})
