"""Options that several verbs share."""

import io

import click
import pytest

from botscan.cli.options import ListOptions, OutputOptions, list_options, output_options


@click.command()
@list_options
@output_options
def probe(how, output):
    click.echo(repr((how.reading, how.strict, output.as_json, output.quiet)))
    return how


def ask(*words):
    return probe.main(list(words), standalone_mode=False)


def test_what_is_not_given_is_not_handed_on():
    assert ask() == ListOptions({}, strict=False)


def test_every_option_arrives_and_can_be_typed_again():
    words = [
        "--platform", "twitter", "--format", "generic", "--observed-at", "2026-06-30", "--map", "bio=Deskripsi = x",
        "--map", "handle=nama", "--encoding", "cp1252", "--date-order", "dmy", "--tz", "WIB",
    ]  # fmt: skip
    how = ask(*words, "--strict")
    assert how.strict
    assert how.reading["column_map"] == {"bio": "Deskripsi = x", "handle": "nama"}
    assert ask(*how.typed()).reading == how.reading


@pytest.mark.parametrize("pairs", [["bio"], ["=x"], ["bio="], ["bio=a", "bio=b"]])
def test_a_pair_that_says_nothing_or_twice_is_refused(pairs):
    with pytest.raises(click.BadParameter):
        ask(*(word for pair in pairs for word in ("--map", pair)))


def test_strict_gives_3_only_when_rows_were_rejected(capsys):
    assert ListOptions({}, strict=True).exit_code(2) == 3
    assert "2 rows" in capsys.readouterr().err
    assert ListOptions({}, strict=True).exit_code(0) == 0
    assert ListOptions({}, strict=False).exit_code(2) == 0
    assert capsys.readouterr().err == ""


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("quiet", "is_terminal", "is_shown"), [(False, True, True), (True, True, False), (False, False, False)]
)
def test_progress_is_shown_on_a_terminal_and_not_when_quiet(monkeypatch, quiet, is_terminal, is_shown):
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal() if is_terminal else io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with OutputOptions(as_json=False, quiet=quiet).working("Reading"):
        pass
    assert bool(stream.getvalue()) is is_shown


def test_messages_go_to_stderr_unless_quiet(capsys):
    OutputOptions(as_json=False, quiet=False).tell("written")
    OutputOptions(as_json=False, quiet=True).tell("hidden")
    found = capsys.readouterr()
    assert (found.out, found.err) == ("", "written\n")
