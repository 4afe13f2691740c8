"""The way that every platform has: a table that somebody made."""

from __future__ import annotations

from botscan.readers.guides.guide import Way, shown


def any_table(platform: str) -> Way:
    """Return the way of a table from elsewhere, for a platform."""
    return Way(
        name="any_table",
        title="A table from elsewhere",
        gives="list",
        formats=("generic",),
        steps=(
            shown(
                "Save the table as CSV, TSV, Excel (.xlsx), JSON or Parquet, one follower a row, with a first row of"
                " headers. A plain text with one handle or profile link a line is a list too."
            ),
            shown(
                "Use the names that botscan columns lists as headers; common English and Indonesian ones (nama"
                " pengguna, pengikut, mengikuti, tanggal bergabung) are recognised too. For any other give --map."
            ),
            shown("Keep ids as text: a spreadsheet cuts long numbers to 15 digits, and such ids are lost."),
        ),
        cost=(shown("Depends on where the table is from."),),
        limits=(shown("Ask who made the table how many of the followers it holds, and how they were chosen."),),
        bias=(
            shown("Unknown unless the maker says it. A list of the newest followers is no random part of them all."),
        ),
        order=(shown("Unknown, unless the table has follow_rank or followed_at."),),
        absent=(shown("What the table does not hold: an empty cell is unknown, never zero."),),
        command=f"botscan audit followers.csv --platform {platform} --observed-at 2026-06-30",
    )
