import gzip
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers.files import Limits
from botscan.readers.gzip_stream import Expanded


def expand(source, **limits):
    expanded = Expanded(source, limits=Limits(**limits))
    return b"".join(expanded), expanded


def test_members_in_a_row_and_zero_padding_are_legal(source_of):
    packed = gzip.compress(b"one ") + gzip.compress(b"") + b"\0" * 700_000 + gzip.compress(b"two") + b"\0" * 9
    data, expanded = expand(source_of(packed))
    assert data == b"one two"
    assert expanded.compressed
    assert not expanded.cut_short
    assert not expanded.trailing_garbage


def test_garbage_behind_the_last_member_is_told(source_of):
    for garbage in (b"garbage", b"\x1f", b"\x1f\x8b\x99\x99rest"):
        data, expanded = expand(source_of(gzip.compress(b"one") + garbage))
        assert data == b"one"
        assert expanded.trailing_garbage


def test_plain_bytes_pass(source_of):
    data, expanded = expand(source_of(b"plain"))
    assert data == b"plain"
    assert not expanded.compressed


def test_cut_at_every_byte_gives_a_prefix(source_of):
    whole = random.Random(1).randbytes(2_000)
    packed = gzip.compress(whole)
    for length in range(2, len(packed)):
        data, expanded = expand(source_of(packed[:length]))
        assert whole.startswith(data)
        assert expanded.cut_short


@settings(deadline=None, max_examples=60)
@given(st.integers(10, 200), st.integers(1, 255))
def test_a_flipped_byte_never_passes_unseen(position, change):
    from io import BytesIO

    from botscan.readers import Source

    whole = b"handle,followers_count\n" * 30
    packed = bytearray(gzip.compress(whole))
    position %= len(packed) - 10
    packed[10 + position] ^= change
    try:
        data, expanded = expand(Source("made", spool=BytesIO(bytes(packed))))
    except FormatError:
        return
    assert data == whole or expanded.cut_short


def test_a_layer_inside_a_layer_is_refused(source_of):
    with pytest.raises(FormatError, match="Found gzip inside gzip"):
        expand(source_of(gzip.compress(gzip.compress(b"x"))))


def test_bombs_are_refused_before_they_unfold(source_of):
    packed = gzip.compress(b"\0" * (40 << 20))
    seen = []
    with pytest.raises(FormatError, match="more than 100 times its size"):
        seen.extend(len(chunk) for chunk in Expanded(source_of(packed)))
    assert 16 << 20 <= sum(seen) <= 18 << 20
    with pytest.raises(FormatError, match="more than 1,000 bytes"):
        expand(source_of(gzip.compress(b"\0" * 5000)), expanded_bytes=1000)
    assert len(expand(source_of(packed), expansion_ratio=2000)[0]) == 40 << 20


def test_small_repetitive_files_are_fine(source_of):
    assert len(expand(source_of(gzip.compress(b"a" * (1 << 20))))[0]) == 1 << 20
