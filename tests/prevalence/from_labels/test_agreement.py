import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import cohen_kappa_score

from botscan.prevalence.from_labels.agreement import measure_agreement

tables = hnp.arrays(np.int8, st.tuples(st.integers(1, 12), st.integers(2, 4)), elements=st.sampled_from([1, 0, -1, -2]))


@settings(deadline=None)
@given(tables)
def test_it_equals_counting_pairs(answers):
    shared = [[a for a in row if a != -2] for row in answers.tolist()]
    shared = [row for row in shared if len(row) >= 2]
    found = measure_agreement(answers)
    if not shared:
        assert found is None
        return
    pairs = [[a == b for a, b in itertools.permutations(row, 2)] for row in shared]
    agreement = np.mean([np.mean(of_account) for of_account in pairs])
    assert found.agreement == pytest.approx(agreement)
    assert found.n_accounts == len(shared)
    given_answers = [a for row in shared for a in row]
    if len(set(given_answers)) == 1:
        assert found.kappa is None
    elif answers.shape[1] > 2:
        chance = sum((given_answers.count(a) / len(given_answers)) ** 2 for a in set(given_answers))
        assert found.kappa == pytest.approx((agreement - chance) / (1 - chance))


def test_two_raters_get_cohens_kappa():
    rng = np.random.default_rng(0)
    first = rng.integers(-1, 2, 60)
    second = np.where(rng.random(60) < 0.6, first, rng.integers(-1, 2, 60))
    found = measure_agreement(np.stack([first, second], axis=1).astype(np.int8))
    assert found.kappa == pytest.approx(cohen_kappa_score(first, second))


def test_one_rater_cannot_agree():
    assert measure_agreement(np.array([[1], [0]], dtype=np.int8)) is None
