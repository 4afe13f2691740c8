import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from botscan.scoring.array_files import DTYPES, array_bytes, array_from_bytes, array_header, describe_array, file_size

ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(np.dtype(dtype), hnp.array_shapes(min_dims=0, max_dims=3, max_side=5, min_side=0))
)


@settings(deadline=None, max_examples=100)
@given(ARRAYS)
def test_numpy_reads_the_file_and_so_do_we(array):
    data = array_bytes(array)
    entry = describe_array(array)
    shape = tuple(entry["shape"])
    read = np.load(io.BytesIO(data), allow_pickle=False)
    assert read.dtype == array.dtype
    assert np.array_equal(read, array, equal_nan=array.dtype.kind == "f")
    ours = array_from_bytes(data, entry["dtype"], shape)
    assert ours.shape == array.shape
    assert ours.tobytes() == array.tobytes()
    assert file_size(entry["dtype"], shape) == len(data)


def test_the_layout_in_memory_leaves_no_trace():
    array = np.arange(12, dtype=np.uint16).reshape(3, 4)
    assert array_bytes(np.asfortranarray(array)) == array_bytes(array)
    assert array_bytes(array.astype(">u2")) == array_bytes(array)
    assert describe_array(array.astype(">u2")) == describe_array(array)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        array_header("<u2", (3,)),
        array_header("<u2", (3,)) + bytes(5),
        array_header("<u2", (3,)) + bytes(7),
        array_header("<u2", (10**12,)) + bytes(6),
        array_header("<i2", (3,)) + bytes(6),
        array_header("<u2", (1, 3)) + bytes(6),
        b"\x80\x04\x95" + bytes(array_header("<u2", (3,)))[3:] + bytes(6),
    ],
)
def test_a_file_that_is_not_exactly_what_the_card_says(data):
    with pytest.raises(ValueError, match="does not fit"):
        array_from_bytes(data, "<u2", (3,))


def test_sizes_are_exact_for_absurd_shapes():
    assert file_size("<u8", (2**62, 2**62)) == len(array_header("<u8", (2**62, 2**62))) + 8 * 2**124
