import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.containers.encodings import TextBlock
from botscan.readers.tables.title_rows import HeaderBelow, find_header_below, skip_lines
from botscan.readers.words.headers import count_known

HEADER = ("username", "followers", "bio")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "above", [["Followers of May"], ["", "Report, made; by|hand\t", ""], ['"title', 'over two lines"']]
)
def test_a_header_below_title_rows_is_found(delimiter, ending, above):
    text = ending.join([*above, delimiter.join(HEADER), delimiter.join(["ana", "5", "x"]), ""])
    assert find_header_below(text.encode()) == HeaderBelow(len(above), delimiter, HEADER)


def test_a_header_in_the_first_line_stands_below_nothing():
    assert find_header_below(b"username,followers\nana,5\n") is None
    assert find_header_below(b"\n\nusername,followers\nana,5\n") is None
    assert find_header_below(b"") is None


def test_two_known_names_make_a_header_and_one_does_not():
    assert find_header_below(b"title\nusername,x\nana,y\n") is None
    assert find_header_below(b"title\nusername\nana\n") is None
    assert find_header_below(b"Pengikut\n\nusername,bio\nana,x\n").n_lines == 2


@pytest.mark.parametrize("row", ["video,bisnis", "video;bisnis", "name,handle"])
def test_known_names_in_a_row_below_a_header_are_data(row):
    assert find_header_below(f"username,kategori\nana,politik\n{row}\nbudi,x\n".encode()) is None


def test_a_header_that_is_wider_than_a_known_name_and_its_value_is_found():
    assert find_header_below(b"Akun,@ministry\n\nusername,followers,bio\nana,5,x\n").n_lines == 2


def test_the_first_row_with_two_known_names_is_taken():
    text = b"title\nid,bio\nusername,followers,bio\n"
    assert find_header_below(text).headers == ("id", "bio")


def test_a_separator_line_names_the_delimiter_and_one_name_below_it_is_enough():
    assert find_header_below(b"sep=;\nusername;x,y\nana;1\n") == HeaderBelow(1, ";", ("username", "x,y"))
    assert find_header_below(b'"sep=,"\r\nusername,x\r\n') == HeaderBelow(1, ",", ("username", "x"))
    assert find_header_below(b"SEP=|\n\nusername|bio\n") == HeaderBelow(2, "|", ("username", "bio"))
    assert find_header_below(b"sep=;\nlaporan\nusername;x\n") is None
    assert find_header_below(b"sep=;\nlaporan\nusername;bio\n").n_lines == 2


def test_a_header_may_break_its_lines_and_end_in_empty_cells():
    found = find_header_below(b'title\n"user\nname",followers,bio,,\nana,5,x,,\n')
    assert found == HeaderBelow(1, ",", ("user\nname", "followers", "bio"))


def test_only_the_first_rows_are_looked_at():
    def below(n):
        return find_header_below(b"title\n" + b"x,y\n" * n + b"username,bio\n")

    assert below(19).n_lines == 20
    assert below(20) is None
    assert find_header_below(b"title\n" + b"\n" * 100 + b"username,bio\n").n_lines == 101
    assert find_header_below(b"x" * 70_000 + b"\nusername,bio\n") is None


def test_the_caller_may_count_names_of_its_own():
    text = b"title\nsiapa,berapa\nana,5\n"
    assert find_header_below(text) is None
    found = find_header_below(
        text, count=lambda cells: count_known(cells) + sum(one in {"siapa", "berapa"} for one in cells)
    )
    assert found == HeaderBelow(1, ",", ("siapa", "berapa"))


@given(st.binary(max_size=300) | st.text('\n\r,;|\t"user bio=', max_size=200).map(str.encode))
def test_nothing_raises(data):
    find_header_below(data)


@given(
    st.lists(st.sampled_from([b"a", b"\n", b"\r\n", b"\xef\xbf\xbd"]), max_size=30),
    st.integers(0, 8),
    st.integers(1, 5),
)
def test_skipped_lines_are_gone_and_the_rest_is_whole(parts, n_lines, size):
    text = b"".join(parts)
    lines = text.splitlines(keepends=True)
    pieces = [b"".join(parts[at : at + size]) for at in range(0, len(parts), size)]
    blocks = [TextBlock(one, tuple(_places(one))) for one in pieces]
    left = list(skip_lines(blocks, n_lines))
    kept = b"".join(block.data for block in left)
    assert kept == b"".join(lines[n_lines:])
    for block in left:
        assert block.repairs == tuple(_places(block.data))


def _places(data):
    at = data.find(b"\xef")
    while at >= 0:
        yield at
        at = data.find(b"\xef", at + 1)
