"""What rules say of one list, side by side."""

import json

import pyarrow as pa
import pytest

import botscan as bs
from botscan.accounts.table import AccountTable
from botscan.errors import SchemaError
from botscan.evidence.scores import SCORE_SCHEMA, Scores
from botscan.scoring.compare_rules import compare_rules
from botscan.scoring.yardsticks import ALL_RULES, YARDSTICKS
from botscan.wording import has_words


def listed(*rows, platform="twitter"):
    return AccountTable.from_frame(
        [{"account_id": str(n), **row} for n, row in enumerate(rows, start=1)], platform=platform
    )


def scored(accounts, *verdicts):
    n = len(verdicts)
    columns = {
        "account_id": accounts.table["account_id"],
        "verdict": pa.array(verdicts, SCORE_SCHEMA.field("verdict").type),
    }
    arrays = [columns.get(field.name, pa.nulls(n, field.type)) for field in SCORE_SCHEMA]
    return Scores(
        table=pa.table(arrays, schema=SCORE_SCHEMA),
        model_name="tiny",
        model_sha256="0" * 64,
        pattern="twitter/full",
        platform="twitter",
        observed_at=None,
        list_digest=accounts.digest,
        source="list",
    )


LIST = listed(
    {"followers_count": 1, "following_count": 60, "posts_count": 0},
    {"followers_count": 5, "following_count": 60, "posts_count": 4},
    {"followers_count": 90, "following_count": 60, "posts_count": 7},
    {"followers_count": 90, "following_count": None, "posts_count": None},
)


@pytest.fixture(scope="module")
def compared():
    return compare_rules(LIST, scored(LIST, "suspicious", "active", "unknown", "active"))


def row(compared, name):
    return next(one for one in (*compared.rows, *compared.criteria) if one.name == name)


def test_one_row_a_rule_a_set_and_the_verdict(compared):
    assert [one.name for one in compared.rows] == [*(rule.name for rule in YARDSTICKS), "suspicious"]
    assert {one.kind for one in compared.rows} == {"rule", "set", "verdict"}
    assert {one.name for one in compared.criteria} == {r.name for r in ALL_RULES} - {r.name for r in YARDSTICKS}
    assert compare_rules(LIST).rows[-1].kind == "set"
    assert compare_rules(LIST).model is None


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("ratio_10", (2, 1, 0.5, 0.75)),
        ("ratio_50", (1, 1, 0.25, 0.5)),
        ("no_posts", (1, 1, 0.25, 0.5)),
        ("no_avatar", (0, 4, None, None)),
        ("socialbakers", (1, 3, 0.25, 1.0)),
        ("suspicious", (1, 1, 0.25, 0.5)),
        ("sb_never_tweeted", (1, 1, 0.25, 0.5)),
    ],
)
def test_shares_are_of_the_whole_list_and_unknown_is_never_flagged(compared, name, wanted):
    found = row(compared, name)
    assert (found.n_flagged, found.n_unknown, found.share_flagged, found.share_flagged_most) == wanted


def test_a_set_says_how_many_criteria_could_be_checked_and_between_what_its_count_lies(compared):
    found = row(compared, "socialbakers")
    # The ratio, never posted, and what wants over 100 followed: three of four accounts each. The rest: one or none.
    assert (len(found.criteria), found.n_criteria_checked) == (8, 3)
    # First account: the ratio and no post speak against it, its picture is open. Second and third: four criteria of
    # posts and the picture are open. Fourth: everything is.
    assert found.mean_low == (2 + 0 + 0 + 0) / 4
    assert found.mean_high == (3 + 5 + 5 + 8) / 4


def test_what_is_lacking_is_named(compared):
    assert row(compared, "no_avatar").lacking == ("has_avatar",)
    assert row(compared, "no_posts").lacking == ()
    lacking = row(compared, "socialbakers").lacking
    assert {"has_avatar", "created_at", "bio_length", "post_texts"} <= set(lacking)
    assert "posts_count" not in lacking


def test_rules_differ_by_the_spread_of_what_they_flag_where_they_know_half_of_the_list(compared):
    assert (compared.lowest_share, compared.highest_share) == (0.0, 0.5)
    assert "they differ by 50 points on this very list" in str(compared)
    assert "selisihnya 50 poin" in compared.to_text("id")


def test_agreement_is_between_what_both_could_check(compared):
    names = list(compared.agreement.names)
    ratio, posts, avatar = names.index("ratio_50"), names.index("no_posts"), names.index("no_avatar")
    assert compared.agreement.kappa[ratio][posts] == 1.0
    assert compared.agreement.n_accounts[ratio][posts] == 3
    assert compared.agreement.kappa[ratio][avatar] is None
    assert compared.agreement.n_accounts[ratio][avatar] == 0
    assert compared.agreement.kappa[ratio][names.index("suspicious")] == 1.0


def test_figures_stand_beside_each_rule_and_the_verdict_points_to_its_scoreboard(compared):
    found = row(compared, "ratio_10").figures
    assert 0 < found.false_alarm_rate <= found.false_alarm_rate_worst < found.recall <= 1
    assert row(compared, "suspicious").figures.not_measured == "see the scoreboard of the model"


def test_the_share_without_an_answer_stands_beside_the_figures_on_every_surface(compared):
    figures = row(compared, "socialbakers").figures
    assert min(figures.unknown_share_suspicious, figures.unknown_share_organic) > 0.9
    told = next(one for one in compared.to_dict()["rows"] if one["name"] == "socialbakers")["figures"]
    assert told["unknown_share_organic"] == figures.unknown_share_organic
    frame = compared.to_frame()
    assert frame.loc["socialbakers", "unknown_share_suspicious"] == figures.unknown_share_suspicious
    assert frame.loc["ratio_10", "unknown_share_suspicious"] == 0
    words = dict(compared._rows("en"))
    share = f"{100 * figures.unknown_share_suspicious:.1f} %"
    assert f"no answer for {share}" in words["Socialbakers FakeFollowerCheck"].replace("\u00a0", " ")
    assert "no answer" not in words["follows 10 or more for each follower"]


@pytest.mark.parametrize(("language", "mark"), [("en", "no answer for"), ("id", "tanpa jawaban untuk")])
def test_a_long_cell_is_never_clipped_before_its_measured_figures(language, mark):
    found = compare_rules(bs.make_audience(n=300).accounts)
    lacking = [one for one in found.rows if one.figures.recall is not None and one.figures.unknown_share_organic]
    assert found.to_markdown(language).count(mark) == len(lacking) > 3


def test_sets_that_ask_for_posts_are_said_to_have_lower_bounds(compared):
    assert "rules_sets_are_lower_bounds" in [note.code for note in compared.notes]
    for language, mark in (("en", "are lower bounds"), ("id", "batas bawah")):
        told = " ".join(compared.to_text(language).split())
        assert mark in told
        assert "Camisani-Calzolari" in told.split(mark)[0]


def test_the_order_of_the_accounts_changes_no_count():
    accounts = bs.make_audience(n=400, random_state=3).accounts
    turned = AccountTable.from_frame(accounts.table.take(list(range(399, -1, -1))))
    one, other = compare_rules(accounts), compare_rules(turned)
    assert one.rows == other.rows
    assert one.agreement == other.agreement


@pytest.mark.parametrize(
    "accounts", [listed({}, {}), AccountTable.from_frame(LIST.table.slice(0, 0), platform="twitter")]
)
def test_an_empty_list_and_one_of_ids_say_nothing(accounts):
    found = compare_rules(accounts)
    assert all(one.share_flagged is None for one in found.rows)
    assert found.highest_share is None
    assert "cannot say anything about this list" in str(found)
    assert "differ" not in str(found).splitlines()[0]


def test_another_platform_is_told_that_the_rules_were_not_made_for_it():
    codes = [note.code for note in compare_rules(listed({"posts_count": 0}, platform="instagram")).notes]
    assert "rules_other_platform" in codes
    assert "rules_other_platform" not in [note.code for note in compare_rules(LIST).notes]


def test_scores_of_another_list_or_in_another_order_are_refused():
    other = listed({"posts_count": 1}, {"posts_count": 2})
    with pytest.raises(SchemaError, match="2 scored rows, 4 accounts"):
        compare_rules(LIST, scored(other, "active", "active"))
    turned = AccountTable.from_frame(LIST.table.take([3, 2, 1, 0]))
    with pytest.raises(SchemaError, match="another list"):
        compare_rules(LIST, scored(turned, *["active"] * 4))


def test_it_shows_itself_on_every_surface(compared):
    found = json.loads(compared.to_json())
    assert found["rows"][0]["figures"]["recall"] is not None
    assert found["notes"][0]["text"].startswith("These shares are what each rule of thumb flags")
    assert compared.to_dict("id")["notes"][0]["text"].startswith("Angka-angka ini")
    frame = compared.to_frame()
    assert list(frame.index) == [one.name for one in (*compared.rows, *compared.criteria)]
    assert frame.loc["ratio_10", "n_flagged"] == 2
    assert "Socialbakers" in compared.to_markdown()
    assert "<table>" in compared._repr_html_()
    assert len(compared._repr_html_()) < 20_000
    assert "Kesepakatan" in compare_rules(bs.make_audience(n=300).accounts).to_text("id")


def test_every_rule_has_words():
    assert all(has_words(f"yardstick_{rule.name}") for rule in (*YARDSTICKS, *ALL_RULES))
    assert has_words("yardstick_suspicious")


def test_no_text_of_an_account_is_shown():
    accounts = listed({"handle": "rahasia", "bio": "I am a bot rahasia", "posts_count": 0})
    found = compare_rules(accounts)
    assert row(found, "sos_bio_says_so").n_flagged == 1
    assert "rahasia" not in found.to_json() + found.to_text() + found.to_markdown()
