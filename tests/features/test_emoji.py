"""Emoji as a reader counts them, by hand and against the slow reference."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_text import emoji_count, texts

from botscan.arrow_text import TextColumn
from botscan.features.emoji import count_emoji
from botscan.features.extract import extract_matrix


def counted(rows):
    return count_emoji(TextColumn.from_arrow(pa.array(rows, pa.large_string()))).tolist()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", 0),
        ("kopi :) © → 7", 0),
        ("☕", 1),
        ("☕☕", 2),
        ("☕ ☕", 2),
        ("❤️", 1),
        ("❤️❤️", 2),
        ("👍🏽", 1),
        ("👍🏽👍🏿", 2),
        ("👨\u200d👩\u200d👧", 1),
        ("👨\u200d👩\u200d👧👨\u200d👩\u200d👧", 2),
        ("👩🏽\u200d🌾", 1),
        ("🏳️\u200d🌈", 1),
        ("🏃🏻\u200d♀️", 1),
        ("👨\u200d", 1),
        ("\u200d👨", 1),
        ("👨\u200d\u200d👩", 2),
        ("👨 \u200d👩", 2),
        ("a\u200d👨", 1),
        ("🇮🇩", 1),
        ("🇮🇩🇲🇾", 2),
        ("🇮🇩🇲", 2),
        ("🇮\u200d🇩", 2),
        ("🇮", 1),
        ("🇮 🇩", 2),
        ("🇮🇩\u200d🇲🇾", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),
        ("1️⃣2️⃣", 2),
        ("🏽", 1),
        ("🏽🏿", 1),
        ("a🏽", 1),
        ("☕\u202e☕\u200b☕", 3),
    ],
)
def test_by_hand(text, wanted):
    assert counted([text]) == [wanted]
    assert emoji_count(text) == wanted


def test_nothing_joins_across_the_border_of_a_row():
    rows = ["👨\u200d", "👩", "🇮", "🇩", "👍", "🏽", None, "\u200d👧", "\ufe0f"]
    assert counted(rows) == [1, 1, 1, 1, 1, 1, 0, 1, 0]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.none() | texts, max_size=8))
def test_counts_equal_the_slow_reference(rows):
    assert counted(rows) == [0 if row is None else emoji_count(row) for row in rows]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text("👨👩🏽\u200d\ufe0f🇮🇩♂a", max_size=12), max_size=6), st.randoms(use_true_random=False))
def test_dense_sequences_wherever_a_row_stands(rows, random):
    wanted = [emoji_count(row) for row in rows]
    assert counted(rows) == wanted
    order = list(range(len(rows)))
    random.shuffle(order)
    assert counted([rows[place] for place in order]) == [wanted[place] for place in order]


def test_a_hundred_thousand_of_everything():
    assert counted(["👍🏽" * 100_000, "a" * 100_000, "\u200d" * 100_000, "🇮" * 100_000]) == [100_000, 0, 0, 50_000]


def test_unknown_stays_unknown_and_an_empty_bio_holds_none():
    table = pa.table({"display_name": ["☕", None, ""], "bio": [None, None, "☕☕"], "bio_length": [0, None, 2]})
    found = extract_matrix(table, ["display_name_emoji_count", "bio_emoji_count"])
    np.testing.assert_array_equal(found, np.float32([[1, 0], [np.nan, np.nan], [0, 2]]))
