"""ARCHITECTURE.md names every module once, with the module's own words, and nothing that is not there."""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "botscan"


def test_map_is_what_the_tree_says():
    spec = importlib.util.spec_from_file_location("make_map", ROOT / "tools" / "make_map.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8") == made.page()


def test_every_module_has_its_line_and_every_line_its_module():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"^- `([\w/]+\.py)` - \S", text, flags=re.MULTILINE)
    assert sorted(named) == sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))
