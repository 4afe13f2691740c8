"""Two gigabytes of address space are enough."""

import subprocess
import sys

import pytest

import botscan as bs

resource = pytest.importorskip("resource", reason="address space can be limited on Unix only")

LIMIT = 2 * 1024**3
CODE = f"import resource, sys; resource.setrlimit(resource.RLIMIT_AS, ({LIMIT}, {LIMIT})); "


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("lists") / "followers.csv"
    bs.make_audience(n=2_000).accounts.to_frame().to_csv(path, index=False)
    return path


def limited(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", CODE + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_command_line_audits_and_scores_within_it(path, tmp_path):
    code = "from botscan.cli.main import run; sys.exit(run(sys.argv[1:]))"
    done = limited(code, "audit", path, "--html", tmp_path / "a.html")
    assert (done.returncode, done.stdout != "") == (0, True), done.stderr
    assert limited(code, "score", path, "-o", tmp_path / "s.parquet").returncode == 0


def test_the_library_audits_within_it(path):
    done = limited("import botscan as bs; print(bs.audit(sys.argv[1]).n_accounts)", path)
    assert done.stdout == "2000\n", done.stderr


def test_arrow_takes_memory_from_the_system_unless_the_environment_says_otherwise(monkeypatch):
    code = "import botscan as bs, pyarrow as pa; bs.load_model; print(pa.default_memory_pool().backend_name)"
    monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL", raising=False)
    assert limited(code).stdout == "system\n"
    monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", "mimalloc")
    chosen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert chosen.stdout == "mimalloc\n"


def test_the_limit_bites():
    assert "MemoryError" in limited("bytearray(3 * 1024**3)").stderr
