"""Shares through the public functions: lists of declared bots, and options of a wrong type."""

import pytest

import botscan as bs
from botscan.errors import BotscanError, NotEnoughAccounts, SchemaError

RATES = (24, 31, 10, 270)


@pytest.fixture(scope="module")
def accounts():
    return bs.make_audience(n=120).accounts


@pytest.fixture(scope="module")
def scores(accounts):
    return bs.score_accounts(accounts)


@pytest.fixture(scope="module")
def labels(scores):
    return [{"account_id": one, "is_suspicious": False} for one in scores.account_ids.to_pylist()[:60]]


@pytest.fixture(scope="module")
def declared(accounts):
    return accounts.to_frame().assign(is_declared_bot=True)


def test_a_list_of_declared_bots_is_judged_without_labels_and_with_them(declared, labels):
    for given in (None, labels):
        share = bs.estimate_organic_share(declared, given)
        assert (share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper) == (0, 0, 0)
        assert (share.method, share.n_labels_needed) == ("declared", None)
    assert "labels_of_declared_bots" in [note.code for note in share.notes]
    assert bs.audit(declared).headline() == "Of 120 followers, 0 (0 %) are organic."
    assert set(bs.estimate_bot_probability(declared).bot_probability) == {1.0}


def test_declared_bots_among_others_need_no_label(accounts):
    frame = accounts.to_frame().assign(is_declared_bot=[number >= 20 for number in range(120)])
    share = bs.estimate_organic_share(frame)
    assert (share.organic_share, share.n_labels_needed) == (None, 20)
    assert len(bs.make_label_sheet(frame, n=100)) == 20


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"rater_errors": RATES}, "rater_errors is of type tuple, wanted ErrorRates"),
        ({"confidence_level": "x"}, "confidence level of x, wanted a number"),
        ({"confidence_level": None}, "confidence level of None, wanted a number"),
        ({"confidence_level": True}, "confidence level of True, wanted a number"),
        ({"population": "5"}, "wanted a whole number"),
        ({"population": 1.5}, "wanted a whole number"),
        ({"profile": "x"}, "profile is of type str, wanted a ScoreProfile"),
    ],
)
def test_options_of_another_type_are_refused_by_every_function(accounts, scores, labels, options, wanted):
    for given in (None, labels):
        for of in (lambda **how: bs.audit(accounts, **how), lambda **how: bs.estimate_organic_share(scores, **how)):
            with pytest.raises(BotscanError, match=wanted) as caught:
                of(labels=given, **options)
            assert caught.value.remedy


@pytest.mark.parametrize("bound", ["x", True, -0.1, 1.5, [0.2]])
def test_a_lower_bound_is_a_share(scores, bound):
    with pytest.raises(BotscanError, match="wanted a share from 0 to 1"):
        bs.estimate_organic_share(scores, suspicious_share_lower_bound=bound)


def test_a_share_is_what_the_estimate_returns(scores):
    with pytest.raises(SchemaError, match="share is of type str, wanted what estimate_organic_share returns"):
        bs.estimate_bot_probability(scores, "x")
    with pytest.raises(SchemaError, match="profile is of type str"):
        bs.estimate_bot_probability(scores, profile="x")


@pytest.mark.parametrize("n", ["a", -1, 1.5, True, None])
def test_review_rows_are_counted(accounts, n):
    with pytest.raises(BotscanError, match=r"n_review_rows .*, wanted a whole number from 0"):
        bs.audit(accounts, n_review_rows=n)


def test_an_empty_list_is_called_empty():
    with pytest.raises(NotEnoughAccounts, match="holds no accounts, so there is nothing to label"):
        bs.make_label_sheet([], platform="twitter")


def test_a_contradiction_names_the_list(accounts):
    with pytest.raises(BotscanError, match="population of 3") as caught:
        bs.audit(accounts, population=3)
    assert caught.value.source == accounts.source
