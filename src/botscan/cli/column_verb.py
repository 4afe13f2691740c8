"""botscan columns: what a list may hold."""

from __future__ import annotations

import click

from botscan.cli.options import OutputOptions, output_options


@click.command(short_help="What a list may hold.")
@click.argument("platform", required=False)
@output_options
def columns(platform: str | None, output: OutputOptions) -> None:
    """Show the canonical columns; with PLATFORM also which of them the score of that platform reads."""
    from botscan import api

    rows = api.list_columns(platform)
    if output.as_json:
        output.print_json({"platform": platform, "columns": rows})
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        unit = f" ({row['unit']})" if row["unit"] else ""
        mark = "" if platform is None else ("* " if row["is_scored"] else "  ")
        click.echo(f"{mark}{row['name']:<{width}}  {row['meaning']}{unit}")
    if platform is not None:
        click.echo(f"\n* read by the score on {platform}")
