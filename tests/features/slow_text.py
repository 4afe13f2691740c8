"""Features of text, slow and obvious: one account as a dict in, one number out; no code and no table of the package."""

from __future__ import annotations

import csv
import math
import re
import string
import unicodedata
from itertools import pairwise
from pathlib import Path

import fontTools.unicodedata
from hypothesis import strategies as st

SOURCE = Path(__file__).resolve().parents[2] / "src" / "botscan"
LETTERS = string.ascii_letters
CAPITALS = string.ascii_uppercase


def within(character, ranges):
    """Ranges are hexadecimal: ``first-last`` or one alone."""
    for item in ranges.split():
        first, _, last = item.partition("-")
        if int(first, 16) <= ord(character) <= int(last or first, 16):
            return True
    return False


def lower_ascii(text):
    return "".join(chr(ord(c) + 32) if c in CAPITALS else c for c in text)


# --- Handles ---------------------------------------------------------------------------------------------------------


def upper_case_share(handle):
    letters = [c for c in handle or "" if c in LETTERS]
    return sum(c in CAPITALS for c in letters) / len(letters) if letters else math.nan


def separator_count(handle):
    return math.nan if handle is None else float(sum(c in "_.-" for c in handle))


def read_pairs():
    with (SOURCE / "features" / "character_pairs.csv").open(encoding="ascii", newline="") as file:
        header, *rows = csv.reader(file)
    return {(row[0], after): int(steps) for row in rows for after, steps in zip(header[1:], row[1:], strict=True)}


PAIRS = read_pairs()


def pair_surprise(handle):
    if not handle or any(c not in LETTERS + string.digits + "_.-" for c in handle):
        return math.nan
    symbols = "|" + re.sub(r"[.-]", "_", handle).lower() + "|"
    steps = [PAIRS[pair] for pair in pairwise(symbols)]
    return sum(steps) / (16 * len(steps))


def letter_pairs(text):
    return list(pairwise(lower_ascii("".join(c for c in text or "" if c in LETTERS))))


def name_share(handle, name):
    in_handle, in_name = letter_pairs(handle), letter_pairs(name)
    if not in_handle or not in_name:
        return math.nan
    return sum(pair in in_handle for pair in in_name) / len(in_name)


# --- Scripts ---------------------------------------------------------------------------------------------------------

EAST_ASIAN = {"Hani", "Hira", "Kana", "Hrkt", "Bopo", "Hang"}
NAMED = {
    *("Latn", "Grek", "Cyrl", "Armn", "Hebr", "Arab", "Thaa", "Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu"),
    *("Knda", "Mlym", "Sinh", "Thai", "Laoo", "Tibt", "Mymr", "Geor", "Ethi", "Khmr", "Bugi", "Bali", "Sund", "Batk"),
    "Java",
}


def script_of(character):
    script = fontTools.unicodedata.script(character)
    if unicodedata.category(character)[0] not in "LM" or script in {"Zyyy", "Zinh", "Zzzz"}:
        return None
    if script in EAST_ASIAN:
        return "East Asian"
    return script if script in NAMED else "other"


def script_count(text):
    return math.nan if text is None else float(len({script_of(c) for c in text} - {None}))


def non_latin_share(text):
    return sum(script_of(c) not in {None, "Latn"} for c in text) / len(text) if text else math.nan


# --- Emoji -----------------------------------------------------------------------------------------------------------

PICTURES = """
    20E3 231A-231B 23E9-23FA 25FB-25FE 2600-27BF 2B05-2B07 2B1B-2B1C 2B50 2B55 1F004 1F0CF 1F170-1F19A 1F1E6-1F1FF
    1F201-1F251 1F300-1F64F 1F680-1F6FF 1F7E0-1F7F0 1F90C-1F9FF 1FA70-1FAFF
"""
EXTENDERS = "20E3 FE00-FE0F 1F3FB-1F3FF E0020-E007F"
JOINER = "\u200d"


def is_flag_letter(character):
    return within(character, "1F1E6-1F1FF")


def is_base(character):
    return within(character, PICTURES) and not within(character, EXTENDERS) and not is_flag_letter(character)


def is_joined_to_picture(before):
    if before[-1:] != JOINER:
        return False
    rest = before[:-1]
    while rest and within(rest[-1], EXTENDERS):
        rest = rest[:-1]
    return bool(rest) and is_base(rest[-1])


def clusters(text):
    found = []
    for place, character in enumerate(text):
        before = text[:place]
        n_flags = 0
        while n_flags < place and is_flag_letter(before[place - 1 - n_flags]):
            n_flags += 1
        joins = (
            within(character, EXTENDERS)
            or character == JOINER
            or (is_flag_letter(character) and n_flags % 2 == 1)
            or (is_base(character) and is_joined_to_picture(before))
        )
        if found and joins:
            found[-1] += character
        else:
            found.append(character)
    return found


def emoji_count(text):
    if text is None:
        return math.nan
    return float(sum(any(within(c, PICTURES) for c in cluster) for cluster in clusters(text)))


# --- Marks -----------------------------------------------------------------------------------------------------------

NOT_IN_WORDS = """
    80-A9 AB-B4 B6-B9 BB-BF D7 F7 60C-60D 61B-61F 66A-66D 6D4 964-965 1680 2000-2BFF 2E00-2E7F 3000-3004 3008-3020
    3030 303D-303F 30FB D800-F8FF FE00-FE1F FE30-FE6F FEFF-FF0F FF1A-FF20 FF3B-FF3E FF40 FF5B-FF65 FFDD-FFFF
    1F000-1FBEF 1FBFA-1FFFF 40000-10FFFF
"""
ASCII_WORD = LETTERS + string.digits + "_"


def is_word(character):
    if ord(character) < 0x80:
        return character in ASCII_WORD
    return not within(character, NOT_IN_WORDS)


def link_count(text):
    text = lower_ascii(text)
    n_hosts = sum(not text[: found.start()].endswith(("http://", "https://")) for found in re.finditer(r"www\.", text))
    return len(re.findall(r"https?://", text)) + n_hosts


def hashtag_count(text):
    return sum(mark in "#＃" and is_word(after) for mark, after in pairwise(text))


def mention_count(text):
    return sum(
        text[at] == "@" and text[at + 1] in ASCII_WORD and not (at > 0 and is_word(text[at - 1]))
        for at in range(len(text) - 1)
    )


# --- All of them, of a row -------------------------------------------------------------------------------------------


def of_bio(count):
    def measure(row):
        if row["bio"] is not None:
            return float(count(row["bio"]))
        return 0.0 if row["bio_length"] == 0 else math.nan

    return measure


REFERENCE = {
    "bio_link_count": of_bio(link_count),
    "bio_hashtag_count": of_bio(hashtag_count),
    "bio_mention_count": of_bio(mention_count),
    "handle_upper_case_share": lambda row: upper_case_share(row["handle"]),
    "handle_separator_count": lambda row: separator_count(row["handle"]),
    "handle_pair_surprise": lambda row: pair_surprise(row["handle"]),
    "handle_name_share": lambda row: name_share(row["handle"], row["display_name"]),
    "display_name_script_count": lambda row: script_count(row["display_name"]),
    "display_name_non_latin_share": lambda row: non_latin_share(row["display_name"]),
    "bio_script_count": of_bio(script_count),
    "bio_non_latin_share": lambda row: non_latin_share(row["bio"]),
    "display_name_emoji_count": lambda row: emoji_count(row["display_name"]),
    "bio_emoji_count": of_bio(emoji_count),
}


# --- Made-up texts ---------------------------------------------------------------------------------------------------


#: Pictures, and scripts of Indonesia that came after Unicode 3.2.
NEWER = "1F000-1FAFF 1A00-1A1B 1B00-1B4B 1B80-1BBF 1BC0-1BF3 A980-A9DF"


def is_settled(character):
    """Whether every Python we run on says the same of it: newer letters hang on the version of Unicode."""
    if unicodedata.category(character) == "Cn":
        return False
    return unicodedata.ucd_3_2_0.category(character) != "Cn" or within(character, NEWER)


PARTS = [
    *(
        "a",
        "Ana",
        "Z",
        "é",
        "ß",
        "7",
        "_",
        ".",
        "-",
        " ",
        "\n",
        "\x00",
        "ж",
        "Ю",
        "α",
        "ع",
        "م",
        "א",
        "ก",
        "า",
        "ह",
        "ि",
    ),
    *("日", "カ", "ひ", "한", "ꦱ", "ᬅ", "Ꭰ", "𐌰", "𝓐", "ª", "ー", "،", "٣", "\u0301", "\u200b", "\u202e", "\u200f"),
    *(
        "\u200d",
        "\ufe0f",
        "\u20e3",
        "🙂",
        "👨",
        "👩🏽",
        "🏽",
        "❤",
        "☕",
        "🇮",
        "🇩",
        "🇮🇩",
        "🏴",
        "\U000e0067",
        "©",
        "→",
        "♂",
    ),
    *("http://", "HTTPS://", "www.", "wWw", "://", "#", "＃", "@"),
]
characters = st.characters(codec="utf-8", exclude_categories=["Cn"]).filter(is_settled)
texts = st.lists(st.sampled_from(PARTS) | characters, max_size=12).map("".join)
