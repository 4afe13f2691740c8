"""The package works installed from a wheel, editable, and from the source tree: model, words, template, demo list."""

import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import botscan

ROOT = Path(__file__).resolve().parents[1]
CODE = """
import sys
from pathlib import Path
import botscan, botscan.cli.main
assert Path(botscan.__file__).parent == Path(sys.argv[1]), botscan.__file__
sys.exit(botscan.cli.main.run(["demo", "--quiet", "--html", sys.argv[2]]))
"""


def demo(package, folder, *, path=None):
    """Run the demo in a fresh interpreter away from the project and check which package ran."""
    environment = {**os.environ, "PYTHONPATH": str(path)} if path else dict(os.environ)
    command = [sys.executable, "-c", CODE, str(package), str(folder / "audit.html")]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "Of 3,000 followers, about" in done.stdout
    assert "</html>" in (folder / "audit.html").read_text(encoding="utf-8")
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    builder = pytest.importorskip("hatchling.builders.wheel", reason="needs hatchling to build a wheel")
    folder = tmp_path_factory.mktemp("wheel")
    [path] = builder.WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(path)


def test_the_wheel_works_away_from_the_project(wheel, tmp_path):
    installed = tmp_path / "installed"
    wheel.extractall(installed)
    demo(installed / "botscan", tmp_path, path=installed)


def test_the_source_tree_works_uninstalled(tmp_path):
    demo(ROOT / "src" / "botscan", tmp_path, path=ROOT / "src")


def test_the_installation_of_this_environment_works(tmp_path):
    demo(Path(botscan.__file__).parent, tmp_path)


def test_the_wheel_holds_what_a_user_needs_and_nothing_else(wheel):
    names = wheel.namelist()
    needed = [
        "botscan/py.typed", "botscan/demo/followers.csv", "botscan/demo/labels.csv",
        "botscan/models/default/card.json", "botscan/wording/locale/en/LC_MESSAGES/botscan.mo",
        "botscan/wording/locale/id/LC_MESSAGES/botscan.mo", "botscan/report/templates/report.html",
    ]  # fmt: skip
    assert not [name for name in needed if name not in names]
    arrays = {path.name for path in (ROOT / "models" / "default").iterdir()}
    assert {Path(name).name for name in names if name.startswith("botscan/models/default/")} == arrays
    allowed = (".py", ".typed", ".json", ".npy", ".mo", ".po", ".html", ".css", ".csv", ".md", ".txt")
    odd = [name for name in names if not name.endswith(allowed) and ".dist-info/" not in name]
    assert not odd
    assert not [name for name in names if name.startswith(("tests", "training_data", "tools"))]
    assert sum(info.file_size for info in wheel.infolist()) < 8_000_000


def test_the_wheel_says_who_it_is(wheel):
    [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = Parser().parsestr(wheel.read(name).decode())
    assert (metadata["Name"], metadata["Version"]) == ("botscan", botscan.__version__)
    [name] = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "botscan = botscan.__main__:main" in wheel.read(name).decode()


def test_python_m_botscan_is_the_command(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "botscan", "--version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.stdout == f"botscan {botscan.__version__}\n"
