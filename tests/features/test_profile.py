from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from botscan.features.extract import extract_matrix

MARKS = ["bio_has_link", "bio_has_emoji", "bio_has_hashtag", "bio_has_mention"]


@pytest.mark.parametrize("name", MARKS)
def test_a_bio_known_to_be_empty_holds_no_mark_and_an_unknown_one_is_unknown(name):
    table = pa.table(
        {"bio": pa.array([None, None, None, "plain", "plain"], pa.large_string()), "bio_length": [0, None, 12, 5, None]}
    )
    np.testing.assert_array_equal(extract_matrix(table, [name])[:, 0], [0, np.nan, np.nan, 0, 0])


COUNTS = ["bio_link_count", "bio_hashtag_count", "bio_mention_count"]


@pytest.mark.parametrize("name", COUNTS)
def test_an_empty_bio_holds_none_and_an_unknown_one_is_unknown(name):
    table = pa.table({"bio": pa.array([None, None, "plain", ""], pa.large_string()), "bio_length": [0, 12, None, 0]})
    np.testing.assert_array_equal(extract_matrix(table, [name])[:, 0], [0, np.nan, 0, 0])


def test_marks_are_counted_in_their_own_column():
    bios = ["http://www.a.id www.b.id", "#kopi#senja #x", "@ana, @budi", "@ana #kopi https://a.id"]
    table = pa.table({"bio": bios, "bio_length": [len(bio) for bio in bios]})
    assert extract_matrix(table, COUNTS).tolist() == [[2, 0, 0], [0, 3, 0], [0, 0, 2], [1, 1, 1]]


def test_each_mark_is_told_apart():
    bios = ["www.a.id", "☕", "#kopi", "@ana", "@ana #kopi ☕ https://a.id"]
    table = pa.table({"bio": bios, "bio_length": [len(bio) for bio in bios]})
    assert extract_matrix(table, MARKS).tolist() == [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
        [1, 1, 1, 1],
    ]


def test_an_empty_bio_is_seen_by_its_length_alone():
    table = pa.table({"bio_length": [0, 1, None]})
    np.testing.assert_array_equal(
        extract_matrix(table, ["is_bio_empty", "bio_length"]), [[1, 0], [0, 1], [np.nan, np.nan]]
    )


@pytest.mark.parametrize("name", ["has_avatar", "has_geo", "has_website"])
def test_flags_pass_through(name):
    np.testing.assert_array_equal(extract_matrix(pa.table({name: [True, False, None]}), [name])[:, 0], [1, 0, np.nan])
