"""botscan labels size: how many followers to fetch, and how many of them to label."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from botscan.cli.options import (
    FILE,
    ListOptions,
    OutputOptions,
    as_one_list,
    language_option,
    list_options,
    output_options,
)

if TYPE_CHECKING:
    from botscan.accounts.table import AccountTable


@click.command(short_help="How many accounts to fetch and to label.")
@click.argument("files", type=FILE, nargs=-1, metavar="[FILE]...")
@click.option(
    "--margin",
    type=click.FloatRange(0.0001, 0.5, max_open=True),
    default=0.05,
    show_default=True,
    help="Half-width of the interval: 0.03 is three points to each side.",
)
@click.option(
    "--share", "organic_share", type=click.FloatRange(0, 1), help="Organic share expected; without it the worst case."
)
@click.option("--population", type=click.IntRange(min=1), metavar="N", help="Followers of the audience in all.")
@click.option(
    "--cost-fetch",
    "cost_per_fetch",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    help="Cost of fetching one follower, in any unit.",
)
@click.option(
    "--cost-label",
    "cost_per_label",
    type=click.FloatRange(0),
    default=50.0,
    show_default=True,
    help="Cost of one account looked at by one rater, in the same unit.",
)
@click.option(
    "--auc",
    type=click.FloatRange(0.5, 1, max_open=True),
    help="How well the scores rank this audience; without it they count for nothing.",
)
@click.option(
    "--validation",
    "n_validation",
    type=click.IntRange(min=2),
    metavar="N",
    help="Accounts of known truth of this very audience: with --auc, how many to fetch without any label.",
)
@click.option(
    "--confidence",
    "confidence_level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Confidence level of the interval.",
)
@click.option(
    "--undecided",
    "undecided_share",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    show_default=True,
    help="Part of the accounts that raters are expected to leave undecided.",
)
@click.option(
    "--raters",
    "n_raters",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Raters who look at each account.",
)
@language_option
@list_options
@output_options
def size(files: tuple[str, ...], *, language: str, how: ListOptions, output: OutputOptions, **asked: Any) -> int:
    """Say how many followers to fetch and how many of them to label for an interval of a given width.

    With FILE... nothing is fetched: the list is taken as the whole audience, or with --population as a random sample
    of it. A small audience needs fewer labels, and accounts that call themselves automated need none.
    """
    from botscan import api
    from botscan.errors import NotEnoughAccounts
    from botscan.notes import Note

    list_size, n_declared, source, rows_rejected = None, 0, None, 0
    if files:
        with output.working("Reading"):
            accounts = api.read_accounts(as_one_list(files), **how.reading)
        source = accounts.source
        rows_rejected = accounts.report.rows_rejected
        list_size, n_declared = _n_to_judge(accounts, asked["population"])
    try:
        plan = api.plan_sample_size(list_size=list_size, **asked)
    except NotEnoughAccounts as error:
        raise NotEnoughAccounts(error.problem, source=source, remedy=error.remedy) from error
    if n_declared:
        plan = replace(plan, notes=(Note("declared_bots_not_organic", count=n_declared), *plan.notes))
    if not _is_given("cost_per_fetch", "cost_per_label"):
        plan = replace(plan, cost=None)  # a sum in a unit that nobody named
    if output.as_json:
        output.print_json({"advice": plan.advice(language), **plan.to_dict()})
    else:
        click.echo(plan.to_text(language))
    return how.exit_code(rows_rejected)


def _n_to_judge(accounts: AccountTable, population: int | None) -> tuple[int, int]:
    """Return how many accounts need a label to be known, and how many call themselves automated."""
    import pyarrow.compute as pc

    from botscan.errors import NotEnoughAccounts
    from botscan.prevalence.planning.plan_question import check_sizes

    check_sizes(accounts.n_accounts, population, accounts.source)
    table = accounts.table
    says_so = "is_declared_bot" in table.column_names
    n_declared = int(pc.sum(table["is_declared_bot"]).as_py() or 0) if says_so else 0
    if n_declared == accounts.n_accounts:
        raise NotEnoughAccounts(
            "All accounts of the list call themselves automated: no label is needed, the organic share is 0.",
            source=accounts.source,
            remedy="See `botscan audit`.",
        )
    return accounts.n_accounts - n_declared, n_declared


def _is_given(*names: str) -> bool:
    """Tell whether one of these options was typed."""
    context = click.get_current_context()
    return any(context.get_parameter_source(name) is not ParameterSource.DEFAULT for name in names)
