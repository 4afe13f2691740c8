"""botscan blocks: which followers came together."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from botscan.blocks import FollowBlocks

#: Processes; the result is the same for any number.
_N_JOBS = 2


@click.command(short_help="Blocks of followers who came together, with dates.")
@click.argument("files", type=FILE, metavar="FILE...", nargs=-1, required=True)
@click.option("--without-scores", is_flag=True, help="Look at dates, handles and activity alone.")
@click.option(
    "--accounts",
    "marked",
    type=FILE,
    metavar="OUT.csv",
    help="Write the accounts that show the signs of a block, to be looked at by a person.",
)
@click.option(
    "--power", is_flag=True, help="Say which purchases this list would show: 150 searches, long for long lists."
)
@list_options
@model_option
@language_option
@output_options
def blocks(
    *,
    files: tuple[str, ...],
    without_scores: bool,
    marked: str | None,
    power: bool,
    how: ListOptions,
    model: str | None,
    language: str,
    output: OutputOptions,
) -> int:
    """Find stretches of followers who came together and are alike beyond what those around them explain.

    The list must tell in which order its followers came. Creation dates, scores, handles and activity are evidence;
    how many came in a day is none.
    """
    from botscan import api
    from botscan.display import plain

    if without_scores and model:
        raise click.UsageError("--model is of no use with --without-scores.")
    with output.working("Reading and looking for blocks"):
        accounts = api.read_accounts(as_one_list(files), **how.reading)
        found = api.find_follow_blocks(accounts, with_scores=not without_scores, model=model)
    shown = None
    if power:
        with output.working("Putting purchases into the list"):
            shown = api.simulate_purchase(accounts, with_scores=not without_scores, model=model, n_jobs=_N_JOBS)
    if marked:
        _write_marked(found, marked, files)
    if output.as_json:
        output.print_json(
            {"source": accounts.source, "platform": accounts.platform, **found.to_dict(), "power": plain(shown)}
        )
    else:
        click.echo(found.to_text(language))
        if shown is not None:
            click.echo("\n" + shown.to_text(language))
    if marked:
        from botscan.wording import for_terminal, say

        output.tell(say("cli_marked_written", language, path=for_terminal(marked, None)))
    return how.exit_code(accounts.report.rows_rejected)


def _write_marked(found: FollowBlocks, path: str, files: tuple[str, ...]) -> None:
    from botscan.wording import for_csv
    from botscan.writing import write_file

    frame = found.marked_accounts()
    frame["account_id"] = frame["account_id"].map(for_csv)
    write_file(path, frame.to_csv(index=False), inputs=[name for name in files if name != "-"])
