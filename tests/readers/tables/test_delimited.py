import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers.containers.encodings import count_lines
from botscan.readers.tables.delimited import Inside, find_record_end, is_blank, split_cells

_ALPHABET = st.sampled_from(["a", "b", " ", '"', '"', ",", ";", "\n", "\r", "\r\n", "é", "\0"])
_TEXTS = st.lists(_ALPHABET, max_size=40).map("".join)


def records_slowly(text, delimiter):
    """One character at a time: the records, and the offset of a quote that is still open at the end."""
    records, cells, cell = [], [], ""
    state, opened = "start", None
    position = 0
    while position < len(text):
        char = text[position]
        position += 1
        if state == "quotes":
            if char == '"':
                state = "closed"
            else:
                cell += char
            continue
        if state == "closed" and char == '"':
            cell += '"'
            state = "quotes"
        elif state == "start" and char == '"':
            state, opened = "quotes", position - 1
        elif char == delimiter:
            cells.append(cell)
            cell, state = "", "start"
        elif char in "\r\n":
            if char == "\r" and text[position : position + 1] == "\n":
                position += 1
            records.append([*cells, cell])
            cells, cell, state = [], "", "start"
        else:
            cell += char
            state = "cell"
    rest = [*cells, cell] if cells or cell or state != "start" else None
    return records, rest, opened if state == "quotes" else None


def records_of(text, delimiter):
    data = text.encode()
    records, position = [], 0
    while True:
        scan = find_record_end(data, position, delimiter.encode())
        if scan.next_start < 0:
            opened = scan.quote_at if scan.inside is Inside.QUOTES else None
            rest = data[position : scan.end].decode()
            return records, rest, opened
        records.append(split_cells(data[position : scan.end].decode(), delimiter))
        position = scan.next_start


@settings(deadline=None, max_examples=100)
@given(_TEXTS, st.sampled_from([",", ";"]))
def test_records_are_those_of_a_slow_reading(text, delimiter):
    records, rest, opened = records_of(text, delimiter)
    expected, expected_rest, expected_opened = records_slowly(text, delimiter)
    assert records == expected
    assert (opened is None) == (expected_opened is None)
    if opened is not None:
        assert len(text.encode()[:opened].decode()) == expected_opened
    elif expected_rest is not None:
        assert split_cells(rest, delimiter) == expected_rest


@settings(deadline=None, max_examples=100)
@given(_TEXTS, st.integers(0, 40))
def test_a_scan_goes_on_where_it_stopped(text, cut):
    """A record that is skipped is scanned piece by piece; the end must be found all the same."""
    data = text.encode().replace(b"\r", b"")
    whole = find_record_end(data, 0, b",")
    cut = min(cut, len(data))
    first = find_record_end(data[:cut], 0, b",")
    if first.next_start >= 0:
        assert first.next_start == whole.next_start
        return
    second = find_record_end(data[cut:], 0, b",", inside=first.inside)
    assert (second.next_start < 0) == (whole.next_start < 0)
    if whole.next_start >= 0:
        assert second.next_start + cut == whole.next_start


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.lists(_TEXTS, min_size=2, max_size=4), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n", "\r"])
)
def test_what_an_independent_writer_wrote_is_read_back(rows, line_end):
    file = io.StringIO()
    csv.writer(file, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(rows)
    records, rest, opened = records_of(file.getvalue(), ",")
    assert records == rows
    assert (rest, opened) == ("", None)


@pytest.mark.parametrize(
    ("record", "cells"),
    [
        ('""', [""]),
        ('"a""b"', ['a"b']),
        ('a"b', ['a"b']),
        ('"a"b"c', ['ab"c']),
        (' "a"', [' "a"']),
        ("", [""]),
        (",", ["", ""]),
    ],
)
def test_split_cells(record, cells):
    assert split_cells(record, ",") == cells


def test_blank_lines_hold_no_cell():
    assert is_blank(b" \t ", b",")
    assert not is_blank(b"\t", b"\t")
    assert not is_blank(b'""', b",")


def test_lines_are_counted_by_every_line_end():
    assert count_lines(b"a\nb\r\nc\rd") == 3
