import pytest

from botscan.labels.name_lines import is_list_of_names, read_name_lines


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (("budi_17",), True),
        (("1234567",), True),
        (("id",), False),
        (("nama pengguna",), False),
        (("",), False),
        ((), False),
    ],
)
def test_a_word_that_heads_a_column_is_no_name(headers, expected):
    assert is_list_of_names(headers) is expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_keep_their_numbers_and_their_case(tmp_path, encoding):
    path = tmp_path / "names.txt"
    path.write_bytes('Ani\r\n\r\n\'0071\r\n  \r\n"@Budi"\r\n'.encode(encoding))
    assert read_name_lines(path) == [(1, "Ani"), (3, "0071"), (5, "@Budi")]


def test_a_workbook_has_no_lines(tmp_path):
    path = tmp_path / "names.xlsx"
    path.write_bytes(b"PK\x03\x04")
    assert read_name_lines(path) is None
