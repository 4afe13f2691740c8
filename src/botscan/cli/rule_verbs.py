"""botscan rules."""

from __future__ import annotations

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


@click.command(short_help="What rules of thumb flag on a list, and how far they disagree.")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
@list_options
@language_option
@model_option
@output_options
def rules(*, files: tuple[str, ...], how: ListOptions, language: str, model: str | None, output: OutputOptions) -> int:
    """Show what rules of thumb and published rule sets flag on a list, beside the verdict of the score.

    The shares are what each rule flags, not shares of inauthentic followers: they differ on one and the same list.
    """
    from botscan import api

    with output.working("Reading"):
        accounts = api.read_accounts(as_one_list(files), **how.reading)
    with output.working("Comparing"):
        result = api.compare_rules(accounts, api.score_accounts(accounts, model=model))
    if output.as_json:
        output.print_json(result.to_dict(language))
    else:
        click.echo(result.to_text(language))
    return how.exit_code(accounts.report.rows_rejected)
