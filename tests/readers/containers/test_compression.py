import bz2
import lzma
import zlib

import pytest

from botscan.readers.containers.compression import CODECS, MAGIC_BYTES, Inflater, codec_of, whole_head


def test_every_codec_is_known_by_its_first_bytes():
    heads = {
        "gzip": b"\x1f\x8b\x08",
        "xz": lzma.compress(b"x"),
        "bzip2": bz2.compress(b"x", 3),
        "zstd": b"\x28\xb5\x2f\xfd\x00",
    }
    assert {name: codec_of(head[:MAGIC_BYTES]).name for name, head in heads.items()} == {
        one.name: one.name for one in CODECS
    }
    assert codec_of(bz2.compress(b"")).name == "bzip2"
    assert codec_of(b"\x5f\x2a\x4d\x18").name == "zstd"


@pytest.mark.parametrize("head", [b"", b"BZh", b"BZh01AY&SY", b"P*M", b"PK\x03\x04", b"7z\xbc\xaf", b"{}"])
def test_other_bytes_are_no_codec(head):
    assert codec_of(head) is None


def test_the_inflater_gives_everything_in_pieces_however_small():
    whole = bytes(range(256)) * 20
    packed = zlib.compress(whole, wbits=-15)
    inflater = Inflater()
    given = []
    for place in range(0, len(packed), 7):
        given.append(inflater.decompress(packed[place : place + 7], 5))
        while not (inflater.needs_input or inflater.eof):
            given.append(inflater.decompress(b"", 5))
    assert b"".join(given) == whole
    assert max(map(len, given)) == 5
    assert inflater.eof
    assert inflater.unused_data == b""


def test_a_head_is_joined_and_the_rest_passes_as_it_comes():
    assert list(whole_head(iter([]), 4)) == []
    assert list(whole_head(iter([b"a"]), 4)) == [b"a"]
    assert list(whole_head(iter([b"", b"ab", b"cde", b"f", b"g"]), 4)) == [b"abcde", b"f", b"g"]
