import pytest

from botscan.errors import SchemaError
from botscan.labels.faults import Faults


def test_nothing_wrong_raises_nothing():
    faults = Faults()
    faults.add("rater_1", "unknown_answer", [], "yes or no")
    faults.raise_any("labels")
    assert faults.found == []


def test_everything_is_told_at_once_with_the_first_rows():
    faults = Faults()
    faults.add("rater_1", "unknown_answer", list(range(2, 40)), "yes or no")
    faults.add_column("account_id", "missing_column", "a column of account ids")
    with pytest.raises(SchemaError, match=r"2 things keep") as caught:
        faults.raise_any("labels.csv")
    message = str(caught.value)
    assert "unknown_answer in 38 rows, first in row 2" in message
    assert "rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ..." in message
    assert "account_id: missing_column; wanted a column of account ids" in message
    assert message.startswith("labels.csv: ")
