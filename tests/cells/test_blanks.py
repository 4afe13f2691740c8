"""What surrounds a value and what stands for none."""

import sys

from botscan.cells.blanks import has_control, trim


def test_all_white_space_and_zero_width_is_trimmed():
    around = [chr(point) for point in range(sys.maxunicode + 1) if chr(point).isspace()] + [
        "\u200b",
        "\ufeff",
        "\u2060",
    ]
    for character in around:
        assert trim(f"{character}a{character}") == "a"
    assert trim("a\u200bb") == "a\u200bb"
    assert trim("\x00a") == "\x00a"


def test_controls():
    assert all(has_control(chr(point)) for point in (*range(32), *range(0x7F, 0xA0)))
    assert not has_control("aé 🙂\u200b\xa0")
