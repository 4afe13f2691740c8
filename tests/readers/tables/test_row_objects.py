import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.tables.row_objects import rows_as_objects


def test_points_in_headers_nest_and_missing_cells_are_left_out():
    headers = ["id", "author.id", "author.public_metrics.like_count", "text"]
    rows = [["1", "7", "3", ""], ["2", None, None, None]]
    assert rows_as_objects(headers, rows) == [
        {"id": "1", "author": {"id": "7", "public_metrics": {"like_count": "3"}}, "text": ""},
        {"id": "2"},
    ]


def test_a_header_under_which_another_nests_keeps_its_own_cell():
    for headers, row in ((["a", "a.b"], ["1", "2"]), (["a.b", "a"], ["2", "1"])):
        assert rows_as_objects(headers, [row]) == [{"a": {"": "1", "b": "2"}}]


def test_points_at_the_ends_and_twice_in_a_row_nest_nothing():
    headers = [".a", "b.", "c..d", "."]
    assert rows_as_objects(headers, [["1", "2", "3", "4"]]) == [{".a": "1", "b.": "2", "c..d": "3", ".": "4"}]


def test_of_a_header_twice_the_first_cell_that_is_there_counts():
    assert rows_as_objects(["a", "a"], [["1", "2"], [None, "2"]]) == [{"a": "1"}, {"a": "2"}]


def test_quotes_and_marks_around_a_header_are_no_part_of_it():
    assert rows_as_objects(["\ufeffid ", '"x.y"'], [["1", "2"]]) == [{"id": "1", "x": {"y": "2"}}]


@pytest.mark.parametrize("headers", [["id", "name"], ["id", "a.b"], ["id", "id"]])
def test_a_row_of_another_length_is_no_row_of_this_table(headers):
    for row in (["1"], ["1", "2", "3"], [None]):
        with pytest.raises(ValueError, match="argument 2"):
            rows_as_objects(headers, [["1", "2"], row])


def test_a_table_without_columns_has_empty_objects():
    assert rows_as_objects([], [(), ()]) == [{}, {}]


@given(
    st.lists(st.text('ab." \ufeff', max_size=6), max_size=5).flatmap(
        lambda headers: st.tuples(
            st.just(headers),
            st.lists(
                st.lists(st.none() | st.text(max_size=3), min_size=len(headers), max_size=len(headers)), max_size=3
            ),
        )
    )
)
def test_any_headers_give_one_object_a_row_and_lose_no_first_cell(table):
    headers, rows = table
    objects = rows_as_objects(headers, rows)
    assert len(objects) == len(rows)
    for row, found in zip(rows, objects, strict=True):
        given_cells = {cell for cell in row if cell is not None}
        assert set(leaves(found)) <= given_cells
        if row and row[0] is not None:
            assert row[0] in leaves(found)


def leaves(value):
    return [leaf for inner in value.values() for leaf in (leaves(inner) if isinstance(inner, dict) else [inner])]
