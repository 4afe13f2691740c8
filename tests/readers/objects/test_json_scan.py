from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers.objects.json_scan import depth_of, scan_brackets

_TEXTS = st.lists(
    st.sampled_from([b"a", b'"', b'"', b"\\", b"{", b"}", b"[", b"]", b",", b"\n", b"\r"]), max_size=60
).map(b"".join)


def scan_slowly(data, start, stop, depth, in_string):
    """One byte at a time."""
    found = []
    escaped = in_string and (start - len(data[:start].rstrip(b"\\"))) % 2 == 1
    for at in range(start, stop):
        byte = data[at : at + 1]
        if in_string and byte in b"\r\n":
            return found, depth, at, True
        if byte == b'"' and not escaped:
            in_string = not in_string
        elif not in_string and byte in b"{[":
            depth += 1
            found.append((at, 1, depth))
        elif not in_string and byte in b"}]":
            depth = max(depth - 1, 0)
            found.append((at, -1, depth))
        elif not in_string and byte == b",":
            found.append((at, 2, depth))
        escaped = byte == b"\\" and not escaped
    return found, depth, -1, in_string


@settings(deadline=None, max_examples=100)
@given(_TEXTS, st.integers(0, 3))
def test_a_whole_text_as_one_byte_at_a_time(data, depth):
    scan = scan_brackets(data, 0, len(data), depth=depth)
    found, end_depth, broken_at, in_string = scan_slowly(data, 0, len(data), depth, in_string=False)
    assert list(zip(scan.positions.tolist(), scan.steps.tolist(), scan.depths.tolist(), strict=True)) == found
    assert scan.broken_at == broken_at
    if broken_at < 0:
        assert (scan.end_depth, scan.in_string) == (end_depth, in_string)


@settings(deadline=None, max_examples=100)
@given(_TEXTS, st.integers(0, 60))
def test_a_scan_goes_on_where_it_stopped(data, cut):
    cut = min(cut, len(data))
    whole = scan_brackets(data, 0, len(data))
    first = scan_brackets(data, 0, cut)
    if first.broken_at >= 0:
        assert first.broken_at == whole.broken_at
        return
    second = scan_brackets(data, cut, len(data), depth=first.end_depth, in_string=first.in_string)
    assert first.positions.tolist() + second.positions.tolist() == whole.positions.tolist()
    assert first.depths.tolist() + second.depths.tolist() == whole.depths.tolist()
    assert second.broken_at == whole.broken_at


def test_depth_ignores_brackets_in_strings():
    assert depth_of(b'{"a": "[[[[", "b": ["\\"{", []]}') == 3
    assert depth_of(b"7") == 0
