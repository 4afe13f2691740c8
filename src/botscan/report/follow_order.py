"""What the report says about followers who came together; the template only lays it out."""

from __future__ import annotations

from dataclasses import dataclass

from botscan.audit import Audit
from botscan.blocks import FollowBlock, FollowBlocks
from botscan.blocks.follow_map import FollowMap
from botscan.notes import Note
from botscan.report.map_drawing import COLORS, MapDrawing, draw_map
from botscan.report.png import png_address
from botscan.wording import date, number, say, say_note, visible

#: Notes about the follow order; the section shows them, so that nothing else on the page needs to.
ABOUT_THE_ORDER = ("blocks_", "follow_", "order_")
_NOTE_WIDTH = 800


@dataclass(frozen=True)
class BlockLine:
    """One block: its sentence, what speaks for it, and its row of the table."""

    number: str
    sentence: str
    reasons: str
    when: str
    ranks: str
    n_accounts: str
    n_excess: str
    kinds: str


@dataclass(frozen=True)
class MapFigure:
    """The follower map with its picture as an address, and the sentences below it."""

    drawing: MapDrawing
    picture: str
    words: str
    below: tuple[str, ...]


@dataclass(frozen=True)
class OrderSection:
    """The section about the follow order; `lead` alone where nothing could be looked for."""

    lead: str
    lines: tuple[BlockLine, ...] = ()
    bound: str = ""
    examined: str = ""
    figure: MapFigure | None = None
    notes: tuple[str, ...] = ()


def order_section(audit: Audit, language: str) -> OrderSection:
    """Return what the page says about followers who came together.

    Where blocks were not looked for, or could not be, one sentence says so; where none were found, one says that.
    """
    blocks, follow_map = audit.blocks, audit.follow_map
    notes = _notes(audit)
    figure = _figure(follow_map, blocks, language) if follow_map is not None else None
    if blocks is None or not blocks.examined:
        first, *others = notes or [Note("blocks_not_examined")]
        return OrderSection(_told(first, language), figure=figure, notes=_all_told(others, language))
    kinds = ", ".join(say(f"block_kind_{code}", language) for code in blocks.examined)
    return OrderSection(
        say("report_blocks_lead" if blocks.blocks else "report_blocks_none", language),
        tuple(_line(index, block, language) for index, block in blocks.shown()),
        _bound(blocks, language),
        say("report_blocks_examined", language, n_ordered=blocks.n_ordered, kinds=kinds),
        figure,
        (*_more(blocks, language), *_all_told(notes, language)),
    )


def _more(blocks: FollowBlocks, language: str) -> tuple[str, ...]:
    return (say("blocks_more", language, count=blocks.n_more),) if blocks.n_more else ()


def is_about_the_order(note: Note) -> bool:
    """Tell whether the section about the follow order shows a note."""
    return note.code.startswith(ABOUT_THE_ORDER)


def _notes(audit: Audit) -> list[Note]:
    """Return the notes about the order, those of the blocks first, each once."""
    of_blocks = audit.blocks.notes if audit.blocks is not None else ()
    notes = (*of_blocks, *(note for note in audit.warnings if is_about_the_order(note)))
    return [note for place, note in enumerate(notes) if note not in notes[:place]]


def _bound(blocks: FollowBlocks, language: str) -> str:
    if not blocks.blocks or blocks.suspicious_share_lower_bound is None:
        return ""
    return say("report_blocks_bound", language, share=blocks.suspicious_share_lower_bound)


def _line(index: int, block: FollowBlock, language: str) -> BlockLine:
    when = ""
    if block.followed_after is not None and block.followed_before is not None:
        ends = {"after": date(block.followed_after, language), "before": date(block.followed_before, language)}
        when = say("report_block_dates", language, **ends)
    kinds = dict.fromkeys(say(f"block_kind_{one.code}", language) for one in block.evidence)
    return BlockLine(
        number(index, language),
        block.place_in_words(language),
        f"{block.reasons_in_words(language)}.",
        when or number(None, language),
        say("report_block_places", language, first=block.first_rank, last=block.last_rank),
        number(block.n_accounts, language),
        number(block.n_excess_lower, language),
        ", ".join(kinds),
    )


def _figure(follow_map: FollowMap, blocks: FollowBlocks | None, language: str) -> MapFigure:
    drawing = draw_map(follow_map, blocks, language)
    n_blocks = len(drawing.bands)
    counts = (("follow_map_outside", follow_map.n_outside), ("follow_map_undated", follow_map.n_undated))
    return MapFigure(
        drawing,
        png_address(drawing.pixels, COLORS),
        say("follow_map_chart", language, n_accounts=follow_map.n_accounts, n_blocks=n_blocks),
        tuple(say(code, language, count=count) for code, count in counts if count),
    )


def _told(note: Note, language: str) -> str:
    return visible(say_note(note, language), _NOTE_WIDTH)


def _all_told(notes: list[Note], language: str) -> tuple[str, ...]:
    return tuple(_told(note, language) for note in notes)
