"""Archives and compressed files on bad days: bombs stay small, nothing is written, nothing hangs."""

import bz2
import gzip
import hashlib
import io
import lzma
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest

MEGABYTE = 1 << 20
#: What a refused bomb may take beyond a good run.
ROOM = 64 * MEGABYTE
BOMB = b"\0" * (100 * MEGABYTE)
GOOD = b"username,followers_count\n" + b"".join(b"name%d,%d\n" % (n, n * n) for n in range(1_000))


def zstd(data):
    return pa.Codec("zstd").compress(data, asbytes=True)


def in_zip(data):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.csv", data)
    return packed.getvalue()


def in_lying_zip(data):
    """Declare a small size for a large member."""
    packed = in_zip(data)
    declared, told = (size.to_bytes(4, "little") for size in (len(data), len(GOOD)))
    assert packed.count(declared) == 2
    return packed.replace(declared, told)


def gzip_in_zip(data):
    return in_zip(gzip.compress(data))


PACKS = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
    "zstd": zstd,
    "zip": in_zip,
    "gzip in zip": gzip_in_zip,
}
READ = """
import resource, sys
from pathlib import Path
from botscan.errors import FormatError
from botscan.readers.containers.archives import open_parts
from botscan.readers.containers.expand import Expanded, seekable

n_bytes, error = 0, ""
try:
    with open_parts(sys.argv[1]) as parts:
        for source in parts.sources:
            if sys.argv[2] == "copy":
                with seekable(source) as file:
                    while piece := file.read(1 << 20):
                        n_bytes += len(piece)
            else:
                for piece in Expanded(source):
                    n_bytes += len(piece)
except FormatError as caught:
    error = str(caught)
# On Linux the high-water mark of the process itself: getrusage begins with that of the parent.
marks = [line.split() for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
peak = int(marks[0][1]) if marks else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak * 1024, n_bytes, error, sep="|")
"""


def run(path, *, how="pieces", stdin=None, folder=None):
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), how],
        input=stdin,
        capture_output=True,
        check=True,
        timeout=60,
        env={**os.environ, "TMPDIR": str(folder)} if folder else None,
    )
    peak, n_bytes, error = done.stdout.decode().rstrip("\n").split("|")
    return int(peak), int(n_bytes), error


@pytest.fixture(scope="module")
def bombs():
    return {name: pack(BOMB) for name, pack in PACKS.items()} | {"lying zip": in_lying_zip(BOMB)}


@pytest.mark.skipif(sys.platform != "linux", reason="peaks of memory are measured on Linux")
@pytest.mark.parametrize("name", [*PACKS, "lying zip"])
def test_a_bomb_of_a_hundred_megabytes_takes_little_more_than_a_good_run(tmp_path, bombs, name):
    bomb, good = tmp_path / "bomb", tmp_path / "good"
    bomb.write_bytes(bombs[name])
    good.write_bytes(PACKS.get(name, in_zip)(GOOD))
    assert bomb.stat().st_size < len(BOMB) / 1_000 or name == "zip"
    usual, n_bytes, error = run(good)
    assert (n_bytes, error) == (len(GOOD), "")
    for peak, given, error in (run(bomb), run(bomb, how="copy"), run("-", stdin=bombs[name])):
        assert peak - usual < ROOM
        assert given <= 18 * MEGABYTE
        assert "expands to more than 100 times its size" in error or "bytes that the archive declares" in error


@pytest.mark.skipif(sys.platform != "linux", reason="peaks of memory are measured on Linux")
def test_a_million_members_are_refused_within_the_same_room(tmp_path):
    entry = b"PK\1\2" + b"\0" * 24 + b"\1\0" + b"\0" * 16 + b"a"
    many = entry * 500_000
    end = (
        b"PK\5\6" + b"\0" * 4 + b"\xff\xff" * 2 + len(many).to_bytes(4, "little") + (4).to_bytes(4, "little") + b"\0\0"
    )
    path = tmp_path / "many.zip"
    path.write_bytes(b"PK\3\4" + many + end)
    good = tmp_path / "good.zip"
    good.write_bytes(in_zip(GOOD))
    peak, _, error = run(path)
    assert "holds more than 100,000 members" in error
    assert peak - run(good)[0] < ROOM


def listing(folder):
    """Every path below a folder with the digest of its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def test_nothing_is_written_anywhere_and_the_originals_stay_as_they_were(tmp_path):
    work, temporary = tmp_path / "work", tmp_path / "temporary"
    (work / "folder").mkdir(parents=True)
    temporary.mkdir()
    noise = random.Random(1).randbytes(70 * MEGABYTE)  # more than stays in memory when it is copied
    (work / "large.zst").write_bytes(zstd(noise))
    (work / "list.zip").write_bytes(in_zip(GOOD))
    (work / "escape.zip").write_bytes(in_zip(GOOD).replace(b"list.csv", b"../t.csv"))
    (work / "folder" / "list.csv.gz").write_bytes(gzip.compress(GOOD))
    before = listing(tmp_path)
    for path in sorted(work.iterdir()):
        for how in ("pieces", "copy"):
            _, n_bytes, error = run(path, how=how, folder=temporary)
            assert n_bytes == {"large.zst": len(noise), "escape.zip": 0}.get(path.name, len(GOOD))
            assert bool(error) == (path.name == "escape.zip")
    assert run("-", stdin=in_zip(GOOD), folder=temporary)[1:] == (len(GOOD), "")
    assert listing(tmp_path) == before


def test_special_files_do_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "holds no file" in run(tmp_path)[2]
    assert "Found a pipe" in run(tmp_path / "pipe.csv")[2]


@pytest.mark.parametrize("name", ["gzip", "xz", "bzip2", "zstd", "zip"])
def test_every_container_gives_the_same_bytes_as_a_file_as_standard_input_and_in_a_folder(tmp_path, name):
    from botscan.readers.containers.archives import open_parts
    from botscan.readers.containers.expand import Expanded

    path = tmp_path / "list.csv"
    path.write_bytes(PACKS[name](GOOD))
    assert b"".join(Expanded(open_parts(path).sources[0])) == GOOD
    assert run("-", stdin=path.read_bytes())[1:] == (len(GOOD), "")
    if name != "zip":
        assert b"".join(Expanded(open_parts(tmp_path).sources[0])) == GOOD
        (archived := tmp_path / "packed.zip").write_bytes(in_zip(path.read_bytes()))
        assert b"".join(Expanded(open_parts(archived).sources[0])) == GOOD


def test_the_measure_sees_memory():
    greedy = READ.replace("n_bytes, error = 0", f"filled = b'x' * {200 * MEGABYTE}; n_bytes, error = 0")
    with_it, without = (
        int(
            subprocess.run(
                [sys.executable, "-c", code, str(Path(__file__)), "pieces"], capture_output=True, check=True
            ).stdout.split(b"|")[0]
        )
        for code in (greedy, READ)
    )
    assert with_it - without > 150 * MEGABYTE
