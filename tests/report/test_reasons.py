"""Reasons are sentences with the account's own numbers, in both languages, and of the account nothing else."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import botscan as bs
from botscan.accounts.table import AccountTable
from botscan.evidence.scores import VERDICTS
from botscan.features.grid import EDGES, bin_codes, bin_limits
from botscan.features.registry import FEATURE, FEATURES
from botscan.report.reasons import bar_name, signed, tell_reason, tell_score, tell_verdict
from botscan.report.waterfall import WaterfallBar
from botscan.scoring import FeaturePoints, GroupPoints, load_model
from botscan.scoring.model import GROUPS
from botscan.wording import LANGUAGES

BASE = bs.explain_account([{"account_id": "9", "handle": "akun"}], "9", platform="twitter")


def item(name, value, log_odds=0.5):
    code = int(bin_codes(np.array([[value]], dtype=np.float32), [name])[0, 0])
    return FeaturePoints(name, float(value), *bin_limits(name, code), log_odds)


def told(*items, language="en", also=()):
    group = GroupPoints("story", sum(one.log_odds for one in items), tuple(items))
    found = replace(BASE, groups=(group, GroupPoints("others", 0.0, tuple(also))), log_odds=1.0)
    return tell_reason(found, group, language).sentence(language)


@pytest.mark.parametrize(
    ("name", "value", "english", "indonesian"),
    [
        ("following_count", 2001, "follows 2,001 accounts", "mengikuti 2.001 akun"),
        ("following_count", 1950, "follows 1,950 accounts (1,900 to 2,000)", "mengikuti 1.950 akun (1.900 sampai 2.000)"),
        ("following_count", 0, "follows nobody", "tidak mengikuti siapa pun"),
        ("followers_count", 1, "has 1 follower", "punya 1 pengikut"),
        ("followers_count", 3, "has 3 followers (3 to 4)", "punya 3 pengikut (3 sampai 4)"),
        ("followers_count", 3e8, "has 300,000,000 followers (100,000,000 or more)", "punya 300.000.000 pengikut (100.000.000 atau lebih)"),
        ("posts_count", 1, "has made 1 post", "punya 1 unggahan"),
        ("posts_per_day", 4.1234, "posts 4.12 times a day (2 to 5)", "mengunggah 4,12 kali per hari (2 sampai 5)"),
        ("posts_per_day", 0.03, "posts once every 33.3 days (20 to 50)", "mengunggah sekali setiap 33,3 hari (20 sampai 50)"),
        ("posts_per_day", 0.0004, "posts once every 2,500 days (1,000 or more)", "mengunggah sekali setiap 2.500 hari (1.000 atau lebih)"),
        ("age_days", 150.13, "is 150 days old (90 to 180)", "berumur 150 hari (90 sampai 180)"),
        ("age_days", 0.5, "is 0.50 days old (1 or less)", "berumur 0,50 hari (1 atau kurang)"),
        ("age_days", 820, "is 2.25 years old (2 to 3)", "berumur 2,25 tahun (2 sampai 3)"),
        ("followers_following_ratio", 12.5, "has 12.5 followers for every account it follows (11.3 to 22.6)", "punya 12,5 pengikut untuk setiap akun yang diikuti (11,3 sampai 22,6)"),
        ("followers_following_ratio", 0.002, "follows 500 accounts for every follower (362 to 724)", "mengikuti 500 akun untuk setiap pengikut (362 sampai 724)"),
        ("followers_posts_ratio", 1, "has as many followers as posts", "punya pengikut sebanyak unggahannya"),
        ("handle_digit_ratio", 0.3846, "38 % of its handle are digits (30 % to 40 %)", "38 % dari nama penggunanya berupa angka (30 % sampai 40 %)"),
        ("handle_digit_ratio", 0, "0 % of its handle are digits", "0 % dari nama penggunanya berupa angka"),
        ("has_avatar", 0, "has no profile picture of its own", "tidak punya foto profil sendiri"),
        ("has_avatar", 1, "has its own profile picture", "punya foto profil sendiri"),
        ("bio_length", 0, "bio is empty", "bio kosong"),
    ],
)  # fmt: skip
def test_a_number_is_told_as_a_person_would(name, value, english, indonesian):
    assert told(item(name, value)) == f"{english}: +0.50"
    assert told(item(name, value), language="id") == f"{indonesian}: +0,50"


def test_what_says_the_same_is_told_once_with_its_sum():
    nothing = (item("posts_count", 0, 0.3), item("has_no_posts", 1, 0.05), item("posts_per_day", 0, 0.5))
    assert told(*nothing) == "has never posted: +0.85"
    assert told(item("posts_count", 7, 0.3), item("has_no_posts", 0, -0.05)) == "has made 7 posts (5 to 9): +0.25"
    assert told(item("has_no_posts", 1, 0.3)) == "has never posted: +0.30"


def test_facts_that_point_the_other_way_are_left_out_and_no_more_than_two_are_told():
    assert told(item("bio_link_count", 0, 0.4), item("bio_has_link", 0, 0.1)) == "bio holds no link: +0.50"
    items = (
        item("bio_has_link", 1, 0.5),
        item("bio_has_emoji", 1, -0.2),
        item("bio_has_hashtag", 1, 0.1),
        item("bio_has_mention", 1, 0.3),
    )
    assert told(*items) == ("bio holds a link: +0.50; bio mentions an account: +0.30; other facts of this kind: -0.10")


def test_beside_the_counts_a_ratio_is_told_by_its_limits():
    counts = (item("following_count", 2001), item("followers_count", 3), item("posts_count", 1))
    ratio = item("followers_following_ratio", 4 / 2002)
    assert told(ratio, also=counts) == (
        "follows 2,001 accounts, has 3 followers, has made 1 post; "
        "follows 362 to 724 accounts for every follower: +0.50"
    )
    lists = item("listed_followers_ratio", 0.25)
    assert told(lists, also=counts).startswith("has 4 followers for every list")
    assert told(lists, also=(*counts, item("listed_count", 0))).startswith(
        "follows 2,001 accounts, has 3 followers, has made 1 post, is on no list; has 2.83 to 5.66 followers for every"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(EDGES))
def test_every_feature_has_a_sentence_in_every_bin(name, language):
    if name not in FEATURE:
        return
    edges = EDGES[name].astype(float)
    for value in (0.0, *edges, *(edges * 1.01)):
        is_flag = FEATURE[name].unit == ""
        text = told(item(name, float(value >= 0.5) if is_flag else value), language=language)
        assert name not in text
        assert not re.search(r"sign_|feature_|\{|\bnan|\binf\b|  |\(\)", text)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_the_two_languages_never_say_the_same(feature):
    value = 1.0 if feature.unit == "" else 7.3
    limits = (0.5, None) if feature.unit == "" else (5.0, 10.0)
    points = FeaturePoints(feature.name, value, *limits, 0.5)
    assert told(points).split(":")[0] != told(points, language="id").split(":")[0]


@settings(max_examples=200)
@given(st.sampled_from(["followers_per_day", "posts_following_ratio", "age_days"]), st.floats(1e-4, 5_000))
def test_a_number_lies_within_the_limits_that_are_told(name, value):
    text = told(item(name, np.float32(value)))
    found = [float(part.replace(",", "")) for part in re.findall(r"\d[\d,]*(?:\.\d+)?", text.rsplit(":", 1)[0])]
    shown, *limits = found or [1.0]
    if not limits:  # the same number of both, or a bin of one number
        assert "as many" in text
        return
    if "or more" in text:
        assert limits[0] <= shown
    elif "or less" in text:
        assert shown <= limits[0]
    else:
        assert limits[0] <= shown <= limits[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kind_of_evidence_without_features_of_the_registry_is_told_by_name(language):
    group = GroupPoints("place", 1.0, (FeaturePoints("of_no_registry", 2.5, 1.0, 3.0, 1.0),))
    found = replace(BASE, groups=(group,), log_odds=1.0)
    assert "2" in tell_reason(found, group, language).sentence(language)
    bare = GroupPoints("place", 1.0, ())
    sentence = tell_reason(replace(BASE, groups=(bare,)), bare, language).sentence(language)
    assert sentence == {"en": "location sharing", "id": "berbagi lokasi"}[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_bar_verdict_and_score_has_words(language):
    names = [bar_name(WaterfallBar("for", (GroupPoints(group, 1.0, ()),), 0, 1, 1), language) for group in GROUPS]
    names += [bar_name(WaterfallBar(kind, (), 0, 1, 1), language) for kind in ("start", "score")]
    names.append(bar_name(WaterfallBar("other", (GroupPoints("age", 1.0, ()),) * 2, 0, 1, 1), language))
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 26
    sentences = {tell_verdict(replace(BASE, verdict=verdict), language) for verdict in VERDICTS}
    assert len(sentences) == len(VERDICTS)
    assert tell_score(BASE, language) == ""


def test_a_score_is_so_many_of_a_hundred_and_never_all_or_nothing():
    for share, text in ((0.9951, "99.5"), (0.99978, "99.98"), (0.0003, "0.03"), (0.5, "50.0")):
        assert f"{text} of 100" in tell_score(replace(BASE, bot_score=share, log_odds=1.0))


def test_where_score_and_verdict_part_it_is_said():
    found = replace(BASE, verdict="active", log_odds=3.0, suspicious_threshold=2.0, review_threshold=1.0, review=True)
    assert "over the line" in tell_verdict(found)
    assert "worth a look" in tell_verdict(replace(found, log_odds=1.5))
    assert "worth a look" not in tell_verdict(replace(found, log_odds=0.5, review=False))
    assert "over the line" not in tell_verdict(replace(found, verdict="suspicious"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_an_account_is_told(language):
    rows = bs.make_audience(n=20, random_state=2).accounts.table.to_pylist()
    for row in rows:
        row |= {"display_name": "CANARYNAME \x1b[31m", "bio": "CANARYBIO http://x.example", "handle": "canaryhandle"}
    rows = [row | {"handle": f"canaryhandle{place}"} for place, row in enumerate(rows)]
    accounts = AccountTable.from_frame(rows, platform="twitter")
    for row in rows:
        found = load_model().explain(accounts, row["account_id"])
        text = " ".join(tell_reason(found, group, language).sentence(language) for group in found.groups)
        assert "canary" not in (text + tell_verdict(found, language)).lower()
        assert text.isprintable()


def test_the_parts_of_every_sentence_add_up_to_its_story():
    n_rests = 0
    accounts = bs.make_audience(n=60, random_state=3).accounts
    for account in accounts.table["account_id"].to_pylist()[:20]:
        found = bs.explain_account(accounts, account)
        for group in found.groups:
            reason = tell_reason(found, group)
            parts = sum(round(sign.log_odds * 20) for sign in reason.signs) + round(reason.rest * 20)
            assert parts == round(group.log_odds * 20)
            if reason.signs and reason.rest:
                n_rests += 1
                assert reason.sentence().endswith(f"other facts of this kind: {signed(reason.rest)}")
    assert n_rests
