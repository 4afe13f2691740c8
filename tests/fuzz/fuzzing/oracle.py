"""What must hold for whatever is read: an account of every record, or a refusal; never anything else."""

from __future__ import annotations

import io
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts import AccountTable
from botscan.api.scores import as_scorer
from botscan.errors import BotscanError
from botscan.readers import Source, plan_reading, read_accounts, read_batches, read_posts, read_series
from botscan.reading_report import REJECT_REASONS, ReadingReport
from botscan.schema import COLUMNS_OF
from botscan.wording import say_note

from .examples import Example, make_example
from .seeds import CANARIES

_MOST_COUNTED = 10**12
_READ: dict[str, Callable[..., Any]] = {"accounts": read_accounts, "posts": read_posts, "series": read_series}
_BATCH_ROWS = (1, 2, 7, 1_000)
_CANARY = re.compile("|".join(CANARIES), re.IGNORECASE)
#: Refusals that only one of the two ways of reading knows: of files of several kinds, of what only a merge shows.
_IN_MEMORY_ONLY = ("They are joined into one list in memory only.",)


class BrokenPromise(AssertionError):  # noqa: N818  the name says what happened
    """Something came out that must never come out."""


@dataclass(frozen=True)
class Outcome:
    """What became of an example: ``read``, ``read, some rejected``, ``nothing in it`` or the name of a refusal."""

    name: str
    rows: int = 0


def check(target: str, number: int) -> Outcome:
    """Read an example and check everything that must hold.

    Raises
    ------
    BrokenPromise
        Something does not hold; the message says how to see it again.
    """
    example = make_example(target, number)
    try:
        return check_example(example)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        what = str(error) if isinstance(error, BrokenPromise) else f"{type(error).__name__} left the reader: {error}"
        raise BrokenPromise(
            f"{target} {number} ({example.kind}, {dict(example.options)}): {what[:600]}\n"
            f"see it again: python benchmarks/fuzz_readers.py --targets {target} --show {number}"
        ) from error


def check_example(example: Example) -> Outcome:
    """As `check`, with whatever is raised as it is."""
    with opened(example) as source:
        try:
            table = _READ[example.kind](source, **example.options)
        except BotscanError as error:
            _check_refusal(error, example)
            if example.is_compared and example.kind == "accounts":
                _compare_refusal(source, example, error)
            return Outcome(type(error).__name__)
        report = table.report
        _check_report(report, example)
        _CHECKS[example.kind](table)
        if example.is_compared and example.kind == "accounts":
            _compare(source, example, table)
        if example.is_scored and example.kind == "accounts":
            _check_scores(table)
    if not report.rows_in:
        return Outcome("nothing in it")
    return Outcome("read, some rejected" if report.rows_rejected else "read", report.rows_in)


@contextmanager
def opened(example: Example) -> Iterator[Source | Path]:
    """Hand out the file, or a folder that is gone afterwards."""
    if example.target != "folder":
        yield Source(example.name, spool=io.BytesIO(example.data))
        return
    folder = Path(mkdtemp(prefix="berkas"))
    try:
        for name, data in example.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_dir():
                path.write_bytes(data)
        yield folder
    finally:
        shutil.rmtree(folder)


def _broken(condition: bool, words: str) -> None:
    if condition:
        raise BrokenPromise(words)


def _check_refusal(error: BotscanError, example: Example) -> None:
    text = str(error)
    _broken(not text.isprintable(), f"a refusal is no single printable line: {text!r}")
    is_named = example.name in text or (example.target == "folder" and "berkas" in text)
    _broken(not is_named, f"a refusal does not name the file: {text}")
    _broken(error.remedy is None, f"a refusal without a remedy: {text}")
    _check_private(text, example)


def _check_private(text: str, example: Example) -> None:
    """Nothing that stands in a cell may be told; what stands in the place of a header or key may."""
    for found in _CANARY.finditer(text):
        word = _word_around(text, found.start())
        _broken(not _is_header(word, example), f"{word!r} of a cell is told: {text[:900]}")


def _word_around(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, at) for mark in ("'", '"', ",", ":", " ")) + 1
    ends = [place for mark in ("'", '"', ",", ":", " ", ".") if (place := text.find(mark, at)) >= 0]
    return text[start : min(ends, default=len(text))]


def _is_header(word: str, example: Example) -> bool:
    """Whether a word may stand in the place of a header or a key: it is on an early line, or begins a pair."""
    if example.target in ("workbook", "parquet", "zip", "folder", "gz", "xz", "bz2", "zst"):
        return True  # packed: its cells are looked at where they are not
    data = example.data.replace(b"\0", b"")
    # As UTF-8, or as bytes of the codec that an option names.
    pieces = {word.replace('"', "").encode(codec, "replace") for codec in ("utf-8", "latin-1", "cp1252")}
    if any(re.search(re.escape(piece) + rb'[^"]*"\s*:', data) for piece in pieces):
        return True
    lines = [line.replace(b'"', b"") for line in data.splitlines() if line.strip()]
    return any(piece in line for piece in pieces for line in lines[:_FIRST_LINES])


_FIRST_LINES = 12


def _check_report(report: ReadingReport, example: Example) -> None:
    _broken(
        report.rows_in != report.accounts + report.duplicates_merged + report.rows_rejected,
        f"{report.rows_in} rows in, {report.accounts} + {report.duplicates_merged} + {report.rows_rejected} out",
    )
    _broken(report.rows_rejected != sum(report.reject_reasons.values()), f"reasons {dict(report.reject_reasons)}")
    _broken(not set(report.reject_reasons) <= set(REJECT_REASONS), f"reasons {dict(report.reject_reasons)}")
    _broken(min(report.reject_reasons.values(), default=1) < 1, f"reasons {dict(report.reject_reasons)}")
    _broken(report.duplicates_merged < 0, f"{report.duplicates_merged} merged")
    rows = [one.row for one in report.rejected]
    _broken(len(rows) != min(100, report.rows_rejected), f"{len(rows)} rows listed of {report.rows_rejected} rejected")
    _broken(len(set(rows)) != len(rows) or not all(0 < row <= report.rows_in for row in rows), f"rejected rows {rows}")
    listed = Counter(one.reason for one in report.rejected)
    _broken(report.rows_rejected <= 100 and listed != report.reject_reasons, f"{listed} is not {report.reject_reasons}")
    for note in report.warnings:
        for language in ("en", "id"):
            words = say_note(note, language)
            _broken(not words.replace("\n", " ").isprintable(), f"a note that cannot be printed: {words!r}")
            if note.code not in _NAMES_HEADERS:
                _check_private(words, example)
    _broken(any(note.count < 0 for note in report.warnings if note.count is not None), "a note of less than nothing")


#: Notes that name headers, sheets or members of archives.
_NAMES_HEADERS = frozenset(
    {"columns_ignored", "header_suggestion", "header_ambiguous", "synonym_ignored", "column_type_unknown",
     "sheets_ignored", "parts_skipped", "parts_missing"}
)  # fmt: skip


def _check_columns(table: pa.Table, kind: str) -> None:
    table.validate(full=True)
    for name in table.column_names:
        column, values = COLUMNS_OF[kind].get(name), table[name]
        if column is None or values.null_count == len(values):
            continue
        if column.kind == "count":
            least, most = pc.min_max(values).as_py().values()
            least = 0 if name == "followers_gained" and least >= -_MOST_COUNTED else least
            _broken(least < 0 or most > _MOST_COUNTED, f"{name} from {least} to {most}")
        elif pa.types.is_floating(values.type):
            _broken(not pc.all(pc.is_finite(values)).as_py(), f"{name} is not finite")
        elif pa.types.is_timestamp(values.type):
            pc.min_max(values).as_py()  # what Python cannot hold cannot be shown
        elif pa.types.is_large_string(values.type):
            _broken(pc.any(pc.match_substring(values, "\0")).as_py(), f"{name} holds NUL")


def _check_accounts(accounts: AccountTable) -> None:
    ids = accounts.table["account_id"]
    _broken(ids.null_count > 0 or len(ids) != pc.count_distinct(ids).as_py(), "ids are not there or not unique")
    _check_columns(accounts.table, "accounts")
    _broken("" in ids.to_pylist(), "an empty id")
    _broken(accounts.evidence_level not in range(4), f"level {accounts.evidence_level}")
    if "follow_rank" in accounts.table.column_names:
        ranks = accounts.table["follow_rank"].drop_null()
        _broken(len(ranks) > 0 and pc.min(ranks).as_py() < 0, "a rank below 0")


def _check_posts(posts: Any) -> None:
    _check_columns(posts.table, "posts")
    named = posts.table.filter(posts.table["post_id"].is_valid()).select(["account_id", "post_id"])
    n_distinct = named.group_by(["account_id", "post_id"]).aggregate([]).num_rows
    _broken(named.num_rows != n_distinct, "post ids are not unique in an account")


def _check_series(series: Any) -> None:
    _check_columns(series.points, "series")
    _broken(series.points["counted_at"].null_count > 0, "a point without a date")
    counts, gains = series.points["followers_count"], series.points["followers_gained"]
    _broken(pc.any(pc.and_(counts.is_null(), gains.is_null())).as_py() or False, "a point without a count")
    widths = series.points["half_width"]
    _broken(widths.null_count > 0 or (len(widths) and pc.min(widths).as_py() < 0), "a rounding of less than nothing")
    series.is_after_gap.tolist()


_CHECKS: dict[str, Callable[[Any], None]] = {
    "accounts": _check_accounts,
    "posts": _check_posts,
    "series": _check_series,
}


def _compare(source: Any, example: Example, accounts: AccountTable) -> None:
    """What is read batch by batch is what is read at once: the same rows, reasons and accounts."""
    report = accounts.report
    limits = {key: example.options[key] for key in ("limits",) if key in example.options}
    try:
        plan = plan_reading(source, **example.options)
        batches = list(read_batches(source, plan, _BATCH_ROWS[example.number % len(_BATCH_ROWS)], **limits))
    except BotscanError as error:
        _broken(not any(words in str(error) for words in _IN_MEMORY_ONLY), f"read at once, but in batches: {error}")
        return
    _broken(plan.rows != report.rows_in, f"{report.rows_in} rows at once, {plan.rows} planned")
    if " + " in report.format or not report.rows_in:
        return  # joined in memory only, or nothing that could differ
    reasons: Counter[str] = Counter()
    for batch in batches:
        reasons.update(batch.reject_reasons.drop_null().to_pylist())
    _broken(reasons != report.reject_reasons, f"reasons {dict(report.reject_reasons)} at once, {dict(reasons)} after")
    again = AccountTable.from_records(
        batches,
        source=accounts.source,
        format=report.format,
        platform=plan.platform,
        observed_at=plan.observed_at,
        list_order=plan.list_order,
    )
    _broken(again.platform != accounts.platform, f"platform {accounts.platform}, in batches {again.platform}")
    _broken(not again.table.equals(accounts.table), f"other accounts in batches: {_difference(accounts, again)}")
    shares = accounts.coverage().shares
    if not report.duplicates_merged:
        differing = {
            name: (plan.coverage.get(name, 0), share)
            for name, share in shares.items()
            if name != "follow_rank" and abs(plan.coverage.get(name, 0) - share) > 1e-9
        }
        _broken(bool(differing), f"coverage planned and found: {differing}")


def _difference(one: AccountTable, other: AccountTable) -> str:
    if one.table.schema != other.table.schema:
        return f"columns {sorted(set(one.table.column_names) ^ set(other.table.column_names))}"
    differing = [name for name in one.table.column_names if not one.table[name].equals(other.table[name])]
    return f"{one.table.num_rows} and {other.table.num_rows} rows, differing in {differing}"


def _compare_refusal(source: Any, example: Example, error: BotscanError) -> None:
    """What is refused at once is refused in batches as well."""
    limits = {key: example.options[key] for key in ("limits",) if key in example.options}
    try:
        plan = plan_reading(source, **example.options)
        for _ in read_batches(source, plan, **limits):
            pass
    except BotscanError as second:
        _check_refusal(second, example)
        return
    raise BrokenPromise(f"read in batches, but at once: {error}")


def _check_scores(accounts: AccountTable) -> None:
    scores = as_scorer(None).score(accounts)
    _broken(scores.n_accounts != accounts.n_accounts, f"{accounts.n_accounts} accounts, {scores.n_accounts} scores")
    scores.segments()
