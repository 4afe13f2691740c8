"""What the report says is what the audit holds."""

from dataclasses import replace

import pytest

from botscan.notes import Note
from botscan.prevalence.from_labels.labeled_group import FEWEST_LABELED
from botscan.prevalence.segments import SegmentShare
from botscan.prevalence.share import OrganicShare
from botscan.report import contents
from botscan.wording import LANGUAGES, say


def groups_of(audit, organic):
    return {
        name: SegmentShare(name, count, None, None, None, None, None, None, 40, 0, *[organic] * 3)
        for name, count in audit.segments.items()
    }


def numbers_in(lines):
    return [int(line.count.replace(",", "")) for line in lines]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("a.csv", "a.csv"),
        ("/home/ani/lists/a.csv", "a.csv"),
        ("C:\\Users\\ani\\a.csv", "a.csv"),
        ("-", "-"),
        ("x/", "x"),
        ("", ""),
    ],
)
def test_folders_are_not_told(make_audit, source, name):
    assert contents.list_name(make_audit(source=source)) == name


def test_segments_stand_in_order_with_their_meaning(audit):
    lines = contents.segment_lines(audit, "en")
    assert [line.kind for line in lines] == [
        "active",
        "dormant",
        "mass_follower",
        "suspicious",
        "declared_bot",
        "unknown",
    ]
    assert sum(numbers_in(lines)) == audit.n_accounts
    assert all(line.meaning for line in lines)
    assert lines[3].label.startswith("shows signs of")


def test_empty_list_divides_by_nothing(empty_audit):
    assert contents.segment_bar(empty_audit) == ()
    assert {line.share for line in contents.segment_lines(empty_audit, "en")} == {""}
    assert contents.score_drawing(empty_audit) is None
    assert contents.coverage_lines(empty_audit, "en") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("point", "figure"),
    [
        (0.0, {"0.0 %", "0,0 %"}),
        (0.004, {"0.4 %", "0,4 %"}),
        (0.5, {"50 %"}),
        (0.996, {"99.6 %", "99,6 %"}),
        (1.0, {"100.0 %", "100,0 %"}),
    ],
)
def test_figure_near_the_ends_keeps_a_digit(make_audit, language, point, figure):
    share = OrganicShare(
        point, 0.0, 1.0, 0.95, "ppi_wilson", True, "not_suspicious_to_raters", "list", "full", 1_000, 1_000, 100
    )
    assert contents.hero(make_audit(share=share), language).figure in figure


def test_share_of_the_scored_counts_the_scored(make_audit):
    share = OrganicShare(
        0.5, 0.4, 0.6, 0.9, "binned_posterior", False, "unlike_suspicious_profile", "scored", "full", 25_000, 20_000, 0
    )
    hero = contents.hero(make_audit(share=share), "en")
    assert "8,000 to 12,000" in hero.interval
    assert "90 % interval" in hero.interval


def test_signs_keep_their_order_and_unknown_codes_are_shown_as_they_are(audit):
    lines = contents.sign_lines({"balance": 10, "<new>": 5}, 20, "en")
    assert [line.label for line in lines] == ["balance between followers, following and posts", "<new>"]
    assert [line.share for line in lines] == ["50 %", "25 %"]
    assert [shape.kind for shape in lines[0].bar] == ["sign", "rest"]


def test_what_was_not_known(audit):
    absent, sparse, *others = contents.unknowns(audit, "en")
    assert "own profile picture" in absent
    assert "date it followed" in absent
    assert "followers" not in absent.replace("followed", "").replace("date it", "")
    assert "lists that hold it" in sparse
    assert "lists that hold it" not in absent
    assert len(others) == 1


def test_columns_of_other_platforms_are_not_missed(make_audit):
    text = " ".join(contents.unknowns(make_audit(platform="instagram"), "en"))
    assert "lists that hold it" not in text
    assert "likes received" not in text
    assert "likes received" in " ".join(contents.unknowns(make_audit(platform="tiktok"), "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_method_is_three_sentences_that_fit_the_share(audit, audit_without_share, make_audit, language):
    posterior = OrganicShare(
        0.5, 0.4, 0.6, 0.9, "binned_posterior", False, "unlike_suspicious_profile", "scored", "full", 25_000, 20_000, 0
    )
    told = [
        contents.method(any_audit, language) for any_audit in (audit, audit_without_share, make_audit(share=posterior))
    ]
    assert [len(sentences) for sentences in told] == [3, 3, 3]
    assert len({sentences[1] for sentences in told}) == 3
    assert "100" in told[0][1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_interval_of_labels_counts_is_told_by_method(make_audit, audit, language):
    methods = ("ppi_wilson", "stratified", "exact", "error_corrected")
    told = {
        method: contents.method(make_audit(share=replace(audit.share, method=method)), language)[1]
        for method in methods
    }
    assert told["ppi_wilson"] == told["stratified"]
    assert len(set(told.values())) == 3
    word = {"en": "scores", "id": "skor"}[language]
    assert [word in told[method] for method in methods] == [True, True, False, False]
    for sentence in told.values():
        assert {"en": "stayed undecided", "id": "tidak dapat diputuskan"}[language] in sentence


@pytest.mark.parametrize(
    ("list_order", "known", "words"),
    [
        ("unknown", None, "not known"),
        ("unknown", 0.0, "not known"),
        ("unknown", 1.0, "by the position in follow order that the list states"),
        ("newest_first", 1.0, "newest follower first"),
    ],
)
def test_the_order_of_a_list_that_states_positions_is_known(make_audit, audit, list_order, known, words):
    coverage = audit.coverage if known is None else {**audit.coverage, "follow_rank": known}
    told = make_audit(reading=replace(audit.reading, list_order=list_order), coverage=coverage)
    assert dict(contents.facts(told, "en"))["Order of the list"] == words


def test_notes_of_the_share_are_told_once(audit_without_share):
    share = audit_without_share.share
    told = [
        contents.hero(audit_without_share, "en").reason,
        *contents.unknowns(audit_without_share, "en")[2:-1],
        *contents.remarks(audit_without_share, "en"),
    ]
    assert sorted(told) == sorted(contents.words(note, "en") for note in share.notes)
    assert len(share.notes) >= 4


def test_notes_that_the_page_says_elsewhere_are_left_out(make_audit, audit):
    notes = (Note("includes_dormant"), Note("raters_not_purchases"), Note("labels_none"), Note("frame_newest"))
    told = make_audit(share=replace(audit.share, notes=notes))
    assert contents.remarks(told, "en") == [contents.words(notes[2], "en")]
    assert contents.words(notes[3], "en") in contents.unknowns(told, "en")


def test_columns_known_for_all_are_named_and_the_others_counted(audit):
    sentence = contents.complete_columns(audit, "en")
    assert "followers" in sentence
    assert "lists that hold it" not in sentence
    lines = contents.coverage_lines(audit, "en")
    assert [(line.label, line.share) for line in lines] == [
        ("date the account was made", "98 %"),
        ("posts", "99.7 %"),
        ("lists that hold it", "31 %"),
    ]


def test_rejected_rows_are_told_in_words(audit):
    lines = contents.reject_lines(audit, "id")
    assert [line.count for line in lines] == ["4", "37", "127"]
    assert lines[0].label == "tanpa id dan tanpa nama pengguna"


def test_long_header_names_in_notes_are_clipped(monkeypatch):
    monkeypatch.setattr(contents, "say_note", lambda note, language: "x" * 10_000)
    assert len(contents.words(Note("any"), "en")) == 800


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_share_that_is_known_has_no_range(make_audit, audit, language):
    known = replace(
        audit.share, organic_share=0.0, organic_share_ci_lower=0.0, organic_share_ci_upper=0.0, method="declared"
    )
    found = contents.hero(make_audit(share=known), language)
    assert found.interval == say("report_exact", language)
    assert contents.hero(audit, language).interval != found.interval


def test_what_the_labels_of_groups_say_is_told_in_one_place(make_audit, audit):
    groups = groups_of(audit, 0.9)
    noted = (Note("segments_few_labels", numbers={"n_labels": 15}), Note("segments_each_alone"))
    shown = make_audit(segment_shares=groups, warnings=noted)
    assert any(line.organic for line in contents.segment_lines(shown, "en"))
    assert contents.notes(shown, "en") == []
    # Without the column nothing else on the page would say it.
    without = make_audit(segment_shares=groups_of(audit, None), warnings=noted)
    assert contents.notes(without, "en") == [contents.words(note, "en") for note in noted]
    assert f"fewer than {FEWEST_LABELED} accounts" in contents.segments_by_labels("en")


def test_size_of_the_audience_is_no_unknown(make_audit, audit):
    numbers = {"population": 84_000, "organic_count": 59_808, "ci_lower": 53_760, "ci_upper": 65_520}
    notes = (Note("frame_random_population", numbers=numbers),)
    share = replace(audit.share, frame="random", population=84_000, notes=notes)
    told = make_audit(share=share)
    assert "53,800 to 65,500" in contents.hero(told, "en").interval
    assert not any("84,000" in sentence for sentence in contents.unknowns(told, "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rough_share_shows_its_ends_and_no_point(make_audit, audit, language):
    rough = contents.hero(make_audit(share=replace(audit.share, method="source_random_effects")), language)
    plain = contents.hero(audit, language)
    assert "point" in {shape.kind for shape in plain.bar}
    assert "point" not in {shape.kind for shape in rough.bar}
    assert "71" in plain.bar_words
    assert not any("71" in words for words in (rough.bar_words, rough.figure, rough.interval))
    assert "64" in rough.bar_words
    assert "78" in rough.bar_words


@pytest.mark.parametrize(
    ("language", "score", "against"), [("en", "+2.4", "(\u22120.6)"), ("id", "+2,4", "(\u22120,6)")]
)
def test_score_of_an_account_is_written_as_on_the_axis(review, language, score, against):
    line = contents.review_lines(review()[4:5], "twitter", language)[0]
    assert line.score == score
    assert line.counter_evidence[0].endswith(against)


def test_every_colour_of_the_scores_is_named(audit):
    drawing = contents.score_drawing(audit)
    kinds = [line.kind for line in contents.score_legend(drawing, "en")]
    assert kinds == ["below", "worth-a-look", "above"]
    assert set(kinds) == {shape.kind for shape in drawing.shapes}
