"""What botscan audit prints: the sentence that matters, then what it rests on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING

import click

from botscan.audit import NOT_JUDGED, Audit
from botscan.cli.characters import can_print
from botscan.cli.options import as_typed
from botscan.cli.reading_words import read_in_words, rejected_in_words
from botscan.evidence.scores import SEGMENT_ORDER
from botscan.wording import date, for_rich, for_terminal, say, say_note

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_COLOURS = {
    "active": "green",
    "dormant": "bright_black",
    "mass_follower": "cyan",
    "suspicious": "red",
    "declared_bot": "magenta",
    "unknown": "yellow",
}
_BAR_WIDTH = 10
#: Width where nobody looks at a terminal.
_PLAIN_WIDTH = 100


def print_audit(result: Audit, language: str, *, again: Sequence[str], labels: str | None = None) -> None:
    """Print an audit: colours on a terminal, plain text in a pipe.

    Parameters
    ----------
    result
        The audit.
    language
        ``en`` or ``id``.
    again
        Words that name the list on the command line, for the next step.
    labels
        The label sheet that was given, filled in or not.
    """
    from rich.console import Console, Group

    page = Group(*_blocks(result, language))
    if sys.stdout.isatty():
        Console(highlight=False).print(page)
    else:
        plain = Console(file=StringIO(), highlight=False, width=_PLAIN_WIDTH, color_system=None, force_terminal=False)
        with plain.capture() as captured:
            plain.print(page)
        click.echo("\n".join(line.rstrip() for line in captured.get().rstrip().split("\n")))
    _print_next_step(result, language, again, labels)


def _blocks(result: Audit, language: str) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    yield Text(_about(result, language), style="dim")
    yield Padding(Text(result.headline(language), style="bold"), (1, 0))
    if result.n_accounts:
        yield _segments(result, language)
        if not result.is_judged:
            yield Text(say("report_not_judged", language), style="yellow")
        yield Text()
    yield _facts(result, language)
    yield from _follow_blocks(result, language)
    yield Padding(Text(say("cli_warnings", language), style="bold"), (1, 0, 0, 0))
    notes = Table.grid(padding=(0, 1, 0, 0))
    of_blocks = () if result.blocks is None else result.blocks.notes
    for note in (*result.share.notes, *of_blocks, *result.warnings):
        notes.add_row("  -", for_rich(say_note(note, language), None))
    yield notes


def _follow_blocks(result: Audit, language: str) -> Iterator[RenderableType]:
    """Say which followers came together, or that none did; nothing where it could not be looked at."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    if result.blocks is None or not result.blocks.examined:
        return
    yield Padding(Text(say("blocks_title", language), style="bold"), (1, 0, 0, 0))
    rows = Table.grid(padding=(0, 1, 0, 0))
    for index, block in result.blocks.shown():
        rows.add_row(f"  {index}", for_rich(block.in_words(language), None))
    if result.blocks.n_more:
        rows.add_row("  +", say("blocks_more", language, count=result.blocks.n_more))
    if not result.follow_blocks:
        rows.add_row("  -", say("blocks_none_found", language))
    yield rows


def _about(result: Audit, language: str) -> str:
    """Name the list, its platform, its size and its date in one line."""
    parts = [
        for_terminal(result.source),
        result.platform or say("unknown", language),
        say("report_accounts", language, count=result.n_accounts),
    ]
    if result.observed_at is not None:
        parts.append(say("cli_seen_on", language, day=date(result.observed_at, language)))
    return " | ".join(parts)


def _segments(result: Audit, language: str) -> Table:
    """Make the table of segments, with a bar each."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    block = "█" if can_print("█─", sys.stdout.encoding) else "#"
    dash = NOT_JUDGED if can_print(NOT_JUDGED, sys.stdout.encoding) else "-"
    table = Table(box=box.SIMPLE_HEAD if block == "█" else None, pad_edge=False, show_edge=False)
    table.add_column(say("cli_segment", language))
    table.add_column(say("audit_accounts", language), justify="right")
    table.add_column("", justify="right")
    table.add_column("")
    has_labels = any(result.segment_organic_in_words(name) for name in SEGMENT_ORDER)
    if has_labels:
        table.add_column(say("cli_segment_organic", language))
    for name in SEGMENT_ORDER:
        count = result.segments[name]
        if not count and name in ("declared_bot", "unknown"):
            continue
        bar = Text(block * round(count / result.n_accounts * _BAR_WIDTH), style=_COLOURS[name])
        words = (word.replace(NOT_JUDGED, dash) for word in result.segment_in_words(name, language))
        organic = [result.segment_organic_in_words(name, language)] if has_labels else []
        table.add_row(say(f"verdict_{name}", language), *words, bar, *organic)
    return table


def _facts(result: Audit, language: str) -> Table:
    """Make the lines about reading, evidence and model."""
    from rich.table import Table
    from rich.text import Text

    reading = result.reading
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")
    table.add_row(Text(say("cli_reading", language), style="dim"), for_rich(read_in_words(reading, language), None))
    if reading.reject_reasons:
        table.add_row(
            Text(say("cli_rejected", language), style="dim"), for_rich(rejected_in_words(reading, language), None)
        )
    evidence = say(f"report_level_{result.evidence_level}", language)
    if result.pattern:
        evidence = f"{evidence} ({result.pattern})"
    table.add_row(Text(say("cli_evidence", language), style="dim"), for_rich(evidence, None))
    model = f"{result.model_name} {result.model_sha256[:12]}, botscan {result.botscan_version}"
    table.add_row(Text(say("cli_model", language), style="dim"), for_rich(model, None))
    return table


def _print_next_step(result: Audit, language: str, again: Sequence[str], labels: str | None) -> None:
    """Say what to do where there is no share yet; commands stand on one line each, to be copied."""
    share = result.share
    if not share.n_labels_needed:
        return
    name = as_typed(again)
    click.echo("\n" + click.style(say("cli_next", language), bold=True))
    if labels is not None:
        click.echo(f"  {say('cli_sheet_next', language, file=name, path=as_typed([labels]))}")
        return
    click.echo(click.style(f"  botscan labels sheet {name} -n {share.n_labels_needed} -o sheet.csv", fg="cyan"))
    click.echo(click.style(f"  botscan audit {name} --labels sheet.csv", fg="cyan"))
