"""PostTable: the posts of one or many accounts, every post once, with the accounting of how they were read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts.coverage import Coverage, measure_coverage
from botscan.accounts.merge import Merged, merge_duplicates
from botscan.accounts.post_records import PostRecords, make_posts
from botscan.accounts.row_frames import read_row_frame
from botscan.accounts.rows import account_for, join_records
from botscan.accounts.settings import check_observed_at
from botscan.cells.parsed import is_known
from botscan.display import Displayed, plain
from botscan.notes import Note
from botscan.reading_report import ReadingReport
from botscan.schema import POST_COLUMNS
from botscan.wording import date, number, say, say_note

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PostRecords", "PostTable", "make_posts"]

_SCHEMA = pa.schema([pa.field(column.name, column.arrow_type) for column in POST_COLUMNS])
#: A frame of posts must have one of these.
_NEEDS = (("post_id", "posted_at", "text"),)
#: Platforms on which no two posts have one id; elsewhere ids are counted by account, chat or server.
_ONE_ID_A_POST = frozenset({"twitter", "instagram", "tiktok", "youtube", "facebook"})
#: Bits of the largest possible sum of the four counts of a post.
_BITS_OF_COUNTS = 42


class PostCoverage(Coverage):
    """Share of posts for which each column is known; a mapping from column to share.

    Examples
    --------
    >>> PostCoverage({"post_id": 1.0, "text": 0.25}).has("text")
    False
    """

    @property
    def evidence_level(self) -> int:
        """4 where there are posts: what they add to what a list of accounts knows; else 0."""
        return 4 if any(self.shares.values()) else 0

    def __reduce__(self) -> tuple[type[PostCoverage], tuple[dict[str, float]]]:
        return (PostCoverage, (dict(self.shares),))

    def _title(self, language: str) -> str:
        return say("post_coverage_title", language)


@dataclass(frozen=True, eq=False, repr=False)
class PostTable(Displayed):
    """Posts in canonical columns; every post with an id stands once.

    Attributes
    ----------
    table
        Arrow table, typed as in `botscan.schema`, columns in schema order: ``account_id``, ``post_id`` and what else
        the source carries. Either id may be null where the source does not tell. An empty text is a post without
        words, a null one is not known.
    platform
        Platform of all posts; None when not known.
    observed_at
        When the posts were collected, if known.
    source
        Name of the file or frame, as the caller gave it.
    report
        What was read, merged and rejected; its ``accounts`` is the number of posts that came out:
        ``rows_in = posts + duplicates_merged + rows_rejected``.

    Examples
    --------
    >>> posts = PostTable.from_frame([{"account_id": 7, "post_id": 20, "text": "Halo", "likes_count": "1,2 rb"}])
    >>> posts.n_posts, posts.n_accounts, posts.table["likes_count"].to_pylist()
    (1, 1, [1200])
    """

    table: pa.Table
    platform: str | None
    observed_at: datetime | None
    source: str
    report: ReadingReport

    def __post_init__(self) -> None:
        names = self.table.column_names
        wanted = [(column.name, column.arrow_type) for column in POST_COLUMNS if column.name in names]
        found = list(zip(names, self.table.schema.types, strict=True))
        if found != wanted or not {"account_id", "post_id"} <= set(names):
            raise ValueError(f"PostTable wants canonical columns in schema order, found {found}")
        if self.report.accounts != self.table.num_rows:
            raise ValueError(f"{self.table.num_rows} posts, but the report says {self.report.accounts}")

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __repr__(self) -> str:
        return f"PostTable({self.n_posts} posts, platform={self.platform!r}, source={self.source!r})"

    @property
    def n_posts(self) -> int:
        """Number of posts."""
        return len(self)

    @property
    def n_accounts(self) -> int:
        """Number of accounts that made them, as far as posts name one."""
        return int(pc.count_distinct(self.table["account_id"], mode="only_valid").as_py())

    @property
    def first_posted_at(self) -> datetime | None:
        """When the earliest post of known date was made."""
        return self._span()[0]

    @property
    def last_posted_at(self) -> datetime | None:
        """When the latest post of known date was made."""
        return self._span()[1]

    @classmethod
    def from_records(
        cls,
        batches: Iterable[PostRecords],
        *,
        source: str,
        format: str,  # noqa: A002  the word that the report and the command line use
        platform: str | None = None,
        observed_at: datetime | None = None,
        notes: Sequence[Note] = (),
        encoding: str | None = None,
        delimiter: str | None = None,
        ignored_columns: Sequence[str] = (),
        list_order: str = "unknown",
        complete: bool | None = None,
        subject: str | None = None,
        parts: Sequence[tuple[int, str]] = (),
    ) -> Self:
        """Merge the records of a whole source into posts and write the accounting.

        Records of one post id are one post, and one of them is kept whole: the fullest; then the one with the largest
        counts, which only grow; then the first in a fixed order of contents. The order of rows never matters. Posts
        without an id are never merged.

        Parameters
        ----------
        batches
            Records of the source, in order.
        source, format
            Name of the source; name of the format that read it.
        platform
            Platform of the posts; None takes what the records were read as.
        observed_at
            When the posts were collected.
        notes
            What the reader has to say; stands before the notes made here.
        encoding, delimiter, ignored_columns, list_order, complete, subject
            For the `ReadingReport`.
        parts
            First record number and name of each file, for a source in several files.
        """
        records = join_records(batches, _SCHEMA)
        accounting = account_for(records, "posts", parts)
        living = _with_ids(records.table.filter(records.reject_reasons.is_null()))
        merged = _merge(living, platform or records.platform)
        report = ReadingReport(
            format=format,
            rows_in=len(records),
            accounts=merged.table.num_rows,
            duplicates_merged=merged.n_merged,
            rows_rejected=accounting.rows_rejected,
            reject_reasons=accounting.reject_reasons,
            rejected=accounting.rejected,
            warnings=(*notes, *accounting.notes, *_merge_notes(merged)),
            encoding=encoding,
            delimiter=delimiter,
            ignored_columns=tuple(ignored_columns),
            list_order=list_order,
            complete=complete,
            subject=subject,
            rounded=dict(records.widest_rounding),
        )
        seen = check_observed_at(observed_at, source=source)
        return cls(merged.table, platform or records.platform, seen, source, report)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        platform: str | None = None,
        observed_at: datetime | None = None,
        source: str = "frame",
        account_id: str | None = None,
    ) -> Self:
        """Read a pandas, polars or Arrow table, or a list of dicts, in canonical columns.

        Parameters
        ----------
        frame
            Column names are canonical, in any case; other columns are ignored and named in the report. Null =
            unknown; an empty text = a post without words. A column ``platform`` may stand beside them.
        platform
            Platform of the posts. Where a ``platform`` column names several, the rows of this one are kept and the
            rest rejected as ``other_platform``.
        observed_at
            When the posts were collected.
        source
            Name for messages and the report.
        account_id
            Account that made the posts that name none, id or handle.

        Raises
        ------
        SchemaError
            The frame cannot be used as a whole; lists every fault at once.
        """
        opened = read_row_frame(frame, "posts", needs=_NEEDS, platform=platform, observed_at=observed_at, source=source)
        records = make_posts(
            opened.raw,
            row_numbers=opened.row_numbers,
            settings=opened.settings,
            reject_reasons=opened.reject_reasons,
            faults=opened.faults,
            account_id=account_id,
        )
        return cls.from_records(
            [records],
            source=source,
            format="frame",
            observed_at=observed_at,
            notes=opened.notes,
            ignored_columns=opened.ignored_columns,
        )

    def coverage(self) -> PostCoverage:
        """Measure for which share of posts each column is known; a mapping that shows itself as a table."""
        return PostCoverage(measure_coverage(self.table).shares)

    def to_dict(self) -> dict[str, Any]:
        """Return what is known about the posts as plain data: counts and shares, never a post of them."""
        reading = self.report.to_dict()
        return {
            "source": self.source,
            "platform": self.platform,
            "observed_at": plain(self.observed_at),
            "n_posts": self.n_posts,
            "n_accounts": self.n_accounts,
            "first_posted_at": plain(self.first_posted_at),
            "last_posted_at": plain(self.last_posted_at),
            "reading": {
                **{"posts" if key == "accounts" else key: value for key, value in reading.items()},
                "coverage": self.coverage().to_dict(),
            },
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row a post, in order; unknown cells are missing, never 0 or False."""
        import pandas as pd

        nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype(), pa.large_string(): pd.StringDtype()}
        return self.table.to_pandas(types_mapper=nullable.get)

    def _span(self) -> tuple[datetime | None, datetime | None]:
        if "posted_at" not in self.table.column_names:
            return None, None
        ends = pc.min_max(self.table["posted_at"]).as_py()
        return ends["min"], ends["max"]

    def _title(self, language: str) -> str:
        return say("posts_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        unknown = say("unknown", language)
        first, last = self._span()
        return [
            (say("audit_source", language), self.source),
            (say("audit_platform", language), self.platform or unknown),
            (say("audit_observed_at", language), date(self.observed_at, language) if self.observed_at else unknown),
            (say("posts_posts", language), number(self.n_posts, language)),
            (say("posts_accounts", language), number(self.n_accounts, language)),
            (say("posts_first", language), date(first, language)),
            (say("posts_last", language), date(last, language)),
            *(
                (_reject_words(reason, language), number(count, language))
                for reason, count in self.report.reject_reasons.items()
            ),
            *((say("share_note", language), say_note(note, language)) for note in self.report.warnings),
        ]


def _reject_words(reason: str, language: str) -> str:
    # What makes an account one is not what makes a post one.
    return say("posts_no_identity" if reason == "no_identity" else f"reject_{reason}", language)


def _with_ids(table: pa.Table) -> pa.Table:
    """Return the table with both id columns, which a source without rows lacks."""
    names = {*table.column_names, "account_id", "post_id"}
    schema = pa.schema([one for one in _SCHEMA if one.name in names])
    return pa.concat_tables([schema.empty_table(), table], promote_options="default").select(schema.names)


def _merge(posts: pa.Table, platform: str | None) -> Merged:
    """Merge the records of each post id, as those of an account are merged; posts without one stay."""
    ids = posts["post_id"].combine_chunks()
    if platform not in _ONE_ID_A_POST:
        owners = pc.fill_null(posts["account_id"].combine_chunks(), "")
        ids = pc.binary_join_element_wise(ids, owners, pa.scalar("\x00", pa.large_string()))
    keys = pc.coalesce(ids, _own_keys(len(ids))) if ids.null_count else ids
    # `merge_duplicates` goes by account_id and keeps what was seen last; for posts other columns stand for that.
    columns: dict[str, Any] = {"account_id": keys, "observed_at": _fullness(posts)}
    columns |= {f"post's {name}": posts[name] for name in posts.column_names}
    merged = merge_duplicates(pa.table(columns))
    table = merged.table.select(list(columns)[2:]).rename_columns(posts.column_names).combine_chunks()
    return Merged(table, merged.n_merged, merged.n_in_conflict, merged.largest_group)


def _own_keys(n: int) -> pa.Array:
    """Return a key for each row that no id can be: ids hold no control character."""
    return pa.array([f"\x00{place}" for place in range(n)], pa.large_string())


def _fullness(posts: pa.Table) -> pa.Array:
    """Return how much each record knows, and behind that how large its counts are, as one number."""
    n_known = np.zeros(posts.num_rows, dtype=np.int64)
    counted = np.zeros(posts.num_rows, dtype=np.int64)
    for column in POST_COLUMNS:
        if column.name not in posts.column_names:
            continue
        cells = posts[column.name].combine_chunks()
        n_known += is_known(cells)
        if column.kind == "count":
            counted += np.asarray(pc.fill_null(cells, 0).to_numpy(zero_copy_only=False))
    return pa.array((n_known << _BITS_OF_COUNTS) + counted)


def _merge_notes(merged: Merged) -> list[Note]:
    counts = {"posts_merged": merged.n_merged, "posts_in_conflict": merged.n_in_conflict}
    return [Note(code, count=count) for code, count in counts.items() if count]
