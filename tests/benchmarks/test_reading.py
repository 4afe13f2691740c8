"""The benchmark of reading runs, on little: its files are read, and a stream takes no more memory when it is longer."""

import importlib.util
from pathlib import Path

import pytest

from botscan.readers import read_accounts

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "reading.py"


@pytest.fixture(scope="module")
def reading():
    spec = importlib.util.spec_from_file_location("reading", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_holds_all_accounts(reading, tmp_path):
    files = reading.write_lists(tmp_path, 300)
    assert len(files) == 9
    for name, (path, _) in files.items():
        assert read_accounts(path).n_accounts == 300, name


def test_the_speed_table_has_a_line_a_file(reading):
    lines = list(reading.speed(200, 1))
    assert len(lines) == 10
    assert all(line.split()[-1] != "0.0" for line in lines[1:])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_ten_times_the_file_takes_no_more_memory(reading):
    for line in list(reading.memory(60))[1:]:
        assert float(line.split()[-1]) <= 1.25, line
