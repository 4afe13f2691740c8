import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError, NotEnoughAccounts
from botscan.prevalence.intervals import wilson_interval
from botscan.prevalence.sample_size import effective_size, labels_needed, plan_sample_size


@settings(deadline=None, max_examples=60)
@given(
    st.floats(0.02, 0.4),
    st.floats(0, 1),
    st.none() | st.integers(1, 5000),
    st.floats(1, 3),
    st.sampled_from([0.8, 0.95, 0.99]),
)
def test_it_is_the_first_number_that_is_enough(margin, share, list_size, ratio, level):
    def half_width(n):
        lower, upper = wilson_interval(share, effective_size(n, list_size, ratio), level)
        # At 0 and 1 Wilson's interval is cut off; the plan counts what is cut off too.
        return None if share in (0.0, 1.0) else (upper - lower) / 2

    n = labels_needed(margin, organic_share=share, confidence_level=level, list_size=list_size, variance_ratio=ratio)
    if half_width(n) is None:
        return
    found = next(m for m in range(1, n + 1) if half_width(m) <= margin * (1 + 1e-12))
    assert n == found


def test_known_numbers():
    # z^2 p (1 - p) / m^2, less what Wilson's interval saves.
    assert labels_needed(0.05) == 381
    assert labels_needed(0.03, organic_share=0.9) == pytest.approx(385, abs=4)
    assert labels_needed(0.03, organic_share=0.3) == pytest.approx(897, abs=5)


def test_a_small_list_needs_fewer_labels_and_never_more_than_it_has():
    found = [labels_needed(0.05, list_size=size) for size in (1, 10, 100, 1000, 10**6)]
    assert found == sorted(found)
    assert found[:2] == [1, 10]
    assert found[-1] == 381


def test_the_worst_case_is_one_half():
    assert max(labels_needed(0.05, organic_share=share / 20) for share in range(21)) == labels_needed(0.05)


def test_scores_that_help_save_labels():
    assert labels_needed(0.05, variance_ratio=2.0) == pytest.approx(381 / 2, abs=2)


def test_of_a_short_list_every_label_counts_for_more():
    assert effective_size(100, 400) == pytest.approx(400 / 3)
    assert effective_size(100, 400, 1.5) == pytest.approx(200)
    assert effective_size(100, None, 1.5) == 150


@pytest.mark.parametrize("share", [0, 1])
def test_a_share_at_the_end_may_be_assumed(share):
    # Wilson's half-width is z^2 / 2 / (n + z^2) there.
    assert plan_sample_size(0.05, organic_share=share).n_labels == 35


def test_the_plan_says_what_it_assumed():
    plan = plan_sample_size(0.03, list_size=25_000)
    assert plan.expected_margin <= 0.03
    assert [note.code for note in plan.notes] == ["plan_worst_case", "plan_simple_random"]
    assert plan_sample_size(0.03, organic_share=0.7).notes[0].code == "plan_share_assumed"
    assert plan.to_dict()["n_labels"] == plan.n_labels


@pytest.mark.parametrize("language", ["en", "id"])
def test_it_shows_itself_in_words(language):
    for plan in (plan_sample_size(0.05), plan_sample_size(0.05, organic_share=0.8, list_size=400)):
        assert str(plan.n_labels) in plan.to_text(language)


@pytest.mark.parametrize(
    "options",
    [
        {"margin": 0.0},
        {"margin": 0.5},
        {"margin": float("nan")},
        {"organic_share": 1.2},
        {"confidence_level": 95},
        {"variance_ratio": 0.5},
        {"variance_ratio": float("inf")},
    ],
)
def test_values_outside_their_range_are_refused(options):
    with pytest.raises(BotscanError, match="wanted"):
        plan_sample_size(**options)


def test_an_empty_list_has_nothing_to_label():
    with pytest.raises(NotEnoughAccounts):
        plan_sample_size(list_size=0)
