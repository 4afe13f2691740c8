"""Samples are told from heads, pages and gaps by their places, and cut into strata that hold enough."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.notes import Note
from botscan.prevalence.from_labels.rank_coverage import FEWEST_FETCHED, FEWEST_LABELED, MOST_STRATA, find_post_strata
from botscan.wording import LANGUAGES, say_note

N = 20_000


def spread(random, n=1_000):
    return np.sort(random.choice(N, n, replace=False))


def thinning_out(random):
    chance = np.linspace(1, 6, N)
    return np.sort(random.choice(N, 1_000, replace=False, p=chance / chance.sum()))


def codes(found):
    return [note.code for note in found.notes]


# What is refused


@pytest.mark.parametrize(
    "ranks",
    [
        np.arange(N - 2_000, N),  # a head
        np.arange(1_000, 3_000),  # out of the middle
        np.arange(N // 20, N),  # nearly all, and still a head
        np.concatenate([np.arange(4_000, 5_000), np.arange(9_000, 10_000), np.arange(N - 500, N)]),
    ],
)
def test_a_head_or_a_few_pages_speak_of_nothing_but_themselves(ranks):
    found = find_post_strata(ranks, N)
    assert (found.strata, found.may_extrapolate, found.looks_random) == (None, False, False)
    assert codes(found) == ["ranks_in_few_runs"]
    assert found.notes[0].numbers["first"] == ranks[0]


@pytest.mark.parametrize("known", [np.arange(N - 1_999, N), np.concatenate([np.arange(N - 1_998, N), [N - 1]])])
def test_a_head_with_a_place_that_is_missing_or_stands_twice_is_a_head(known):
    found = find_post_strata(np.concatenate([[-1], known]), N)
    assert (found.strata, found.may_extrapolate, found.looks_random) == (None, False, False)
    assert codes(found) == ["ranks_in_few_runs", "ranks_not_usable"]
    assert (found.notes[0].count, found.notes[0].numbers["population"]) == (1, N)


@pytest.mark.parametrize("population", [N * 98 // 100, 2_000])
def test_a_head_of_more_followers_than_were_counted_is_a_head(population):
    found = find_post_strata(np.arange(N - 2_000, N), population)
    assert (found.strata, found.may_extrapolate, found.looks_random) == (None, False, False)
    assert codes(found) == ["ranks_in_few_runs", "ranks_beyond_population"]
    assert found.notes[0].numbers["population"] == N
    assert found.notes[1].numbers == {"last": N - 1, "population": population}


@pytest.mark.parametrize(
    "ranks",
    [
        np.arange(N // 2, N, 10),  # nothing of the older half
        np.concatenate([np.arange(0, N // 2, 60), np.arange(N // 2, N, 10)]),
        (np.arange(0, N, 400)[:, None] + np.arange(20)).ravel(),  # fifty pages
    ],
)
def test_places_that_cannot_be_weighted_by_still_show_that_a_list_is_no_random_sample(ranks):
    assert not find_post_strata(ranks, N).looks_random
    for found in (find_post_strata(np.append(ranks, -1), N), find_post_strata(ranks, N * 95 // 100)):
        assert (found.strata, found.may_extrapolate, found.looks_random) == (None, False, False)
        assert {"ranks_not_usable", "ranks_beyond_population"} & set(codes(found))
        assert codes(found)[-1] == "ranks_not_random"
    assert ("ranks_unseen" in codes(found)) == (ranks[0] == N // 2)


def test_a_random_sample_with_a_place_that_is_missing_stays_one():
    random = np.random.default_rng(21)
    found = [find_post_strata(np.append(spread(random, n), -1), N) for n in (50, 1_000) for _ in range(60)]
    assert np.mean([one.may_extrapolate for one in found]) >= 0.95


def test_a_few_known_places_are_no_head():
    ranks = np.full(1_000, -1)
    ranks[:4] = np.arange(9_000, 9_004)
    found = find_post_strata(ranks, N)
    assert (found.may_extrapolate, codes(found)) == (True, ["ranks_not_usable"])


def test_places_in_the_file_are_no_places_among_all():
    found = find_post_strata(np.arange(2_000)[::-1], N)
    assert (found.strata, found.may_extrapolate, found.notes) == (None, True, ())


@pytest.mark.parametrize(
    ("ranks", "population"),
    [
        (np.arange(0, N, 20), None),
        (np.full(1_000, -1), N),
        (np.arange(0, 190, 10), 190),
        (np.array([], np.int64), N),
        (np.arange(100, 10_000), 10_000),
    ],
)
def test_nothing_is_said_where_there_is_nothing_to_weight(ranks, population):
    found = find_post_strata(ranks, population)
    assert (found.strata, found.may_extrapolate, found.notes) == (None, True, ())


def test_places_that_contradict_themselves_are_said():
    ranks = np.arange(0, N, 20)
    twice = np.concatenate([ranks, ranks[:3]])
    assert find_post_strata(twice, N).notes == (Note("ranks_not_usable", count=3),)
    unknown = np.concatenate([ranks, [-1, -1]])
    assert find_post_strata(unknown, N).notes == (Note("ranks_not_usable", count=2),)
    assert codes(find_post_strata(ranks, N // 2)) == ["ranks_beyond_population"]
    assert find_post_strata(ranks, N - 25).strata.population == ranks[-1] + 1  # a rounded count


def test_a_part_with_hardly_an_account_is_left_out_and_named():
    random = np.random.default_rng(4)
    newer = N // 2 + spread(random, 1_000) // 2
    ranks = np.unique(np.concatenate([[3, 4_000, 8_000], newer]))
    found = find_post_strata(ranks, N)
    note = found.notes[0]
    assert note.code == "ranks_unseen"
    assert 9_900 <= note.count <= 10_500
    assert note.numbers["first"] == 0
    assert found.strata.population == N - note.count
    assert (found.strata.stratum[:3] == -1).all()
    assert (found.strata.weights[:3] == 0).all()


def test_a_gap_inside_is_left_out():
    random = np.random.default_rng(5)
    ranks = spread(random, 2_000)
    ranks = ranks[(ranks < 7_300) | (ranks >= 8_300)]
    found = find_post_strata(ranks, N)
    note = found.notes[0]
    assert (note.code, note.numbers["first"] <= 7_300, note.numbers["last"] >= 8_299) == ("ranks_unseen", True, True)
    assert 1_000 <= note.count <= 1_060
    inside = found.strata.n_fetched / found.strata.sizes
    assert inside.max() < 1.5 * inside.min()


def test_a_long_gap_between_few_accounts_is_not_bridged():
    ranks = np.concatenate([np.arange(0, 7_000, 400), np.arange(13_000, N, 400)])
    found = find_post_strata(ranks, N)
    assert codes(found) == ["ranks_unseen", "post_stratified"]
    assert (found.notes[0].numbers["first"], found.notes[0].numbers["last"]) == (6_801, 12_999)
    assert found.strata.population == N - 6_199
    shorter = np.concatenate([ranks, [9_000, 11_000]])
    assert "ranks_unseen" not in codes(find_post_strata(shorter, N))


def test_too_few_accounts_beside_a_gap_speak_of_themselves():
    ranks = np.concatenate([np.arange(0, 4_000, 200), np.arange(N - 4_000, N, 200)])
    labeled = np.arange(len(ranks)) == 0
    found = find_post_strata(ranks, N, labeled)
    assert (found.strata, found.may_extrapolate, codes(found)) == (None, False, ["ranks_unseen"])


def test_random_samples_are_seldom_suspected():
    random = np.random.default_rng(6)
    for n, most in ((30, 0.05), (300, 0.03), (3_000, 0.03)):
        found = [find_post_strata(spread(random, n), N) for _ in range(150)]
        assert np.mean(["ranks_unseen" in codes(one) for one in found]) <= most
        assert np.mean([not one.may_extrapolate for one in found]) <= 0.02


def test_a_sample_too_uneven_to_be_weighted_speaks_of_itself():
    random = np.random.default_rng(7)
    newer = N // 2 + random.choice(N // 2, 900, replace=False)
    ranks = np.sort(np.concatenate([random.choice(N // 2, 150, replace=False), newer]))
    found = find_post_strata(ranks, N)
    assert (found.may_extrapolate, found.looks_random, codes(found)) == (True, False, ["post_stratified"])
    # The few labels all stand in the newer half, so that they cannot speak of the older one.
    found = find_post_strata(ranks, N, np.arange(1_050) >= 1_030)
    assert (found.strata, found.may_extrapolate, found.looks_random) == (None, False, False)
    assert codes(found) == ["ranks_too_uneven"]


def test_what_looks_random_needs_no_weights():
    random = np.random.default_rng(13)
    found = [find_post_strata(spread(random, n), N) for n in (200, 1_000, 5_000) for _ in range(40)]
    assert np.mean([one.looks_random for one in found]) >= 0.95
    assert all(one.notes == () for one in found if one.looks_random)
    assert all(one.strata.population == N for one in found if one.looks_random)
    assert not find_post_strata(thinning_out(random), N).looks_random


def test_pages_along_the_order_are_said():
    random = np.random.default_rng(14)
    ranks = (random.choice(200, 40, replace=False)[:, None] * 100 + np.arange(100)).ravel()
    found = find_post_strata(ranks, N)
    assert found.may_extrapolate
    assert not found.looks_random
    assert codes(found)[-1] == "ranks_in_pages"
    assert 25 <= found.notes[-1].count <= 40


def test_labels_within_strata_of_their_own_are_not_weighted_twice():
    random = np.random.default_rng(15)
    plain = find_post_strata(spread(random), N)
    assert plain.looks_random
    assert plain.for_labels_within_strata() is plain
    uneven = find_post_strata(thinning_out(random), N).for_labels_within_strata()
    assert (uneven.strata, uneven.may_extrapolate, codes(uneven)) == (None, False, ["ranks_not_weighted"])
    head = find_post_strata(np.arange(N - 500, N), N).for_labels_within_strata()
    assert codes(head) == ["ranks_in_few_runs"]


# Laws


@given(st.integers(0, 10_000), st.integers(25, 800), st.floats(0, 3), st.integers(0, 300))
def test_strata_partition_what_they_speak_of(seed, n, tilt, n_labels):
    random = np.random.default_rng(seed)
    chance = np.exp(tilt * np.linspace(0, 1, 5_000))
    ranks = random.permutation(random.choice(5_000, n, replace=False, p=chance / chance.sum()))
    is_labeled = random.permutation(np.arange(n) < n_labels) if n_labels else None
    found = find_post_strata(ranks, 5_000, is_labeled)
    if found.strata is None:
        return
    strata = found.strata
    n_unseen = sum(note.count for note in found.notes if note.code == "ranks_unseen")
    assert strata.population == 5_000 - n_unseen
    assert 1 <= len(strata.sizes) <= MOST_STRATA
    assert strata.n_fetched.sum() == (strata.stratum >= 0).sum()
    if len(strata.sizes) > 1:
        assert strata.n_fetched.min() >= FEWEST_FETCHED
        if is_labeled is not None:
            assert np.bincount(strata.stratum[is_labeled & (strata.stratum >= 0)]).min() >= FEWEST_LABELED[-1]
    assert (strata.n_fetched <= strata.sizes).all()
    assert strata.weights.sum() == pytest.approx(strata.n_fetched.sum())
    assert strata.mean(np.ones(n)) == pytest.approx(1.0)
    assert strata.effective_size <= strata.n_fetched.sum() + 1e-6
    # Strata follow the order of the places.
    inside = np.argsort(ranks)[strata.stratum[np.argsort(ranks)] >= 0]
    assert (np.diff(strata.stratum[inside]) >= 0).all()


def test_the_order_of_the_list_does_not_matter():
    random = np.random.default_rng(8)
    ranks = thinning_out(random)
    shuffled = random.permutation(len(ranks))
    plain, other = find_post_strata(ranks, N).strata, find_post_strata(ranks[shuffled], N).strata
    assert (plain.stratum[shuffled] == other.stratum).all()
    assert (plain.sizes == other.sizes).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_has_words(language):
    numbers = {"first": 1, "last": 99, "population": 2_000, "n_strata": 5}
    for code in (
        "ranks_not_usable", "ranks_beyond_population", "ranks_in_few_runs", "ranks_unseen", "ranks_too_uneven",
        "post_stratified", "ranks_in_pages", "ranks_not_weighted",
    ):  # fmt: skip
        for count in (1, 40):
            assert "{" not in say_note(Note(code, count=count, numbers=numbers), language)
