import numpy as np
import pytest

from botscan.errors import BotscanError
from botscan.prevalence import estimate_from_labels
from botscan.prevalence.error_correction import ErrorRates, corrected_suspicious_share

RATES = ErrorRates(24, 31, 10, 270)


def codes(share):
    return [note.code for note in share.notes]


def test_answers_are_corrected_for_stated_errors(thousand, hundred):
    share = estimate_from_labels(thousand, hundred, frame="full", rater_errors=RATES)
    expected, lower, upper = corrected_suspicious_share(34, 100, RATES, size=1000)
    found = (share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper)
    assert found == pytest.approx((1 - expected, 1 - upper, 1 - lower), abs=1e-6)
    assert (share.method, share.estimand, share.validated) == ("error_corrected", "not_suspicious_corrected", False)
    assert "error_rates_stated" in codes(share)
    plain = estimate_from_labels(thousand, hundred, frame="full")
    assert share.organic_share < plain.organic_share
    assert "error_rates_stated" not in codes(plain)


def test_undecided_accounts_widen_a_corrected_interval_too(thousand, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    unsure = labels_of({**answers, **dict.fromkeys(list(answers)[40:60], -1)})
    share = estimate_from_labels(thousand, unsure, frame="full", rater_errors=RATES)
    numbers = next(note.numbers for note in share.notes if note.code == "labels_unsure_widened")
    assert share.organic_share_ci_lower < numbers["ci_lower"] < numbers["ci_upper"] < share.organic_share_ci_upper


def test_raters_who_flag_no_more_of_the_suspicious_tell_nothing(thousand, hundred):
    share = estimate_from_labels(thousand, hundred, rater_errors=ErrorRates(5, 50, 30, 100))
    assert share.organic_share is None
    assert codes(share).count("error_rates_tell_nothing") == 1


def test_strata_and_half_labels_are_refused(thousand, by_score, labels_of):
    with pytest.raises(BotscanError, match="drawn within strata"):
        estimate_from_labels(thousand, by_score, rater_errors=RATES)
    split = labels_of({f"a{row}": [int(row < 20), int(row < 10)] for row in range(40)})
    with pytest.raises(BotscanError, match="disagree on 10 accounts"):
        estimate_from_labels(thousand, split, rater_errors=RATES)


def test_declared_bots_need_no_correction(scores_of, hundred):
    log_odds = np.where(np.arange(1000) < 300, 2.0, -2.0)
    scores = scores_of(log_odds, declared=[row for row in range(1000) if row % 10 == 5])
    share = estimate_from_labels(scores, hundred, frame="full", rater_errors=RATES)
    expected = corrected_suspicious_share(34, 100, RATES, size=900)[0]
    assert share.organic_share == pytest.approx(0.9 * (1 - expected), abs=1e-6)
