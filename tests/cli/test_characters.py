"""Which characters standard output can show, and that all screens ask the same function."""

import io

import pytest

import botscan as bs
from botscan.cli.characters import can_print
from botscan.cli.screen import print_audit
from botscan.cli.waterfall import ASCII, BLOCKS, choose_glyphs


@pytest.mark.parametrize(
    ("encoding", "wanted"),
    [
        ("utf-8", True),
        (None, True),
        ("", True),
        ("cp437", True),
        ("cp1252", False),
        ("ascii", False),
        ("x-none", False),
    ],
)
def test_blocks_are_drawn_where_the_encoding_has_them(encoding, wanted):
    assert can_print(BLOCKS.text.replace("┊", "").replace("┃", ""), encoding) is wanted


@pytest.mark.parametrize("encoding", ["x-none", "cp1252"])
def test_both_screens_fall_back_to_ascii_where_the_encoding_is_poor_or_not_known(encoding, monkeypatch):
    class Stream(io.StringIO):
        pass

    Stream.encoding = encoding
    stream = Stream()
    monkeypatch.setattr("sys.stdout", stream)
    print_audit(bs.audit(bs.make_audience(n=50).accounts), "en", again=["list.csv"])
    assert "█" not in stream.getvalue()
    assert choose_glyphs(encoding) is ASCII
