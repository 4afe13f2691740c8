"""OrderEvidence: ages at following."""

import numpy as np

from botscan.blocks.order_evidence import UNKNOWN_TIME


def test_ages_are_days_from_creation_to_the_bound_of_following_and_unknown_stays_unknown(evidence_of):
    evidence = evidence_of(4, created=[10.0, 10.5, 0.0, 7.0], followed=[12.0, 10.5, 3.0, 9.0])
    evidence.created_at[2] = UNKNOWN_TIME
    evidence.followed_after[3] = UNKNOWN_TIME
    assert evidence.age_days[:2].tolist() == [2.0, 0.0]
    assert np.isnan(evidence.age_days[2:]).all()
    assert len(evidence) == 4
