"""botscan labels: how many to label, the sheet to fill in, and what several raters sent back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from botscan.cli.options import (
    FILE,
    ListOptions,
    OutputOptions,
    as_one_list,
    as_typed,
    language_option,
    list_options,
    model_option,
    output_options,
)
from botscan.cli.size_verb import size

if TYPE_CHECKING:
    from botscan.labels import LabelSheet, MergedLabels

#: What is typed for each design.
_DESIGNS = {"simple": "simple_random", "systematic": "systematic", "stratified": "stratified"}
_DELIMITERS = {",": ",", ";": ";", "tab": "\t", "|": "|"}

_delimiter_option = click.option(
    "--delimiter",
    type=click.Choice(tuple(_DELIMITERS)),
    default=",",
    show_default=True,
    help='Mark between the cells of a CSV sheet; Excel of many countries wants ";".',
)


@click.group(short_help="Plan and prepare labelling by people.")
def labels() -> None:
    """Plan and prepare the labelling of accounts by people."""


labels.add_command(size)


@labels.command(short_help="Draw accounts into a sheet for raters.")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@click.option("-n", "n", type=click.IntRange(min=1), default=100, show_default=True, help="Accounts to draw.")
@click.option("-o", "--output", "target", type=FILE, required=True, metavar="OUT", help="Sheet: .csv or .xlsx.")
@click.option(
    "--design",
    type=click.Choice(tuple(_DESIGNS)),
    default="simple",
    show_default=True,
    help="Simple random, evenly along the follow order, or by strata of score and follow order.",
)
@click.option("--raters", type=click.IntRange(1, 20), default=2, show_default=True, help="Columns for raters.")
@_delimiter_option
@click.option("--random-state", type=int, default=0, show_default=True, help="Seed of the draw.")
@language_option
@list_options
@model_option
@output_options
def sheet(
    *,
    files: tuple[str, ...],
    n: int,
    target: str,
    design: str,
    raters: int,
    delimiter: str,
    random_state: int,
    language: str,
    how: ListOptions,
    model: str | None,
    output: OutputOptions,
) -> int:
    """Draw accounts into a sheet that raters fill in with yes, no or unsure.

    A name that ends in .xlsx gives an Excel workbook with the answers to choose from and instructions for raters; any
    other a CSV file.

    The sheet holds handles and links, because people must look at the accounts: keep it as carefully as the list
    itself.
    """
    from botscan import api
    from botscan.notes import Note
    from botscan.wording import say, say_note

    with output.working("Reading and scoring"):
        accounts = api.read_accounts(as_one_list(files), **how.reading)
        scores = api.score_accounts(accounts, model=model)
        drawn = api.make_label_sheet(accounts, scores, n=n, random_state=random_state, design=_DESIGNS[design])
    inputs = [file for file in files if file != "-"]
    drawn.save(target, language=language, raters=raters, delimiter=_DELIMITERS[delimiter], inputs=inputs)
    if output.as_json:
        found = {"sheet": target, "n_drawn": len(drawn), "n_accounts": accounts.n_accounts, "design": drawn.design}
        output.print_json({**found, "random_state": random_state, "n_strata": len(drawn.strata)})
    else:
        _tell(target, drawn, raters, [*files, *how.typed()], language)
        output.tell(say("sheet_short", language))
        where = "cli_sheet_instructions_inside" if _is_workbook(target) else "cli_sheet_instructions_verb"
        output.tell(say(where, language, chosen=language))
    n_nameless = sum(not (handle or link) for handle, link in zip(drawn.handles, drawn.links, strict=True))
    if n_nameless:
        output.tell(say_note(Note("labels_cannot_be_looked_up", count=n_nameless), language))
    return how.exit_code(accounts.report.rows_rejected)


@labels.command(short_help="What raters must know.")
@language_option
@output_options
def instructions(*, language: str, output: OutputOptions) -> int:
    """Print the instructions for raters; a sheet in .xlsx holds them already."""
    from botscan.labels.instructions import instruction_lines
    from botscan.labels.instructions import instructions as in_words

    if output.as_json:
        output.print_json({"language": language, "instructions": instruction_lines(language)})
    else:
        click.echo(in_words(language), nl=False)
    return 0


@labels.command(short_help="Put together the sheets that raters sent back.")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="SHEET SHEET...")
@click.option("-o", "--output", "target", type=FILE, required=True, metavar="OUT", help="Sheet: .csv or .xlsx.")
@click.option("--separate", is_flag=True, help="Every column of every sheet is a rater of its own.")
@_delimiter_option
@language_option
@output_options
def merge(
    *,
    files: tuple[str, ...],
    target: str,
    separate: bool,
    delimiter: str,
    language: str,
    output: OutputOptions,
) -> int:
    """Put together copies of one sheet that several raters filled in.

    Columns of one name in different sheets are one rater where one is a later copy of the other (it holds all its
    answers and more), where the files are the same, or where they answer no account in common. Else they are two,
    however alike.
    """
    from botscan.labels import merge_label_sheets

    if len(files) < 2:
        raise click.UsageError("Give two sheets or more: one sheet needs no merging.")
    merged = merge_label_sheets(files, separate=separate)
    inputs = [file for file in files if file != "-"]
    merged.save(target, language=language, delimiter=_DELIMITERS[delimiter], inputs=inputs)
    if output.as_json:
        output.print_json({"sheet": target, **merged.to_dict()})
    else:
        _tell_merged(merged, target, language)
    return 0


def _is_workbook(target: str) -> bool:
    return target.lower().endswith(".xlsx")


def _tell(target: str, drawn: LabelSheet, raters: int, again: Sequence[str], language: str) -> None:
    """Say what was drawn, and what to type when it is filled in; `again` are the words that name the list."""
    from botscan.wording import for_terminal, say

    path = for_terminal(target, None)
    click.echo(say("cli_sheet_written", language, count=len(drawn), n_accounts=drawn.list_size, path=path))
    first, last = "rater_1", f"rater_{raters}"
    columns = first if raters == 1 else f"{first}, {last}" if raters == 2 else f"{first}, ..., {last}"
    click.echo(say("cli_sheet_fill", language, columns=columns, file=as_typed(again), path=as_typed([target])))


def _tell_merged(merged: MergedLabels, target: str, language: str) -> None:
    """Say whose answers were merged, how far they agree, and what a reader must know."""
    from botscan.wording import for_terminal, number, say, say_note

    numbers = {"n_sheets": len(merged.sources), "n_accounts": len(merged), "n_raters": len(merged.raters)}
    click.echo(say("cli_labels_merged", language, path=for_terminal(target, None), **numbers))
    for rater in merged.raters:
        origins = ", ".join(for_terminal(f"{name} ({column})", None) for name, column in rater.origins)
        click.echo("  " + say("cli_labels_rater", language, count=rater.n_answers, rater=rater.name, sources=origins))
    for (first, second), found in merged.agreements.items():
        if found is None:
            click.echo("  " + say("cli_labels_pair_apart", language, first=first, second=second))
            continue
        values = {"agreement": found.agreement, "kappa": number(found.kappa, language, 2)}
        text = say("cli_labels_pair", language, first=first, second=second, count=found.n_accounts, **values)
        click.echo("  " + text)
    for note in merged.labels.notes:
        click.echo(say_note(note, language))
