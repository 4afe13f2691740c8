"""CountSeries: counts in order of time, none added, none changed, everything odd stated."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.series import CountSeries, make_points
from botscan.accounts.settings import CellSettings
from botscan.errors import SchemaError
from botscan.reading_report import ReadingReport, RejectedRow
from botscan.schema import COLUMNS_OF

SEEN = datetime(2024, 6, 1, tzinfo=UTC)


def series(*rows, names=("counted_at", "followers_count"), **more):
    return CountSeries.from_frame([dict(zip(names, row, strict=True)) for row in rows], **more)


def totals(found):
    return found.points["followers_count"].to_pylist()


def days(found):
    return [at.date().isoformat() for at in found.points["counted_at"].to_pylist()]


def codes(found):
    return {note.code: note.count for note in found.report.warnings}


def batch(rows, start=1, **more):
    raw = pa.Table.from_pylist(rows)
    return make_points(
        raw, row_numbers=np.arange(start, start + raw.num_rows), settings=CellSettings(platform="instagram"), **more
    )


def test_the_last_count_of_a_day_is_kept_and_an_empty_one_dropped():
    found = series(
        ("2024-05-01", "31.110"),
        ("2024-05-02", "31.180"),
        ("2024-05-02", "31.181"),
        ("2024-05-04", "33.950"),
        ("2024-05-05", ""),
    )
    assert (totals(found), days(found)) == ([31110, 31181, 33950], ["2024-05-01", "2024-05-02", "2024-05-04"])
    report = found.report
    assert (report.rows_in, report.accounts, report.duplicates_merged, report.rows_rejected) == (5, 3, 1, 1)
    assert report.reject_reasons == {"no_count": 1}
    assert report.rejected == (RejectedRow(5, "no_count", column="followers_count"),)
    assert codes(found) == {"series_same_day": 1, "series_gaps": 1, "series_days_in_utc": 3}
    assert found.is_after_gap.tolist() == [False, False, True]
    assert (found.start, found.end) == (datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 4, tzinfo=UTC))
    assert (found.n_points, found.is_gain, found.accounts) == (3, False, (None,))


def test_descending_order_is_sorted_and_its_first_count_of_a_day_is_the_last():
    rows = [("2024-05-04", 33950), ("2024-05-02", 31181), ("2024-05-02", 31180), ("2024-05-01", 31110)]
    assert totals(series(*rows)) == totals(series(*reversed(rows))) == [31110, 31181, 33950]


def test_days_are_those_of_utc():
    found = series(("2024-05-01T23:30:00Z", 1), ("2024-05-02T06:00:00+07:00", 2), ("2024-05-02T08:00:00+07:00", 3))
    # 06:00 in Jakarta is 23:00 of the day before, half an hour before the first row.
    assert totals(found) == [1, 3]
    assert "series_days_in_utc" not in codes(found)


def test_missing_days_stay_missing():
    found = series(("2024-05-01", 10), ("2024-05-02", 11), ("2024-05-03", 12), ("2024-05-09", 13), ("2024-05-11", 14))
    assert found.n_points == 5
    gaps = next(note for note in found.report.warnings if note.code == "series_gaps")
    assert (gaps.count, gaps.numbers) == (2, {"days": 6})


def test_weekly_counts_have_no_gaps_until_a_week_is_missing():
    start = datetime(2024, 1, 1, tzinfo=UTC)
    weeks = [0, 1, 2, 3, 5, 6]
    found = series(*((start + timedelta(weeks=week), 100 + week) for week in weeks))
    assert codes(found)["series_gaps"] == 1
    assert found.is_after_gap.tolist() == [False, False, False, False, True, False]
    monthly = series(*((datetime(2024, month, 1, tzinfo=UTC), month) for month in range(1, 13)))
    assert "series_gaps" not in codes(monthly)


def test_zeros_of_failed_scrapes_are_stated_and_kept():
    found = series(("2024-05-01", 0), ("2024-05-02", 5), ("2024-05-03", 0), ("2024-05-04", 6), ("2024-05-05", 0))
    assert totals(found) == [0, 5, 0, 6, 0]
    assert found.is_doubtful_zero.tolist() == [False, False, True, False, False]
    assert codes(found)["series_zeros"] == 1


def test_rounded_totals_carry_their_half_width():
    found = series(("2024-05-01", "27,9 rb"), ("2024-05-02", "28.011"), ("2024-05-03", "1,2 jt"))
    assert totals(found) == [27900, 28011, 1_200_000]
    assert found.points["half_width"].to_pylist() == [50, 0, 50_000]
    rounded = next(note for note in found.report.warnings if note.code == "count_rounded")
    assert (rounded.column, rounded.count, rounded.numbers) == ("followers_count", 2, {"half_width": 50_000})


BOTH = ("counted_at", "followers_count", "followers_gained")


def test_totals_go_before_changes_and_are_held_against_them():
    found = series(
        ("2024-05-01", "25,110", "+70"), ("2024-05-02", "25,180", "+70"), ("2024-05-03", "25,180", "--"),
        ("2024-05-04", "27,950", "+2,770"), ("2024-05-05", "27,940", "+10"), ("2024-05-06", None, "+5"), names=BOTH,
    )  # fmt: skip
    assert totals(found) == [25110, 25180, 25180, 27950, 27940]
    assert found.points["followers_gained"].to_pylist() == [70, 70, None, 2770, 10]
    assert codes(found)["series_changes_differ"] == 1
    assert found.report.reject_reasons == {"no_count": 1}
    assert not found.is_gain


@pytest.mark.parametrize(
    "rows",
    [
        # within the rounding of the total
        [("1 Mei 2024", "25.180", 70), ("2 Mei 2024", "27,9 rb", "2.770")],
        # the change of a day that has two counts is that since the count before
        [("2024-05-01", 10, 0), ("2024-05-02", 15, 5), ("2024-05-02", 16, 1), ("2024-05-03", 18, 2)],
        # behind a gap nobody knows what the change is since
        [("2024-05-01", 10, 0), ("2024-05-02", 11, 1), ("2024-05-05", 20, 3)],
        # a row without a count stood between
        [("2024-05-01", 10, 0), ("2024-05-02", 11, 1), ("2024-05-03", "", ""), ("2024-05-03", 20, 3)],
        # a scrape failed
        [("2024-05-01", 10, 0), ("2024-05-02", 0, ""), ("2024-05-03", 11, 1)],
        # the first row of another account
        [("2024-05-01", 10, 5)],
    ],
)
def test_changes_that_cannot_be_compared_are_no_fault(rows):
    assert "series_changes_differ" not in codes(series(*rows, names=BOTH))


def test_only_changes_are_a_series_of_gains():
    found = series(
        ("2024-05-01", "+70"), ("2024-05-02", "−12"), ("2024-05-03", "--"), names=("counted_at", "followers_gained")
    )
    assert found.is_gain
    assert found.points["followers_gained"].to_pylist() == [70, -12]
    assert totals(found) == [None, None]
    assert codes(found)["series_only_changes"] == 2
    rounded = series(("2024-05-01", "-1,2 rb"), names=("counted_at", "followers_gained"))
    assert rounded.points["half_width"].to_pylist() == [50]


def test_rows_without_a_date_are_rejected():
    found = series(
        ("kapan", 5), ("", 6), ("Mei 2024", 7), ("2024-05-01", "banyak"), ("2024-05-02", -5), ("2024-05-03", 8)
    )
    assert totals(found) == [8]
    assert found.report.reject_reasons == {"no_date": 3, "no_count": 2}
    told = codes(found)
    assert (told["not_a_count"], told["negative_count"], told["bad_date"], told["date_too_coarse"]) == (1, 1, 1, 1)


def test_dates_after_the_series_was_taken_are_not_believed():
    found = series(("2024-05-01", 5), ("2034-05-01", 6), observed_at=SEEN)
    assert totals(found) == [5]
    assert found.report.reject_reasons == {"no_date": 1}


NAMED = ("account_id", "handle", "counted_at", "followers_count")


def two_accounts():
    return series(
        ("7", "Ani", "2024-05-02", 11), ("8", "budi", "2024-05-01", 500), ("7", "Ani", "2024-05-01", 10),
        ("8", "budi", "2024-05-01", 501), ("8", "budi", "2024-05-05", 500), ("8", "budi", "2024-05-02", 0),
        (None, "Citra", "2024-05-01", 3), ("", "", "2024-05-01", 4), ("1.1E+18", "", "2024-05-01", 5),
        names=NAMED, platform="instagram",
    )  # fmt: skip


def test_several_accounts_are_several_series():
    found = two_accounts()
    assert found.accounts == ("7", "8", "@citra")
    assert found.points["account_id"].to_pylist() == ["7", "7", "8", "8", "8", "@citra"]
    assert totals(found) == [10, 11, 501, 0, 500, 3]
    assert found.report.reject_reasons == {"no_identity": 1, "id_damaged": 1}
    assert codes(found)["series_zeros"] == 1
    assert "id_damaged" not in codes(found)  # the reason says it already
    assert [(one.accounts, one.n_points) for one in found.split()] == [(("7",), 2), (("8",), 3), (("@citra",), 1)]


@pytest.mark.parametrize("name", ["8", "budi", "@Budi", " BUDI "])
def test_one_of_several_series(name):
    one = two_accounts().of(name)
    assert (totals(one), one.accounts) == ([501, 0, 500], ("8",))
    assert codes(one) == {"series_gaps": 1, "series_zeros": 1}
    assert (one.report.rows_in, one.report.accounts, one.platform) == (3, 3, "instagram")


def test_an_account_known_by_its_handle_only_is_found_by_it():
    assert two_accounts().of("CITRA").n_points == two_accounts().of("@citra").n_points == 1


@pytest.mark.parametrize("name", ["9", "", "@", "\ud800", 7.5, ["8"], None])
def test_an_account_that_is_not_there_is_refused(name):
    with pytest.raises(SchemaError, match="None of the 3 accounts"):
        two_accounts().of(name)


def test_an_account_whose_id_is_damaged_is_known_by_its_handle():
    found = series(("1.1E+18", "Dewi", "2024-05-01", 5), names=NAMED)
    assert found.accounts == ("@dewi",)
    assert codes(found)["id_damaged"] == 1


def test_the_account_of_a_source_that_names_none():
    found = series(("2024-05-01", 5))
    assert found.of(None).n_points == 1
    owned = series(("2024-05-01", 5), account_id="@Kementerian")
    assert owned.accounts == ("@kementerian",)
    assert owned.of("kementerian").n_points == 1


def test_an_account_with_changes_only_beside_one_with_totals():
    found = CountSeries.from_frame(
        [
            {"handle": "a", "counted_at": "2024-05-01", "followers_count": 5, "followers_gained": 1},
            {"handle": "a", "counted_at": "2024-05-02", "followers_count": "", "followers_gained": 1},
            {"handle": "b", "counted_at": "2024-05-01", "followers_count": "", "followers_gained": 3},
        ]
    )
    assert found.report.reject_reasons == {"no_count": 1}
    assert not found.is_gain
    assert [one.is_gain for one in found.split()] == [False, True]


def test_batches_are_one_source():
    rows = [{"counted_at": f"2024-05-{day:02}", "followers_count": str(100 + day)} for day in range(1, 11)]
    whole = CountSeries.from_records([batch(rows)], source="list", format="test")
    parts = CountSeries.from_records(
        [batch(rows[:3]), batch(rows[3:4], 4, lines=np.array([9])), batch(rows[4:], 5)], source="list", format="test"
    )
    assert parts.points.equals(whole.points)
    assert (whole.platform, whole.report.rows_in) == ("instagram", 10)


def test_reasons_of_the_reader_are_kept_with_their_lines():
    rows = [{"counted_at": "x", "followers_count": "y"}, {"counted_at": "2024-05-01", "followers_count": "5"}]
    records = batch(rows, reject_reasons=pa.array(["wrong_cell_count", None]), lines=np.array([2, 3]))
    found = CountSeries.from_records([records], source="list", format="test")
    assert found.report.rejected == (RejectedRow(1, "wrong_cell_count", 2),)
    assert "bad_date" not in codes(found)


def variants():
    rows = [
        {"counted_at": "2024-05-01", "followers_count": 25110, "followers_gained": -70},
        {"counted_at": "2024-05-02", "followers_count": None, "followers_gained": 5},
        {"counted_at": "2024-05-03", "followers_count": 25180, "followers_gained": None},
    ]
    frame = pd.DataFrame(rows)
    dated = frame.assign(counted_at=pd.to_datetime(frame["counted_at"], utc=True))
    return {
        "dicts": rows,
        "floats": [
            {key: float(value) if isinstance(value, int) else value for key, value in row.items()} for row in rows
        ],
        "arrow": pa.Table.from_pylist(rows),
        "polars": pl.DataFrame(rows),
        "pandas": frame,
        "pandas Int64": frame.astype({"followers_count": "Int64", "followers_gained": "Int64"}),
        "pandas objects": frame.astype(object),
        "pandas dates": dated,
        "pandas dates in the index": dated.set_index("counted_at"),
    }


@pytest.mark.parametrize("name", variants())
def test_frames_of_every_library_give_the_same_series(name):
    found = CountSeries.from_frame(variants()[name])
    assert (totals(found), days(found)) == ([25110, 25180], ["2024-05-01", "2024-05-03"])
    assert found.points["followers_gained"].to_pylist() == [-70, None]


@pytest.mark.parametrize(
    ("frame", "wanted"),
    [
        ([{"followers_count": 5}], "counted_at: column_missing"),
        ([{"counted_at": "2024-05-01"}], "followers_count or followers_gained"),
        (pa.table({"counted_at": ["2024-05-01"], "followers_count": [[5]]}), "followers_count: wrong_type"),
        (pd.Series([5], name="followers_count"), "whole table"),
        ("series.csv", "found builtins.str"),
    ],
)
def test_frames_that_are_no_series_are_refused(frame, wanted):
    with pytest.raises(SchemaError, match=wanted):
        CountSeries.from_frame(frame)


@pytest.mark.parametrize("frame", [[], pd.DataFrame()])
def test_empty_sources_are_empty_series(frame):
    found = CountSeries.from_frame(frame)
    assert (found.n_points, found.start, found.end, found.accounts, found.is_gain) == (0, None, None, (), False)
    assert found.split() == ()
    assert found.to_dict()["start"] is None
    assert CountSeries.from_records([], source="list", format="test").n_points == 0


def test_what_is_known_about_a_series():
    told = two_accounts().to_dict()
    assert (told["n_points"], told["n_accounts"], told["is_gain"]) == (6, 3, False)
    assert (told["start"], told["end"]) == ("2024-05-01T00:00:00Z", "2024-05-05T00:00:00Z")
    assert told["reading"]["points"] == 6
    assert "budi" not in str(told)
    frame = two_accounts().to_frame()
    assert frame["followers_gained"].isna().all()
    assert frame["followers_count"].tolist() == [10, 11, 501, 0, 500, 3]


def test_a_series_holds_what_it_says():
    good = series(("2024-05-01", 5))
    with pytest.raises(ValueError, match="wants the columns"):
        CountSeries(good.points.drop_columns(["half_width"]), None, "list", good.report)
    with pytest.raises(ValueError, match="1 points"):
        CountSeries(good.points, None, "list", ReadingReport("test", 0, 0))


def test_dates_are_read_day_first_where_one_of_them_says_so():
    assert days(series(("1/5/2024", 5), ("13/5/2024", 6))) == ["2024-05-01", "2024-05-13"]


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=12)
    | st.datetimes()
    | st.dates(date(2024, 5, 1), date(2024, 5, 9))
    | st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)


@settings(max_examples=200, deadline=timedelta(seconds=2))
@given(
    st.lists(st.dictionaries(st.sampled_from(list(COLUMNS_OF["series"])), ANYTHING, max_size=5), max_size=10),
    st.sampled_from([None, "twitter", "youtube"]),
)
def test_any_values_are_points_or_accounted_for(rows, platform):
    rows = [{"counted_at": None, "followers_count": None, **row} for row in rows]
    found = CountSeries.from_frame(rows, platform=platform, observed_at=SEEN)
    report = found.report
    assert report.rows_in == len(rows) == found.n_points + report.duplicates_merged + report.rows_rejected
    keys = list(zip(found.points["account_id"].to_pylist(), days(found), strict=True))
    assert len(keys) == len(set(keys))
    assert sum(one.n_points for one in found.split()) == found.n_points
    for one in found.split():
        assert days(one) == sorted(days(one))


@given(st.permutations(range(12)))
def test_the_order_of_rows_with_times_of_their_own_never_matters(order):
    rows = [("2024-05-01" if place % 3 else "2024-05-02", place) for place in range(12)]
    timed = [(f"{day}T{count:02}:00:00Z", count) for day, count in rows]
    assert totals(series(*(timed[place] for place in order))) == [11, 9]


FORMATS = Path(__file__).parents[3] / "shared" / "formats"
SAMPLES = {
    "series_date_count.made.csv": (",", {"date": "counted_at", "followers": "followers_count"}, 3),
    "series_socialblade_like.made.csv": (
        ",",
        {"Date": "counted_at", "Followers": "followers_count", "Followers Gained": "followers_gained"},
        4,
    ),
    "series_id.made.csv": (
        ";",
        {"Tanggal": "counted_at", "Jumlah pengikut": "followers_count", "Pengikut baru": "followers_gained"},
        3,
    ),
    "crowdtangle_facebook.made.csv": (
        ",",
        {"Facebook Id": "account_id", "Post Created": "counted_at", "Followers at Posting": "followers_count"},
        3,
    ),
}


@pytest.mark.skipif(not FORMATS.is_dir(), reason="the sample files are not here")
@pytest.mark.parametrize("name", SAMPLES)
def test_samples_give_the_points_they_should(name):
    delimiter, columns, n_points = SAMPLES[name]
    frame = pd.read_csv(FORMATS / name, sep=delimiter, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    found = CountSeries.from_frame(frame.rename(columns=columns)[list(columns.values())])
    assert found.n_points == n_points
    assert "series_changes_differ" not in codes(found)
    assert found.report.rows_in == len(frame)


def test_changes_of_one_day_add_up_and_counts_of_one_day_do_not():
    at = ["2024-05-01T08:00:00Z", "2024-05-01T18:00:00Z", "2024-05-02T08:00:00Z"]
    changes = [{"account_id": "7", "counted_at": t, "followers_gained": n} for t, n in zip(at, (5, 3, 2), strict=True)]
    totals = [{"account_id": "7", "counted_at": t, "followers_count": n} for t, n in zip(at, (5, 3, 2), strict=True)]
    assert CountSeries.from_frame(changes).to_frame()["followers_gained"].tolist() == [8, 2]
    assert CountSeries.from_frame(totals).to_frame()["followers_count"].tolist() == [3, 2]


def test_a_change_that_is_written_twice_counts_once():
    rows = [{"account_id": "7", "counted_at": "2024-05-01", "followers_gained": n} for n in (5, 3)]
    assert CountSeries.from_frame(rows).to_frame()["followers_gained"].tolist() == [3]
