import pytest

from botscan.labels.name_lines import is_list_of_names, name_lines


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


def test_lines_keep_their_numbers_and_their_case():
    assert name_lines([(1, "\ufeffAni"), (3, "'0071"), (4, "  "), (5, "@Budi")]) == [
        (1, "Ani"),
        (3, "0071"),
        (5, "@Budi"),
    ]
