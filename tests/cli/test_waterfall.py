"""What explain looks like on a terminal and in a pipe."""

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import botscan as bs
from botscan.cli import waterfall
from botscan.cli.waterfall import ASCII, BLOCKS, print_explanation, waterfall_lines
from botscan.evidence.scores import VERDICTS
from botscan.report.waterfall import waterfall_bars
from botscan.scoring import GroupPoints, load_model
from botscan.wording import LANGUAGES

ACCOUNTS = bs.make_audience(n=60, random_state=1).accounts
IDS = ACCOUNTS.table["account_id"].to_pylist()
FOUND = [load_model().explain(ACCOUNTS, name) for name in IDS]


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


def shown(found, monkeypatch, language="en", *, stream=None):
    stream = stream or io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    print_explanation(found, language)
    return stream.getvalue()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 59), st.sampled_from(LANGUAGES), st.sampled_from([BLOCKS, ASCII]), st.integers(60, 120))
def test_numbers_beside_the_bars_add_up_to_the_score_and_each_bar_goes_on_where_the_last_ended(
    place, language, glyphs, width
):
    found = FOUND[place]
    lines = waterfall_lines(found, language, width, glyphs)
    assert len(lines) == len(waterfall_bars(found))
    steps = [round(20 * float(head.split()[-1].replace(",", "."))) for head, _, _ in lines]
    assert sum(steps[:-1]) == steps[-1] == round(20 * found.log_odds)
    assert all(len(head) + 2 + len(drawn) <= width for head, drawn, _ in lines)
    end = None
    for (_, drawn, way), step in zip(lines[:-1], steps, strict=False):
        if not step:
            continue
        fill = glyphs.fills[way]
        first, last = drawn.index(fill), drawn.rindex(fill) + 1
        assert drawn[first:last] == fill * (last - first)
        if end is not None and last - first > 1:
            assert abs((first if step > 0 else last) - end) <= 1
        end = last if step > 0 else first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_no_bar_is_broken(width, language, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    for found in FOUND[:20]:
        lines = re.sub(r"\x1b\[[\d;]*m", "", shown(found, monkeypatch, language, stream=Terminal())).splitlines()
        assert max(map(len, lines)) <= width
        bars = waterfall_lines(found, language, min(width, 120), BLOCKS)
        for head, drawn, _ in bars:
            assert f"{head}  {drawn}".rstrip() in [line.rstrip() for line in lines]
        assert not any(line.strip() in {"+", "-", ":", "(", ")"} for line in lines)


def test_the_answer_stands_first_and_both_sides_are_told(monkeypatch):
    found = max(FOUND, key=lambda one: one.log_odds)
    lines = [line for line in shown(found, monkeypatch).splitlines() if line]
    assert lines[0] == f"Signs for and against | Account {found.account_id}"
    assert lines[1] == "This account shows signs of a bought or inauthentic follower."
    assert found.bot_score > 0.9999
    assert lines[2].startswith("Score: 99.99 of 100 (log-odds +")
    for name in ("Signs for", "Signs against", "every account starts from"):
        assert any(line.strip().startswith(name) for line in lines[3:])
    assert any(line.startswith("Information known") for line in lines)


def test_nothing_on_a_side_is_said(monkeypatch):
    found = replace(FOUND[0], groups=(GroupPoints("age", 1.0, ()),), log_odds=1.0, intercept=0.0)
    text = shown(found, monkeypatch)
    assert "none" in text.split("Signs against", 2)[-1]


def test_a_terminal_gets_colours_and_a_pipe_does_not(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in shown(FOUND[0], monkeypatch, stream=Terminal())
    assert "\x1b[" not in shown(FOUND[0], monkeypatch)
    assert shown(FOUND[0], monkeypatch) == shown(FOUND[0], monkeypatch)


def test_an_output_that_knows_only_ascii_gets_ascii(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr("sys.stdout", stream)
    print_explanation(max(FOUND, key=lambda one: one.log_odds), "id")
    stream.flush()
    text = stream.buffer.getvalue().decode("ascii")
    assert "+++" in text
    assert "===" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_is_shown_with_and_without_a_score(verdict, language, monkeypatch):
    for found in (FOUND[0], replace(FOUND[0], log_odds=None, bot_score=None, review=None, groups=(), rules=())):
        text = shown(replace(found, verdict=verdict), monkeypatch, language)
        assert "told_" not in text
        assert "nan" not in text.lower().split()
    assert "+" not in text


@pytest.mark.parametrize("stream", [None, Terminal])
def test_names_bios_and_handles_stay_out_and_a_hostile_id_is_escaped(stream, monkeypatch):
    row = {"account_id": "1", "followers_count": 3, "following_count": 2001, "posts_count": 0}
    row |= {"display_name": "CANARY\x1b]0;x\x07", "bio": "CANARY [bold]", "handle": "canary", "bio_length": 13}
    found = replace(bs.explain_account([row], "1", platform="twitter"), account_id="[red]1\x1b[31m\u202e")
    assert found.groups
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    text = shown(found, monkeypatch, stream=stream and stream())
    assert "canary" not in text.lower()
    assert "[red]1\\x1b[31m" in text
    assert "\x1b]" not in text
    assert "\x1b[31m" not in text
    assert "\u202e" not in text


def test_names_and_numbers_stand_alone_where_there_is_no_room_for_bars():
    lines = waterfall_lines(FOUND[0], "en", 40, BLOCKS)
    assert {drawn for _, drawn, _ in lines} == {""}


def test_a_long_name_goes_on_in_the_next_line(monkeypatch):
    monkeypatch.setattr(waterfall, "bar_name", lambda bar, language: "a name of many words that goes on and on")
    lines = waterfall_lines(FOUND[0], "en", 80, BLOCKS)
    assert len(lines) == 2 * len(waterfall_bars(FOUND[0]))
    assert all(len(head) + 2 + len(drawn) <= 80 for head, drawn, _ in lines)
