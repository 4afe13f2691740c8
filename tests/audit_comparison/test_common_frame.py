"""Two shares are subtracted only when they speak of the same thing."""

import pytest

import botscan as bs
from botscan.audit_comparison import compare_audits
from botscan.wording import say_note

LATER = {"observed_at": "2026-06-01T00:00:00Z", "source": "june.csv"}
OTHER_MODEL = {"name": "default", "sha256": "b" * 64, "pattern": "twitter/full"}
PROFILE = {"method": "binned_posterior", "estimand": "unlike_suspicious_profile", "validated": False, "n_labeled": 0}
KNOWN = PROFILE | {"method": "source_random_effects", "estimand": "unlike_known_suspicious"}


def codes(notes):
    return [note.code for note in notes]


def test_shares_of_one_kind_are_subtracted(audit_of):
    comparison = compare_audits(audit_of(), audit_of(**LATER))
    assert comparison.reasons == ()
    assert comparison.difference == 0.0
    assert codes(comparison.notes) == ["compare_raters"]
    assert comparison.validated


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({}, {"platform": "instagram"}, "compare_platforms_differ"),
        ({}, {"share": PROFILE}, "compare_estimands_differ"),
        ({"share": {"method": "exact"}}, {"share": {"method": "error_corrected"}}, "compare_methods_differ"),
        ({"share": KNOWN}, {"share": KNOWN, "model": OTHER_MODEL}, "compare_known_accounts_differ"),
        ({}, {"share": {"share_of": "scored"}}, "compare_share_of_differs"),
        ({}, {"share": {"confidence_level": 0.9}}, "compare_levels_differ"),
        ({}, {"share": {"frame": "newest"}}, "compare_frames_differ"),
        ({"share": {"frame": "unknown"}}, {}, "compare_frames_differ"),
        ({"share": {"frame": "newest"}}, {"share": {"frame": "newest"}}, "compare_newest_heads"),
    ],
)
def test_what_differs_is_named_with_a_remedy_and_nothing_is_subtracted(audit_of, before, after, reason):
    for first, second in ((before, after), (after, before)):
        comparison = compare_audits(audit_of(**first), audit_of(**(LATER | second)))
        assert codes(comparison.reasons) == [reason]
        assert comparison.interval is None
        assert comparison.organic_count_difference is None
        assert (comparison.confidence_level is None) == (reason == "compare_levels_differ")
        for language in ("en", "id"):
            said = say_note(comparison.reasons[0], language)
            assert said in comparison.headline(language)
            assert said.count(".") >= 2  # what is wrong, and what to do


def test_every_reason_is_named_at_once(audit_of):
    after = audit_of(platform="instagram", share={"frame": "newest", "confidence_level": 0.9}, observed_at=None)
    reasons = codes(compare_audits(audit_of(), after).reasons)
    assert reasons == ["compare_platforms_differ", "compare_levels_differ", "compare_frames_differ"]


@pytest.mark.parametrize("without", [["before"], ["after"], ["before", "after"]])
def test_a_missing_share_is_a_reason_of_its_own(audit_of, no_share, without):
    audits = [audit_of(share=no_share if name in without else ()) for name in ("before", "after")]
    (reason,) = compare_audits(*audits).reasons
    assert reason.code == f"compare_share_missing_{'both' if len(without) == 2 else without[0]}"


def test_ways_to_use_labels_are_one_family(audit_of):
    comparison = compare_audits(audit_of(share={"method": "exact"}), audit_of(share={"method": "stratified"}, **LATER))
    assert comparison.difference is not None


@pytest.mark.parametrize(("first", "second"), [("full", "random"), ("random", "full"), ("random", "random")])
def test_full_lists_and_random_samples_both_speak_of_the_audience(audit_of, first, second):
    comparison = compare_audits(audit_of(share={"frame": first}), audit_of(share={"frame": second}, **LATER))
    assert comparison.difference is not None
    assert "compare_counts_unknown" in codes(comparison.notes)


def test_lists_of_unknown_frame_differ_as_lists_and_a_note_says_so(audit_of):
    share = {"frame": "unknown"}
    comparison = compare_audits(audit_of(share=share), audit_of(share=share, **LATER))
    assert comparison.difference is not None
    assert comparison.organic_count_difference is None
    assert "compare_frame_unknown" in codes(comparison.notes)


def test_one_newest_list_under_two_models_is_comparable_because_it_is_one_list(audit_of):
    share = {"frame": "newest"}
    comparison = compare_audits(audit_of(share=share), audit_of(share=share, model=OTHER_MODEL))
    assert comparison.is_same_list
    assert comparison.difference == 0.0
    assert {"compare_same_list", "compare_same_labels", "compare_models_differ"} <= set(codes(comparison.notes))


@pytest.mark.parametrize(("frame", "is_comparable"), [("unknown", True), ("newest", True), ("random", False)])
def test_of_one_list_only_a_random_sample_means_more_than_the_list(audit_of, frame, is_comparable):
    comparison = compare_audits(audit_of(), audit_of(share={"frame": frame}))
    assert comparison.is_same_list
    assert (comparison.difference is not None) == is_comparable


def test_a_list_without_a_date_is_never_taken_for_the_same(audit_of):
    comparison = compare_audits(audit_of(observed_at=None), audit_of(observed_at=None))
    assert not comparison.is_same_list
    assert "compare_dates_unknown" in codes(comparison.notes)
    assert comparison.days_between is None


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True), ({"source": "lists\\may.csv"}, True), ({"source": "/data/may.csv"}, True),
        ({"source": "april.csv"}, False), ({"n": 999}, False), ({"observed_at": "2026-05-01T00:00:01Z"}, False),
        ({"platform": "instagram"}, False), ({"model": OTHER_MODEL}, True),
    ],
)  # fmt: skip
def test_the_same_list_is_known_by_name_instant_and_rows(audit_of, changes, is_same):
    assert compare_audits(audit_of(), audit_of(**changes)).is_same_list == is_same


@pytest.mark.parametrize(("digest", "is_same"), [("a", True), ("b", False)])
def test_where_both_audits_name_their_list_nothing_else_decides(audit_of, digest, is_same):
    first = audit_of(list_digest="a", source="april.csv", observed_at=None)
    assert compare_audits(first, audit_of(list_digest=digest, observed_at=None)).is_same_list == is_same


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z", True), (None, "2026-06-01T00:00:00Z", True),
        ("2026-05-01T00:00:00Z", None, True), ("2026-05-01T00:00:00Z", "2026-05-01T09:30:00Z", True),
        ("2026-05-01T08:00:00Z", "2026-05-01T09:30:00Z", False), ("2026-05-01", "2026-05-31", False),
    ],
)  # fmt: skip
def test_the_same_accounts_at_two_times_are_two_lists(audit_of, first, second, is_same):
    found = compare_audits(audit_of(list_digest="a", observed_at=first), audit_of(list_digest="a", observed_at=second))
    assert found.is_same_list == is_same
    assert ("compare_same_list" in codes(found.notes)) == is_same
    told = [note for note in found.notes if note.code == "compare_same_accounts"]
    assert [note.numbers for note in told] == ([] if is_same else [{"days": found.days_between}])
    assert ("one list" in found.headline()) == is_same
    assert "compare_same_labels" in codes(found.notes)


def test_the_same_newest_accounts_a_month_later_have_a_difference_of_their_own(audit_of):
    share = {"frame": "newest"}
    changed = share | {"organic_share": 0.5, "organic_share_ci_lower": 0.45, "organic_share_ci_upper": 0.55}
    found = compare_audits(audit_of(list_digest="a", share=share), audit_of(list_digest="a", share=changed, **LATER))
    assert (found.reasons, found.difference) == ((), -0.21)
    assert "fell" in found.headline()
    others = compare_audits(audit_of(list_digest="a", share=share), audit_of(list_digest="b", share=changed, **LATER))
    assert codes(others.reasons) == ["compare_newest_heads"]


@pytest.mark.parametrize("name", ["before", "after"])
def test_numbers_of_rows_make_no_two_lists_the_same(audit_of, name):
    made = [{"code": "ids_made", "column": None, "count": 1000, "text": "The list has no ids."}]
    first, second = (
        audit_of(list_digest="a", source=source, warnings=made if source == name else [])
        for source in ("before", "after")
    )
    found = compare_audits(first, second | LATER)
    assert not found.is_same_list
    assert not {"compare_same_accounts", "compare_same_labels"} & set(codes(found.notes))


def test_equal_ids_on_two_platforms_are_not_the_same_accounts(audit_of):
    found = compare_audits(audit_of(list_digest="a"), audit_of(list_digest="a", platform="instagram", **LATER))
    assert codes(found.reasons) == ["compare_platforms_differ"]
    assert "compare_same_accounts" not in codes(found.notes)


UNSEEN = {"code": "ranks_unseen", "column": None, "count": 9000, "text": "Nothing was fetched there."}


def test_a_share_of_the_seen_part_is_no_share_of_the_audience(audit_of):
    whole = {"frame": "random", "population": 20_000}
    part = {"frame": "random", "population": 11_000, "notes": [UNSEEN]}
    for first, second in ((whole, part), (part, whole)):
        found = compare_audits(audit_of(share=first), audit_of(share=second, **LATER))
        assert codes(found.reasons) == ["compare_frames_differ"]
    found = compare_audits(audit_of(share=part), audit_of(share=part, **LATER))
    assert (found.before.speaks_of, found.before.n_followers) == ("list", None)
    assert (found.difference, found.organic_count_difference) == (0.0, None)
    assert "compare_frame_unknown" in codes(found.notes)
    # Of one list too, a share of the seen part and one of all followers are two things.
    found = compare_audits(audit_of(share=whole), audit_of(share=part))
    assert found.is_same_list
    assert codes(found.reasons) == ["compare_frames_differ"]


@pytest.mark.parametrize(
    ("n_labels", "is_told"), [((50, 50), False), ((50, 51), True), ((200, 90), True), ((200, 200), False)]
)
def test_labels_of_most_of_a_small_list_may_make_the_interval_too_narrow(audit_of, n_labels, is_told):
    first, second = ({"n_labeled": n, "n_scored": 200} for n in n_labels)
    found = compare_audits(audit_of(n=200, share=first), audit_of(n=200, share=second))
    assert found.is_same_list
    told = [note for note in found.notes if note.code == "compare_labels_apart"]
    assert [note.numbers for note in told] == [{"n_labeled": sum(n_labels), "n_accounts": 200}] * is_told
    later = compare_audits(audit_of(n=200, share=first), audit_of(n=200, share=second, **LATER))
    assert "compare_labels_apart" not in codes(later.notes)
    for note in told:
        assert "200" in say_note(note, "id")


def test_another_model_marks_verdicts_and_spares_labels(audit_of):
    comparison = compare_audits(audit_of(), audit_of(model=OTHER_MODEL, **LATER))
    assert comparison.difference == 0.0
    assert not comparison.segments_comparable
    assert comparison.segments["active"].difference == 0
    assert {"compare_models_differ", "compare_models_differ_labels"} <= set(codes(comparison.notes))
    assert "not comparable" in comparison.to_text()


def test_another_pattern_marks_verdicts_too(audit_of):
    comparison = compare_audits(audit_of(), audit_of(model=OTHER_MODEL | {"sha256": "a" * 64, "pattern": "twitter/x"}))
    assert not comparison.segments_comparable


def test_shares_from_scores_say_what_their_errors_have_in_common(audit_of):
    one_model = compare_audits(audit_of(share=PROFILE), audit_of(share=PROFILE, **LATER))
    two_models = compare_audits(audit_of(share=PROFILE), audit_of(share=PROFILE, model=OTHER_MODEL, **LATER))
    assert codes(one_model.notes) == ["compare_errors_shared", "compare_not_validated"]
    assert codes(two_models.notes) == [
        "compare_models_differ_shares", "compare_not_validated", "compare_models_differ",
    ]  # fmt: skip
    assert one_model.difference == two_models.difference == 0.0
    assert not one_model.validated
    known = compare_audits(audit_of(share=KNOWN), audit_of(share=KNOWN, **LATER))
    assert known.difference == 0.0


@pytest.mark.parametrize(
    ("frame", "population", "speaks_of", "n_followers"),
    [
        ("full", None, "audience", 1000), ("full", 1005, "audience", 1000), ("full", 2000, "list", None),
        ("full", 995, "audience", 1000), ("newest", 1010, "audience", 1000), ("newest", 5000, "newest", None),
        ("newest", None, "newest", None), ("unknown", 1000, "audience", 1000), ("unknown", 5000, "list", None),
        ("unknown", None, "list", None), ("random", None, "audience", None), ("random", 5000, "audience", 5000),
    ],
)  # fmt: skip
def test_how_much_of_the_followers_was_seen_decides_what_a_share_speaks_of(
    audit_of, frame, population, speaks_of, n_followers
):
    found = compare_audits(audit_of(share={"frame": frame, "population": population}), audit_of(**LATER))
    assert (found.before.speaks_of, found.before.n_followers) == (speaks_of, n_followers)
    assert (found.difference is not None) == (speaks_of == "audience")
    assert (found.organic_count_difference is not None) == (n_followers is not None)


def audit_of_file(folder, name, seed, n_labels, *, backwards=False):
    """Audit an invented list from a file of that name."""
    audience = bs.make_audience(n=200, random_state=seed)
    frame = audience.accounts.to_frame().assign(observed_at="2026-05-01")
    labels = [
        {"account_id": one, "is_suspicious": bool(bad)}
        for one, bad in zip(frame["account_id"], audience.is_suspicious, strict=True)
    ]
    folder.mkdir()
    (folder / name).write_text(frame[:: -1 if backwards else 1].to_csv(index=False))
    return bs.audit(folder / name, labels[:n_labels], frame="full", platform="twitter")


def test_audits_of_one_list_are_known_by_its_ids_whatever_its_name_and_order(tmp_path):
    first = audit_of_file(tmp_path / "a", "may.csv", 1, 60)
    second = audit_of_file(tmp_path / "b", "renamed.csv", 1, 90, backwards=True)
    for after in (second, second.to_dict()):
        found = compare_audits(first, after)
        assert found.is_same_list
        assert found.difference is not None
        assert {"compare_same_list", "compare_same_labels"} <= set(codes(found.notes))
        assert "one list" in found.headline()


def test_audits_of_other_ids_are_of_another_list_whatever_its_name_day_and_size(tmp_path):
    first, second = (audit_of_file(tmp_path / name, "may.csv", seed, 60) for name, seed in (("a", 1), ("b", 2)))
    found = compare_audits(first, second)
    assert not found.is_same_list
    assert found.difference is not None
    # Without digests the name, the day and the size would have made them one.
    older = [audit.to_dict() | {"list_digest": "", "source": "may.csv"} for audit in (first, second)]
    assert compare_audits(*older).is_same_list


SIZES_DIFFER = {"compare_sizes_differ", "compare_sizes_differ_undated"}


def told_of_sizes(found):
    return [note for note in found.notes if note.code in SIZES_DIFFER]


@pytest.mark.parametrize(
    ("observed_at", "first", "second", "is_told"),
    [
        ("2026-06-01", 1000, 2000, False), ("2026-06-01", 1000, 2001, True), ("2026-06-01", 2001, 1000, True),
        ("2026-06-02", 1000, 2001, False), ("2026-06-02", 1000, 10_000, False), ("2026-06-02", 1000, 10_001, True),
        ("2026-05-01", 1000, 50_000, True), (None, 1000, 10_000, False), (None, 10_001, 1000, True),
    ],
)  # fmt: skip
def test_full_lists_whose_sizes_are_far_apart_are_doubted(audit_of, observed_at, first, second, is_told):
    found = compare_audits(audit_of(n=first), audit_of(n=second, observed_at=observed_at, source="later.csv"))
    notes = told_of_sizes(found)
    assert len(notes) == is_told
    assert found.difference == 0.0
    for note in notes:
        assert (note.numbers["before"], note.numbers["after"]) == (first, second)
        assert note.numbers.get("days") == found.days_between
        assert f"{second:,}" in say_note(note)
        assert f"{first:,}".replace(",", ".") in say_note(note, "id")


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        ({}, {}, True), ({"population": 1000}, {}, True), ({"population": 1000}, {"population": 9000}, False),
        ({"frame": "random"}, {}, False), ({"frame": "unknown"}, {"frame": "unknown"}, False),
        ({"frame": "newest"}, {"frame": "newest"}, False), ({}, {"population": 90_000}, False),
    ],
)  # fmt: skip
def test_only_lists_that_are_said_to_be_full_and_nothing_proves_it_are_doubted(audit_of, before, after, is_told):
    found = compare_audits(audit_of(share=before), audit_of(n=9000, share=after, **LATER))
    assert len(told_of_sizes(found)) == is_told


def test_sizes_are_doubted_where_there_is_no_share_and_not_across_platforms(audit_of, no_share):
    assert told_of_sizes(compare_audits(audit_of(share=no_share), audit_of(n=9000, **LATER)))
    assert not told_of_sizes(compare_audits(audit_of(), audit_of(n=9000, platform="instagram", **LATER)))
    empty = audit_of(n=0, share=no_share | {"n_labeled": 0})
    assert not told_of_sizes(compare_audits(empty, audit_of(n=9000, **LATER)))
