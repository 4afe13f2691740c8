"""The documentation is made from the code, and every command it shows exists."""

import importlib.util
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from botscan.cli.main import cli

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_reference_is_what_the_code_says():
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "tools" / "make_reference.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == made.reference()


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
