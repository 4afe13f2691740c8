"""A small picture as PNG: few colours, the same bytes for the same picture."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: Red, green, blue and opacity, each 0 to 255.
Color = tuple[int, int, int, int]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS = 4
#: Colours that so many bits tell apart.
MOST_COLORS = 2**_BITS
_INDEXED = 3


def write_png(picture: NDArray[np.uint8], colors: Sequence[Color]) -> bytes:
    r"""Return a picture as a PNG file.

    Parameters
    ----------
    picture
        Index of the colour of each pixel, shape (height, width), the top row first.
    colors
        At most sixteen.

    Raises
    ------
    ValueError
        The picture has no pixels, or there are too many colours or too few for it.

    References
    ----------
    Portable Network Graphics (PNG) Specification, W3C Recommendation. https://www.w3.org/TR/png/

    Examples
    --------
    >>> write_png(np.array([[0, 1]], dtype=np.uint8), [(0, 0, 0, 0), (9, 9, 9, 255)])[:8]
    b'\x89PNG\r\n\x1a\n'
    """
    if picture.ndim != 2 or not picture.size:
        raise ValueError(f"wanted a picture of rows and columns, found shape {picture.shape}")
    if len(colors) > MOST_COLORS or picture.max() >= len(colors):
        raise ValueError(f"{len(colors)} colours, wanted at most {MOST_COLORS} and one for every index of the picture")
    height, width = picture.shape
    padded = np.pad(picture, ((0, 0), (0, width % 2)))
    pairs = (padded[:, 0::2] << _BITS) | padded[:, 1::2]
    rows = np.pad(pairs, ((0, 0), (1, 0)))  # each row begins with its filter: none
    header = struct.pack(">IIBBBBB", width, height, _BITS, _INDEXED, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", bytes(value for color in colors for value in color[:3])),
        (b"tRNS", bytes(color[3] for color in colors)),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def png_address(picture: NDArray[np.uint8], colors: Sequence[Color]) -> str:
    """Return a picture as an address that holds it; the parameters are those of `write_png`.

    Examples
    --------
    >>> png_address(np.zeros((1, 1), dtype=np.uint8), [(0, 0, 0, 0)])[:22]
    'data:image/png;base64,'
    """
    return f"data:image/png;base64,{b64encode(write_png(picture, colors)).decode('ascii')}"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
