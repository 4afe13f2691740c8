"""Write the map of modules in ARCHITECTURE.md: one line a module, taken from the module's own first line.

Run after a module was added, moved or renamed: ``python tools/make_map.py``. A test fails when it was forgotten.
"""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "botscan"
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- map: begin -->", "<!-- map: end -->"


def page() -> str:
    """Return ARCHITECTURE.md with the map made anew."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{house_map()}{END}{after}"


def house_map() -> str:
    """Return the floors from the top down, each with its rooms, each room with its files."""
    lines: list[str] = []
    floors = _floors()
    for number, rooms in zip(range(len(floors), 0, -1), floors, strict=True):
        lines.append(f"### Floor {number}: {', '.join(rooms)}\n")
        for room in rooms:
            folder = SOURCE / room
            files = sorted(folder.rglob("*.py")) if folder.is_dir() else [SOURCE / f"{room}.py"]
            lines += [_line(path) for path in files]
        lines.append("")
    lines.append("### The face\n")
    lines += [_line(SOURCE / name) for name in ("__init__.py", "__main__.py")]
    return "\n".join(lines) + "\n"


def _floors() -> list[list[str]]:
    # The floors stand in pyproject.toml, where import-linter holds the code to them.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[room.strip() for room in layer.split("|")] for layer in layers]


def _line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    name = path.relative_to(SOURCE).as_posix()
    return f"- `{name}` - {docstring.splitlines()[0] if docstring else 'no docstring'}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
