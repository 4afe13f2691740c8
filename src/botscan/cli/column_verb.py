"""botscan columns: what a list may hold, and how to get one."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

import click

from botscan.cli.options import OutputOptions, output_options

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

#: Width where nobody looks at a terminal.
_PLAIN_WIDTH = 100
#: Parts of a way that fit a screen; the others stand in the page of the platform.
_PARTS = ("cost", "limits")
_ORDERS = {"newest_first": "newest first", "by_followed_at": "by the time of following", "none": "order unknown"}
_GIVES = {
    "profiles": "profiles for a list",
    "posts": "posts",
    "own_posts": "posts of the account",
    "series": "counts over time",
}


@click.command(short_help="What a list may hold, and how to get one.")
@click.argument("platform", required=False)
@output_options
def columns(platform: str | None, output: OutputOptions) -> None:
    """Show the canonical columns; with PLATFORM also which of them its score reads, and the ways to get a list.

    Each way says what it costs, how much of the followers it gives, and which evidence level it reaches.
    """
    from botscan.accounts.settings import check_platform
    from botscan.api.columns import list_columns, list_ways

    chosen = None if platform is None else check_platform(platform)
    rows = list_columns(chosen)
    ways = {} if chosen is None else {"ways": list_ways(chosen)}
    if output.as_json:
        output.print_json({"platform": chosen, "columns": rows, **ways})
    elif chosen is None:
        width = max(len(row["name"]) for row in rows)
        for row in rows:
            click.echo(f"{row['name']:<{width}}  {_meaning(row)}")
    else:
        _print(_blocks(chosen, rows, ways["ways"]))


def _meaning(row: Mapping[str, Any]) -> str:
    return f"{row['meaning']} ({row['unit']})" if row["unit"] else str(row["meaning"])


def _print(blocks: Iterator[RenderableType]) -> None:
    """Print blocks: colours and the width of the terminal, or plain text in a pipe."""
    from rich.console import Console, Group

    page = Group(*blocks)
    if sys.stdout.isatty():
        Console(highlight=False).print(page)
        return
    plain = Console(file=StringIO(), highlight=False, width=_PLAIN_WIDTH, color_system=None, force_terminal=False)
    with plain.capture() as captured:
        plain.print(page)
    click.echo("\n".join(line.rstrip() for line in captured.get().rstrip().split("\n")))


def _blocks(
    platform: str, rows: Sequence[Mapping[str, Any]], ways: Sequence[Mapping[str, Any]]
) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    from botscan.readers.guides import GUIDES

    yield _column_table(rows)
    yield Padding(Text(f"* read by the score on {platform}", style="dim"), (1, 0, 0, 0))
    yield Padding(Text(f"{GUIDES[platform].title}: ways to a list", style="bold underline"), (1, 0, 0, 0))
    for way in ways:
        yield Padding(Text(way["title"], style="bold"), (1, 0, 0, 0))
        yield Padding(_way_table(way, n_columns=len(rows)), (0, 0, 0, 2))
    yield Padding(Text("What each level supports", style="bold underline"), (1, 0))
    yield _level_table(GUIDES[platform].level_names())
    page = f"Steps, bias and sources: docs/platforms/{platform}.md. Sentences marked (not checked) are from memory."
    yield Padding(Text(page, style="dim"), (1, 0, 0, 0))


def _column_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for row in rows:
        is_scored = row["is_scored"]
        table.add_row(
            "*" if is_scored else " ",
            Text(row["name"], style="bold" if is_scored else ""),
            Text(_meaning(row)),
        )
    return table


def _reaches(way: Mapping[str, Any]) -> str:
    """Say what a way gives, up to which level, for which score and in which order."""
    words = [_GIVES[way["gives"]]] if way["gives"] in _GIVES else []
    if way["level"] is not None:
        words.append(f"up to level {way['level']}")
        words.append(f"score {way['pattern']}" if way["pattern"] else "no score")
    if way["gives"] == "list":
        words.append(_ORDERS[way["list_order"]])
    return ", ".join(words)


def _way_table(way: Mapping[str, Any], n_columns: int) -> Table:
    """Make the lines of a way: formats, columns, then what it costs and what is missing."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    table.add_row("reaches", Text(_reaches(way), style="cyan"))
    table.add_row("formats", Text(", ".join(way["formats"])))
    scored = set(way["scored_columns"])
    if len(way["columns"]) == n_columns:
        table.add_row("columns", Text("whatever it holds of the columns above"))
    else:
        marked = (f"{name}*" if name in scored else name for name in way["columns"])
        table.add_row("columns", Text(", ".join(marked)))
    if way["needs_observed_at"]:
        table.add_row("needs", Text("--observed-at with the day of the list, for this score"))
    for part in _PARTS:
        if way[part]:
            table.add_row(part, Text(" ".join(_sentence(claim) for claim in way[part])))
    if way["ask"]:
        table.add_row("ask for", Text(way["ask"], overflow="fold"))
    return table


def _sentence(claim: Mapping[str, str]) -> str:
    from botscan.readers.guides import NOT_CHECKED

    return f"{claim['text']} {NOT_CHECKED}" if claim["basis"] == "memory" else claim["text"]


def _level_table(names: Collection[str]) -> Table:
    from rich.table import Table
    from rich.text import Text

    from botscan.readers.guides import LEVELS

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for level in (one for one in LEVELS if one.name in names):
        table.add_row(f"  {level.name}", Text.assemble((f"{level.holds}: ", "bold"), level.supports))
    return table
