"""FollowBlock and FollowBlocks: their keys, frames and words."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pyarrow as pa
import pytest

from botscan.blocks.creation_ages import FRESH_DAYS
from botscan.blocks.follow_blocks import MARKED_SCHEMA, MOST_SHOWN, BlockEvidence, FollowBlock, FollowBlocks
from botscan.notes import Note

KINDS = (
    "high_scores",
    "creation_band",
    "creation_band_of_high_scores",
    "fresh_accounts",
    "similar_handles",
    "inactive",
)
#: The keys of the JSON object of a list, in this order; then the figures of each kind of evidence.
KEYS = [
    "first_rank",
    "last_rank",
    "n_accounts",
    "n_excess_lower",
    "followed_after",
    "followed_before",
    "q_value",
    "evidence",
    "evidence_details",
]


def time(day):
    return datetime(2024, 5, day, 10, tzinfo=UTC)


def evidence(code="inactive", n_accounts=120):
    band = (time(1), time(9)) if code.startswith("creation_band") else (None, None)
    return BlockEvidence(code, n_accounts, 200, 10.0, 10.0, n_accounts - 25, *band)


@pytest.fixture
def block():
    return FollowBlock(1_000, 1_199, 200, 110, time(20), time(28), 0.00012345678, tuple(map(evidence, KINDS)))


@pytest.fixture
def blocks(block):
    other = replace(block, first_rank=3_000, last_rank=3_099, n_accounts=100, followed_after=None, followed_before=None)
    marks = np.array([-1, 0, 1, 0, -1], dtype=np.int32)
    accounts = [
        {"account_id": "a1", "handle": "=ani", "follow_rank": 1_003, "created_at": time(4), "block": 1},
        {"account_id": "a2", "follow_rank": 3_001, "followed_after": time(21), "block": 2},
        {"account_id": "a3", "follow_rank": 1_007, "block": 1},
    ]
    marked = pa.Table.from_pylist(accounts, schema=MARKED_SCHEMA)
    return FollowBlocks((block, other), 5_000, 4_900, KINDS, 0.044, (Note("blocks_not_proof"),), marks, marked)


@pytest.fixture
def nothing():
    return FollowBlocks((), 150, 150, (), None, (Note("blocks_too_few", count=150, numbers={"fewest": 200}),))


def test_a_block_has_the_keys_of_the_json_object_and_its_details(block):
    found = block.to_dict()
    assert list(found) == KEYS
    assert found["evidence"] == list(KINDS)
    assert found["q_value"] == 0.000123
    assert (found["followed_after"], found["followed_before"]) == ("2024-05-20T10:00:00Z", "2024-05-28T10:00:00Z")
    assert list(found["evidence_details"][0]) == [
        "code",
        "n_accounts",
        "n_known",
        "n_around",
        "n_expected",
        "n_excess_lower",
        "created_after",
        "created_before",
    ]
    assert [one["created_after"] for one in found["evidence_details"]] == [
        "2024-05-01T10:00:00Z" if code.startswith("creation_band") else None for code in KINDS
    ]


@pytest.mark.parametrize(
    ("q_value", "written"), [(1.23456e-250, 1.23e-250), (1e-323, 1e-300), (0.0, 1e-300), (0.04567, 0.0457)]
)
def test_no_q_value_is_written_as_zero(blocks, block, q_value, written):
    found = replace(block, q_value=q_value)
    assert found.to_dict()["q_value"] == written
    assert json.loads(replace(blocks, blocks=(found,)).to_json())["follow_blocks"][0]["q_value"] == written


@pytest.mark.parametrize(
    ("q_value", "english", "indonesian"),
    [
        (0.0, "< 0.000001", "< 0,000001"),
        (9.9e-7, "< 0.000001", "< 0,000001"),
        (1e-6, "= 0.0000010", "= 0,0000010"),
        (0.00012345, "= 0.00012", "= 0,00012"),
        (0.0499, "= 0.050", "= 0,050"),
        (0.012, "= 0.012", "= 0,012"),
    ],
)
def test_q_values_in_words(block, q_value, english, indonesian):
    found = replace(block, q_value=q_value)
    assert found.place_in_words("en").endswith(f"(q {english}).")
    assert found.in_words("id").count(f"(q {indonesian}).") == 1


def test_json_is_strict_holds_everything_and_no_account(blocks):
    found = json.loads(blocks.to_json(), parse_constant=lambda word: 1 / 0)
    assert list(found) == [
        "follow_blocks",
        "n_accounts",
        "n_ordered",
        "examined",
        "suspicious_share_lower_bound",
        "notes",
    ]
    assert [list(one) for one in found["follow_blocks"]] == [KEYS, KEYS]
    assert (found["n_accounts"], found["n_ordered"], found["suspicious_share_lower_bound"]) == (5_000, 4_900, 0.044)
    assert found["follow_blocks"][1]["followed_after"] is None
    assert "a1" not in blocks.to_json()


def test_a_frame_has_a_row_a_block_and_times_in_utc(blocks):
    frame = blocks.to_frame()
    assert frame.columns.tolist() == KEYS[:-1]
    assert frame["first_rank"].tolist() == [1_000, 3_000]
    assert frame["followed_after"].isna().tolist() == [False, True]
    assert str(frame["followed_after"].dt.tz) == "UTC"
    assert frame["evidence"][0] == ", ".join(KINDS)


def test_a_frame_of_nothing_has_the_same_columns_and_types(blocks, nothing):
    frame = nothing.to_frame()
    assert len(frame) == len(nothing) == 0
    assert frame.columns.tolist() == blocks.to_frame().columns.tolist()
    assert str(frame["followed_before"].dt.tz) == "UTC"


def test_marked_accounts_are_named_with_their_block_counted_from_one(blocks, nothing):
    frame = blocks.marked_accounts()
    assert frame.columns.tolist() == MARKED_SCHEMA.names
    assert frame["account_id"].tolist() == ["a1", "a2", "a3"]
    assert frame["block"].tolist() == [1, 2, 1]
    assert frame["follow_rank"].tolist() == [1_003, 3_001, 1_007]
    assert frame["handle"].isna().tolist() == [False, True, True]
    assert frame["created_at"].tolist()[0] == time(4)
    assert frame["followed_after"].isna().tolist() == [True, False, True]
    assert nothing.marked_accounts().dtypes.tolist() == frame.dtypes.tolist()


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_kind_of_evidence_has_its_words_with_its_figures(block, language):
    for code in KINDS:
        words = replace(block, evidence=(evidence(code),)).reasons_in_words(language)
        assert "60" in words
        assert "5" in words.replace("60", "")
        assert ("2024" in words) == code.startswith("creation_band")
        assert "bot" not in words.lower().split()
    assert "; " in block.reasons_in_words(language)


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_age_of_newcomers_in_words_is_the_one_that_is_counted(block, language):
    assert f"{FRESH_DAYS} " in replace(block, evidence=(evidence("fresh_accounts"),)).reasons_in_words(language)


def test_a_block_without_dates_is_told_by_its_ranks(blocks):
    by_date, by_rank = (one.place_in_words() for one in blocks.blocks)
    assert "2024" in by_date
    assert "1,000 to 1,199" in by_date
    assert "3,000 to 3,099" in by_rank
    assert "2024" not in by_rank


class Cells(HTMLParser):
    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(("language", "bound"), [("en", "4.4"), ("id", "4,4")])
def test_every_surface_shows_blocks_bound_and_notes(blocks, language, bound):
    text = blocks.to_markdown(language).replace("\\", "")
    assert bound in text
    assert bound not in replace(blocks, blocks=()).to_markdown(language).replace("\\", "")
    for shown in (text, Cells(blocks._repr_html_()).text):
        assert "110" in shown
        assert "200" in shown
    assert len(text.splitlines()) > 6
    assert blocks.to_markdown("en") != blocks.to_markdown("id")


@pytest.mark.parametrize("language", ["en", "id"])
def test_nothing_is_said_in_words_too(nothing, language):
    text = nothing.to_markdown(language)
    assert "150" in text
    looked = replace(nothing, examined=("inactive",), suspicious_share_lower_bound=0.0, notes=())
    assert looked.to_markdown(language) != text
    assert len(looked.to_markdown(language).splitlines()) >= 4


@pytest.mark.parametrize("language", ["en", "id"])
def test_text_is_wrapped_and_never_cut(blocks, block, language):
    text = blocks.to_text(language)
    assert "\u2026" not in text
    words = " ".join(text.split())
    for said in (block.place_in_words(language), *block.evidence_in_words(language)):
        assert said in words
    assert max(map(len, text.splitlines())) <= 102


@pytest.mark.parametrize(("n", "n_more"), [(MOST_SHOWN, 0), (MOST_SHOWN + 1, 1), (57, 37)])
def test_text_shows_the_largest_blocks_and_how_many_more_there_are(blocks, block, n, n_more):
    sizes = np.random.default_rng(1).permutation(n) + 1
    many = replace(blocks, blocks=tuple(replace(block, n_excess_lower=int(size)) for size in sizes))
    numbers = [number for number, _ in many.shown()]
    assert numbers == (np.flatnonzero(sizes > n - MOST_SHOWN) + 1).tolist()
    text = many.to_text()
    shown = [int(line.split()[1]) for line in text.splitlines() if line.startswith("  block ")]
    assert shown == numbers
    assert ("not shown" in text) == (n_more > 0)
    assert f"{n_more} smaller block" in text or not n_more
    assert len(many.to_dict()["follow_blocks"]) == len(many.to_frame()) == n


def test_html_is_escaped_and_small_even_for_many_blocks(blocks, block):
    many = replace(blocks, blocks=(block,) * 200)
    html = many._repr_html_()
    assert len(html.encode()) < 20_000
    assert not {"script", "b", "i"} & set(Cells(html).tags)
    hostile = replace(blocks, notes=(Note("blocks_order_sorted", column="<script>&"),))  # no reader gives such a column
    parsed = Cells(hostile._repr_html_())
    assert "script" not in parsed.tags
    assert "<script>&" in parsed.text


def test_a_result_names_no_account_in_its_repr(blocks):
    assert repr(blocks) == "FollowBlocks(2 blocks in 4,900 accounts)"


def test_nothing_but_the_frame_of_marked_accounts_names_one(blocks):
    for shown in (blocks.to_text(), blocks.to_markdown(), blocks.to_json(), blocks._repr_html_(), repr(blocks)):
        assert "=ani" not in shown.replace("\\", "")
        assert "a2" not in shown
