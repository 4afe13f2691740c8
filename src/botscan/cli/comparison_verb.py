"""botscan compare-audits: what changed between two audits, and how much of it may be chance."""

from __future__ import annotations

import click

from botscan.cli.options import FILE, OutputOptions, language_option, output_options


@click.command(short_help="What changed between two audits of one audience.")
@click.argument("before", type=FILE, metavar="BEFORE.json")
@click.argument("after", type=FILE, metavar="AFTER.json")
@language_option
@output_options
def compare_audits(before: str, after: str, language: str, output: OutputOptions) -> int:
    """Say whether the organic share of an audience changed between two audits, with a range.

    Both files were written by botscan audit --json: BEFORE.json first, AFTER.json later; or both of one list, under two
    models. For one of them - is standard input. Shares that do not speak of the same thing are not subtracted, and the
    reason is said.
    """
    from botscan import api

    comparison = api.compare_audits(before, after)
    click.echo(comparison.to_json(language=language) if output.as_json else comparison.to_text(language))
    return 0
