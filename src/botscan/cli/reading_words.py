"""What reading did, in words: the same on every screen."""

from __future__ import annotations

from botscan.reading_report import ReadingReport
from botscan.wording import number, say


def read_in_words(report: ReadingReport, language: str) -> str:
    """Return the format, and how many records were read, repeated and rejected."""
    return say(
        "cli_read",
        language,
        format=report.format,
        rows_in=report.rows_in,
        duplicates=report.duplicates_merged,
        rejected=report.rows_rejected,
    )


def rejected_in_words(report: ReadingReport, language: str) -> str:
    """Return why records were rejected, with how many for each reason; empty where none were."""
    return ", ".join(
        f"{say(f'reject_{reason}', language)} {number(count, language)}"
        for reason, count in report.reject_reasons.items()
    )
