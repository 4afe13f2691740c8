"""botscan blocks: which followers came together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from textwrap import wrap
from typing import IO, TYPE_CHECKING, Any

import click

from botscan.cli.options import (
    FILE,
    ListOptions,
    OutputOptions,
    as_one_list,
    language_option,
    list_options,
    model_option,
    output_options,
    power_options,
)

if TYPE_CHECKING:
    from botscan.accounts import AccountTable
    from botscan.blocks import FollowBlocks
    from botscan.evidence.scores import Scores
    from botscan.notes import Note
    from botscan.power import PurchasePower
    from botscan.reading_report import ReadingReport

#: Processes; the result is the same for any number.
_N_JOBS = 2
#: Columns of a line of text.
_WIDTH = 100


@click.command(short_help="Blocks of followers who came together, with dates.")
@click.argument("files", type=FILE, metavar="FILE...", nargs=-1, required=True)
@click.option("--without-scores", is_flag=True, help="Look at dates, handles and activity alone.")
@click.option(
    "--accounts",
    "marked",
    type=FILE,
    metavar="OUT.csv",
    help="Write the accounts that show the signs of a block, with ids and handles, to be looked at by a person.",
)
@power_options
@list_options
@model_option
@language_option
@output_options
def blocks(
    *,
    files: tuple[str, ...],
    without_scores: bool,
    marked: str | None,
    power: dict[str, Any] | None,
    how: ListOptions,
    model: str | None,
    language: str,
    output: OutputOptions,
) -> int:
    """Find stretches of followers who came together and are alike beyond what those around them explain.

    The list must tell in which order its followers came; where it does not, --order says how the file stands. Creation
    dates, scores, handles and activity are evidence; how many came in a day is none.
    """
    from botscan import api

    if without_scores and model:
        raise click.UsageError("--model is of no use with --without-scores.")
    with _opened(marked, files) as file:
        with output.working("Reading and looking for blocks"):
            accounts = api.read_accounts(as_one_list(files), **how.reading)
            scores = None if without_scores else api.score_accounts(accounts, model=model)
            found = api.find_follow_blocks(accounts, scores, with_scores=not without_scores)
        shown = None
        if power is not None:
            with output.working("Putting purchases into the list"):
                shown = api.simulate_purchase(
                    accounts, scores=scores, with_scores=not without_scores, model=model, n_jobs=_N_JOBS, **power
                )
        # The file first, so that what is printed is true.
        if file is not None:
            _write_marked(found, file)
    if output.as_json:
        output.print_json(_content(accounts, scores, found, shown, language))
    else:
        click.echo("\n\n".join(_paragraphs(accounts, scores, found, shown, language)))
    if marked:
        from botscan.wording import for_terminal, say

        output.tell(say("cli_marked_written", language, path=for_terminal(marked, None)))
    return how.exit_code(accounts.report.rows_rejected)


@contextmanager
def _opened(path: str | None, files: tuple[str, ...]) -> Iterator[IO[bytes] | None]:
    """Open the file of accounts before the long work begins; it appears under its name when all went well."""
    if path is None:
        yield None
        return
    from botscan.writing import open_atomic

    if PurePath(path).suffix.lower() != ".csv":
        raise click.UsageError(
            "--accounts writes a CSV file, which spreadsheets open: choose a name that ends in .csv."
        )
    with open_atomic(path, inputs=[name for name in files if name != "-"]) as file:
        yield file


def _write_marked(found: FollowBlocks, file: IO[bytes]) -> None:
    """Write one line an account; long ids stay text in a spreadsheet, and names begin no formula."""
    from botscan.display import plain
    from botscan.labels.guards import with_guard
    from botscan.wording import csv_line

    file.write(csv_line(found.marked.column_names).encode())
    for row in found.marked.to_pylist():
        cells = (with_guard(cell) if isinstance(cell, str) else plain(cell) for cell in row.values())
        file.write(csv_line(cells).encode())


def _content(
    accounts: AccountTable, scores: Scores | None, found: FollowBlocks, shown: PurchasePower | None, language: str
) -> dict[str, Any]:
    """Return the JSON object of the verb, with the keys that every verb has."""
    from botscan.display import plain
    from botscan.evidence.scores import model_entry
    from botscan.version import BOTSCAN_VERSION

    model = None if scores is None else model_entry(scores.model_name, scores.model_sha256, scores.pattern)
    return {
        "botscan_version": BOTSCAN_VERSION,
        "model": model,
        "source": accounts.source,
        "platform": accounts.platform,
        "observed_at": plain(accounts.observed_at),
        "reading": {
            **accounts.report.to_dict(),
            "evidence_level": accounts.evidence_level,
            "coverage": plain(dict(accounts.coverage())),
        },
        **found.to_dict(),
        "notes": [_note_entry(note, language) for note in found.notes],
        "power": plain(shown),
        "warnings": [_note_entry(note, language) for note in accounts.report.warnings],
    }


def _note_entry(note: Note, language: str) -> dict[str, Any]:
    from botscan.display import plain
    from botscan.wording import say_note

    numbers = plain(dict(note.numbers))
    text = say_note(note, language)
    return {"code": note.code, "column": note.column, "count": note.count, "numbers": numbers, "text": text}


def _paragraphs(
    accounts: AccountTable, scores: Scores | None, found: FollowBlocks, shown: PurchasePower | None, language: str
) -> Iterator[str]:
    """Yield what is printed: the blocks, the power, and what was read and noticed."""
    yield found.to_text(language)
    if shown is not None:
        yield shown.to_text(language)
    yield "\n".join(_about_reading(accounts.report, scores, language))


def _about_reading(report: ReadingReport, scores: Scores | None, language: str) -> Iterator[str]:
    from botscan.cli.reading_words import read_in_words, rejected_in_words
    from botscan.version import BOTSCAN_VERSION
    from botscan.wording import for_terminal, say, say_note

    yield f"{say('cli_reading', language)}: {for_terminal(read_in_words(report, language), None)}"
    if report.reject_reasons:
        yield f"{say('cli_rejected', language)}: {rejected_in_words(report, language)}"
    if scores is not None:
        model = f"{for_terminal(scores.model_name)} {scores.model_sha256[:12]}, botscan {BOTSCAN_VERSION}"
        yield f"{say('cli_model', language)}: {model}"
    if report.warnings:
        yield say("cli_warnings", language)
        for note in report.warnings:
            said = for_terminal(say_note(note, language), None)
            yield from wrap(said, _WIDTH, initial_indent="  - ", subsequent_indent="    ", break_long_words=False)
