import numpy as np
import pytest

import botscan as bs
from botscan.errors import SchemaError
from botscan.training.measured_lists import FEWEST_OF_KIND, measure_lists
from botscan.training.scoreboard import decide, rank

MODEL = bs.load_model()


def ways(source):
    return {way.name: way for way in source.ways}


def test_figures_are_those_of_the_scores(labelled):
    one = labelled(1, n=600, platform="twitter")
    (source,) = measure_lists([one], MODEL).sources
    truth = one.labels.answers[:, 0]
    scores = MODEL.score(one.accounts)
    found, verdict = ways(source)["score"], ways(source)["verdict"]
    ranking = rank(truth, scores.steps)
    assert (found.auc, found.average_precision) == (
        pytest.approx(ranking.auc),
        pytest.approx(ranking.average_precision),
    )
    assert (found.recall_at_1, found.recall_at_5) == (ranking.recall_at_1, ranking.recall_at_5)
    line = MODEL.thresholds[scores.pattern].suspicious
    at_line = decide(truth, scores.steps >= line)
    assert (found.found_rate, found.false_alarm_rate) == (at_line.true_positive_rate, at_line.false_positive_rate)
    assert found.mcc == pytest.approx(at_line.mcc)
    called = np.array(scores.table["verdict"].to_pylist()) == "suspicious"
    assert verdict.found_rate == called[truth == 1].mean() < found.found_rate
    assert verdict.auc is None
    assert found.found_ci_lower < found.found_rate < found.found_ci_upper
    assert (source.n_suspicious, source.n_organic, source.n_unscored) == ((truth == 1).sum(), (truth == 0).sum(), 0)
    assert (source.pattern, source.platform, source.source) == ("twitter/full", "twitter", "")


def test_a_ratio_and_rules_stand_beside_the_model(labelled):
    one = labelled(1, n=600, platform="twitter")
    (source,) = measure_lists([one], MODEL).sources
    found = ways(source)
    frame = one.accounts.to_frame()
    ratio = (frame["followers_count"] + 1) / (frame["following_count"] + 1)
    raw = rank(one.labels.answers[:, 0], -ratio.to_numpy(float)).auc
    assert found["followers_following_ratio"].auc == pytest.approx(raw, abs=0.02)
    assert found["followers_following_ratio"].mcc is None
    no_posts = found["no_posts"]
    assert no_posts.found_rate == (frame["posts_count"] == 0)[one.labels.answers[:, 0] == 1].mean()
    assert no_posts.auc is None
    assert [way.kind for way in source.ways][:4] == ["score", "verdict", "ratio", "ratio"]


def test_few_of_a_kind_are_not_measured_and_nothing_is_refused(labelled):
    few = labelled(1, n=150, platform="twitter")
    (source,) = measure_lists([few], MODEL).sources
    assert source.n_suspicious < FEWEST_OF_KIND > source.n_organic
    assert all(way.auc is way.found_rate is way.false_alarm_rate is way.mcc is None for way in source.ways)
    assert "not measured: fewer than 100" in str(measure_lists([few], MODEL))
    many_people = labelled(1, n=240, platform="twitter")
    (source,) = measure_lists([many_people], MODEL).sources
    assert source.n_suspicious < FEWEST_OF_KIND <= source.n_organic
    score = ways(source)["score"]
    assert score.auc is score.found_rate is score.mcc is None
    assert 0 <= score.false_alarm_rate <= 1


def test_sources_of_a_list_stand_after_the_whole_of_it(labelled):
    one = labelled(1, n=600, platform="twitter")
    ids = one.labels.account_ids
    named = labelled(1, n=600, platform="twitter", sources=dict.fromkeys(ids[:250], "spring"))
    whole, rest, spring = measure_lists([named], MODEL).sources
    assert (whole.source, rest.source, spring.source) == ("", "", "spring")
    assert spring.n_suspicious + spring.n_organic == 250
    assert rest.n_suspicious + spring.n_suspicious == whole.n_suspicious
    assert spring.name.endswith(": spring")


def test_undecided_accounts_are_counted_and_measure_nothing(labelled):
    def unsure(said):
        said[:40] = -1
        said[40:60] = -2
        return said

    (source,) = measure_lists([labelled(1, n=600, platform="twitter", answers=unsure)], MODEL).sources
    assert source.n_undecided == 40
    assert source.n_suspicious + source.n_organic == 540


def test_a_platform_without_a_pattern_is_told_and_the_rules_remain(labelled):
    def bare(frame, _):
        return frame[["account_id", "handle", "bio"]]

    (source,) = measure_lists([labelled(1, n=600, platform="twitter", frame=bare)], MODEL).sources
    assert (source.pattern, source.n_unscored) == ("", 600)
    found = ways(source)
    assert found["score"].auc is found["score"].found_rate is None
    assert "verdict" not in found
    assert "followers_following_ratio" not in found
    assert found["digits_in_handle"].found_rate > 0


def test_lists_of_several_platforms_and_labels_of_another_list(labelled):
    twitter, mastodon = labelled(1, n=600, platform="twitter"), labelled(2, n=600)
    measures = measure_lists([twitter, mastodon], MODEL, confidence_level=0.9)
    assert [source.pattern for source in measures.sources] == ["twitter/full", "general/counts_only"]
    narrow, wide = measures, measure_lists([twitter, mastodon], MODEL)
    assert narrow.sources[0].ways[0].auc_ci_lower > wide.sources[0].ways[0].auc_ci_lower
    assert next(iter(measures.to_dict())) == "model"
    with pytest.raises(SchemaError, match="None of the 600 labelled accounts"):
        measure_lists([type(twitter)(twitter.accounts, mastodon.labels)], MODEL)


def test_accounts_of_which_a_rule_cannot_say_are_neither_found_nor_spared(labelled):
    def without_followers(table, is_suspicious):
        return table.assign(followers_count=table["followers_count"].astype("Int64").mask(is_suspicious))

    (source,) = measure_lists([labelled(1, n=600, platform="twitter", frame=without_followers)], MODEL).sources
    ratio = ways(source)["ratio_10"]
    assert ratio.found_rate is ratio.mcc is None
    assert 0 <= ratio.false_alarm_rate < 0.2
    assert ways(source)["no_posts"].found_rate > 0
