"""Questions that several published rules ask of a profile, each answered yes, no or unknown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from botscan.arrow_text import TextColumn
from botscan.features.columns import Columns
from botscan.scoring.rule_sets import Answers, unless_unknown


def has_bio(columns: Columns) -> Answers:
    """Whether each account has a bio; its length tells an empty one from an unknown one."""
    length = columns.count("bio_length")
    return unless_unknown(length > 0, length)


def has_name(columns: Columns) -> Answers:
    """Whether each account shows a name."""
    words = columns.count("display_name_words")
    return unless_unknown(words > 0, words)


def has_location(columns: Columns) -> Answers:
    """Whether each account states a place.

    A list that was read holds an empty place as null, like one that nobody asked for: it is unknown. In a table that
    keeps the empty text, that is a no.
    """
    text = columns.text("location")
    return np.where(text.is_valid, np.diff(text.offsets) > 0, np.nan)


def has_website(columns: Columns) -> Answers:
    """Whether each account has a link in its profile."""
    return columns.flag("has_website")


def has_avatar(columns: Columns) -> Answers:
    """Whether each account has its own picture."""
    return columns.flag("has_avatar")


def at_least(column: str, fewest: float) -> Callable[[Columns], Answers]:
    """Return the question whether a count is at least so large.

    Examples
    --------
    >>> import pyarrow as pa
    >>> at_least("posts_count", 50)(Columns(pa.table({"posts_count": [50, 49, None]}))).tolist()
    [1.0, 0.0, nan]
    """

    def answer(columns: Columns) -> Answers:
        count = columns.count(column)
        return unless_unknown(count >= fewest, count)

    return answer


def follows_times(times: float) -> Callable[[Columns], Answers]:
    """Return the question whether an account follows so many accounts, or more, for each that follows it.

    An account that follows nobody has no such ratio: no. One that nobody follows reaches any ratio.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"following_count": [500, 499, 3, 0, 90], "followers_count": [10, 10, 0, 0, None]})
    >>> follows_times(50)(Columns(table)).tolist()
    [1.0, 0.0, 1.0, 0.0, nan]
    """

    def answer(columns: Columns) -> Answers:
        following, followers = columns.count("following_count"), columns.count("followers_count")
        answers = unless_unknown((following > 0) & (following >= times * followers), following, followers)
        return np.where(following == 0, 0.0, answers)

    return answer


def only_of_posts(column: str = "posts_count", most: float = 0) -> Callable[[Columns], Answers]:
    """Return the answer to a question about posts that are not there: no where there are too few, else unknown.

    Parameters
    ----------
    column
        Count of posts.
    most
        With so many posts or fewer it cannot hold.

    Examples
    --------
    >>> import pyarrow as pa
    >>> only_of_posts()(Columns(pa.table({"posts_count": [0, 12, None]}))).tolist()
    [0.0, nan, nan]
    """

    def answer(columns: Columns) -> Answers:
        return np.where(columns.count(column) <= most, 0.0, np.nan)

    return answer


def unknown_to_all(columns: Columns) -> Answers:
    """Return unknown for every account: nothing that a list holds decides the question."""
    return np.full(len(columns), np.nan)


def has_word(text: TextColumn, word: bytes) -> Answers:
    """Whether each row holds a word on its own, in either case; unknown where the row is null.

    Parameters
    ----------
    text
        The rows.
    word
        ASCII letters in lower case. A letter, digit or underscore beside it makes it part of another word; so does
        any character beyond ASCII.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = TextColumn.from_arrow(pa.array(["A bot.", "BOT", "botany", "robot", "kopi", None]))
    >>> has_word(rows, b"bot").tolist()
    [1.0, 1.0, 0.0, 0.0, 0.0, nan]
    """
    begins = np.flatnonzero((text.data | 0x20) == word[0])
    for step in range(1, len(word)):
        begins = begins[(text.byte_at(begins + step) | 0x20) == word[step]]
    rows, ends = text.rows_of(begins), begins + len(word)
    is_alone = (ends <= text.offsets[rows + 1]) & ~_is_letter_at(text, begins - 1, rows)
    is_alone &= ~_is_letter_at(text, ends, rows)
    return np.where(text.is_valid, text.rows_with(begins[is_alone]), np.nan)


def _is_letter_at(text: TextColumn, positions: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Whether the byte at each position belongs to a word of the same row."""
    data = text.byte_at(positions)
    lower = data | 0x20
    is_letter = (
        ((lower >= 0x61) & (lower <= 0x7A)) | ((data >= 0x30) & (data <= 0x39)) | (data == 0x5F) | (data >= 0x80)
    )
    return is_letter & (positions >= text.offsets[rows]) & (positions < text.offsets[rows + 1])
