"""The section about the follow order says what was found, or in one sentence why nothing was."""

from dataclasses import replace

import pytest

from botscan.notes import Note
from botscan.report import contents
from botscan.report.follow_order import is_about_the_order, order_section
from botscan.wording import LANGUAGES, date, number, percent, say, say_note

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def without(ordered, *notes, examined=()):
    bound = 0.0 if examined else None
    return replace(ordered.blocks, blocks=(), notes=notes, examined=examined, suspicious_share_lower_bound=bound)


def test_each_block_has_a_sentence_and_a_row(ordered, language):
    section = order_section(ordered, language)
    assert len(section.lines) == len(ordered.blocks)
    for index, (line, block) in enumerate(zip(section.lines, ordered.blocks.blocks, strict=True), start=1):
        assert line.number == str(index)
        assert f"{line.sentence} {line.reasons}" == f"{block.in_words(language)}."
        assert line.reasons == f"{block.reasons_in_words(language)}."
        assert date(block.followed_after, language) in line.when
        assert date(block.followed_before, language) in line.when
        assert line.ranks == f"{number(block.first_rank, language)}\u2013{number(block.last_rank, language)}"
        assert line.n_accounts == number(block.n_accounts, language)
        assert line.n_excess == number(block.n_excess_lower, language)
        assert line.kinds.split(", ")[0] == say(f"block_kind_{block.evidence[0].code}", language)
    assert percent(ordered.blocks.suspicious_share_lower_bound, language, 1) in section.bound
    assert number(ordered.blocks.n_ordered, language) in section.examined
    for code in ordered.blocks.examined:
        assert say(f"block_kind_{code}", language) in section.examined


def test_a_block_without_dates_says_that_they_are_not_known(ordered, language):
    blocks = (replace(ordered.blocks.blocks[0], followed_after=None, followed_before=None),)
    line = order_section(replace(ordered, blocks=replace(ordered.blocks, blocks=blocks)), language).lines[0]
    assert line.when == number(None, language)


def test_nothing_found_is_one_calm_sentence(ordered, language):
    section = order_section(replace(ordered, blocks=without(ordered, examined=("high_scores",))), language)
    assert section.lead == say("report_blocks_none", language)
    assert section.lines == ()
    assert section.bound == ""
    assert say("block_kind_high_scores", language) in section.examined


@pytest.mark.parametrize("code", ["blocks_no_order", "blocks_nothing_known"])
def test_what_could_not_be_looked_for_is_one_sentence(ordered, language, code):
    audit = replace(ordered, blocks=without(ordered, Note(code)), follow_map=None)
    section = order_section(audit, language)
    assert section.lead == say(code, language)
    assert (section.lines, section.bound, section.examined, section.figure, section.notes) == ((), "", "", None, ())


def test_blocks_that_nobody_looked_for(audit, language):
    for warnings in ((), (Note("blocks_not_examined"),)):
        section = order_section(replace(audit, warnings=warnings), language)
        assert section.lead == say("blocks_not_examined", language)
        assert section.notes == ()


def test_notes_about_the_order_stand_here_and_nowhere_else(ordered, language):
    of_blocks = Note("blocks_not_proof")
    about, other = Note("follow_dates_impossible", count=3), Note("model_of_other_platforms")
    audit = replace(
        ordered, blocks=replace(ordered.blocks, notes=(of_blocks,)), warnings=(about, of_blocks, other, about)
    )
    told = order_section(audit, language).notes
    assert told[:2] == (say_note(of_blocks, language), say_note(about, language))
    assert len(set(told)) == len(told) == 2
    assert contents.notes(audit, language) == [say_note(other, language)]
    assert [is_about_the_order(note) for note in (of_blocks, about, other)] == [True, True, False]


def test_what_is_not_on_the_map_is_told(ordered, language):
    assert order_section(ordered, language).figure.below == ()
    shown = replace(ordered.follow_map, n_outside=2, n_undated=1)
    figure = order_section(replace(ordered, follow_map=shown), language).figure
    wanted = (("follow_map_outside", 2), ("follow_map_undated", 1))
    assert figure.below == tuple(say(code, language, count=count) for code, count in wanted)
    assert number(shown.n_accounts, language) in figure.words
