"""Emoji as a reader counts them: a family, a flag or a hand with a skin tone is one, however many characters it takes.

Emoji joined by Unicode's rules for grapheme clusters count once [1]_; of the marks that may extend a cluster, only
those that occur in emoji are followed: variation selectors, skin tones, the keycap and tags.

References
----------
.. [1] Unicode Standard Annex 29, Text Segmentation, rules GB9, GB11, GB12 and GB13. https://www.unicode.org/reports/tr29/
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.arrow_text import TextColumn
from botscan.features.bio_marks import EMOJI, Mask, Positions, count_by_row
from botscan.features.columns import Columns
from botscan.features.feature import Feature

#: Most processor time of the family, microseconds an account (benchmarks/feature_effects.py checks it).
CPU_BUDGET = 0.5

_JOINER = 0x200D
_KEYCAP = 0x20E3
_FIRST_SELECTOR, _FIRST_FLAG_LETTER, _FIRST_SKIN_TONE, _FIRST_TAG = 0xFE00, 0x1F1E6, 0x1F3FB, 0xE0020
#: Lead bytes of everything that has a part in an emoji: U+2000 to U+2FFF, U+F000 to U+FFFF, U+10000 and beyond.
_LEAD_BYTES = (0xE2, 0xEF, 0xF0, 0xF3)


def count_emoji(text: TextColumn) -> NDArray[np.int64]:
    """Count the emoji of each row, each sequence once; shape (n,), 0 where null.

    Examples
    --------
    >>> import pyarrow as pa
    >>> count_emoji(TextColumn.from_arrow(pa.array(["☕☕", "👨‍👩‍👧", "👍🏽🇮🇩", "kopi", None]))).tolist()
    [2, 1, 2, 0, 0]
    """
    if text.is_ascii:
        return np.zeros(len(text), dtype=np.int64)
    return count_by_row(text, _first_pictures(text))


def _first_pictures(text: TextColumn) -> Positions:
    """Byte position of the first picture in every cluster that holds one."""
    positions, points = _parts(text)
    is_picture = EMOJI.contains(points)
    is_flag_letter = (points - np.uint32(_FIRST_FLAG_LETTER)) < 26
    is_extender = (
        (points - np.uint32(_FIRST_SELECTOR) < 16)
        | (points - np.uint32(_FIRST_SKIN_TONE) < 5)
        | (points - np.uint32(_FIRST_TAG) < 96)
        | (points == _KEYCAP)
    )
    touches = _touches_previous(text, positions, points)
    is_joiner = points == _JOINER
    joins = (
        is_extender | is_joiner | _follows_joined_picture(touches, is_picture, is_flag_letter, is_extender, is_joiner)
    )
    joins |= _is_second_of_pair(touches, is_flag_letter)
    cluster = np.cumsum(~(touches & joins))
    pictures = np.flatnonzero(is_picture)
    is_first = np.ones(len(pictures), dtype=np.bool_)
    is_first[1:] = np.diff(cluster[pictures]) > 0
    return positions[pictures[is_first]]


def _parts(text: TextColumn) -> tuple[Positions, NDArray[np.uint32]]:
    """Byte position and code point of every character that may be part of an emoji, in order."""
    is_candidate = text.data == _LEAD_BYTES[0]
    for lead in _LEAD_BYTES[1:]:
        is_candidate |= text.data == lead
    positions = np.flatnonzero(is_candidate)
    return positions, text.code_point_at(positions)


def _touches_previous(text: TextColumn, positions: Positions, points: NDArray[np.uint32]) -> Mask:
    """Whether each part directly follows the part before it, in one row."""
    touches = np.zeros(len(positions), dtype=np.bool_)
    ends = positions + np.where(points < 0x10000, 3, 4)
    rows = text.rows_of(positions)
    touches[1:] = (ends[:-1] == positions[1:]) & (rows[:-1] == rows[1:])
    return touches


def _follows_joined_picture(
    touches: Mask, is_picture: Mask, is_flag_letter: Mask, is_extender: Mask, is_joiner: Mask
) -> Mask:
    """Mark pictures that a joiner binds to a picture before it, with nothing but extenders between (GB11)."""
    index = np.arange(len(touches))
    run = np.cumsum(~touches)
    base = np.maximum.accumulate(np.where(is_extender, 0, index))  # the last part that extends nothing
    follows = np.zeros(len(touches), dtype=np.bool_)
    before_joiner = base[:-2]
    is_bound = is_joiner[1:-1] & (run[before_joiner] == run[2:])
    follows[2:] = is_bound & (is_picture & ~is_flag_letter & ~is_extender)[before_joiner]
    return follows & is_picture & ~is_flag_letter


def _is_second_of_pair(touches: Mask, is_flag_letter: Mask) -> Mask:
    """Mark every second letter in a run of flag letters (GB12, GB13)."""
    index = np.arange(len(touches))
    begins = ~(touches & is_flag_letter)
    begins[1:] |= ~is_flag_letter[:-1]
    first = np.maximum.accumulate(np.where(begins, index, 0))
    return is_flag_letter & ((index - first) % 2 == 1)


def _display_name_emoji(columns: Columns) -> NDArray[np.float32]:
    name = columns.text("display_name")
    return np.where(name.is_valid, count_emoji(name), np.nan).astype(np.float32)


def _bio_emoji(columns: Columns) -> NDArray[np.float32]:
    return np.where(columns.is_bio_known(), count_emoji(columns.text("bio")), np.nan).astype(np.float32)


FEATURES: tuple[Feature, ...] = (
    Feature(
        name="display_name_emoji_count",
        family="emoji",
        group="handle",
        unit="emoji",
        meaning="emoji in the shown name, a joined sequence once",
        needs=("display_name",),
        compute=_display_name_emoji,
        cost_to_fake="cheap",
        reference="own",
        example=({"display_name": "Ana 👩🏽\u200d🌾🇮🇩"}, 2.0),
    ),
    Feature(
        name="bio_emoji_count",
        family="emoji",
        group="bio",
        unit="emoji",
        meaning="emoji in the bio, a joined sequence once",
        needs=("bio", "bio_length"),
        compute=_bio_emoji,
        cost_to_fake="cheap",
        reference="own",
        example=({"bio": "Kopi ☕ hujan 🌧️", "bio_length": 14}, 2.0),
    ),
)
