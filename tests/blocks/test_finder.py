"""The search over bare evidence: blocks of known place and size, alone, together and within each other."""

import numpy as np
import pytest

from botscan.blocks import finder
from botscan.blocks.candidates import Crowd, numbers_of_tests, strongest_crowds
from botscan.blocks.columns import mark_columns
from botscan.blocks.finder import WEAK, Finding, Stretch, clear_of, find_stretches, merge_stretches
from botscan.blocks.marks import MarkColumn
from botscan.blocks.variation import with_variation

N = 4_000


def stretch(start, stop, *, excess=10, q_value=0.01, evidence="inactive", marked=()):
    finding = Finding(evidence, stop - start, excess + 5, 5.0, 5.0, excess)
    return Stretch(
        start, stop, q_value, excess, 0 if evidence in WEAK else excess, (finding,), np.array(marked, dtype=np.int64)
    )


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ([], []),
        ([(100, 200)], [(100, 200)]),
        ([(100, 200), (150, 300)], [(100, 300)]),  # overlapping
        ([(100, 500), (200, 300)], [(100, 500)]),  # nested
        ([(200, 300), (100, 500)], [(100, 500)]),
        ([(100, 200), (299, 400)], [(100, 400)]),  # near
        ([(100, 200), (300, 400)], [(100, 200), (300, 400)]),  # apart
        ([(500, 600), (100, 200), (250, 450)], [(100, 600)]),  # a chain
        ([(100, 150), (200, 250)], [(100, 150), (200, 250)]),  # short ones, as far apart as they are long
        ([(100, 150), (199, 400)], [(100, 400)]),
    ],
)
def test_what_overlaps_or_is_near_becomes_one_and_the_excess_adds(found, wanted):
    merged = merge_stretches([stretch(*place) for place in found])
    assert [(one.start, one.stop) for one in merged] == wanted
    assert sum(one.n_excess_lower for one in merged) == 10 * len(found)


def test_a_merged_stretch_keeps_the_best_q_value_all_marks_and_one_finding_of_each_kind():
    found = [
        stretch(100, 200, excess=30, q_value=0.03, marked=[110, 120]),
        stretch(150, 260, excess=20, q_value=0.001, marked=[120, 130]),
        stretch(210, 240, excess=40, q_value=0.02, evidence="high_scores"),
    ]
    (one,) = merge_stretches(found)
    assert (one.q_value, one.n_excess_lower) == (0.001, 90)
    assert one.marked.tolist() == [110, 120, 130]
    assert [(finding.evidence, finding.n_excess_lower) for finding in one.findings] == [
        ("high_scores", 40),
        ("inactive", 30),
    ]


def test_how_near_is_near_can_be_told():
    assert len(merge_stretches([stretch(100, 200), stretch(210, 300)], near=10)) == 2


class Planted:
    """Organic followers over ten years, among them stretches of bought ones."""

    def __init__(self, seed, *places, share=0.9, n=N):
        self.rng = np.random.default_rng([1, seed])
        self.n, self.places = n, places
        self.is_bought = np.zeros(n, dtype=bool)
        for start, stop in places:
            self.is_bought[start:stop] = self.rng.random(stop - start) < share
        self.followed = np.linspace(1_000, 4_000, n)

    def created(self):
        """Return the days on which accounts were opened: those of a purchase within ten days of each other."""
        created = self.followed - self.rng.exponential(900, self.n)
        for start, _ in self.places:
            ours = self.is_bought & (self.followed >= self.followed[start])
            created[ours] = self.followed[start] - 100 - 10 * self.rng.random(ours.sum())
        return created

    def newly_made(self):
        organic = self.followed - self.rng.exponential(900, self.n)
        return np.where(self.is_bought, self.followed - 3 * self.rng.random(self.n), organic)

    def log_odds(self, gap=4.0):
        return self.rng.normal(-2.0, 1.5, self.n) + gap * self.is_bought

    def flags(self, share=0.7):
        return self.rng.random(self.n) < np.where(self.is_bought, share, 0.1)

    def shapes(self):
        return np.where(self.is_bought, 300, self.rng.integers(0, 300, self.n))


MADE = {
    "high_scores": lambda planted: {"log_odds": planted.log_odds()},
    "creation_band": lambda planted: {"created": planted.created(), "followed": planted.followed},
    "similar_handles": lambda planted: {"shape": planted.shapes()},
    "inactive": lambda planted: {"inactive": planted.flags()},
    "fresh_accounts": lambda planted: {"created": planted.newly_made(), "followed": planted.followed},
}


@pytest.mark.parametrize("code", sorted(MADE))
@pytest.mark.parametrize("place", [(1_500, 1_700), (0, 200), (3_800, 4_000)])
def test_each_kind_of_evidence_alone_finds_a_block_anywhere_and_its_edges(code, place, evidence_of):
    planted = Planted(1, place)
    ((found,), examined) = find_stretches(evidence_of(N, **MADE[code](planted)))
    assert code in examined
    assert found.findings[0].evidence == code
    assert (found.start, found.stop) == pytest.approx(place, abs=25)
    assert 0.35 * planted.is_bought.sum() < found.n_excess_lower <= planted.is_bought.sum()
    marked = np.zeros(N, dtype=bool)
    marked[found.marked] = True
    assert (marked & planted.is_bought).sum() > 0.6 * planted.is_bought.sum()


@pytest.mark.parametrize("code", sorted(MADE))
def test_without_a_block_nothing_is_found(code, evidence_of):
    stretches, examined = find_stretches(evidence_of(N, **MADE[code](Planted(2))))
    assert stretches == ()
    assert code in examined


def test_a_burst_inside_a_drip_is_one_block_with_the_excess_of_both(evidence_of):
    rng = np.random.default_rng(3)
    is_bought = np.zeros(8_000, dtype=bool)
    is_bought[2_000:3_000] = rng.random(1_000) < 0.35
    is_bought[2_400:2_500] = True
    scores = rng.normal(-2.0, 1.5, 8_000) + 4.0 * is_bought
    ((found,), _) = find_stretches(evidence_of(8_000, log_odds=scores))
    assert (found.start, found.stop) == pytest.approx((2_000, 3_000), abs=120)
    burst = is_bought[2_400:2_500].sum()
    assert burst < found.n_excess_lower <= is_bought.sum()


def test_two_purchases_apart_are_two_and_two_side_by_side_one(evidence_of):
    for places, wanted in (
        (((1_000, 1_150), (2_500, 2_700)), 2),
        (((1_000, 1_150), (1_200, 1_350)), 1),
    ):
        planted = Planted(4, *places)
        found, _ = find_stretches(evidence_of(N, log_odds=planted.log_odds(), inactive=planted.flags()))
        assert len(found) == wanted
        assert found[0].start == pytest.approx(places[0][0], abs=25)
        assert found[-1].stop == pytest.approx(places[1][1], abs=25)
        assert sum(one.n_excess_lower for one in found) <= planted.is_bought.sum()


def test_purchases_of_two_bands_side_by_side_are_each_measured_without_the_other(evidence_of):
    planted = Planted(5, (1_000, 1_200), (1_250, 1_450))
    ((found,), _) = find_stretches(evidence_of(N, created=planted.created(), followed=planted.followed))
    assert (found.start, found.stop) == pytest.approx((1_000, 1_450), abs=25)
    assert 0.5 * planted.is_bought.sum() < found.n_excess_lower <= planted.is_bought.sum()


def test_a_block_far_away_takes_nothing_from_another(evidence_of):
    one = Planted(6, (1_000, 1_200))
    two = Planted(6, (1_000, 1_200), (3_200, 3_400))
    scores = one.log_odds()
    more = np.where(two.is_bought & ~one.is_bought, scores + 4.0, scores)
    alone, both = (find_stretches(evidence_of(N, log_odds=values))[0] for values in (scores, more))
    assert len(alone) == 1
    assert len(both) == 2
    assert (both[0].start, both[0].stop) == pytest.approx((alone[0].start, alone[0].stop), abs=10)


@pytest.mark.parametrize("share", [0.2, 0.25])
def test_a_purchase_that_makes_up_a_large_part_of_the_list_is_found(share, evidence_of):
    place = (1_000, 1_000 + int(share * N))
    planted = Planted(7, place)
    ((found,), _) = find_stretches(evidence_of(N, log_odds=planted.log_odds()))
    assert (found.start, found.stop) == pytest.approx(place, abs=25)
    assert 0.35 * planted.is_bought.sum() < found.n_excess_lower <= planted.is_bought.sum()


@pytest.mark.parametrize("share", [0.45, 0.6, 0.8])
def test_a_purchase_without_room_for_neighbours_beside_it_never_claims_too_much(share, evidence_of):
    # Stretches of more than a third of the list have too few neighbours: nothing is found, and nothing breaks.
    planted = Planted(8, (600, 600 + int(share * N)))
    parts = {name: value for made in MADE.values() for name, value in made(planted).items()}
    found, _ = find_stretches(evidence_of(N, **parts))
    assert sum(one.n_excess_lower for one in found) <= planted.is_bought.sum()


def test_when_all_marks_of_a_kind_are_in_a_block_the_search_goes_on_without_it(evidence_of):
    planted = Planted(9, (1_000, 1_150), (3_000, 3_200), share=1.0)
    first = np.arange(N) < 2_000
    # Nobody else has never posted; the second block has high scores alone.
    flags = planted.is_bought & first
    scores = planted.rng.normal(-2.0, 1.5, N) + 5.0 * (planted.is_bought & ~first)
    found, _ = find_stretches(evidence_of(N, inactive=flags, log_odds=scores))
    assert [one.findings[0].evidence for one in found] == ["inactive", "high_scores"]


def test_further_evidence_is_named_only_where_it_stands_out(evidence_of):
    planted = Planted(10, (1_500, 1_700))
    ((both,), _) = find_stretches(evidence_of(N, log_odds=planted.log_odds(), inactive=planted.flags()))
    ((one,), _) = find_stretches(evidence_of(N, log_odds=planted.log_odds(), inactive=planted.rng.random(N) < 0.1))
    assert {finding.evidence for finding in both.findings} == {"high_scores", "inactive"}
    assert {finding.evidence for finding in one.findings} == {"high_scores"}
    of_scores = [one.n_excess_lower for one in both.findings if one.evidence == "high_scores"]
    assert both.n_excess_lower == both.n_suspicious_lower == max(of_scores)


def test_a_distortion_of_the_scores_that_keeps_their_order_keeps_the_block_but_for_the_tilt(evidence_of, monkeypatch):
    planted = Planted(11, (1_500, 1_700))
    scores = planted.log_odds()

    def places(values):
        found, _ = find_stretches(evidence_of(N, log_odds=values))
        return [(one.start, one.stop, [finding.n_marked for finding in one.findings]) for one in found]

    assert len(places(scores)) == len(places(1.2 * scores)) == 1
    monkeypatch.setattr("botscan.blocks.measure.predicted_by_tilt", lambda *_: 0.0)
    assert places(scores) == places(np.sinh(scores)) == places(np.exp(scores) * 7)
    assert len(places(scores)) == 1


@pytest.mark.parametrize("natural", [0.0, 0.15, 0.6])
def test_what_organic_change_explains_makes_a_crowd_less_improbable_or_none(natural, evidence_of, monkeypatch):
    evidence = evidence_of(N, log_odds=Planted(13, (1_500, 1_700)).log_odds())
    columns = [with_variation(column) for column in mark_columns(evidence)]
    crowd = next(strongest_crowds(columns, numbers_of_tests(columns), ()))
    monkeypatch.setattr("botscan.blocks.measure.predicted_by_tilt", lambda *_: natural)
    weighed = finder._beyond_nature(evidence, crowd)
    found, _ = find_stretches(evidence)
    assert [one.q_value for one in found] == ([weighed.q_value] if natural < 0.5 else [])
    if natural == 0.0:
        assert weighed.q_value == crowd.q_value < 1e-20
    elif natural < 0.5:
        assert 1e3 * crowd.q_value < weighed.q_value < 1.0
    else:
        assert weighed.q_value == 1.0


@pytest.mark.parametrize("n", [0, 1, 7, 100, 199, 200])
def test_lists_of_any_length_are_searched(n, evidence_of):
    assert find_stretches(evidence_of(n)) == ((), ())
    if n:
        stretches, examined = find_stretches(evidence_of(n, inactive=np.zeros(n)))
        assert stretches == ()
        assert examined == ()


def test_the_same_evidence_gives_the_same_stretches(evidence_of):
    parts = {name: value for made in MADE.values() for name, value in made(Planted(12, (900, 1_050))).items()}
    one, again = (find_stretches(evidence_of(N, **parts))[0] for _ in range(2))
    assert [(part.start, part.stop, part.q_value, part.findings) for part in one] == [
        (part.start, part.stop, part.q_value, part.findings) for part in again
    ]
    assert len(one) == 1


@pytest.mark.parametrize(
    ("place", "window", "wanted"),
    [((100, 560), (500, 560), (300, 560)), ((100, 560), (120, 180), (100, 200)), ((320, 400), (320, 400), (320, 400))],
)
def test_a_stretch_keeps_the_side_of_another_on_which_its_crowd_stands(place, window, wanted):
    column = MarkColumn("inactive", np.zeros(1_000, dtype=np.int32), 0.1, 2.0)
    assert clear_of([stretch(200, 300)], place, Crowd(column, 1, *window, 0.01, 1.0)) == wanted


def test_silent_newcomers_alone_are_a_block_that_counts_no_suspicious_account(evidence_of):
    silent = np.random.default_rng(3).random(N) < 0.05
    silent[1_000:1_120] = True
    found, _ = find_stretches(evidence_of(N, inactive=silent.astype(np.int8)))
    assert [one.n_suspicious_lower for one in found] == [0]
    assert found[0].n_excess_lower > 80


def test_further_evidence_is_weighed_by_what_its_own_column_varies(evidence_of):
    """Handles of a purchase stand in families of silent accounts: silence is usual there, and is not named."""
    rng = np.random.default_rng(8)
    silent = np.repeat(rng.random(N // 20) < 0.3, 20).astype(np.int8)
    scores = rng.normal(-3, 1, N)
    scores[1_500:1_700] = rng.normal(4, 1, 200)
    silent[1_600:1_640] = 1
    found, _ = find_stretches(evidence_of(N, log_odds=scores, inactive=silent))
    assert [{one.evidence for one in each.findings} for each in found] == [{"high_scores"}]


@pytest.mark.parametrize("n", [400, 600, 1_000])
def test_a_fifth_of_a_short_list_does_not_make_itself_usual(n, evidence_of):
    planted = Planted(14, (n // 2, n // 2 + n // 5), n=n)
    found, _ = find_stretches(evidence_of(n, log_odds=planted.log_odds(3.0), inactive=planted.flags()))
    assert len(found) == 1
    assert 0 < found[0].n_excess_lower <= planted.is_bought.sum()


@pytest.mark.parametrize(("shift", "n_blocks"), [(0.2, 1), (-0.2, 0)])
def test_those_who_are_alike_and_less_suspicious_than_their_neighbours_are_no_block(shift, n_blocks, evidence_of):
    rng = np.random.default_rng(0)
    shape, log_odds = rng.integers(0, 40, N), rng.normal(size=N)
    shape[1_000:1_200], log_odds[1_000:1_200] = 7, rng.normal(size=200) + shift
    stretches, _ = find_stretches(evidence_of(N, shape=shape, log_odds=log_odds))
    assert len(stretches) == n_blocks
    assert [one.n_suspicious_lower for one in stretches] == [0] * n_blocks


def test_the_neighbours_figure_stands_apart_from_what_is_allowed_for(evidence_of):
    rng = np.random.default_rng(1)
    log_odds = rng.normal(size=N)
    log_odds[2_000:2_300] += 1.5
    (block,), _ = find_stretches(evidence_of(N, log_odds=log_odds))
    (finding,) = (one for one in block.findings if one.evidence == "high_scores")
    assert finding.n_around < finding.expected < finding.n_marked
