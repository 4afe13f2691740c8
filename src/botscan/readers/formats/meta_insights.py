"""Meta Insights: the followers that a page or an account gained each day, as Meta Business Suite exports them.

Source of the form: files that Meta's help pages and public importers describe: a line ``sep=,``, the title of the
figure, and a table with the two columns Date and Primary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from botscan.readers.containers.encodings import count_lines
from botscan.readers.format import Format, RecordMap
from botscan.readers.tables.delimited import split_cells
from botscan.readers.words.header_words import normalise

#: Bytes of the text in which tables are looked for.
_HEAD_BYTES = 1 << 16
_LONGEST_TITLE = 80
#: The header under a title; quotes may be left out.
_HEADER = re.compile(rb"^\"?[^\W\d][^\",;\t\r\n]{0,30}\"?([,;\t])\"?(?:Primary|Utama)\"?[ \t]*\r?$", re.MULTILINE)
_SEPARATOR = re.compile(r"\"?sep=.\"?", re.IGNORECASE)
#: Words of the titles of the figure that is read, as English and Indonesian exports have them.
_FOLLOWS = re.compile(r"\b(?:followers|follows|new followers|pengikut|pengikut baru|mengikuti)\b", re.IGNORECASE)
_NOT_FOLLOWS = re.compile(r"unfollow|berhenti mengikuti|demograph|demograf|total|lifetime", re.IGNORECASE)
_DATES = frozenset({"date", "tanggal"})


@dataclass(frozen=True)
class InsightsTable:
    """A table of Meta Insights in a text.

    Attributes
    ----------
    title
        Name of its figure.
    headers, delimiter
        As in a table.
    n_lines
        Lines before the header.
    """

    title: str
    headers: tuple[str, ...]
    delimiter: str
    n_lines: int

    @property
    def counts_follows(self) -> bool:
        """Whether its figure is the number of new followers."""
        return bool(_FOLLOWS.search(self.title)) and not _NOT_FOLLOWS.search(self.title)


def insights_tables(text: bytes) -> list[InsightsTable]:
    r"""Return the tables of a text that is of Meta Insights, by its start; none for any other text.

    Examples
    --------
    >>> insights_tables(b'sep=,\n"Followers"\n"Date","Primary"\n"2024-01-01T00:00:00","5"\n')
    [InsightsTable(title='Followers', headers=('Date', 'Primary'), delimiter=',', n_lines=2)]
    >>> insights_tables(b"Date,Primary\n2024-01-01,5\n")
    []
    """
    head = text[:_HEAD_BYTES]
    found: list[InsightsTable] = []
    for header in _HEADER.finditer(head):
        lines = [line.strip() for line in head[: header.start()].decode("utf-8", "replace").splitlines()]
        delimiter = header[1].decode()
        headers = tuple(split_cells(header[0].strip().decode("utf-8", "replace"), delimiter))
        title = _title(lines)
        if title is None or len(headers) != 2 or normalise(headers[0]) not in _DATES:
            return found
        found.append(InsightsTable(title, headers, delimiter, count_lines(head[: header.start()])))
    return found


def _title(lines: Sequence[str]) -> str | None:
    """Return the last line that is not blank, when it can be a title."""
    filled = [line for line in lines if line]
    title = filled[-1].strip('"') if filled else ""
    return None if not title or len(title) > _LONGEST_TITLE or _SEPARATOR.fullmatch(filled[-1]) else title


META_INSIGHTS = Format(
    name="meta_insights",
    title="a CSV of Meta Insights: one figure, day by day",
    series=RecordMap(headers={"counted_at": ("date", "tanggal"), "followers_gained": ("primary", "utama")}),
    refusal="It says how many followers were gained each day, not who they are.",
)
