"""botscan labels: how many to label, and the sheet to fill in."""

from __future__ import annotations

from collections.abc import Sequence

import click

from botscan.cli.options import (
    FILE,
    ListOptions,
    OutputOptions,
    as_one_list,
    as_typed,
    list_options,
    model_option,
    output_options,
)


@click.group(short_help="Plan and prepare labelling by people.")
def labels() -> None:
    """Plan and prepare the labelling of accounts by people."""


@labels.command(short_help="How many accounts to label.")
@click.argument("files", type=FILE, nargs=-1, metavar="[FILE]...")
@click.option(
    "--margin",
    type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="Half-width of the interval: 0.03 is three points to each side.",
)
@list_options
@output_options
def size(files: tuple[str, ...], margin: float, how: ListOptions, output: OutputOptions) -> int:
    """Say how many accounts to label for an interval of a given width.

    With FILE... the list is taken as the whole audience: a small one needs fewer labels.
    """
    from botscan import api

    rows_rejected = 0
    if not files:
        plan = api.plan_sample_size(margin)
    else:
        with output.working("Reading"):
            accounts = api.read_accounts(as_one_list(files), **how.reading)
        rows_rejected = accounts.report.rows_rejected
        plan = api.plan_sample_size(margin, list_size=accounts.n_accounts)
    if output.as_json:
        output.print_json(plan.to_dict())
    else:
        click.echo(str(plan))
    return how.exit_code(rows_rejected)


@labels.command(short_help="Draw accounts into a sheet for raters.")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@click.option("-n", "n", type=click.IntRange(min=1), default=100, show_default=True, help="Accounts to draw.")
@click.option("-o", "--output", "target", type=FILE, required=True, metavar="OUT.csv", help="Sheet to write.")
@click.option("--random-state", type=int, default=0, show_default=True, help="Seed of the draw.")
@list_options
@model_option
@output_options
def sheet(
    *,
    files: tuple[str, ...],
    n: int,
    target: str,
    random_state: int,
    how: ListOptions,
    model: str | None,
    output: OutputOptions,
) -> int:
    """Draw accounts at random into a sheet that raters fill in with yes, no or unsure.

    The sheet holds names, handles and links, because people must look at the accounts: keep it as carefully as the
    list itself.
    """
    from botscan import api

    with output.working("Reading and scoring"):
        accounts = api.read_accounts(as_one_list(files), **how.reading)
        scores = api.score_accounts(accounts, model=model)
        drawn = api.make_label_sheet(accounts, scores, n=n, random_state=random_state)
    drawn.save(target, inputs=[file for file in files if file != "-"])
    _tell(target, len(drawn), accounts.n_accounts, [*files, *how.typed()], output)
    return how.exit_code(accounts.report.rows_rejected)


def _tell(target: str, n_drawn: int, n_accounts: int, again: Sequence[str], output: OutputOptions) -> None:
    """Say what was drawn, and what to type when it is filled in; `again` are the words that name the list."""
    from botscan.wording import for_terminal, say

    if output.as_json:
        output.print_json({"sheet": target, "n_drawn": n_drawn, "n_accounts": n_accounts})
        return
    click.echo(say("cli_sheet_written", count=n_drawn, n_accounts=n_accounts, path=for_terminal(target, None)))
    click.echo(say("cli_sheet_next", file=as_typed(again), path=as_typed([target])))
