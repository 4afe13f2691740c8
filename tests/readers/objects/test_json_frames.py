import json

import pytest

from botscan.readers.containers.encodings import TextBlock
from botscan.readers.objects.json_frames import code_behind, cut_lines, cut_values, find_framing
from botscan.readers.objects.json_scan import scan_brackets

RECORDS = [{"id": 1, "bio": 'a "b" {c} \\'}, {"id": 2, "list": [{"x": [1, 2]}, []]}, {"id": 3, "bio": "é ☕, ]"}, {}]


def frames_of(data, *, size=None):
    size = size or max(len(data), 1)
    return list(cut_values([TextBlock(data[at : at + size]) for at in range(0, len(data), size)]))


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
    frames = frames_of(b'{"id": 1} nonsense {"id": 2}}\n{"id": 3}')
    assert [frame.data for frame in frames] == [b'{"id": 1}', b"nonsense", b'{"id": 2}', b"}", b'{"id": 3}']


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
        assert frames_of(data, size=1 << 16)
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
