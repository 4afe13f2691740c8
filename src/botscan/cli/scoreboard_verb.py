"""botscan scoreboard: how good a model is where the truth is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from botscan.cli.options import (
    FILE,
    ListOptions,
    OutputOptions,
    language_option,
    list_options,
    model_option,
    output_options,
)

if TYPE_CHECKING:
    from botscan.display import Displayed

#: Options that mean something without a list, too.
OF_CARD = ("language", "model", "as_json", "quiet", "debug")


@click.command(short_help="How good a model is: on labelled lists, or by its card.")
@click.argument("files", type=FILE, nargs=-1, metavar="[LABELED]...")
@click.option(
    "--labels",
    "sheets",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="Filled label sheet, where it stands apart from its list; once for each list, in the same order.",
)
@list_options
@language_option
@model_option
@output_options
def scoreboard(
    *,
    files: tuple[str, ...],
    sheets: tuple[str, ...],
    how: ListOptions,
    language: str,
    model: str | None,
    output: OutputOptions,
) -> int:
    """Show how a model ranks and judges accounts of known truth.

    Without lists: the figures in its card, measured on sources that were left out when it was made. With lists (columns
    account_id, and is_suspicious or rater_1, rater_2, ...): the model on these accounts, beside one ratio and rules of
    thumb. Of fewer than 100 accounts of a kind nothing is measured.
    """
    from botscan import api
    from botscan.cli.scoreboard_tables import card_lines, measure_lines

    if not files:
        _refuse_list_options()
        figures = api.read_card_figures(model)
        _print(figures, card_lines(figures, language), output)
        return 0
    with output.working("Reading and measuring"):
        measures = api.measure_model(list(files), model=model, labels=list(sheets) or None, **how.reading)
    _print(measures, measure_lines(measures, language), output)
    return how.exit_code(measures.rows_rejected)


def _refuse_list_options() -> None:
    """Refuse what was said about lists where none is named; to ignore it would look like an answer about a list."""
    context = click.get_current_context()
    for option in context.command.params:
        is_given = option.name and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
        if is_given and option.name not in OF_CARD:
            raise click.UsageError(f"{option.opts[0]} is for lists. Name the list that it belongs to.")


def _print(result: Displayed, lines: Iterable[str], output: OutputOptions) -> None:
    if output.as_json:
        output.print_json(result.to_dict())
        return
    for line in lines:
        click.echo(line)
