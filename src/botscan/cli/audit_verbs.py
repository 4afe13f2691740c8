"""botscan audit and botscan demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import click

from botscan.cli.options import (
    FILE,
    ListOptions,
    OutputOptions,
    allow_options,
    as_one_list,
    audit_options,
    language_option,
    list_options,
    model_option,
    output_options,
)

if TYPE_CHECKING:
    from botscan.audit import Audit

#: Accounts in the list to be checked by a person.
_N_REVIEW_ROWS = 50


@click.command(short_help="Organic share of a list, and what stands behind it.")
@click.argument("files", type=FILE, metavar="FILE...", nargs=-1, required=True)
@list_options
@audit_options
@allow_options
@model_option
@output_options
def audit(
    *,
    files: tuple[str, ...],
    how: ListOptions,
    labels: str | None,
    frame: str,
    population: int | None,
    rater_errors: tuple[int, int, int, int] | None,
    html: str | None,
    language: str,
    show_handles: bool,
    allow: str | None,
    key: str | None,
    model: str | None,
    output: OutputOptions,
) -> int:
    """Say which share of a list of followers is organic, and what stands behind the figure.

    FILE is a follower list as the platform or tool gave it: table, workbook, JSON, archive or folder, also packed;
    - is standard input. Several files are parts of one list: pages, or ids in one and profiles in another.
    """
    from botscan import api

    if key and not allow:
        raise click.UsageError("--key is of no use without --allow.")
    if rater_errors and not labels:
        raise click.UsageError("--rater-errors is of no use without --labels.")
    with output.working("Reading and scoring"):
        result = api.audit(
            as_one_list(files),
            labels,
            frame=frame,
            population=population,
            rater_errors=api.ErrorRates(*rater_errors) if rater_errors else None,
            allow=allow,
            key=key,
            model=model,
            n_review_rows=_N_REVIEW_ROWS if show_handles else 0,
            **how.reading,
        )
    _show(
        result,
        again=[*files, *how.typed()],
        files=[*files, *(name for name in (allow, key) if name)],
        labels=labels,
        language=language,
        html=html,
        show_handles=show_handles,
        output=output,
    )
    return how.exit_code(result.reading.rows_rejected)


@click.command(short_help="Audit the invented list that ships inside.")
@click.option("--html", type=FILE, metavar="OUT", help="Write a report to this file.")
@language_option
@output_options
def demo(html: str | None, language: str, output: OutputOptions) -> int:
    """Audit the follower list that ships inside: 3,000 invented accounts, 150 of them labelled by two raters."""
    from botscan import api

    folder = files("botscan") / "demo"
    with as_file(folder / "followers.csv") as accounts, as_file(folder / "labels.csv") as labels:
        # The list is named alike wherever the package lies.
        table = replace(api.read_accounts(accounts), source="demo/followers.csv")
        result = api.audit(table, labels, frame="full", population=table.n_accounts)
        _show(result, again=[], files=(str(accounts),), labels=str(labels), language=language, html=html, output=output)
    return 0


def _show(
    result: Audit,
    *,
    again: Sequence[str],
    files: Sequence[str],
    labels: str | None,
    language: str,
    html: str | None,
    output: OutputOptions,
    show_handles: bool = False,
) -> None:
    """Write the report first, so that what is printed is true, then print the result.

    `again` are the words that name the list on the command line.
    """
    from botscan import api

    if html:
        read = [name for name in (*files, labels) if name and name != "-"]
        api.write_report(result, html, language, show_handles=show_handles, inputs=read)
    if output.as_json:
        click.echo(result.to_json(language=language))
    else:
        from botscan.cli.screen import print_audit

        print_audit(result, language, again=again, labels=labels)
    if html:
        from botscan.wording import for_terminal, say

        output.tell(say("cli_report_written", language, path=for_terminal(html, None)))
