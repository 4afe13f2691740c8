"""botscan score and botscan explain."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
)


@click.command(short_help="Score every record of lists into a file.")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o", "--output", "target", type=FILE, required=True, metavar="OUT", help="OUT.parquet, OUT.csv or OUT.jsonl."
)
@click.option("--resume", is_flag=True, help="Not there yet: refused.")
@click.option("--restart", is_flag=True, help="Begin anew; what every run does for now.")
@list_options
@model_option
@output_options
def score(
    *,
    files: tuple[str, ...],
    target: str,
    resume: bool,
    restart: bool,
    how: ListOptions,
    model: str | None,
    output: OutputOptions,
) -> int:
    """Score every record of one or more lists into one file, row by row.

    One output row a record, in order; a rejected record has its reason instead of a score. The histogram of the
    scores is written beside the output.
    """
    del restart
    if resume:
        raise click.UsageError(
            "--resume is not there yet: a run is short and starts anew. Leave the option out; an unfinished run leaves"
            " no output behind."
        )
    from botscan import api

    with _counting(output) as on_rows:
        result = api.score_files(files, target, model=model, on_rows=on_rows, **how.reading)
    if output.as_json:
        output.print_json(result.to_dict())
    else:
        click.echo(str(result))
    return how.exit_code(result.rows_rejected)


@click.command(short_help="Signs for and against one account.")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@click.argument("account")
@click.option("--posts", type=FILE, metavar="POSTS", help="Posts of the account: rules on when and what it posts.")
@click.option("--figure", type=FILE, metavar="OUT", help="Draw the signs as a waterfall: OUT.png, OUT.svg or OUT.pdf.")
@list_options
@language_option
@model_option
@output_options
def explain(
    *,
    files: tuple[str, ...],
    account: str,
    posts: str | None,
    figure: str | None,
    how: ListOptions,
    language: str,
    model: str | None,
    output: OutputOptions,
) -> int:
    """Show which signs speak for and against one account of a list, and how they add up to its score.

    ACCOUNT is its id as it stands in the list, or its handle.
    """
    from botscan import api

    if figure is not None:
        from botscan.report.charts import check_figure_name

        check_figure_name(figure)
    with output.working("Reading"):
        accounts = api.read_accounts(as_one_list(files), **how.reading)
    result = api.explain_account(accounts, account, posts=posts, model=model)
    # The figure first, so that what is printed is true.
    if figure is not None:
        from botscan.report.charts import draw_waterfall, write_figure

        write_figure(draw_waterfall(result, language), figure, inputs=[name for name in files if name != "-"])
    if output.as_json:
        output.print_json(result.to_dict())
    else:
        from botscan.cli.waterfall import print_explanation

        print_explanation(result, language)
    if figure is not None:
        from botscan.wording import for_terminal, say

        output.tell(say("waterfall_figure_written", language, path=for_terminal(figure, None)))
    return how.exit_code(accounts.report.rows_rejected)


@contextmanager
def _counting(output: OutputOptions) -> Iterator[Callable[[int], None] | None]:
    """Count records on a terminal; None where nobody looks."""
    if output.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,} records scored"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("scoring", total=None)
        yield lambda rows: progress.advance(task, rows)
