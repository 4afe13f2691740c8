"""The floors hold (import-linter), and heavy libraries stay in the rooms that may use them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "botscan"
MODULES = sorted(SOURCE.rglob("*.py"))

#: Library -> the only places under src/botscan that may import it.
ROOMS = {
    "sklearn": ("training/",),
    "matplotlib": ("report/charts.py",),
    "scipy": ("training/", "prevalence/", "blocks/", "power/"),
    "ruptures": ("blocks/change_points.py",),
    "click": ("cli/", "__main__.py"),
    "jinja2": ("report/html.py",),
    "joblib": ("training/", "power/"),
}
#: Imported inside functions only, so that `import botscan` and `--help` stay quick.
LAZY = ("pandas", "sklearn", "scipy", "ruptures", "matplotlib", "jinja2", "rich", "polars")
#: A class needs its bases when it is made; the module itself is loaded when the class is asked for.
BASES = {"training/classifier.py": ("sklearn",)}


def imports(path):
    """Yield (top-level library, True if at module level, outside `if TYPE_CHECKING`)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    eager = set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            eager.add(node)
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name.split(".")[0], node in eager
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0], node in eager


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_heavy_libraries_stay_in_their_rooms_and_out_of_import_time(path):
    place = path.relative_to(SOURCE).as_posix()
    for library, eager in imports(path):
        if library in ROOMS:
            assert place.startswith(ROOMS[library]), f"{place} imports {library}"
        if library in LAZY and library not in BASES.get(place, ()):
            assert not eager, f"{place} imports {library} at module level"


def test_the_walker_sees_what_it_should(tmp_path):
    example = tmp_path / "example.py"
    example.write_text(
        "import pandas\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import sklearn\n"
        "def f():\n    from scipy import stats\n"
    )
    assert list(imports(example)) == [("pandas", True), ("typing", True), ("scipy", False)]


def test_no_module_hides_behind_a_vague_name():
    vague = {"utils.py", "util.py", "helpers.py", "helper.py", "common.py", "misc.py"}
    assert not [path for path in MODULES if path.name in vague]
