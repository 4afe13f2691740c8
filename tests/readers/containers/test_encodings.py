import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers.containers.encodings import (
    Encoding,
    TextBlock,
    behind,
    check_codec,
    find_encoding,
    join,
    text_blocks,
)


def decode(data, encoding=None, size=None, named=None):
    encoding = encoding or find_encoding(data[:4096], named, source="made")
    size = size or max(len(data), 1)
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    return join([TextBlock(b""), *text_blocks(chunks, encoding, source="made")])


_BYTES = st.lists(
    st.sampled_from(
        [
            b"a",
            b"\n",
            b"\r",
            "é".encode(),
            "☕".encode(),
            "😀".encode(),
            b"\xff",
            b"\xe2\x82",
            b"\xed\xa0\x80",
            b"\x80",
            b"\xef\xbf\xbd",
            b"\xf0\x9f",
        ]
    )
).map(b"".join)


@settings(deadline=None, max_examples=100)
@given(_BYTES, st.integers(1, 7))
def test_repair_is_pythons_replacement_whatever_the_chunks(data, size):
    block = decode(data, Encoding("utf-8"), size)
    expected = data.decode("utf-8", "replace")
    assert block.data.decode() == expected
    marks = [at for at in range(len(block.data)) if block.data[at:].startswith(b"\xef\xbf\xbd")]
    n_own = data.decode("utf-8", "ignore").count("\ufffd")
    assert len(block.repairs) == len(marks) - n_own
    assert set(block.repairs) <= set(marks)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_byte_order_marks(codec, size):
    text = "handle;followers\nrina☕;5\n"
    data = ("\ufeff" + text).encode(codec)
    encoding = find_encoding(data, None, source="made")
    assert encoding.name == codec
    block = decode(data, encoding, size)
    assert block.data.decode() == text
    assert block.repairs == ()


@pytest.mark.parametrize(
    ("named", "codec"), [("utf-16", "utf-16-le"), ("utf_16_be", "utf-16-be"), ("UTF-8-sig", "utf-8")]
)
def test_named_codecs_look_at_the_mark(named, codec):
    with_mark = ("\ufeff" + "id\n7\n").encode(codec)
    assert decode(with_mark, named=named).data == b"id\n7\n"
    assert decode("id\n7\n".encode(codec), named=named).data == b"id\n7\n"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_is_refused_with_the_right_hint(codec):
    with pytest.raises(FormatError, match=f"without a byte order mark.*{codec}"):
        find_encoding("handle,followers\nrina,5\n".encode(codec), None, source="made")


def test_a_few_nul_bytes_are_no_wide_text():
    assert find_encoding(b"handle,bio\nrina,\0\0x\0\n" * 20, None, source="made") == Encoding("utf-8")


def test_a_named_codec_is_strict():
    assert decode("café".encode("latin-1"), named="latin1").data.decode() == "café"
    with pytest.raises(FormatError, match=r"not utf-8 text, near byte 4\. Name another encoding"):
        decode("café".encode("latin-1"), named="utf-8")
    with pytest.raises(FormatError, match="not utf-16-le text"):
        decode(codecs.BOM_UTF16_LE + b"a", named="utf-16")
    with pytest.raises(FormatError, match="not cp1252 text"):
        decode(b"\x81", named="cp1252")


def test_bad_utf16_is_repaired_when_no_codec_was_named():
    block = decode(codecs.BOM_UTF16_LE + "a".encode("utf-16-le") + b"\x00\xd8" + "b".encode("utf-16-le"))
    assert block.data.decode() == "a\ufffdb"
    assert block.repairs == (1,)


@pytest.mark.parametrize(
    "name",
    ["zip", "rot13", "base64", "punycode", "idna", "unicode_escape", "undefined", "utf-7", "nonsense", "", "a\0b"],
)
def test_what_is_no_character_set_is_refused(name):
    with pytest.raises(FormatError, match="is not known"):
        check_codec(name)


def test_no_block_but_the_last_ends_with_cr():
    blocks = list(text_blocks([b"a\r", b"\nb\r", b"c\r"], Encoding("utf-8"), source="made"))
    assert [block.data for block in blocks] == [b"a", b"\r\nb", b"\rc", b"\r"]


def test_behind_keeps_repairs_in_place():
    assert behind(TextBlock(b"abcdef", (1, 4)), 3) == TextBlock(b"def", (1,))
