"""The documentation is made from the code, and every command it shows exists."""

import importlib.util
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from botscan.cli.main import cli
from botscan.readers.guides import GUIDES
from botscan.schema import ACCOUNT_COLUMN, PLATFORMS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def tool(name):
    """Load a generator of the folder tools."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_reference_is_what_the_code_says():
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == tool("make_reference").reference()


def test_pages_of_platforms_are_what_the_generator_writes():
    written = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "platforms").iterdir()}
    assert written == tool("make_platform_pages").pages(), "run tools/make_platform_pages.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_to_files_of_the_project_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?://)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_page_names_every_format_and_column_of_its_ways(platform):
    text = (ROOT / "docs" / "platforms" / f"{platform}.md").read_text(encoding="utf-8")
    for way in GUIDES[platform].ways:
        assert all(f"`{name}`" in text for name in way.formats)
        section = text.split(f" {way.title}\n\nFormats: ")[1].split("\n### ")[0].split("\n## ")[0]
        listed = set(re.findall(r"`([a-z_]+)`", section.split("**Columns**: ")[1].split("\n")[0])) - {"botscan"}
        columns = set(GUIDES[platform].columns_of(way))
        assert listed == columns or columns == set(ACCOUNT_COLUMN)
        for part in ("steps", "cost", "limits", "bias", "order", "absent"):
            assert all(str(claim) in section for claim in getattr(way, part))


def commands():
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            for text in re.findall(r"(?:^ {4}|\$ |`|^)(botscan [a-z][^`#]*)", line):
                yield pytest.param(text.strip(), id=f"{page.name}: {text[:40].strip()}")


@pytest.mark.parametrize("text", list(commands()))
def test_every_command_shown_exists_with_its_options(text):
    words = re.split(r"\s{2,}|\s[>|]\s", text)[0].split()[1:]
    command = cli
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert command is not cli, f"no such verb: {text}"
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    for word in words:
        if word.startswith("-") and len(word) > 1:
            assert word.split("=")[0] in known, f"no such option: {word} in {text}"


def test_readme_shows_what_the_demo_prints(tmp_path):
    printed = CliRunner().invoke(cli, ["demo", "--html", str(tmp_path / "audit.html")]).stdout
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("ends with:")[1].split("`make test`")[0]
    lines = [line.split() for line in shown.splitlines() if line.strip()]
    assert len(lines) >= 6
    printed_lines = [line.split() for line in printed.splitlines()]
    for words in lines:
        assert any(words == line[: len(words)] for line in printed_lines), " ".join(words)
