"""What botscan explain prints: one sentence, the score, its waterfall, the reasons on both sides, what is not known."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

import click

from botscan.cli.characters import can_print
from botscan.report.reasons import bar_name, signed, tell_reason, tell_score, tell_verdict
from botscan.report.waterfall import WaterfallBar, waterfall_bars, waterfall_range
from botscan.scoring.explain import Explanation
from botscan.wording import for_rich, for_terminal, percent, say

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

#: Width where nobody looks at a terminal, and the widest that is filled.
_PLAIN_WIDTH, _MOST_WIDTH = 100, 120
#: Names longer than this go on in the next line.
_MOST_NAME_WIDTH = 26
#: Narrower bars say nothing: numbers stand alone then.
_LEAST_BAR_WIDTH = 10
#: Colours that stay apart for colour-blind eyes; the fill differs as well.
_STYLES = {"for": "not dim dark_orange", "against": "not dim deep_sky_blue3", "score": "not dim bold"}


@dataclass(frozen=True)
class Glyphs:
    """Characters of the drawing.

    Attributes
    ----------
    fills
        Way of a bar (for, against, score) -> its character.
    zero, review, suspicious
        Upright lines at 0 and at the two thresholds.
    """

    fills: dict[str, str]
    zero: str
    review: str
    suspicious: str

    @property
    def text(self) -> str:
        """Every character there is."""
        return "".join(self.fills.values()) + self.zero + self.review + self.suspicious


BLOCKS = Glyphs({"for": "█", "against": "▒", "score": "▓"}, "│", "┊", "┃")
ASCII = Glyphs({"for": "+", "against": "-", "score": "="}, "|", ":", "!")


def print_explanation(result: Explanation, language: str) -> None:
    """Print why an account has its score: colours on a terminal, plain text in a pipe.

    Parameters
    ----------
    result
        The explanation; of the account only its id is shown.
    language
        ``en`` or ``id``.
    """
    from rich.console import Console, Group

    glyphs = choose_glyphs(sys.stdout.encoding)
    if sys.stdout.isatty():
        console = Console(highlight=False)
        console.width = min(console.width, _MOST_WIDTH)
        console.print(Group(*_blocks(result, language, console.width, glyphs)))
        return
    plain = Console(file=StringIO(), highlight=False, width=_PLAIN_WIDTH, color_system=None, force_terminal=False)
    with plain.capture() as captured:
        plain.print(Group(*_blocks(result, language, plain.width, glyphs)))
    click.echo("\n".join(line.rstrip() for line in captured.get().rstrip().split("\n")))


def choose_glyphs(encoding: str | None) -> Glyphs:
    """Return block characters where an encoding has them all, else ASCII.

    Examples
    --------
    >>> choose_glyphs("utf-8") is BLOCKS, choose_glyphs("cp1252") is ASCII
    (True, True)
    """
    return BLOCKS if can_print(BLOCKS.text, encoding) else ASCII


def waterfall_lines(explanation: Explanation, language: str, width: int, glyphs: Glyphs) -> list[tuple[str, str, str]]:
    """Draw the waterfall: name, number and bar of each line, with the way of the bar.

    Parameters
    ----------
    explanation
        An account with a score.
    language
        ``en`` or ``id``.
    width
        Columns there are in all.
    glyphs
        Characters to draw with.

    Returns
    -------
    lines
        (name and number, bar, way); a name that is long has lines of its own above, without a bar. No line is wider
        than `width`, unless names and numbers alone are.
    """
    bars = waterfall_bars(explanation)
    names = [textwrap.wrap(bar_name(bar, language), _MOST_NAME_WIDTH) for bar in bars]
    numbers = [signed(bar.log_odds, language) for bar in bars]
    name_width = max(len(part) for parts in names for part in parts)
    number_width = max(map(len, numbers))
    room = width - name_width - number_width - 6
    lines = []
    for bar, parts, number in zip(bars, names, numbers, strict=True):
        lines += [(f"  {part}", "", "") for part in parts[:-1]]
        head = f"  {parts[-1]:<{name_width}}  {number:>{number_width}}"
        drawn = _bar_line(bar, explanation, room, glyphs) if room >= _LEAST_BAR_WIDTH else ""
        lines.append((head, drawn, bar.way))
    return lines


def _bar_line(bar: WaterfallBar, explanation: Explanation, width: int, glyphs: Glyphs) -> str:
    """Draw one bar; each begins in the column where the one before ended."""
    low, high = waterfall_range(explanation)

    def column(log_odds: float) -> int:
        return round((log_odds - low) / ((high - low) or 1.0) * (width - 1))

    cells = [" "] * width
    cells[column(0.0)] = glyphs.zero
    if explanation.review_threshold is not None:
        cells[column(explanation.review_threshold)] = glyphs.review
    if explanation.suspicious_threshold is not None:
        cells[column(explanation.suspicious_threshold)] = glyphs.suspicious
    first, last = sorted((column(bar.start), column(bar.end)))
    if bar.log_odds:
        # What is there is seen: a bar of less than a column fills one.
        last = max(last, first + 1)
        cells[first:last] = glyphs.fills[bar.way] * (last - first)
    return "".join(cells[:width]).rstrip()


def _blocks(result: Explanation, language: str, width: int, glyphs: Glyphs) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    account = for_terminal(result.account_id)
    yield Text(f"{say('explain_title', language)} | {say('explain_account', language)} {account}", style="dim")
    yield Padding(Text(tell_verdict(result, language), style="bold"), (1, 0))
    if result.log_odds is not None:
        yield Padding(Text(tell_score(result, language)), (0, 0, 1, 0))
        yield from _score_blocks(result, language, width, glyphs)
    yield _facts(result, language)


def _score_blocks(result: Explanation, language: str, width: int, glyphs: Glyphs) -> Iterator[RenderableType]:
    from rich.text import Text

    for name, drawn, way in waterfall_lines(result, language, width, glyphs):
        line = Text(f"{name}  ", style="bold" if way == "score" else "")
        bar = Text(drawn, style="dim")
        if way:
            bar.highlight_regex(f"{re.escape(glyphs.fills[way])}+", _STYLES[way])
        yield line.append_text(bar)
    legend = [f"{glyphs.zero} 0"]
    lines = (
        (glyphs.review, "waterfall_review_line", result.review_threshold),
        (glyphs.suspicious, "waterfall_suspicious_line", result.suspicious_threshold),
    )
    for glyph, code, threshold in lines:
        if threshold is not None:
            legend.append(f"{glyph} {say(code, language, score=signed(threshold, language))}")
    yield Text("  " + "   ".join(legend), style="dim")
    yield Text()
    yield from _reasons(result, language)


def _reasons(result: Explanation, language: str) -> Iterator[RenderableType]:
    """Tell the strongest stories on both sides, each with its sum and its facts."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    has_ratio = False
    for code, groups in (("waterfall_for", result.reasons_for), ("waterfall_against", result.reasons_against)):
        yield Text(say(code, language), style="bold")
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(overflow="fold")
        for group in groups:
            reason = tell_reason(result, group, language)
            has_ratio |= any(sign.is_ratio for sign in reason.signs)
            table.add_row(f"  {signed(group.log_odds, language)}", Text(reason.sentence(language)))
        if not groups:
            table.add_row("  ", Text(say("waterfall_none", language)))
        yield table
    if has_ratio:
        yield Padding(Text(say("waterfall_ratios", language), style="dim"), (0, 0, 0, 2))
    yield Text()


def _facts(result: Explanation, language: str) -> Table:
    """Make the lines about what is known and which rules hold."""
    from rich.table import Table
    from rich.text import Text

    rows = [(say("explain_known_share", language), percent(result.known_share, language))]
    if result.not_known:
        rows.append((say("explain_not_known", language), ", ".join(result.not_known)))
    rows += [(say("explain_rule", language), say(f"rule_{rule}", language)) for rule in result.rules]
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(overflow="fold")
    for label, words in rows:
        table.add_row(Text(label, style="dim"), for_rich(words, None))
    return table
