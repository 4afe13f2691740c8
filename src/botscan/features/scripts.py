"""Scripts of the letters in the shown name and the bio: how many there are, and how much is not Latin.

The table below is Unicode's Script property of letters and of the signs that belong to them, the same on every
machine [1]_. Han, Kana, Bopomofo and Hangul count as one, since ordinary Japanese and Korean text mixes them. Letters
that Unicode gives to no script, as the styled alphabets of mathematics, count as none.

References
----------
.. [1] Unicode Standard Annex 24, Unicode Script Property. https://www.unicode.org/reports/tr24/
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.arrow_text import TextColumn, code_points
from botscan.features.columns import Columns
from botscan.features.feature import Feature

#: Most processor time of the family, microseconds an account (benchmarks/feature_effects.py checks it).
CPU_BUDGET = 2.0

_LATIN = "Latin"
_OTHER = "other"
#: Script -> first and last code point of its runs of letters, hexadecimal (Unicode 14). Rare and historic scripts are
#: one; those beyond U+FFFF are whole blocks, which yield where a later line names a script.
_RANGES = {
    _OTHER: "3E2-3EF 710-74F 7CA-7F5 7FA-7FD 800-82D 840-85B 860-86A 13A0-13FD 1401-166C 166F-167F 1681-169A 16A0-16EA"
    " 16F1-1734 1740-1773 180B-180D 180F 1820-193B 1950-19C9 1A20-1A7F 1AA7 1C00-1C37 1C4D-1C4F 1C5A-1C7D"
    " 2C00-2C5F 2C80-2CE4 2CEB-2CF3 2D30-2D6F 2D7F A000-A48C A4D0-A4FD A500-A60C A610-A61F A62A-A62B A6A0-A6E5"
    " A6F0-A6F1 A800-A827 A82C A840-A873 A880-A8C5 A90A-A92D A930-A953 AA00-AA4D AA80-AADD AAE0-AAEF AAF2-AAF6"
    " AB70-ABEA ABEC-ABED 10000-1BCAF 1DA00-1EDFF",
    _LATIN: "41-5A 61-7A AA BA C0-D6 D8-F6 F8-2B8 2E0-2E4 1D00-1D25 1D2C-1D5C 1D62-1D65 1D6B-1D77 1D79-1DBE 1E00-1EFF"
    " 2071 207F 2090-209C 212A-212B 2132 214E 2183-2184 2C60-2C7F A722-A787 A78B-A7FF AB30-AB5A AB5C-AB64 AB66-AB69"
    " FB00-FB06 FF21-FF3A FF41-FF5A 10780-107BA 1DF00-1DF1E",
    "Greek": "370-373 376-37D 37F 386 388-3E1 3F0-3F5 3F7-3FF 1D26-1D2A 1D5D-1D61 1D66-1D6A 1DBF 1F00-1FBC 1FBE"
    " 1FC2-1FCC 1FD0-1FDB 1FE0-1FEC 1FF2-1FFC 2126 AB65 1D242-1D244",
    "Cyrillic": "400-481 483-484 487-52F 1C80-1C88 1D2B 1D78 2DE0-2DFF A640-A672 A674-A67D A67F-A69F FE2E-FE2F",
    "Armenian": "531-559 560-588 FB13-FB17",
    "Hebrew": "591-5BD 5BF 5C1-5C2 5C4-5C5 5C7-5F2 FB1D-FB28 FB2A-FB4F",
    "Arabic": "610-61A 620-63F 641-64A 656-65F 66E-66F 671-6D3 6D5-6DC 6DF-6E8 6EA-6EF 6FA-6FC 6FF 750-77F 870-887"
    " 889-88E 898-8E1 8E3-8FF FB50-FBB1 FBD3-FD3D FD50-FDC7 FDF0-FDFB FE70-FEFC 1EE00-1EEBB",
    "Thaana": "780-7B1",
    "Devanagari": "900-950 955-963 971-97F A8E0-A8F7 A8FB A8FD-A8FF",
    "Bengali": "980-9E3 9F0-9F1 9FC 9FE",
    "Gurmukhi": "A01-A5E A70-A75",
    "Gujarati": "A81-AE3 AF9-AFF",
    "Oriya": "B01-B63 B71",
    "Tamil": "B82-BD7",
    "Telugu": "C00-C63",
    "Kannada": "C80-C83 C85-CE3 CF1-CF2",
    "Malayalam": "D00-D4E D54-D57 D5F-D63 D7A-D7F",
    "Sinhala": "D81-DDF DF2-DF3",
    "Thai": "E01-E3A E40-E4E",
    "Lao": "E81-ECD EDC-EDF",
    "Tibetan": "F00 F18-F19 F35 F37 F39 F3E-F84 F86-FBC FC6",
    "Myanmar": "1000-103F 1050-108F 109A-109D A9E0-A9EF A9FA-A9FE AA60-AA76 AA7A-AA7F",
    "Georgian": "10A0-10FA 10FC-10FF 1C90-1CBF 2D00-2D2D",
    "Ethiopic": "1200-135F 1380-138F 2D80-2DDE AB01-AB2E 1E7E0-1E7FE",
    "Khmer": "1780-17D3 17D7 17DC-17DD",
    "Buginese": "1A00-1A1B",
    "Balinese": "1B00-1B4C 1B6B-1B73",
    "Sundanese": "1B80-1BAF 1BBA-1BBF",
    "Batak": "1BC0-1BF3",
    "Javanese": "A980-A9C0",
    "East Asian": "1100-11FF 3005 302E-302F 303B 3041-3096 309D-309F 30A1-30FA 30FD-318E 31A0-31BF 31F0-31FF 3400-4DBF"
    " 4E00-9FFF A960-A97C AC00-D7FB F900-FAD9 FF66-FF6F FF71-FF9D FFA0-FFDC 16FE3 16FF0-16FF1 1AFF0-1B167 20000-3FFFF",
}

#: Names of the scripts; a code of `scripts_of` is one more than the place of its script here.
SCRIPTS: tuple[str, ...] = tuple(_RANGES)
_LATIN_CODE = SCRIPTS.index(_LATIN) + 1
#: Beyond this lie no letters.
_N_POINTS = 0x40000


def _table() -> NDArray[np.uint8]:
    table = np.zeros(_N_POINTS + 1, dtype=np.uint8)
    for code, ranges in enumerate(_RANGES.values(), start=1):
        for item in ranges.split():
            first, _, last = item.partition("-")
            table[int(first, 16) : int(last or first, 16) + 1] = code
    table.flags.writeable = False
    return table


_SCRIPT_OF = _table()


def scripts_of(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the script of each code point as one more than its place in `SCRIPTS`, 0 where it is no letter.

    Examples
    --------
    >>> codes = scripts_of(np.array([ord(character) for character in "aж日7"], dtype=np.uint32))
    >>> [SCRIPTS[code - 1] if code else "" for code in codes]
    ['Latin', 'Cyrillic', 'East Asian', '']
    """
    return _SCRIPT_OF[np.minimum(points, _N_POINTS)]


def count_scripts(text: TextColumn) -> NDArray[np.int64]:
    """Count the scripts that the letters of each row belong to; shape (n,), 0 where null or without letters.

    Examples
    --------
    >>> import pyarrow as pa
    >>> count_scripts(TextColumn.from_arrow(pa.array(["Ana", "Ana Юлия", "日本のカナ", "7 🙂", None]))).tolist()
    [1, 2, 1, 0, 0]
    """
    has_latin = _has_ascii_letter(text)
    if text.is_ascii:
        return has_latin.astype(np.int64)
    positions, scripts = _wide_letters(text)
    # A row number for every byte is cheaper than a search for each of many letters.
    rows = np.repeat(np.arange(len(text)), np.diff(text.offsets))[positions]
    is_found = np.zeros((len(text), len(SCRIPTS) + 1), dtype=np.bool_)
    is_found[:, _LATIN_CODE] = has_latin
    is_found[rows, scripts] = True
    return is_found.sum(axis=1)


def count_other_letters(text: TextColumn) -> NDArray[np.int64]:
    """Count the letters of each row that are of another script than Latin; shape (n,), 0 where null.

    Examples
    --------
    >>> import pyarrow as pa
    >>> count_other_letters(TextColumn.from_arrow(pa.array(["Zoë", "Ana Юля", "日本 1", None]))).tolist()
    [0, 3, 2, 0]
    """
    if text.is_ascii:
        return np.zeros(len(text), dtype=np.int64)
    positions, scripts = _wide_letters(text)
    is_other = np.zeros(len(text.data), dtype=np.bool_)
    is_other[positions[scripts != _LATIN_CODE]] = True
    return text.sum_by_row(is_other)


def _has_ascii_letter(text: TextColumn) -> NDArray[np.bool_]:
    is_letter = ((text.data | 0x20) - np.uint8(ord("a"))) < 26
    found = np.zeros(len(text), dtype=np.bool_)
    filled = np.flatnonzero(np.diff(text.offsets) > 0)
    if filled.size:
        found[filled] = np.logical_or.reduceat(is_letter, text.offsets[filled])
    return found


def _wide_letters(text: TextColumn) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Byte position and script of every letter beyond ASCII; in no order that matters."""
    data = text.data
    parts = []
    # Characters of one length at a time: in many scripts all are wide, and no byte is then looked at in vain.
    for first_lead, end_lead, n_tail in ((0xC2, 0xE0, 1), (0xE0, 0xF0, 2), (0xF0, 0xF8, 3)):
        positions = np.flatnonzero((data - np.uint8(first_lead)) < end_lead - first_lead)
        points = (data[positions] & (0x3F >> n_tail)).astype(np.uint32)
        for step in range(1, n_tail + 1):
            points = points << np.uint32(6) | data.take(positions + step, mode="clip") & np.uint8(0x3F)
        scripts = scripts_of(points)
        is_letter = scripts > 0
        parts.append((positions[is_letter], scripts[is_letter]))
    positions_of_parts, scripts_of_parts = zip(*parts, strict=True)
    return np.concatenate(positions_of_parts), np.concatenate(scripts_of_parts)


def _other_share(text: TextColumn) -> NDArray[np.float64]:
    """Letters of other scripts among the code points, shape (n,); NaN where there is no code point."""
    n_points = code_points(text)
    return np.where(n_points > 0, count_other_letters(text) / np.maximum(n_points, 1), np.nan)


def _name_scripts(columns: Columns) -> NDArray[np.float32]:
    name = columns.text("display_name")
    return np.where(name.is_valid, count_scripts(name), np.nan).astype(np.float32)


def _bio_scripts(columns: Columns) -> NDArray[np.float32]:
    return np.where(columns.is_bio_known(), count_scripts(columns.text("bio")), np.nan).astype(np.float32)


def _name_other_share(columns: Columns) -> NDArray[np.float32]:
    return _other_share(columns.text("display_name")).astype(np.float32)


def _bio_other_share(columns: Columns) -> NDArray[np.float32]:
    return _other_share(columns.text("bio")).astype(np.float32)


FEATURES: tuple[Feature, ...] = (
    Feature(
        name="display_name_script_count",
        family="scripts",
        group="handle",
        unit="scripts",
        meaning="scripts that the letters of the shown name belong to",
        needs=("display_name",),
        compute=_name_scripts,
        cost_to_fake="cheap",
        reference="own",
        example=({"display_name": "Ana Лина"}, 2.0),
    ),
    Feature(
        name="display_name_non_latin_share",
        family="scripts",
        group="handle",
        unit="share",
        meaning="share of the shown name that is letters of other scripts than Latin",
        needs=("display_name",),
        compute=_name_other_share,
        cost_to_fake="cheap",
        reference="own",
        example=({"display_name": "Ana Лина"}, 0.5),
    ),
    Feature(
        name="bio_script_count",
        family="scripts",
        group="bio",
        unit="scripts",
        meaning="scripts that the letters of the bio belong to",
        needs=("bio", "bio_length"),
        compute=_bio_scripts,
        cost_to_fake="cheap",
        reference="own",
        example=({"bio": "kopi, чай, ชา", "bio_length": 13}, 3.0),
    ),
    Feature(
        name="bio_non_latin_share",
        family="scripts",
        group="bio",
        unit="share",
        meaning="share of the bio that is letters of other scripts than Latin",
        needs=("bio",),
        compute=_bio_other_share,
        cost_to_fake="cheap",
        reference="own",
        example=({"bio": "teh, чай!!"}, 0.3),
    ),
)
