import pytest

from botscan.errors import BotscanError, Fault, FormatError, ModelError, NotEnoughAccounts, OutputError, SchemaError


@pytest.mark.parametrize("kind", [FormatError, SchemaError, ModelError, OutputError, NotEnoughAccounts])
def test_every_kind_is_a_botscan_error(kind):
    assert issubclass(kind, BotscanError)
    with pytest.raises(BotscanError, match=r"list.csv, row 3, column 'posts': Found 2 cells. Close the quote."):
        raise kind("Found 2 cells.", source="list.csv", row=3, column="posts", remedy="Close the quote.")


def test_place_is_left_out_where_there_is_none():
    assert str(BotscanError("Found nothing.")) == "Found nothing."
    assert str(BotscanError("Found nothing.", row=0)) == "row 0: Found nothing."


def test_schema_error_lists_every_fault():
    faults = [
        Fault("a", "twice", 2, None, "one column"),
        Fault("b", "nested", 1, 7, "text"),
        Fault("c", "not_a_count", 2, 3, "whole numbers"),
    ]
    message = str(SchemaError("3 columns do not fit.", faults=faults))
    assert "a: twice; wanted one column" in message
    assert "b: nested in row 7; wanted text" in message
    assert "c: not_a_count in 2 rows, first in row 3; wanted whole numbers" in message
