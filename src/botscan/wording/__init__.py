"""Sentences from codes and numbers; escaping for every surface."""

from botscan.wording.escaping import csv_line, for_csv, for_html, for_markdown, for_rich, for_terminal, visible
from botscan.wording.headline import headline
from botscan.wording.quantities import LANGUAGES, check_language, date, figure, number, percent, rounded
from botscan.wording.sentences import has_words, say, say_note

__all__ = [
    "LANGUAGES",
    "check_language",
    "csv_line",
    "date",
    "figure",
    "for_csv",
    "for_html",
    "for_markdown",
    "for_rich",
    "for_terminal",
    "has_words",
    "headline",
    "number",
    "percent",
    "rounded",
    "say",
    "say_note",
    "visible",
]
