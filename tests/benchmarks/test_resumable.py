"""An interrupted benchmark goes on where it stopped, but never with figures of other code."""

import importlib.util
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "resumable.py"


@pytest.fixture
def resumable(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("resumable", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "RESULTS", tmp_path)
    return module


def test_a_line_is_used_again_until_the_code_behind_it_changes(resumable, monkeypatch):
    ran = []

    def run(block):
        ran.append(block)
        return block * 10

    blocks = [{"block": number} for number in range(3)]
    for _ in range(2):
        records = resumable.run_blocks("name", blocks, run, n_jobs=1)
        assert [record["result"] for record in records] == [0, 10, 20]
    assert ran == [0, 1, 2]
    monkeypatch.setattr(resumable, "digest_behind", lambda: "other code")
    resumable.run_blocks("name", blocks, run, n_jobs=1)
    assert ran == [0, 1, 2] * 2


def test_a_line_cut_off_is_run_again(resumable, tmp_path):
    resumable.run_blocks("name", [{"block": 1}], lambda block: block, n_jobs=1)
    path = tmp_path / "name.jsonl"
    path.write_text(path.read_text()[:-9] + "\n")
    assert resumable.run_blocks("name", [{"block": 1}], lambda block: block + 1, n_jobs=1)[0]["result"] == 2


def test_what_the_figures_depend_on_is_there(resumable):
    for pattern in resumable.BEHIND:
        assert list(PATH.parents[1].glob(pattern)), pattern
    assert resumable.digest_behind() == resumable.digest_behind()


@pytest.fixture
def command(resumable, monkeypatch, tmp_path):
    """Run the command line of a page of two parts; return how `lines` was called and the page, None where not written."""
    asked = []

    def lines(names, amount, jobs):
        asked.append((names, amount, jobs))
        yield from (f"part {name}" for name in names)

    def run(*arguments, fault=None):
        monkeypatch.setattr(sys, "argv", ["benchmark", *arguments])
        page = tmp_path / "page.md"
        resumable.make_page(
            page,
            ("one", "two"),
            lines,
            lambda _jobs: fault,
            what="A page.",
            amount=("--runs", {"type": int, "default": 9}),
            short_help="short",
        )
        return asked, page.read_text() if page.exists() else None

    return run


def test_a_page_is_printed_and_written_only_when_asked_for(command, capsys):
    assert command() == ([(("one", "two"), 9, 2)], None)
    assert capsys.readouterr().out == "part one\npart two\n"
    asked, page = command("--write", "--runs", "4", "--jobs", "1")
    assert (asked[-1], page) == ((("one", "two"), 4, 1), "part one\npart two\n")
    assert command("--only", "two")[0][-1] == (("two",), 9, 2)


@pytest.mark.parametrize("other", [("--short",), ("--only", "one")])
def test_a_part_of_a_page_is_never_written(command, capsys, other):
    with pytest.raises(SystemExit) as caught:
        command("--write", *other)
    assert caught.value.code == 2
    assert "--write makes the whole page" in capsys.readouterr().err


@pytest.mark.parametrize("fault", [None, "outside the bounds: one"])
def test_the_short_version_ends_with_what_is_wrong(command, fault):
    with pytest.raises(SystemExit) as caught:
        command("--short", fault=fault)
    assert caught.value.code == fault
