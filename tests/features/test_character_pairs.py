"""Pairs of characters: the shipped table, and sums against the slow reference."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_text import PAIRS, pair_surprise, texts

from botscan.arrow_text import TextColumn
from botscan.features import character_pairs
from botscan.features.character_pairs import SYMBOLS, pair_table
from botscan.features.extract import extract_matrix

ROOT = Path(__file__).resolve().parents[2]
handles = st.text(alphabet="abzABZ019_.-", max_size=15)


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_character_pairs", ROOT / "tools" / "make_character_pairs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def surprises(rows):
    return extract_matrix(pa.table({"handle": pa.array(rows, pa.large_string())}), ["handle_pair_surprise"])[:, 0]


def test_the_table_has_a_chance_for_every_pair():
    table = pair_table()
    assert table.shape == (len(SYMBOLS), len(SYMBOLS))
    assert [table[SYMBOLS.index(a), SYMBOLS.index(b)] for a, b in PAIRS] == list(PAIRS.values())
    # Rounded to sixteenths of a bit, the chances of what may follow a symbol add up to one.
    np.testing.assert_allclose(np.exp2(table / -16.0).sum(axis=1), 1.0, atol=0.03)
    assert (ROOT / "src" / "botscan" / "features" / "character_pairs.csv").stat().st_size < 20_000


def test_the_table_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        pair_table()[0, 0] = 1


def test_names_look_like_names_and_noise_does_not():
    names, noise = ["dewi_ayu", "Budi.Santoso", "marialopez", "kopisenja84"], ["xq7vz2kj", "8fj2k9qx", "Zx_qWvKjj"]
    assert surprises(names).max() < 4.8
    assert surprises(noise).min() > 6


@pytest.mark.parametrize("handle", [None, "", "é", "anä", "مريم", "a b", "ana@x", "ana\u200b", "日本", "|", "ana|"])
def test_other_characters_make_a_handle_unknown_and_nothing_else(handle):
    found = surprises(["ana", handle, "budi"])
    assert np.isnan(found).tolist() == [False, True, False]
    assert found[[0, 2]].tolist() == surprises(["ana", "budi"]).tolist()


def test_case_and_kind_of_separator_do_not_count():
    assert len(set(surprises(["dewi_kopi", "DEWI_kopi", "dewi.Kopi", "Dewi-KOPI"]).tolist())) == 1


@settings(deadline=None, max_examples=200)
@given(st.lists(st.none() | handles | texts, max_size=8))
def test_sums_equal_the_slow_reference(rows):
    np.testing.assert_array_equal(surprises(rows), np.float32([pair_surprise(row) for row in rows]))


@settings(deadline=None, max_examples=60)
@given(st.lists(handles | texts, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_row_keeps_its_value_wherever_it_stands(rows, random):
    shuffled = rows.copy()
    random.shuffle(shuffled)
    wanted = dict(zip(rows, surprises(rows).tolist(), strict=True))
    np.testing.assert_array_equal(surprises(shuffled), np.float32([wanted[row] for row in shuffled]))


def test_long_rows():
    found = surprises(["ab" * 50_000, "a\u200b" * 50_000, "z" * 100_000])
    assert found[0] == pytest.approx((PAIRS["a", "b"] + PAIRS["b", "a"]) / 32, abs=1e-3)
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(PAIRS["z", "z"] / 16, abs=1e-3)


# --- The tool that makes the table -----------------------------------------------------------------------------------


def test_counts_are_of_pairs_and_of_handles_that_hold_them(maker):
    counts, holders = maker.count_pairs(pa.array(["aab", "aa", "é", None, ""], pa.large_string()))
    a, b, border = (SYMBOLS.index(symbol) for symbol in "ab|")
    assert (counts[a, a], holders[a, a]) == (2, 2)
    assert (counts[border, a], counts[a, border], counts[b, border], counts[a, b]) == (2, 1, 1, 1)
    assert counts.sum() == 4 + 3


def test_a_handle_counts_a_repeated_pair_again_but_its_owner_once(maker):
    counts, holders = maker.count_pairs(pa.array(["xyxyxy"], pa.large_string()))
    x, y = SYMBOLS.index("x"), SYMBOLS.index("y")
    assert (counts[x, y], holders[x, y]) == (3, 1)


def test_what_few_people_write_leaves_no_trace(maker):
    names = pa.array(["ana"], pa.large_string())
    people = ["ana"] * 50
    with_four = maker.make_table(pa.array([*people, *["qjxz"] * 4], pa.large_string()), names)
    without = maker.make_table(pa.array(people, pa.large_string()), names)
    np.testing.assert_array_equal(with_four, without)
    with_five = maker.make_table(pa.array([*people, *["qjxz"] * 5], pa.large_string()), names)
    assert with_five[SYMBOLS.index("q"), SYMBOLS.index("j")] < without[SYMBOLS.index("q"), SYMBOLS.index("j")]


def test_listed_names_weigh_a_tenth(maker):
    people, names = pa.array(["aa"] * 90, pa.large_string()), pa.array(["ab"], pa.large_string())
    table = maker.make_table(people, names)
    a, b = SYMBOLS.index("a"), SYMBOLS.index("b")
    # 90 times three pairs of people; the three pairs of the one name weigh a ninth of that: ten each.
    assert table[a, b] == round(-16 * np.log2((10 + 1) / (90 + 90 + 10 + 38)))


def test_names_of_another_package_are_added_on_request(maker, monkeypatch):
    class Provider:
        first_names_female = ("Ayu Lestari", "Xaverina")
        last_names = ("Qurrota",)
        prefixes = ("Drs.",)

    monkeypatch.setitem(sys.modules, maker.FAKER_NAMES, SimpleNamespace(Provider=Provider))
    added = set(maker.read_names(with_faker=True).to_pylist()) - set(maker.read_names().to_pylist())
    assert added == {"ayulestari", "xaverina", "qurrota"}


def test_the_shipped_file_is_made_by_the_tool(maker):
    if not maker.DATA.exists():
        pytest.skip("the labelled accounts are not here")
    made = maker.to_csv(maker.make_table(maker.read_handles(), maker.read_names()))
    assert made == maker.TABLE.read_bytes()


def test_the_kernel_takes_any_table():
    text = TextColumn.from_arrow(pa.array(["ab", "", None, "b_"], pa.large_string()))
    table = np.arange(38 * 38).reshape(38, 38) % 251
    found = character_pairs.pair_surprise(text, table.astype(np.uint8))
    steps = lambda pairs: sum(int(table[SYMBOLS.index(x), SYMBOLS.index(y)]) for x, y in pairs)  # noqa: E731
    assert found[0] == steps(["|a", "ab", "b|"]) / 48
    assert found[3] == steps(["|b", "b_", "_|"]) / 48
    assert np.isnan(found[1:3]).all()
