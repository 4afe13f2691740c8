"""GroupedPosts: the posts of many accounts, grouped by account and sorted by time once, for all features of posts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.cells.parsed import is_known

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

MICROSECONDS_PER_HOUR = 3_600_000_000
#: What two posts of an account differ in where they say the same: a link and the white space.
_LINK, _SPACES = r"https?://\S+", r"\s+"
#: What only such texts hold.
_UNTIDY = r"https?://|[\t\n\f\r]|\s\s"


@dataclass(frozen=True, eq=False)
class Times:
    """Dated posts, by account and then by time.

    Attributes
    ----------
    owner
        Row of the account of each post, shape (n_dated,), rising.
    instant
        Microseconds since 1970, rising within an account.
    """

    owner: Whole
    instant: Whole


@dataclass(frozen=True, eq=False)
class Gaps:
    """Times between consecutive posts of an account.

    Attributes
    ----------
    owner
        Row of the account of each gap, shape (n_gaps,), rising.
    length
        Microseconds, >= 0; in order of time within an account.
    """

    owner: Whole
    length: Whole


@dataclass(frozen=True, eq=False)
class Uses:
    """Which words the posts of each account carry, one entry for each pair of account and word.

    Attributes
    ----------
    owner
        Row of the account, shape (n_pairs,).
    word
        Position in `words`.
    n_posts
        Posts of the account with that word, at least 1.
    words
        Every word once.
    """

    owner: Whole
    word: Whole
    n_posts: Whole
    words: pa.Array


class GroupedPosts:
    """The posts of some accounts; each column is decoded when first asked for and kept.

    Parameters
    ----------
    table
        Posts in canonical columns.
    owner
        Row of the account of each post, int64, shape (n_posts,); -1 = of none of the accounts, left out.
    n_accounts
        Number of accounts; rows run from 0 to one less.

    Examples
    --------
    >>> posts = GroupedPosts(pa.table({"text": ["Halo", "halo ", None]}), np.array([0, 0, 1]), 2)
    >>> posts.n_posts.tolist(), posts.uses("text").n_posts.tolist()
    ([2, 1], [2])
    """

    def __init__(self, table: pa.Table, owner: Whole, n_accounts: int) -> None:
        is_owned = owner >= 0
        self.knows_time_of_day = knows_time_of_day(table)
        if not is_owned.all():
            table, owner = table.filter(pa.array(is_owned)), owner[is_owned]
        self.n_accounts = n_accounts
        self._table = table
        self._owner = owner
        self._times: Times | None = None
        self._gaps: Gaps | None = None
        self._uses: dict[str, Uses] = {}

    @property
    def n_posts(self) -> Whole:
        """Posts of each account, shape (n_accounts,)."""
        return self.count(self._owner)

    @property
    def n_dated(self) -> Whole:
        """Posts of known date of each account, shape (n_accounts,)."""
        return self.count(self.times.owner)

    @property
    def times(self) -> Times:
        """Times of the dated posts."""
        if self._times is None:
            column = self._column("posted_at")
            is_dated = is_known(column)
            owner = self._owner[is_dated]
            instant = _microseconds(column)[is_dated]
            order = np.lexsort((instant, owner))
            self._times = Times(owner[order], instant[order])
        return self._times

    @property
    def gaps(self) -> Gaps:
        """Times between consecutive dated posts of each account."""
        if self._gaps is None:
            owner, instant = self.times.owner, self.times.instant
            is_inside = owner[1:] == owner[:-1]
            self._gaps = Gaps(owner[1:][is_inside], np.diff(instant)[is_inside])
        return self._gaps

    def count(self, owner: Whole) -> Whole:
        """Count the entries of each account, shape (n_accounts,)."""
        return np.bincount(owner, minlength=self.n_accounts)

    def total(self, owner: Whole, values: Numbers | Whole) -> Numbers:
        """Sum the values of each account in the order given, shape (n_accounts,)."""
        return np.bincount(owner, weights=values, minlength=self.n_accounts).astype(np.float64, copy=False)

    def flag_counts(self, name: str) -> tuple[Whole, Whole]:
        """Return for each account in how many posts a flag is true, and in how many it is known."""
        column = self._column(name)
        is_true = np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), dtype=np.bool_)
        return self.count(self._owner[is_true]), self.count(self._owner[is_known(column)])

    def uses(self, name: str) -> Uses:
        """Return which words of a column each account uses; a ``text`` counts as one word, once it is normalised."""
        if name not in self._uses:
            column = self._column(name)
            self._uses[name] = _count_uses(_normalised(column) if name == "text" else column, self._owner)
        return self._uses[name]

    def _column(self, name: str) -> pa.Array:
        kind = {"posted_at": pa.timestamp("us", tz="UTC"), "is_repost": pa.bool_(), "is_reply": pa.bool_()}
        if name not in self._table.column_names:
            return pa.nulls(self._table.num_rows, kind.get(name, pa.large_string()))
        return self._table[name].combine_chunks()


def knows_time_of_day(table: pa.Table) -> bool:
    """Whether the times of a file tell more than days.

    A file that knows only days has all its posts at one time of day, midnight somewhere; where that place has a
    summer time, at two, one hour apart.

    Examples
    --------
    >>> days = pa.array([0, 86_400_000_000]).cast(pa.timestamp("us", tz="UTC"))
    >>> knows_time_of_day(pa.table({"posted_at": days}))
    False
    """
    if "posted_at" not in table.column_names or table["posted_at"].null_count == table.num_rows:
        return False
    instant = _microseconds(table["posted_at"].drop_null().combine_chunks())
    of_day = instant % MICROSECONDS_PER_DAY
    first, last = of_day.min(), of_day.max()
    is_midnight = last - first in (0, MICROSECONDS_PER_HOUR, 23 * MICROSECONDS_PER_HOUR)
    return not (is_midnight and bool(((of_day == first) | (of_day == last)).all()))


def ratio(part: Whole | Numbers, whole: Whole, least: int) -> Numbers:
    """Divide where the whole is at least so much; else NaN."""
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole >= least)


def _count_uses(words: pa.Array, owner: Whole) -> Uses:
    """Count the posts of each pair of account and word; nulls are no word. Linear: by hashing, without a sort."""
    encoded = words.dictionary_encode()
    known = is_known(encoded)
    codes = np.asarray(pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False), dtype=np.int64)
    n_words = max(len(encoded.dictionary), 1)
    pairs = pc.value_counts(pa.array(owner[known] * n_words + codes[known]))
    pair, n_posts = (np.asarray(pairs.field(name).to_numpy(zero_copy_only=False)) for name in ("values", "counts"))
    return Uses(pair // n_words, pair % n_words, n_posts, encoded.dictionary)


def _normalised(text: pa.Array) -> pa.Array:
    """Return each text in lower case, without links, its white space made single; null where nothing is left."""
    lower = pc.utf8_lower(text)
    # Few texts have anything to take out, and looking for it costs a tenth of taking it out.
    is_untidy = pc.fill_null(pc.match_substring_regex(lower, _UNTIDY), False)
    tidied = pc.replace_substring_regex(pc.replace_substring_regex(lower.filter(is_untidy), _LINK, ""), _SPACES, " ")
    plain = pc.utf8_trim_whitespace(pc.replace_with_mask(lower, is_untidy, tidied))
    return pc.if_else(pc.equal(plain, ""), pa.scalar(None, plain.type), plain)


def _microseconds(instants: pa.Array) -> Whole:
    """Microseconds since 1970 of each instant; where null, any number."""
    return np.asarray(pc.fill_null(instants.cast(pa.int64()), 0).to_numpy(zero_copy_only=False))
