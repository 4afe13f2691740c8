"""Pictures come back from a decoder as they went in, and the same picture gives the same bytes."""

import base64
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from botscan.report.png import MOST_COLORS, png_address, write_png

COLORS = [(place, 2 * place, 255 - place, 17 * place) for place in range(MOST_COLORS)]
PICTURES = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.integers(0, MOST_COLORS - 1))


def chunks(data):
    """Yield the parts of a PNG file, each with its checksum proven."""
    place = 8
    while place < len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        body = data[place + 4 : place + 8 + size]
        assert struct.unpack(">I", data[place + 8 + size : place + 12 + size]) == (zlib.crc32(body),)
        yield body[:4], body[4:]
        place += 12 + size


def read_png(data):
    """Return the indices and colours of a picture of four bits a pixel."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    parts = dict(chunks(data))
    assert list(parts) == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    width, height, *kind = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert kind == [4, 3, 0, 0, 0]
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), dtype=np.uint8).reshape(height, -1)
    assert not rows[:, 0].any()
    pixels = np.stack([rows[:, 1:] >> 4, rows[:, 1:] & 15], axis=2).reshape(height, -1)
    assert not pixels[:, width:].any()
    return pixels[:, :width], np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3), list(parts[b"tRNS"])


@given(PICTURES)
def test_a_picture_comes_back(picture):
    data = write_png(picture, COLORS)
    pixels, palette, opacity = read_png(data)
    np.testing.assert_array_equal(pixels, picture)
    np.testing.assert_array_equal(palette, [color[:3] for color in COLORS])
    assert opacity == [color[3] for color in COLORS]
    assert write_png(picture.copy(), COLORS) == data
    start, text = png_address(picture, COLORS).split(",")
    assert start == "data:image/png;base64"
    assert base64.b64decode(text, validate=True) == data


def test_a_strange_decoder_reads_the_same():
    pillow = pytest.importorskip("PIL.Image")
    import io

    picture = np.arange(16 * 9, dtype=np.uint8).reshape(9, 16) % 16
    image = pillow.open(io.BytesIO(write_png(picture, COLORS))).convert("RGBA")
    np.testing.assert_array_equal(np.asarray(image), np.array(COLORS, dtype=np.uint8)[picture])


@pytest.mark.parametrize(
    ("picture", "n_colors"),
    [(np.zeros((0, 3)), 2), (np.zeros(3), 2), (np.full((1, 1), 2), 2), (np.zeros((1, 1)), 17), (np.zeros((1, 1)), 0)],
)
def test_what_is_no_picture_is_refused(picture, n_colors):
    colors = [(0, 0, 0, 0)] * n_colors
    with pytest.raises(ValueError, match="wanted"):
        write_png(picture.astype(np.uint8), colors)
