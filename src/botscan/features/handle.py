"""The shape of the handle and of the shown name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.arrow_text import TextColumn, code_points, count_trailing_digits
from botscan.features.columns import Columns
from botscan.features.feature import Feature
from botscan.features.references import KAGGLE_2019, YANG_2020

#: Most processor time of the family, microseconds an account (benchmarks/feature_effects.py checks it).
CPU_BUDGET = 1.0


def _column_feature(column: str, *, unit: str, meaning: str, reference: str, example: float) -> Feature:
    def compute(columns: Columns) -> NDArray[np.float32]:
        return columns.count(column).astype(np.float32)

    return Feature(
        name=column,
        family="handle",
        group="handle",
        unit=unit,
        meaning=meaning,
        needs=(column,),
        compute=compute,
        cost_to_fake="cheap",
        reference=reference,
        example=({column: example}, example),
    )


def _where_known(text: TextColumn, counts: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.where(text.is_valid, counts, np.nan).astype(np.float32)


def _trailing_digits(columns: Columns) -> NDArray[np.float32]:
    handle = columns.text("handle")
    return _where_known(handle, count_trailing_digits(handle))


def _upper_case_share(columns: Columns) -> NDArray[np.float32]:
    handle = columns.text("handle")
    is_upper = (handle.data - np.uint8(ord("A"))) < 26  # bytes below "A" wrap round to large values
    is_letter = ((handle.data | 0x20) - np.uint8(ord("a"))) < 26
    n_letters = handle.sum_by_row(is_letter)
    share = handle.sum_by_row(is_upper) / np.maximum(n_letters, 1)
    return np.where(n_letters > 0, share, np.nan).astype(np.float32)


def _separators(columns: Columns) -> NDArray[np.float32]:
    handle = columns.text("handle")
    is_separator = (handle.data == ord("_")) | (handle.data == ord(".")) | (handle.data == ord("-"))
    return _where_known(handle, handle.sum_by_row(is_separator))


def _display_name_length(columns: Columns) -> NDArray[np.float32]:
    name = columns.text("display_name")
    return _where_known(name, code_points(name))


FEATURES: tuple[Feature, ...] = (
    _column_feature(
        "handle_length",
        unit="code points",
        meaning="length of the handle",
        reference=YANG_2020,
        example=11,
    ),
    _column_feature(
        "handle_digits",
        unit="digits",
        meaning="decimal digits in the handle",
        reference=YANG_2020,
        example=4,
    ),
    _column_feature(
        "handle_digit_ratio",
        unit="share",
        meaning="share of the handle that is decimal digits",
        reference=KAGGLE_2019,
        example=0.25,
    ),
    Feature(
        name="handle_trailing_digits",
        family="handle",
        group="handle",
        unit="digits",
        meaning="decimal digits at the end of the handle",
        needs=("handle",),
        compute=_trailing_digits,
        cost_to_fake="cheap",
        reference="own",
        example=({"handle": "2kopi1984"}, 4.0),
    ),
    _column_feature(
        "display_name_words",
        unit="words",
        meaning="words in the shown name",
        reference=KAGGLE_2019,
        example=2,
    ),
    Feature(
        name="display_name_length",
        family="handle",
        group="handle",
        unit="code points",
        meaning="length of the shown name",
        needs=("display_name",),
        compute=_display_name_length,
        cost_to_fake="cheap",
        reference=YANG_2020,
        example=({"display_name": "Zoë 🙂"}, 5.0),
    ),
    Feature(
        name="handle_upper_case_share",
        family="handle",
        group="handle",
        unit="share",
        meaning="share of the letters A to Z of the handle that are upper case",
        needs=("handle",),
        compute=_upper_case_share,
        cost_to_fake="cheap",
        reference="own",
        example=({"handle": "KopiSenja_84"}, 2 / 9),
    ),
    Feature(
        name="handle_separator_count",
        family="handle",
        group="handle",
        unit="marks",
        meaning="underscores, dots and hyphens in the handle",
        needs=("handle",),
        compute=_separators,
        cost_to_fake="cheap",
        reference="own",
        example=({"handle": "_kopi.senja_84"}, 3.0),
    ),
)
