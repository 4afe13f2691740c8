"""The driver of all share measurements: bounds that can be missed, and parts that need not know of it."""

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def share():
    spec = importlib.util.spec_from_file_location("share_benchmark", FOLDER / "share.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("n_held", "widths", "is_fault"),
    [
        (950, (), False),
        (925, (), True),
        (975, (), True),
        (975, (0.03, 0.04), False),
        (925, (0.03, 0.04), True),
        (950, (0.05, 0.04), True),
    ],
)
def test_the_short_version_fails_outside_its_bounds(share, monkeypatch, n_held, widths, is_fault):
    check = share.Check("one", [True] * n_held + [False] * (1000 - n_held), *widths)
    monkeypatch.setattr(share, "short_checks", lambda _jobs: iter([check]))
    assert share.short(jobs=1) == ("outside the bounds: one" if is_fault else None)


def test_a_part_without_tables_is_shown_as_it_prints(share, monkeypatch):
    def main():
        sys.stdout.write(f"name: 3 of 5 blocks to run\ncover 95.0 {sys.argv[1:]}  \n")

    monkeypatch.setattr(share.importlib, "import_module", lambda name: SimpleNamespace(__name__=name, main=main))
    assert list(share.lines_of("any", 7, 2)) == ["```text", "cover 95.0 ['--runs', '7', '--jobs', '2']", "```"]


def test_every_part_is_there(share):
    assert [part.module for part in share.PARTS.values() if not (FOLDER / f"{part.module}.py").exists()] == []


def test_a_page_says_how_each_part_is_made_again(share, monkeypatch):
    monkeypatch.setattr(share, "lines_of", lambda module, runs, jobs: iter([f"{module} {runs} {jobs}"]))
    page = list(share.page_lines(tuple(share.PARTS), 50, 1))
    for part in share.PARTS.values():
        assert f"## {part.title}" in page
        assert any(f"python benchmarks/{part.module}.py --runs 50" in line for line in page)
        assert f"{part.module} 50 1" in page
