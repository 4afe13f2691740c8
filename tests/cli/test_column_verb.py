"""botscan columns."""

import io
import shutil

import pytest

from botscan.cli.main import cli
from botscan.readers.guides import GUIDES, LEVELS, NOT_CHECKED
from botscan.schema import ACCOUNT_COLUMNS, PLATFORMS


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


def on_terminal(monkeypatch, width, *arguments):
    """Run the verb on a terminal of a width and return what it shows, without the colours, and with them."""
    stream = Terminal()
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.delenv("NO_COLOR", raising=False)
    cli.main(["columns", *arguments], standalone_mode=False)
    shown = stream.getvalue()
    plain = "".join(part if number == 0 else part.split("m", 1)[1] for number, part in enumerate(shown.split("\x1b[")))
    return plain, shown


def test_every_canonical_column_has_its_line_with_unit_and_meaning(shell):
    lines = shell("columns").out.splitlines()
    assert len(lines) == len(ACCOUNT_COLUMNS)
    for line, column in zip(lines, ACCOUNT_COLUMNS, strict=True):
        assert line.split()[0] == column.name
        assert column.meaning in line
        assert column.unit in line


def test_a_platform_marks_what_its_score_reads(shell):
    marked = {line.split()[1] for line in shell("columns", "instagram").out.splitlines() if line.startswith("* ")}
    assert {"followers_count", "handle_digit_ratio", "bio_length"} <= marked
    assert "created_at" not in marked
    found = shell("columns", "twitter", "--json").json
    assert found["platform"] == "twitter"
    assert {row["name"] for row in found["columns"]} == {column.name for column in ACCOUNT_COLUMNS}


def test_without_a_platform_json_holds_the_columns_alone(shell):
    found = shell("columns", "--json").json
    assert list(found) == ["schema_version", "platform", "columns"]
    assert found["platform"] is None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_has_its_ways_with_stable_keys(platform, shell):
    found = shell("columns", platform, "--json").json
    assert list(found) == ["schema_version", "platform", "columns", "ways"]
    assert [way["name"] for way in found["ways"]] == [way.name for way in GUIDES[platform].ways]
    for way in found["ways"]:
        assert list(way) == [
            "name", "title", "gives", "formats", "level", "columns", "list_order", "steps", "cost", "limits", "bias",
            "order", "absent", "ask", "command", "scored_columns", "pattern", "needs_observed_at",
        ]  # fmt: skip
        assert all(list(claim) == ["text", "basis", "source"] for claim in way["cost"])
        assert set(way["scored_columns"]) <= set(way["columns"])


def test_a_way_says_whether_the_list_has_a_score_and_what_it_needs(shell):
    ways = {way["name"]: way for way in shell("columns", "x", "--json").json["ways"]}
    assert ways["archive"]["pattern"] is None
    assert (ways["api_v2"]["pattern"], ways["api_v2"]["needs_observed_at"]) == ("twitter/no_geo", False)
    assert (ways["web_recording"]["pattern"], ways["web_recording"]["needs_observed_at"]) == ("twitter/no_geo", True)
    assert {way["pattern"] for way in shell("columns", "telegram", "--json").json["ways"][:-1]} == {None}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_way_shows_formats_level_columns_cost_and_limits(platform, shell):
    outcome = shell("columns", platform)
    words = " ".join(outcome.out.split())
    assert (outcome.code, outcome.err) == (0, "")
    for way in GUIDES[platform].ways:
        assert f"{way.title} reaches " in words
        assert f"formats {', '.join(way.formats)} columns " in words
        for claim in (*way.cost, *way.limits):
            assert " ".join(str(claim).split()) in words
    for level in LEVELS:
        assert (f" {level.name} {level.holds}: {level.supports}" in words) is (
            level.name in GUIDES[platform].level_names()
        )
    assert f"docs/platforms/{platform}.md" in words


def test_a_sentence_from_memory_is_marked(shell):
    assert f"Free of charge. {NOT_CHECKED}" in shell("columns", "mastodon").out


def test_a_pipe_gets_plain_lines_of_a_hundred_columns(shell):
    lines = shell("columns", "twitter").out.splitlines()
    assert max(map(len, lines)) <= 100
    assert all(line == line.rstrip() for line in lines)
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_gets_colours_and_its_width(width, monkeypatch):
    plain, shown = on_terminal(monkeypatch, width, "tiktok")
    assert "\x1b[" in shown
    assert max(map(len, plain.splitlines())) <= width
    assert shutil.get_terminal_size().columns == width
    assert "Research API: list of followers" in plain


def test_an_unknown_platform_is_refused_with_those_known(shell):
    outcome = shell("columns", "myspace")
    assert (outcome.code, outcome.out) == (2, "")
    assert all(name in outcome.err for name in PLATFORMS)


def test_an_unknown_platform_is_refused_with_those_there_are(shell):
    outcome = shell("columns", "instagrm")
    assert outcome.code == 2
    assert outcome.err.startswith("botscan: The platform 'instagrm' is not known. Did you mean instagram?")
