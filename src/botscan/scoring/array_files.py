"""Arrays of a model folder: the .npy format, little-endian, C order, read without trusting what a header claims.

A file must begin with exactly the header that its card entry implies and end with its last item, so that nothing in
the file is ever interpreted and nothing is allocated that is not there.

References
----------
.. [1] NumPy Enhancement Proposal 1: A simple file format for NumPy arrays.
   https://numpy.org/neps/nep-0001-npy-format.html
"""

from __future__ import annotations

import hashlib
import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_ARRAYS = 64
MAX_ARRAY_BYTES = 16_000_000
MAX_FOLDER_BYTES = 64_000_000
ARRAY_NAME = re.compile(r"[a-z0-9_]+\.npy\Z")
DTYPES = ("<u2", "<u4", "<u8", "<i2", "<i4", "<f4", "<f8")

_MAGIC = b"\x93NUMPY\x01\x00"


def array_header(dtype: str, shape: tuple[int, ...]) -> bytes:
    """Return the one header of an array of this type and shape."""
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape!r}, }}".encode()
    padding = -(len(_MAGIC) + 2 + len(text) + 1) % 64
    text += b" " * padding + b"\n"
    return _MAGIC + len(text).to_bytes(2, "little") + text


def array_bytes(array: NDArray[Any]) -> bytes:
    """Return the file of an array.

    Examples
    --------
    >>> import io
    >>> np.load(io.BytesIO(array_bytes(np.arange(3, dtype=np.uint16))), allow_pickle=False).tolist()
    [0, 1, 2]
    """
    little = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
    return array_header(little.dtype.str, little.shape) + little.tobytes()


def describe_array(array: NDArray[Any]) -> dict[str, Any]:
    """Return the card's entry of an array: dtype, shape and SHA-256 of its file."""
    little = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
    return {
        "dtype": little.dtype.str,
        "shape": [int(size) for size in little.shape],
        "sha256": hashlib.sha256(array_bytes(array)).hexdigest(),
    }


def file_size(dtype: str, shape: tuple[int, ...]) -> int:
    """Return the bytes a file of this type and shape has, in exact arithmetic."""
    return len(array_header(dtype, shape)) + np.dtype(dtype).itemsize * math.prod(shape)


def array_from_bytes(data: bytes, dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return the array of a file; ValueError when header or size are not what type and shape imply."""
    header = array_header(dtype, shape)
    if len(data) != file_size(dtype, shape) or not data.startswith(header):
        raise ValueError("the header does not fit")
    array = np.frombuffer(data, dtype=dtype, offset=len(header)).reshape(shape)
    return array.astype(array.dtype.newbyteorder("="))
