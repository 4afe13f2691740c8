import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers.containers.encodings import TextBlock
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits
from botscan.readers.objects.json_frames import find_framing, is_json
from botscan.readers.objects.json_runs import Run, cut_frames, cut_runs

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


def blocks_of(data, size=None):
    size = size or max(len(data), 1)
    return [TextBlock(data[at : at + size]) for at in range(0, len(data), size)]


def frames_of(data, *, size=None, framing=None, limits=DEFAULT_LIMITS):
    return list(cut_frames(blocks_of(data, size), framing or find_framing(data), limits=limits))


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


@settings(deadline=None, max_examples=100)
@given(_JUNK, st.integers(1, 12), st.sampled_from(["lines", "values", "script"]))
def test_runs_hold_the_frames_in_their_order(junk, size, framing):
    junk = junk.replace(b"\r", b"\n")
    frames = []
    for part in cut_runs(blocks_of(junk, size), framing):
        frames += part.frames() if isinstance(part, Run) else [part]
    assert frames == frames_of(junk, framing=framing)


@pytest.mark.parametrize("framing", FRAMINGS)
def test_whole_records_come_together(framing):
    data = FRAMINGS[framing](RECORDS * 3).encode()
    first, *rest = cut_runs(blocks_of(data), find_framing(data))
    assert isinstance(first, Run)
    assert [part.flaw for part in rest] in ([], ["truncated"])  # a last line without a line end


@pytest.mark.parametrize("framing", ["lines", "values"])
def test_what_is_known_to_be_flawed_stands_alone(framing):
    data = b'{"a": 1}\n{"a": "\xef\xbf\xbd"}\n{"a": 3}\n'
    before, repaired, behind = cut_runs([TextBlock(data, (data.index(b"\xef"),))], framing)
    assert (repaired.line, repaired.is_repaired) == (2, True)
    assert [list(run.lines) for run in (before, behind)] == [[1], [3]]


def test_a_long_list_makes_many_runs():
    data = b'{"id": 1}\n' * 30_000
    for framing in ("lines", "values"):
        runs = list(cut_runs(blocks_of(data), framing))
        assert len(runs) > 1
        assert [line for run in runs for line in run.lines] == list(range(1, 30_001))


@pytest.mark.parametrize("text", [b'[{"a": 1}, {"a": 2}];\n', b'[{"a": 1}, {"a": 2}] ; x = [{"a": 3}]'])
def test_a_script_ends_with_its_first_value(text):
    assert [frame.data for frame in cut_frames([TextBlock(text)], "script")] == [b'{"a": 1}', b'{"a": 2}']
    assert [frame.flaw for frame in cut_frames([TextBlock(b'{"a": 1};')], "script")] == [None]
