import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers.containers.encodings import TextBlock
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits
from botscan.readers.objects.json_frames import code_behind, cut_frames, cut_lines, cut_values, find_framing, is_json
from botscan.readers.objects.json_scan import scan_brackets

RECORDS = [{"id": 1, "bio": 'a "b" {c} \\'}, {"id": 2, "list": [{"x": [1, 2]}, []]}, {"id": 3, "bio": "é ☕, ]"}, {}]

FRAMINGS = {
    "lines": lambda records: "".join(json.dumps(one) + "\n" for one in records),
    "lines, blank ones between": lambda records: "\n\n".join(json.dumps(one) for one in records) + "\n \n",
    "lines, CRLF": lambda records: "".join(json.dumps(one) + "\r\n" for one in records),
    "lines, CR": lambda records: "".join(json.dumps(one) + "\r" for one in records),
    "one array": json.dumps,
    "one array, printed": lambda records: json.dumps(records, indent=1),
    "one array, printed with tabs and CRLF": lambda records: json.dumps(records, indent="\t").replace("\n", "\r\n"),
    "one behind the other": lambda records: "".join(json.dumps(one) for one in records),
    "one behind the other, commas": lambda records: ",\n".join(json.dumps(one) for one in records),
    "printed, one behind the other": lambda records: "\n".join(json.dumps(one, indent=2) for one in records),
    "arrays behind each other": lambda records: "\n".join(json.dumps([one]) for one in records),
}


def frames_of(data, *, size=None, framing=None, limits=DEFAULT_LIMITS, **options):
    size = size or max(len(data), 1)
    blocks = [TextBlock(data[at : at + size]) for at in range(0, len(data), size)]
    return list(cut_frames(blocks, framing or find_framing(data), limits=limits, **options))


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_every_framing_gives_the_same_records(framing, size):
    data = FRAMINGS[framing](RECORDS).encode()
    if size == 1:
        data = data.replace(b"\r\n", b"\n")  # a block never ends between CR and LF: encodings.py
    assert is_json(data)
    frames = frames_of(data, size=size)
    assert [json.loads(frame.data) for frame in frames] == RECORDS
    assert {frame.flaw for frame in frames[:-1]} == {None}
    assert frames[-1].flaw in (None, "truncated")  # a last line without a line end may be partial; the parser knows


def test_lines_are_those_of_the_file():
    data = b'\n{"id": 1}\r\n\r{"id": 2}\n'
    assert [frame.line for frame in frames_of(data)] == [2, 4]
    printed = json.dumps(RECORDS, indent=1).encode()
    lines = printed.split(b"\n")
    for frame in frames_of(printed, size=7):
        assert lines[frame.line - 1].strip() == frame.data.split(b"\n")[0]


@pytest.mark.parametrize("framing", FRAMINGS)
def test_cut_at_every_byte_keeps_whole_records(framing):
    text = FRAMINGS[framing](RECORDS)
    data = text.encode()
    ends = []
    for n in range(1, len(RECORDS) + 1):
        last = json.dumps(RECORDS[n - 1])[-1]
        whole = FRAMINGS[framing](RECORDS[:n]).rstrip("]\r\n\t ")
        ends.append(len((whole if whole.endswith(last) else whole + last).encode()))
    mode = find_framing(data)
    for length in range(1, len(data)):
        frames = frames_of(data[:length], framing=mode)
        parsed = []
        for frame in frames:
            try:
                parsed.append(json.loads(frame.data))
            except ValueError:
                assert frame.flaw in ("truncated", "cut", None)
        n_whole = sum(end <= length for end in ends)
        assert parsed[:n_whole] == RECORDS[:n_whole]
        assert len(parsed) <= n_whole + 1


def test_a_broken_line_is_one_frame_and_the_next_lines_live():
    data = b'{"id": 1}\n{"id": 2, "bio": "open\nnonsense\n{"id": 3}\n'
    assert [frame.data[:8] for frame in frames_of(data)] == [b'{"id": 1', b'{"id": 2', b"nonsense", b'{"id": 3']


def test_a_broken_first_line_does_not_change_the_framing():
    assert find_framing(b'{"id": 1, "bio": "open\n{"id": 2}\n{"id": 3}\n') == "lines"
    assert find_framing(b'{"id": 1\n{"id": 2}\n') == "lines"
    assert find_framing(b'{\n"id": 1}') == "values"


@pytest.mark.parametrize("indent", [1, 4, "\t"])
@pytest.mark.parametrize("framing", ["one array, printed", "printed, one behind the other"])
def test_a_line_end_inside_a_string_breaks_one_printed_record_only(framing, indent):
    text = (
        json.dumps(RECORDS, indent=indent)
        if "array" in framing
        else "\n".join(json.dumps(one, indent=indent) for one in RECORDS)
    )
    broken = text.replace('"list"', '"li\nst').encode()
    frames = frames_of(broken, size=11)
    good = [frame for frame in frames if frame.flaw is None]
    assert [json.loads(frame.data) for frame in good] == [RECORDS[0], RECORDS[2], RECORDS[3]] or [
        json.loads(frame.data) for frame in good
    ] == [RECORDS[0], RECORDS[2]]
    assert [frame.flaw for frame in frames if frame.flaw] in (["bad_json"], ["bad_json", "bad_json"])


def test_a_printed_record_without_its_last_brace_does_not_swallow_the_rest():
    text = "\n".join(json.dumps(one, indent=2) for one in RECORDS[:3])
    first = json.dumps(RECORDS[0], indent=2)
    broken = text.replace(first, first[:-1]).encode()
    frames = frames_of(broken)
    assert [frame.flaw for frame in frames] == ["bad_json", None, None]
    assert [json.loads(frame.data) for frame in frames[1:]] == RECORDS[1:3]


def test_text_between_records_is_a_frame_of_its_own():
    frames = frames_of(b'{"id": 1} nonsense {"id": 2}}\n{"id": 3}', framing="values")
    assert [frame.data for frame in frames] == [b'{"id": 1}', b"nonsense", b'{"id": 2}', b"}", b'{"id": 3}']


@pytest.mark.parametrize("size", [9, 50, 4000])
def test_records_that_are_too_long_are_skipped(size):
    long = b'{"id": 2, "bio": "' + b"x{" * 100_000 + b'"}'
    limits = Limits(record_bytes=1000)
    for data in (b'{"id": 1}\n' + long + b'\n{"id": 3}\n', b'[{"id": 1},\n' + long + b',\n{"id": 3}]'):
        frames = frames_of(data, size=size, limits=limits)
        assert [(frame.data, frame.flaw) for frame in frames] == [
            (b'{"id": 1}', None),
            (b"", "too_long"),
            (b'{"id": 3}', None),
        ]
        assert [frame.line for frame in frames][0::2] == [1, 3]
    flaws = [frame.flaw for frame in frames_of(b'{"id": 1}\n' + long, size=size, limits=limits)]
    assert flaws == [None, "too_long"]


def test_repairs_are_told_per_frame():
    data = b'{"a": "\xef\xbf\xbd"}\n{"b": 1}\n{"c": "\xef\xbf\xbd"}'
    block = TextBlock(data, (7, 29))
    assert [frame.is_repaired for frame in cut_lines([block])] == [True, False, True]
    assert [frame.is_repaired for frame in cut_values([block])] == [True, False, True]
    split = [TextBlock(data[:9], ()), TextBlock(data[9:], (20,))]
    assert [frame.is_repaired for frame in cut_values(split)] == [False, False, True]


def test_one_array_ends_at_its_bracket():
    frames = list(cut_values([TextBlock(b'{"id": 1}, 2], "next": [3]}')], in_array=True))
    assert [frame.data for frame in frames] == [b'{"id": 1}', b"2"]


_JUNK = st.lists(
    st.sampled_from([b"{", b"}", b"[", b"]", b'"', b",", b":", b"\n", b"\r", b" ", b"a", b"\\", b'{"id": 1}', b'"a"']),
    max_size=40,
).map(b"".join)


@settings(deadline=None, max_examples=100)
@given(_JUNK, st.integers(1, 12), st.sampled_from(["lines", "values"]))
def test_cutting_does_not_depend_on_the_blocks_and_loses_nothing(junk, size, framing):
    junk = junk.replace(b"\r", b"\n")
    whole = frames_of(junk, framing=framing)
    assert frames_of(junk, framing=framing, size=size) == whole
    kept = b"".join(frame.data for frame in whole)
    marks = b" \n,[]"  # brackets of arrays are no part of a record; they may stand among lines too
    assert sorted(kept.translate(None, marks)) == sorted(junk.translate(None, marks))


@pytest.mark.parametrize("unit", [b'{"\n', b"}{}", b'{"a\n "b": {\n', b"[", b'{"id": 1\n', b'"'])
def test_broken_records_do_not_make_the_text_be_scanned_again_and_again(unit, monkeypatch):
    scanned = []

    def count(data, start, stop, **state):
        scanned.append(stop - start)
        return scan_brackets(data, start, stop, **state)

    monkeypatch.setattr("botscan.readers.objects.json_frames.scan_brackets", count)
    costs = []
    for n in (1 << 17, 1 << 19):
        scanned.clear()
        data = b'{"id": 1}{' + unit * (n // len(unit))
        assert frames_of(data, size=1 << 16, framing="values")
        costs.append(sum(scanned))
    assert costs[1] <= 4 * costs[0] + (200 << 16)


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_what_stands_behind_the_value_of_a_script(size):
    def told(text):
        return code_behind([TextBlock(text[at : at + size]) for at in range(0, len(text), size)])

    for text in (b"[]", b'[{"a": "]; x"}] ;\n', b"[] ;; \r\n", b'{"a": [1]};', b'[{"a": 1}', b'[{"a": "\n"}]; x', b""):
        assert not told(text), text
    for text in (b"[]; alert(1)", b"[] []", b'[{"a": "]"}]\n\n}', b'{"a": [1]}; x'):
        assert told(text), text
    assert not told(b'[{"a": 1}}, {"a": 2}]; x')  # damaged: nobody knows where it ends


@pytest.mark.parametrize("text", [b'[{"a": 1}, {"a": 2}];\n', b'[{"a": 1}, {"a": 2}] ; x = [{"a": 3}]'])
def test_a_script_ends_with_its_first_value(text):
    assert [frame.data for frame in cut_frames([TextBlock(text)], "script")] == [b'{"a": 1}', b'{"a": 2}']
    assert [frame.flaw for frame in cut_frames([TextBlock(b'{"a": 1};')], "script")] == [None]
