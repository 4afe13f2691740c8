"""Dates read off ids, and the table of round ids behind the early ones."""

import importlib.util
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.id_dates import (
    LAST_SEQUENTIAL,
    dates_from_ids,
    has_datable_ids,
    post_dates_from_ids,
    sequential_knots,
)
from botscan.cells.instants import to_microseconds
from botscan.schema import PLATFORMS

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("BOTSCAN_DATA", ROOT.parent / "shared" / "data")) / "labelled" / "twitter.parquet"
INSTANT = pa.timestamp("us", tz="UTC")


def texts(*ids):
    return pa.array(ids, pa.large_string())


def moments(*instants):
    return pa.array(instants, INSTANT)


def snowflake(instant):
    return str((to_microseconds(instant) // 1000 - 1_288_834_974_657) << 22)


def tiktok(instant):
    return str(to_microseconds(instant) // 1_000_000 << 32 | 12_345)


def test_snowflakes_hold_the_millisecond():
    moment = datetime(2021, 3, 4, 5, 6, 7, 891_000, tzinfo=UTC)
    found = dates_from_ids(texts(snowflake(moment), None, "@ani", "row-7", "", "abc", "１２３"), "twitter")
    assert found.values.to_pylist() == [moment, *[None] * 6]
    assert found.precision.to_pylist() == ["second", *[None] * 6]
    assert (found.values.type, found.precision.type) == (INSTANT, pa.large_string())


@pytest.mark.parametrize("platform", ["instagram", "facebook", "telegram", "youtube", "bluesky", "mastodon", "x", None])
def test_ids_of_other_platforms_say_nothing(platform):
    found = dates_from_ids(texts("1400000000000000000", "12"), platform)
    assert found.values.null_count == found.precision.null_count == 2
    assert not has_datable_ids(platform)


def test_where_snowflakes_begin_and_numbers_end():
    ids = texts(str(LAST_SEQUENTIAL), str(LAST_SEQUENTIAL + 1), "9" * 19, "9" * 20, str(2**64), "9" * 400, "0", "-5")
    found = dates_from_ids(ids, "twitter").values.to_pylist()
    assert found[0] is None
    assert found[1].date().isoformat() == "2010-11-06"
    assert found[2].year == 2086
    assert found[3:] == [None] * 5


def test_a_leading_zero_is_another_text():
    assert dates_from_ids(texts("0012", "01400000000000000000"), "twitter").values.null_count == 2


def test_early_ids_are_drawn_from_the_table():
    ids, seconds = sequential_knots()
    middle = (ids[200] + ids[201]) / 2
    found = dates_from_ids(
        texts(str(int(ids[200])), str(int(middle)), str(int(ids[-1])), str(int(ids[-1]) + 1)), "twitter"
    )
    exact = [seconds[200], (seconds[200] + seconds[201]) / 2, seconds[-1]]
    assert [date.timestamp() for date in found.values.to_pylist()[:3]] == [int(second) for second in exact]
    assert found.values.to_pylist()[3] is None
    assert found.precision.to_pylist() == ["unknown"] * 3 + [None]


def test_small_numbers_are_row_numbers_and_not_dated():
    found = dates_from_ids(texts("1", "999999", "1000000"), "twitter").values.to_pylist()
    assert found[:2] == [None, None]
    assert found[2].year == 2007


def test_what_is_publicly_known_of_the_early_years():
    """A million accounts in the spring of 2007, a hundred million in early 2010, a billion in early 2013."""
    found = dates_from_ids(texts("1000000", "100000000", "1000000000"), "twitter").values.to_pylist()
    for date, (year, months) in zip(found, [(2007, (2, 4)), (2009, (12, 12)), (2012, (12, 12))], strict=True):
        assert date.year == year
        assert months[0] <= date.month <= months[1]


def test_tiktok_ids_of_nineteen_digits():
    moment = datetime(2022, 5, 6, 7, 8, 9, tzinfo=UTC)
    ids = texts(tiktok(moment), "123456789012345678", "12345678", tiktok(datetime(2015, 1, 1, tzinfo=UTC)))
    found = dates_from_ids(ids, "tiktok")
    assert found.values.to_pylist() == [moment, None, None, None]
    assert found.precision.to_pylist() == ["unknown", None, None, None]
    assert post_dates_from_ids(ids, "tiktok").values.equals(found.values)


def test_no_date_lies_more_than_a_day_after_the_row_was_seen():
    seen = datetime(2020, 1, 1, tzinfo=UTC)
    times = [seen + timedelta(hours=23), seen + timedelta(hours=25), seen + timedelta(hours=25)]
    ids = texts(*map(snowflake, times))
    assert dates_from_ids(ids, "twitter", moments(seen, seen, None)).values.is_valid().to_pylist() == [
        True,
        False,
        True,
    ]
    ids = texts(*map(tiktok, times))
    assert dates_from_ids(ids, "tiktok", moments(seen, seen, None)).values.is_valid().to_pylist() == [True, False, True]
    early = texts("1000000000", "1000000000")
    assert dates_from_ids(
        early, "twitter", moments(datetime(2010, 1, 1, tzinfo=UTC), seen)
    ).values.is_valid().to_pylist() == [
        False,
        True,
    ]


def test_posts_on_x_before_snowflakes_are_not_dated():
    moment = datetime(2013, 2, 1, 12, tzinfo=UTC)
    found = post_dates_from_ids(texts(snowflake(moment), "12345678", None), "twitter")
    assert found.values.to_pylist() == [moment, None, None]
    assert post_dates_from_ids(texts("12345678"), "instagram").values.to_pylist() == [None]


def test_no_rows():
    assert len(dates_from_ids(texts(), "twitter", moments()).values) == 0


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.text(max_size=25), st.integers(-5, 2**70).map(str)), max_size=20), st.booleans()
)
def test_any_text(ids, is_seen):
    seen = datetime(2024, 1, 1, tzinfo=UTC)
    for platform in ("twitter", "tiktok"):
        found = dates_from_ids(texts(*ids), platform, moments(*[seen] * len(ids)) if is_seen else None)
        last = seen + timedelta(days=1) if is_seen else datetime(2101, 1, 1, tzinfo=UTC)
        assert found.values.is_valid().equals(found.precision.is_valid())
        assert all(
            PLATFORMS[platform].first_day <= date <= last for date in found.values.to_pylist() if date is not None
        )


def test_each_row_stands_alone():
    ids = texts("12000000", snowflake(datetime(2020, 1, 1, tzinfo=UTC)), "4000000000", None, "77")
    whole = dates_from_ids(ids, "twitter")
    parts = [dates_from_ids(ids.slice(row, 1), "twitter") for row in range(len(ids))]
    assert whole.values.equals(pa.concat_arrays([part.values for part in parts]))
    assert whole.precision.equals(pa.concat_arrays([part.precision for part in parts]))


def test_the_table_rises_and_its_ids_are_round():
    ids, seconds = sequential_knots()
    assert 300 <= len(ids) <= 1_000
    assert (np.diff(ids) > 0).all()
    assert (np.diff(seconds) >= 0).all()
    assert (ids % 100_000 == 0).all()
    assert ids[0] == 0
    assert 4.9e9 < ids[-1] < 4.95e9
    assert seconds[0] == PLATFORMS["twitter"].first_day.timestamp()
    assert datetime.fromtimestamp(seconds[-1], UTC).year == 2016


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("fit_id_dates", ROOT / "tools" / "fit_id_dates.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there for their own module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_a_table_is_fitted_and_never_holds_an_id_that_was_seen(tool):
    random = np.random.Generator(np.random.Philox(3))
    days = np.sort(random.uniform(13_230, 16_800, 20_000))
    ids = np.floor((days - 13_220) ** 2 * 300)
    ids[::10] = np.ceil(ids[::10] / 5e5) * 5e5  # some on the grid of round ids
    ids = np.unique(ids)
    accounts = tool.Accounts(ids, np.sqrt(ids / 300) + 13_220)
    late = random.choice(len(ids), len(ids) // 100, replace=False)
    accounts.days[late] += 100  # one in a hundred was given its id long before
    knots = tool.fit(accounts, 300)
    assert len(knots.ids) == 300
    assert (np.diff(knots.days) >= 0).all()
    assert not np.isin(knots.ids, ids).any()
    assert np.quantile(knots.errors(accounts), 0.9) < 1
    lines = knots.to_csv().decode().splitlines()
    assert lines[:2] == ["id_millions,created_at", "0,2006-03-21T00:00Z"]


def test_without_the_data_nothing_happens(tool, monkeypatch, tmp_path):
    monkeypatch.setattr(tool, "DATA", tmp_path / "none.parquet")
    monkeypatch.setattr(tool, "TABLE", tmp_path / "table.csv")
    for options in ([], ["--check"]):
        outcome = CliRunner().invoke(tool.main, options)
        assert (outcome.exit_code, outcome.output.startswith("skipped: ")) == (0, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not DATA.exists(), reason="the labelled accounts are not here (BOTSCAN_DATA)")
def test_the_table_is_the_one_that_the_accounts_give_and_keeps_its_word(tool):
    accounts = tool.read_accounts()
    assert tool.TABLE.read_bytes() == tool.fit(accounts).to_csv()
    errors = tool.fit(accounts.half(0)).errors(accounts.half(1))
    assert np.median(errors) < 0.1
    assert np.quantile(errors, 0.9) < 0.4
    assert np.quantile(errors, 0.99) < 20
