"""An interrupted benchmark goes on where it stopped, but never with figures of other code."""

import importlib.util
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
