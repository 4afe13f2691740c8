"""What an audit looks like on a terminal."""

import io
from dataclasses import replace

import pytest

import botscan as bs
from botscan.cli.screen import print_audit


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.fixture(scope="module")
def result():
    return bs.audit(bs.make_audience(n=200).accounts)


def shown(result, monkeypatch, language="en", *, stream=None):
    stream = stream or io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    print_audit(result, language, again=["list.csv"])
    return stream.getvalue()


def test_the_answer_stands_first_and_counts_stand_beside_it(result, monkeypatch):
    text = shown(result, monkeypatch)
    lines = [line for line in text.splitlines() if line]
    assert lines[0] == "simulated audience | twitter | 200 accounts | seen on 30 June 2026"
    assert lines[1].startswith("How many of these 200 followers are organic cannot be said yet")
    for name, count in result.segments.items():
        if count:
            assert any(f" {count} " in line for line in lines), name
    assert "Next step" in text
    assert "botscan labels sheet list.csv -n" in text


def test_a_terminal_gets_colours_and_a_pipe_does_not(result, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in shown(result, monkeypatch, stream=Terminal())
    assert "\x1b[" not in shown(result, monkeypatch)


def test_what_strangers_named_is_escaped_and_no_markup_is_obeyed(result, monkeypatch):
    reading = replace(result.reading, format="[bold]x\x1b[31m")
    strange = replace(result, source="[red]a[/red]\x1b]0;x\x07\nb.csv", reading=reading)
    for stream in (None, Terminal()):
        text = shown(strange, monkeypatch, stream=stream)
        assert "[red]a[/red]\\x1b]0;x\\x07\\x0ab.csv" in text
        assert "[bold]x\\x1b[31m" in text
        assert "\x1b]" not in text
        assert "\x07" not in text


def test_an_output_that_knows_only_ascii_gets_ascii(result, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr("sys.stdout", stream)
    print_audit(result, "en", again=["list.csv"])
    stream.flush()
    assert b"####" in stream.buffer.getvalue()


def test_an_empty_list_says_so_and_asks_for_nothing(monkeypatch):
    empty = bs.audit([{"account_id": None}], platform="twitter")
    text = shown(empty, monkeypatch)
    assert "no accounts" in text
    assert "Next step" not in text
    assert "no id and no handle 1" in text


def test_both_languages_say_the_same_numbers(result, monkeypatch):
    english, indonesian = shown(result, monkeypatch), shown(result, monkeypatch, "id")
    assert "Langkah berikutnya" in indonesian
    for count in result.segments.values():
        if count:
            assert f" {count} " in english
            assert f" {count} " in indonesian


def test_self_declared_and_unknown_accounts_have_a_line_only_where_there_are_some(result, monkeypatch):
    assert "not enough evidence" not in shown(result, monkeypatch)
    rows = [{"account_id": "1", "is_declared_bot": True}, {"account_id": "2"}]
    text = shown(bs.audit(rows, platform="twitter"), monkeypatch)
    assert "not enough evidence" in text
    assert "says itself that it is automated" in text


def test_a_dash_needs_no_more_than_ascii(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
    monkeypatch.setattr("sys.stdout", stream)
    print_audit(bs.audit([{"handle": "ani"}], platform="twitter"), "en", again=["list.csv"])
    stream.flush()
    line = next(line for line in stream.buffer.getvalue().decode().splitlines() if "shows signs of" in line)
    assert line.split()[-2:] == ["-", "-"]
