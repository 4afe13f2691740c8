import pytest

from botscan.reading_report import ReadingReport


def test_the_books_must_balance():
    ReadingReport("frame", rows_in=5, accounts=2, duplicates_merged=1, rows_rejected=2, reject_reasons={"bad_json": 2})
    with pytest.raises(AssertionError, match="5 rows in"):
        ReadingReport("frame", rows_in=5, accounts=3, duplicates_merged=1)
    with pytest.raises(AssertionError, match="reasons"):
        ReadingReport("frame", rows_in=3, accounts=1, rows_rejected=2, reject_reasons={"bad_json": 1})
