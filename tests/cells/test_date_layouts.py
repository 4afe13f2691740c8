"""Days counted by formula agree with the calendar of the standard library."""

from datetime import date, timedelta

import pyarrow as pa

from botscan.cells.date_layouts import read_layouts

EPOCH = date(1970, 1, 1)


def test_every_day_of_four_centuries():
    days = [date(1900, 1, 1) + timedelta(days=n) for n in range(146_097)]
    found = read_layouts(pa.array([day.isoformat() for day in days]))
    assert found.is_read.all()
    assert found.is_day.all()
    assert (found.microseconds // 86_400_000_000).tolist() == [(day - EPOCH).days for day in days]


def test_days_that_are_in_no_calendar_are_left_alone():
    texts = [
        f"{year}-{month:02}-{day:02}"
        for year in (1900, 2000, 2023, 2024, 2400, 2500)
        for month in range(14)
        for day in range(33)
    ]
    found = read_layouts(pa.array(texts))

    def is_day(text):
        try:
            date.fromisoformat(text)
        except ValueError:
            return False
        return True

    assert found.is_read.tolist() == [is_day(text) for text in texts]


def test_nulls_and_empty_columns():
    assert read_layouts(pa.array([None, "2019-08-08"])).is_read.tolist() == [False, True]
    assert len(read_layouts(pa.array([], pa.string())).is_read) == 0
