import pytest

from botscan.readers.tables.clean_blocks import read_clean_block

WANTED = (("handle", 0), ("bio", 2))


def read(data, n_columns=3, longest=1000):
    return read_clean_block(data, b",", n_columns, WANTED[: 1 + (n_columns > 2)], longest=longest)


def test_a_clean_block_gives_its_whole_records():
    data = b'a,1,"x\n""y"""\n\n\r\nb,2,\r\nc,3'
    clean = read(data)
    assert clean.table.to_pylist() == [{"handle": "a", "bio": 'x\n"y"'}, {"handle": "b", "bio": ""}]
    assert data[clean.length :] == b"c,3"
    assert clean.starts.tolist() == [0, data.index(b"b,2")]
    assert clean.line_of_row.tolist() == [0, 4]


@pytest.mark.parametrize(
    "data",
    [
        b"a,1,x\rb,2,y\n",  # a lone CR
        b"a,1,x\nb,2\n",  # too few cells
        b"a,1,x\nb,2,y,\n",  # too many
        b'a,1,"x"y\n',  # text behind a closing quote
        b'a,1,x"y"\n',  # quotes inside a cell
        b'a,1,"x\n',  # an open quote
        b"   \na,1,x\n",  # white space only
        b"\xef\xbb\xbfa,1,x\n",  # a byte order mark in the middle of the file
        b"a,1,x",  # no whole record
        b"",
    ],
)
def test_anything_unusual_is_left_to_the_exact_way(data):
    assert read(data) is None


def test_records_beyond_the_limit_and_tables_of_one_column_are_left_too():
    assert read(b"a,1,xxxxxxxxxx\n", longest=10) is None
    assert read(b"a\nb\n", n_columns=1) is None


def test_a_cr_at_the_end_of_the_data_may_be_half_a_line_end():
    assert read(b"a,1,x\r\nb,2,y\r").table.num_rows == 1
