import bz2
import gzip
import io
import json
import lzma
import os
import random
import sys
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers import Source
from botscan.readers.containers import compression
from botscan.readers.containers.expand import Expanded, seekable
from botscan.readers.containers.files import Limits

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))


def zstd(data):
    return pa.Codec("zstd").compress(data, asbytes=True)


def zstd_of_unknown_size(data):
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(data)
    return packed.getvalue().to_pybytes()


def xz_unchecked(data):
    return lzma.compress(data, check=lzma.CHECK_NONE)


CODECS = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "xz without check": xz_unchecked,
    "bzip2": bz2.compress,
    "zstd": zstd,
    "zstd of unknown size": zstd_of_unknown_size,
}
#: Formats that carry a checksum, so that no changed byte passes.
CHECKED = ("gzip", "xz", "bzip2")
#: "one two" by the command line, which adds a checksum.
ZSTD_WITH_CHECKSUM = bytes.fromhex("28b52ffd04583900006f6e652074776f50ec85b6")


@pytest.fixture(params=CODECS, name="codec")
def _codec(request):
    return request.param


def expand(source, **limits):
    expanded = Expanded(source, limits=Limits(**limits))
    return b"".join(expanded), expanded


def test_members_in_a_row_and_zero_padding_are_legal(source_of, codec):
    pack = CODECS[codec]
    packed = pack(b"one ") + pack(b"") + b"\0" * 700_000 + pack(b"two") + b"\0" * 8
    data, expanded = expand(source_of(packed))
    assert data == b"one two"
    assert expanded.compressed
    assert not expanded.cut_short
    assert not expanded.trailing_garbage


def test_an_empty_file_is_empty(source_of, codec):
    data, expanded = expand(source_of(CODECS[codec](b"")))
    assert (data, expanded.compressed, expanded.cut_short) == (b"", True, False)


def test_pieces_are_bounded_and_whole(source_of, codec):
    whole = random.Random(1).randbytes(3_000_000) + b"ab" * 2_000_000
    pieces = list(Expanded(source_of(CODECS[codec](whole))))
    assert b"".join(pieces) == whole
    assert max(map(len, pieces)) <= 1 << 20


def test_garbage_behind_the_last_member_is_told(source_of, codec):
    for garbage in (b"garbage", b"g", b"\0\0\0\0\0garbage"):
        data, expanded = expand(source_of(CODECS[codec](b"one") + garbage))
        assert data == b"one"
        assert expanded.trailing_garbage


def test_garbage_that_begins_like_gzip_is_garbage(source_of):
    for garbage in (b"\x1f", b"\x1f\x8b\x99\x99rest"):
        data, expanded = expand(source_of(gzip.compress(b"one") + garbage))
        assert (data, expanded.trailing_garbage) == (b"one", True)


@pytest.mark.parametrize("plain", [b"plain", b"", b"BZhandle,followers\n", b"\x1f", b"(\xb5,x", b"\xfd7zip"])
def test_plain_bytes_pass(source_of, plain):
    data, expanded = expand(source_of(plain))
    assert data == plain
    assert not expanded.compressed


def test_cut_at_every_byte_gives_a_prefix(source_of, codec):
    whole = random.Random(1).randbytes(2_000)
    packed = CODECS[codec](whole)
    for length in range(10, len(packed)):
        data, expanded = expand(source_of(packed[:length]))
        assert whole.startswith(data)
        assert expanded.cut_short


@pytest.mark.parametrize(("codec_", "kept"), [("gzip", 0.9), ("xz", 0.9), ("zstd", 0.8), ("zstd of unknown size", 0.8)])
def test_what_came_before_a_cut_is_kept(source_of, codec_, kept):
    whole = random.Random(2).randbytes(1_500_000)
    packed = CODECS[codec_](whole)
    data, expanded = expand(source_of(packed[:-10]))
    assert whole.startswith(data)
    assert expanded.cut_short
    assert len(data) > kept * len(whole)


def test_a_frame_that_lacks_only_its_checksum_is_cut(source_of):
    assert expand(source_of(ZSTD_WITH_CHECKSUM))[0] == b"one two"
    data, expanded = expand(source_of(ZSTD_WITH_CHECKSUM[:-1]))
    assert (data, expanded.cut_short) == (b"one two", True)
    with pytest.raises(FormatError, match="The zstd data are damaged after 0 expanded bytes"):
        expand(source_of(ZSTD_WITH_CHECKSUM[:-1] + b"?"))


def test_skippable_frames_are_skipped_wherever_they_stand(source_of):
    skipped = b"\x5a\x2a\x4d\x18\3\0\0\0abc"
    data, expanded = expand(source_of(skipped + zstd(b"one ") + skipped + zstd(b"two") + skipped))
    assert (data, expanded.compressed, expanded.trailing_garbage) == (b"one two", True, False)
    assert expand(source_of(skipped + zstd(b"one") + skipped[:-1]))[1].cut_short


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(CODECS)), st.integers(0, 10_000), st.integers(1, 255))
def test_damage_is_refused_by_the_name_of_the_codec_or_seen(codec, position, change):
    whole = b"handle,followers_count\n" * 30
    packed = bytearray(CODECS[codec](whole))
    place = position % len(packed)
    packed[place] ^= change
    error = None
    try:
        data, expanded = expand(Source("made", spool=BytesIO(bytes(packed))))
    except FormatError as caught:
        error = str(caught)
    if error is not None:
        assert error.startswith(f"made: The {codec.split()[0]} data are damaged")
    elif expanded.compressed and codec in CHECKED:
        assert data == whole or expanded.cut_short


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([gzip.compress(b"")[:2], b"\xfd7zXZ\0", b"BZh91AY&SY", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"]),
    st.binary(max_size=300),
)
def test_nothing_but_a_format_error_comes_of_junk(magic, junk):
    with suppress(FormatError):
        expand(Source("made", spool=BytesIO(magic + junk)))


def test_a_layer_inside_a_layer_is_refused_whatever_the_codecs(source_of):
    for outer, pack in CODECS.items():
        for inner, pack_inner in CODECS.items():
            message = f"Found {inner.split()[0]} inside {outer.split()[0]}"
            with pytest.raises(FormatError, match=message):
                expand(source_of(pack(pack_inner(b"x"))))
    twice = gzip.compress(b"x")
    with pytest.raises(FormatError, match="Found gzip inside gzip"):
        expand(source_of(gzip.compress(twice[:1]) + gzip.compress(twice[1:])))


def test_bombs_are_refused_before_they_unfold(source_of, codec):
    packed = CODECS[codec](b"\0" * (40 << 20))
    seen = []
    with pytest.raises(FormatError, match="more than 100 times its size"):
        seen.extend(len(chunk) for chunk in Expanded(source_of(packed)))
    assert 15 << 20 <= sum(seen) <= 18 << 20
    with pytest.raises(FormatError, match="more than 1,000 bytes"):
        expand(source_of(CODECS[codec](b"\0" * 5000)), expanded_bytes=1000)
    assert len(expand(source_of(packed), expansion_ratio=1_000_000)[0]) == 40 << 20


def test_small_repetitive_files_are_fine(source_of, codec):
    assert len(expand(source_of(CODECS[codec](b"a" * (1 << 20))))[0]) == 1 << 20


def test_a_bomb_that_an_archive_packs_once_more_is_measured_by_the_room_it_takes_there(source_of):
    noisy = b"".join(b"%d," % number for number in random.Random(1).choices(range(10**9), k=100_000))
    packed = gzip.compress(noisy * 18)
    source = source_of(packed)
    assert len(expand(source)[0]) > 16 << 20
    source.packed_bytes = len(packed) // 100
    with pytest.raises(FormatError, match="more than 100 times its size"):
        expand(source)


def test_memory_that_a_file_demands_has_a_bound(source_of):
    greedy = bytearray(lzma.compress(b"x" * 100))
    assert greedy[12:17] == b"\x02\x00\x21\x01\x16"  # block header: LZMA2 with a dictionary of 8 MB
    greedy[16] = 36  # 1 GB
    greedy[20:24] = zlib.crc32(greedy[12:20]).to_bytes(4, "little")
    with pytest.raises(FormatError, match="The xz data are damaged"):
        expand(source_of(bytes(greedy)))
    window_of_a_gigabyte = b"\x28\xb5\x2f\xfd\x00\xa0" + b"\1\0\0"
    with pytest.raises(FormatError, match="The zstd data are damaged"):
        expand(source_of(window_of_a_gigabyte))


def test_errors_of_the_disk_pass_through_every_codec(codec):
    packed = CODECS[codec](random.Random(1).randbytes(500_000))

    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 100_000:
                raise OSError(5, "Input/output error")
            return super().read(size)

    with pytest.raises(FormatError, match=r"cannot be read \(Input/output error\)"):
        expand(Source("made", spool=Failing(packed)))


@pytest.mark.parametrize(("codec_", "module"), [("xz", "lzma"), ("bzip2", "bz2")])
def test_a_codec_that_python_was_built_without_is_named(source_of, monkeypatch, codec_, module):
    packed = CODECS[codec_](b"one")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(FormatError, match=f"This is {codec_}, which this Python was built without. Expand the file"):
        expand(source_of(packed))
    assert expand(source_of(b"plain"))[0] == b"plain"


def test_zstd_that_arrow_was_built_without_is_named(source_of, monkeypatch):
    packed = zstd(b"one")
    without = SimpleNamespace(Codec=SimpleNamespace(is_available=lambda name: False))
    monkeypatch.setattr(compression, "pa", without)
    with pytest.raises(FormatError, match="This is zstd, which this Python was built without"):
        expand(source_of(packed))


def test_a_copy_that_can_be_read_anywhere(source_of, tmp_path, codec):
    whole = random.Random(1).randbytes(5_000)
    with seekable(source_of(CODECS[codec](whole))) as copy:
        copy.seek(4_990)
        assert copy.read() == whole[-10:]
        copy.seek(0)
        assert copy.read(3) == whole[:3]


def test_a_plain_file_is_its_own_copy(tmp_path, source_of):
    path = tmp_path / "list.parquet"
    path.write_bytes(b"PAR1")
    with seekable(Source("list", path=path)) as file:
        assert file.name == str(path)
    with seekable(source_of(b"PAR1")) as file:
        assert file.read() == b"PAR1"


def test_a_copy_that_cannot_be_made_leaves_no_file_open(source_of):
    with pytest.raises(FormatError, match="more than 100 times"):
        seekable(source_of(gzip.compress(b"\0" * (40 << 20))))


def test_the_sample_that_a_scraper_packed_without_a_check():
    path = SAMPLES / "instaloader_profile_web.made.json.xz"
    if not path.exists():
        pytest.skip("the sample files are not there")
    data, expanded = expand(Source("sample", path=path))
    assert json.loads(data) == json.loads(path.with_suffix("").read_bytes())
    assert not expanded.cut_short
