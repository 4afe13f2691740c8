"""Marks in text, by hand: what counts, what nearly counts, and nothing leaks over the border of a row."""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa
import pytest

from botscan.arrow_text import TextColumn
from botscan.features.bio_marks import (
    EMOJI,
    WORD_CHARACTERS,
    count_by_row,
    find_hashtags,
    find_links,
    find_mentions,
    has_emoji,
    has_hashtag,
    has_link,
    has_mention,
)


def marked(find, text):
    """Look for the mark in the text alone, and between neighbours that could lend it a beginning or an end."""
    alone = find(TextColumn.from_arrow(pa.array([text]))).tolist()
    neighbours = ["http", "ttp://x", "//x", "\u0301", "ww", "w.", "#", "_@", "b", "x", "://"]
    crowd = TextColumn.from_arrow(pa.array([row for neighbour in neighbours for row in (neighbour, text)] + ["a"]))
    between = find(crowd)[1:-1:2].tolist()
    assert between == alone * len(neighbours)
    return alone[0]


@pytest.mark.parametrize(
    "text",
    [
        "http://",
        "https://x",
        "xhttp://",
        "HTTP://X",
        "hTtPs://x",
        "www.",
        "see WWW.contoh.id",
        "é http://é",
        "://http://",
        "wwww.",
        "🙂www.🙂",
    ],
)
def test_link(text):
    assert marked(has_link, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http:/",
        "http:",
        "HTTPS:",
        "https:/",
        "ttp://x",
        "httpss://x",
        "ftp://x",
        "http//:",
        "://",
        "ww.",
        "www",
        "www contoh",
        "contoh.id",
        "h\u0442tp://x",
        "ｗｗｗ.",
        "HT\x14P://",
        "www\x0e",
    ],
)
def test_no_link(text):
    assert not marked(has_link, text)


@pytest.mark.parametrize(
    "text", ["#a", "##a", "a#b", "#1", "#_", "＃kopi", "#ñ", "#日本", "#عربي", "#हिन्दी", "#กาแฟ", "## #x", "#０", "#々"]
)
def test_hashtag(text):
    assert marked(has_hashtag, text)


@pytest.mark.parametrize(
    "text",
    ["", "#", "C#", "# a", "#-", "#.", "#＃", "#🙂", "#\ufe0f\u20e3", "#\u3000a", "#“x”", "#、", "﹟a", "♯a", "#،"],
)
def test_no_hashtag(text):
    assert not marked(has_hashtag, text)


@pytest.mark.parametrize(
    "text",
    [
        "@a",
        "@_",
        "@9",
        "hi @ana",
        "(@ana)",
        ".@ana",
        "@@ana",
        "🙂@ana",
        "a@b @c",
        "“@ana”",
        "-@a",
        "、@a",
        "\u3000@a",
        "،@a",
    ],
)
def test_mention(text):
    assert marked(has_mention, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "@ ana",
        "ana@mail.id",
        "é@mail",
        "_@a",
        "9@a",
        "日@a",
        "@é",
        "@-",
        "@🙂",
        "a\u0301@b",
        "𝟘@a",
        "＠a",
        "@＠",
    ],
)
def test_no_mention(text):
    assert not marked(has_mention, text)


@pytest.mark.parametrize(
    "text",
    [
        "🙂",
        "kopi☕",
        "❤",
        "❤️",
        "🇮🇩",
        "👨\u200d👩\u200d👧",
        "👍🏽",
        "1️⃣",
        "★",
        "✓",
        "⌚",
        "⏰",
        "⬛",
        "⭐",
        "🫠",
        "🪴",
        "🟢",
        "🅰",
    ],
)
def test_emoji(text):
    assert marked(has_emoji, text)


@pytest.mark.parametrize(
    "text", ["", ":)", "123", "#*", "©®™", "→", "•", "“”", "日本", "é", "𝟘", "𝐀", "\ufe0f", "€", "½", "…", "─", "𐍈"]
)
def test_no_emoji(text):
    assert not marked(has_emoji, text)


def contained(ranges):
    points = np.array([p for p in range(sys.maxunicode + 1) if not 0xD800 <= p <= 0xDFFF], dtype=np.uint32)
    return [chr(point) for point in points[ranges.contains(points)]]


def test_word_characters_hold_no_space_control_or_picture():
    words = contained(WORD_CHARACTERS)
    assert not any(character.isspace() for character in words)
    assert not set(words) & set(contained(EMOJI))
    assert [character for character in words if character < "\x80"] == [
        character for character in map(chr, range(128)) if character.isalnum() or character == "_"
    ]


def test_word_characters_hold_the_letters_of_living_scripts():
    words = set(contained(WORD_CHARACTERS))
    letters = {
        chr(point)
        for point in [*range(0x80, 0x2000), *range(0x2C00, 0x3100), *range(0x3130, 0xD7A4)]
        if chr(point).isalpha()
    }
    assert letters - words <= {"ⸯ"}


def test_every_emoji_is_found_by_its_lead_byte():
    pictures = contained(EMOJI)
    assert has_emoji(TextColumn.from_arrow(pa.array(pictures))).all()
    assert len(pictures) > 1_300


@pytest.mark.parametrize("find", [has_link, has_hashtag, has_mention, has_emoji])
def test_no_rows_and_no_text(find):
    assert find(TextColumn.from_arrow(pa.array([], pa.string()))).tolist() == []
    assert find(TextColumn.from_arrow(pa.nulls(2))).tolist() == [False, False]


@pytest.mark.parametrize(
    ("text", "links", "hashtags", "mentions"),
    [
        ("", 0, 0, 0),
        ("http://a.id https://b.id", 2, 0, 0),
        ("http://www.a.id", 1, 0, 0),
        ("HTTPS://WWW.a.id www.b.id", 2, 0, 0),
        ("http://wwww.a.id", 2, 0, 0),
        ("http:// www.a.id", 2, 0, 0),
        ("ftp://www.a.id", 1, 0, 0),
        ("www.www.", 2, 0, 0),
        ("http://http://", 2, 0, 0),
        ("#a#b ##c # d ＃e", 0, 4, 0),
        ("@ana @budi ana@mail.id @@c", 0, 0, 3),
        ("@a#b www.c", 1, 1, 1),
        ("#" * 100_000 + "a", 0, 1, 0),
        ("@a " * 10_000, 0, 0, 10_000),
        ("#\u200ba #\u202eb", 0, 0, 0),
    ],
)
def test_how_many(text, links, hashtags, mentions):
    crowd = TextColumn.from_arrow(pa.array(["www.a #b @c http://", text, "www.a http", None, "://www.b"]))
    counts = [count_by_row(crowd, find(crowd)).tolist() for find in (find_links, find_hashtags, find_mentions)]
    assert counts == [[2, links, 1, 0, 1], [1, hashtags, 0, 0, 0], [1, mentions, 0, 0, 0]]


def test_a_host_is_not_taken_for_the_end_of_a_link_in_the_row_before():
    rows = TextColumn.from_arrow(pa.array(["http://", "www.a", "x http://", "www.b"]))
    assert count_by_row(rows, find_links(rows)).tolist() == [1, 1, 1, 1]
