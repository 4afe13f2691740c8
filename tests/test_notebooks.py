"""Every notebook runs from its first cell to its last, and is stored without outputs."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def code_cells(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def run(source, names):
    """Run one cell as a notebook does: the value of a last expression is returned."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_runs_and_shows_its_results(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for cell in code_cells(path):
        shown = run("".join(cell["source"]), names)
        if hasattr(shown, "_repr_html_"):
            html = shown._repr_html_()
            assert html is None or len(html) < 20_000
    assert (tmp_path / "audit.html").exists()
    TRUTHS[path.name](names)


def _share_is_true(names):
    assert names["share"].organic_share_ci_lower <= names["audience"].organic_share
    assert names["audience"].organic_share <= names["share"].organic_share_ci_upper


def _purchase_is_found(names):
    blocks, history = names["blocks"], names["history"]
    assert len(blocks) == 1
    assert 0.4 * history.is_bought.sum() <= blocks.blocks[0].n_excess_lower <= history.is_bought.sum()


TRUTHS = {"first_look.ipynb": _share_is_true, "a_bought_block.ipynb": _purchase_is_found}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_is_stored_without_outputs(path):
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code_cells(path))


def test_there_is_a_notebook():
    assert NOTEBOOKS
