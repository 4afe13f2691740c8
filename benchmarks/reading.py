"""How fast lists are read, and in how much memory: every reader against the bare parser of its kind, on the same bytes.

    python benchmarks/reading.py [--accounts 100000] [--rounds 3]     speed: CPU microseconds an account, one thread
    python benchmarks/reading.py --memory [--megabytes 2000]          peak memory of a stream, against a tenth of it

Ratios are taken within one run; absolute times drift. Files are made of invented accounts in a temporary folder.
``bare`` is orjson line by line, pyarrow.csv, pyarrow.parquet or, for a workbook and an archive, nothing that compares.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from botscan.readers import plan_reading, read_accounts, read_batches
from botscan.readers.choose import Wishes
from botscan.readers.opening import opened_list
from botscan.readers.stream import RawStream
from botscan.simulate import make_audience

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _twitter_date(moment) -> str:
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day} {month} {moment.day:02d} {moment:%H:%M:%S} +0000 {moment.year}"


def v1_user(row: dict) -> dict:
    """A user object of the API v1.1 with the keys that it carries."""
    return {
        "id": int(row["account_id"]), "id_str": row["account_id"], "name": row["display_name"],
        "screen_name": row["handle"], "location": row["location"] or "", "description": row["bio"] or "",
        "url": row["website"], "entities": {"description": {"urls": []}}, "protected": row["is_private"],
        "followers_count": row["followers_count"], "friends_count": row["following_count"],
        "listed_count": row["listed_count"], "created_at": _twitter_date(row["created_at"]),
        "favourites_count": row["likes_given_count"], "utc_offset": None, "time_zone": None,
        "geo_enabled": row["has_geo"], "verified": row["is_verified"], "statuses_count": row["posts_count"],
        "lang": None, "default_profile": row["has_default_theme"], "default_profile_image": not row["has_avatar"],
    }  # fmt: skip


def v2_user(row: dict) -> dict:
    """A user object of the API v2, flattened."""
    return {
        "id": row["account_id"], "username": row["handle"], "name": row["display_name"],
        "description": row["bio"] or "", "created_at": row["created_at"].strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "protected": row["is_private"], "verified": row["is_verified"], "profile_image_url": "https://p.example/a.jpg",
        "public_metrics": {
            "followers_count": row["followers_count"], "following_count": row["following_count"],
            "tweet_count": row["posts_count"], "listed_count": row["listed_count"],
        },
        "__twarc": {"retrieved_at": "2026-06-30T00:00:00+00:00"},
    }  # fmt: skip


def write_lists(folder: Path, n: int) -> dict[str, tuple[Path, Callable[[Path], object] | None]]:
    """Write one list of `n` invented accounts in many formats; return file and bare reader of each."""
    accounts = make_audience(n=n, random_state=0).accounts
    rows = accounts.table.to_pylist()
    v1 = [v1_user(row) for row in rows]
    table = accounts.table.cast(
        pa.schema([(f.name, pa.large_string() if f.name == "platform" else f.type) for f in accounts.table.schema])
    )
    files: dict[str, tuple[Path, Callable[[Path], object] | None]] = {}

    def put(name: str, content: bytes, bare: Callable[[Path], object] | None) -> None:
        (folder / name).write_bytes(content)
        files[name] = (folder / name, bare)

    put("v1 lines.jsonl", b"".join(orjson.dumps(user) + b"\n" for user in v1), bare_lines)
    put("v1 array.json", orjson.dumps(v1), bare_json)
    pages = [{"users": v1[at : at + 200], "next_cursor": int(at + 200 < n)} for at in range(0, n, 200)]
    put("v1 pages.jsonl", b"".join(orjson.dumps(page) + b"\n" for page in pages), bare_lines)
    put("v2 lines.jsonl", b"".join(orjson.dumps(v2_user(row)) + b"\n" for row in rows), bare_lines)
    plain = [{key: str(value) for key, value in row.items() if value is not None} for row in rows]
    put("canonical lines.jsonl", b"".join(orjson.dumps(row) + b"\n" for row in plain), bare_lines)
    pc_csv.write_csv(table, folder / "canonical.csv")
    files["canonical.csv"] = (folder / "canonical.csv", bare_csv)
    pq.write_table(table, folder / "canonical.parquet")
    files["canonical.parquet"] = (folder / "canonical.parquet", pq.read_table)
    entry = (
        '{"title": "", "string_list_data": [{"href": "https://www.instagram.com/%s", "value": "%s", "timestamp": %d}]}'
    )
    export = [entry % (f"made_{at}", f"made_{at}", 1_700_000_000 - at) for at in range(n)]
    with zipfile.ZipFile(folder / "instagram.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("connections/followers_and_following/followers_1.json", f"[{', '.join(export)}]")
    files["instagram.zip"] = (folder / "instagram.zip", None)
    header = "id,username,fullName,followersCount,followsCount,postsCount,biography,isPrivate,isVerified,profilePicUrl"
    lines = [
        f"{row['account_id']},{row['handle']},A,{row['followers_count']},{row['following_count']},{row['posts_count']},"
        "b,true,false,https://c.example/a.jpg"
        for row in rows
    ]
    put("instagram scraper.csv", "\n".join([header, *lines, ""]).encode(), bare_csv)
    return files


def bare_lines(path: Path) -> None:
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)


def bare_csv(path: Path) -> None:
    pc_csv.read_csv(path, parse_options=pc_csv.ParseOptions(newlines_in_values=True))


def bare_json(path: Path) -> None:
    orjson.loads(path.read_bytes())


def raw(path: Path) -> int:
    """Read to raw cells, without planning or typing."""
    with opened_list(path, Wishes("accounts")) as opened:
        return sum(len(batch) for batch in RawStream(opened.groups[0].parts, column_map={}))


def cpu_seconds(run: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def speed(n: int, rounds: int) -> Iterator[str]:
    yield f"{'CPU us an account':<24}{'bare':>7}{'raw':>7}{'plan':>7}{'batches':>9}{'accounts':>10}{'raw/bare':>10}"
    with tempfile.TemporaryDirectory() as folder:
        for name, (path, bare) in write_lists(Path(folder), n).items():
            plan = plan_reading(path)
            seconds = [
                None if bare is None else cpu_seconds(lambda bare=bare, path=path: bare(path), rounds),
                cpu_seconds(lambda path=path: raw(path), rounds),
                cpu_seconds(lambda path=path: plan_reading(path), rounds),
                cpu_seconds(lambda path=path, plan=plan: sum(map(len, read_batches(path, plan))), rounds),
                cpu_seconds(lambda path=path: read_accounts(path), rounds),
            ]
            cells = ["-" if one is None else f"{one / n * 1e6:.2f}" for one in seconds]
            ratio = "-" if seconds[0] is None else f"{seconds[1] / seconds[0]:.1f}"
            yield f"{name:<24}{cells[0]:>7}{cells[1]:>7}{cells[2]:>7}{cells[3]:>9}{cells[4]:>10}{ratio:>10}"


_CHILD = """
import sys
from botscan.readers import plan_reading, read_batches
path = sys.argv[1]
plan = plan_reading(path)
rows = sum(map(len, read_batches(path, plan)))
assert rows == plan.rows
status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
print(rows, int(status["VmHWM"].split()[0]))
"""


def peak(path: Path) -> tuple[int, float]:
    """Plan and stream a file in a process of its own; return its records and the peak of its memory in MB."""
    command = [sys.executable, "-c", _CHILD, str(path)]
    rows, kilobytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(rows), int(kilobytes) / 1024


def memory(megabytes: int) -> Iterator[str]:
    """Stream a file of the size and a tenth of it; the same accounts again and again, so that only size differs."""
    yield f"{'MB':<24}{'file':>8}{'records':>12}{'peak':>8}{'peak at a tenth':>17}{'ratio':>8}"
    with tempfile.TemporaryDirectory() as folder:
        files = write_lists(Path(folder), 20_000)
        for name in ("v1 lines.jsonl", "v1 pages.jsonl", "canonical.csv", "canonical.parquet"):
            block = files[name][0]
            peaks = []
            for size in (megabytes / 10, megabytes):
                path = Path(folder) / f"large{block.suffix}"
                repeat(block, path, size)
                rows, most = peak(path)
                peaks.append((path.stat().st_size / 1e6, rows, most))
                path.unlink()
            (_, _, small), (size, rows, large) = peaks
            yield f"{name:<24}{size:>8,.0f}{rows:>12,}{large:>8.0f}{small:>17.0f}{large / small:>8.2f}"


def repeat(block: Path, path: Path, megabytes: float) -> None:
    """Write a file over and over into a larger one."""
    times = max(1, round(megabytes * 1e6 / block.stat().st_size))
    if block.suffix == ".parquet":
        table = pq.read_table(block)
        with pq.ParquetWriter(path, table.schema) as writer:
            for _ in range(times):
                writer.write_table(table)
        return
    data = block.read_bytes()
    header = data[: data.index(b"\n") + 1] if block.suffix == ".csv" else b""
    with path.open("wb") as file:
        file.write(header)
        for _ in range(times):
            file.write(data[len(header) :])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="measure memory instead of speed")
    parser.add_argument("--megabytes", type=int, default=2_000)
    options = parser.parse_args()
    lines = memory(options.megabytes) if options.memory else speed(options.accounts, options.rounds)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
