"""score_files: a stream of records in, one row of scores a record out, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from botscan.batch.writers import MakeWriter, choose_writer, output_table
from botscan.display import Displayed, to_json
from botscan.errors import FormatError, OutputError, SchemaError
from botscan.evidence.histogram import ScoreHistogram
from botscan.evidence.scores import SCORE_SCHEMA, VERDICTS, Scores, model_entry
from botscan.readers import Parts, ReadingPlan, open_input, plan_reading, read_batches
from botscan.scoring.patterns import Pattern
from botscan.scoring.scorer import Scorer
from botscan.version import BOTSCAN_VERSION
from botscan.wording import number, say
from botscan.writing import open_atomic

#: Version of the columns of the output.
SCORE_FILE_VERSION = 1
HISTOGRAM_ENDING = ".histogram.json"


@dataclass(frozen=True, eq=False)
class ScoredFiles(Displayed):
    """What `score_files` did.

    Attributes
    ----------
    output
        File that was written; the histogram stands beside it.
    sources
        Files that were read, in order.
    platform
        Platform of the lists.
    botscan_version, model_name, model_sha256, pattern
        What scored; `pattern` is ``platform/name``, empty when nothing could be scored.
    rows_in, rows_rejected, reject_reasons
        Records read, and those that are no account, by reason.
    n_scored
        Records with a score.
    segments
        Verdict -> records that are accounts; every verdict is there. With `rows_rejected` they add up to `rows_in`.
    histogram
        Scores of all records; repeated accounts are counted as often as they stand in the files.
    """

    output: str
    sources: tuple[str, ...]
    platform: str | None
    botscan_version: str
    model_name: str
    model_sha256: str
    pattern: str
    rows_in: int
    rows_rejected: int
    reject_reasons: Mapping[str, int]
    n_scored: int
    segments: Mapping[str, int]
    histogram: ScoreHistogram

    def to_dict(self) -> dict[str, Any]:
        """Return counts and what scored as plain data; the histogram has a file of its own."""
        return {
            "botscan_version": self.botscan_version,
            "model": model_entry(self.model_name, self.model_sha256, self.pattern),
            "output": self.output,
            "sources": list(self.sources),
            "platform": self.platform,
            "rows_in": self.rows_in,
            "rows_rejected": self.rows_rejected,
            "reject_reasons": dict(self.reject_reasons),
            "n_scored": self.n_scored,
            "segments": dict(self.segments),
        }

    def _title(self, language: str) -> str:
        return say("scored_title", language, output=self.output)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = [
            (say("scored_rows_in", language), number(self.rows_in, language)),
            (say("scored_n_scored", language), number(self.n_scored, language)),
        ]
        rows += [
            (say(f"reject_{reason}", language), number(count, language))
            for reason, count in self.reject_reasons.items()
        ]
        rows += [
            (say(f"verdict_{name}", language), number(count, language))
            for name, count in self.segments.items()
            if count
        ]
        return [*rows, (say("scored_pattern", language), self.pattern or say("unknown", language))]


def score_files(
    sources: Sequence[str],
    output: str,
    *,
    scorer: Scorer,
    reading: Mapping[str, Any],
    on_rows: Callable[[int], None] | None = None,
) -> ScoredFiles:
    """Score files into one file, record by record, in flat memory.

    Parameters
    ----------
    sources
        Files to read, in order; ``-`` is standard input.
    output
        File to write; its ending chooses Parquet, CSV or JSON Lines. It appears whole or not at all. The
        ScoreHistogram is written beside it as ``OUTPUT.histogram.json``.
    scorer
        The model.
    reading
        Options of `botscan.read_accounts`.
    on_rows
        Called with the number of records after each batch.

    Returns
    -------
    result
        Counts of what was read and scored. One output row a record, in order: a rejected record has null id and
        score and its reason; repeated accounts stay.

    Raises
    ------
    FormatError, SchemaError
        A file cannot be read, or the files differ in platform or in what they know.
    OutputError
        The output cannot be written, or is one of the sources.
    """
    if not output:
        raise OutputError("The name of the output is empty.", remedy="Give a file name, for instance scores.parquet.")
    make_writer = choose_writer(output)
    with _opened(sources) as opened:
        return _score_opened(opened, sources, output, make_writer, scorer=scorer, reading=reading, on_rows=on_rows)


def _score_opened(
    opened: Sequence[Parts],
    sources: Sequence[str],
    output: str,
    make_writer: MakeWriter,
    *,
    scorer: Scorer,
    reading: Mapping[str, Any],
    on_rows: Callable[[int], None] | None,
) -> ScoredFiles:
    """Do what `score_files` says."""
    plans = [plan_reading(source, **reading) for source in opened]
    pattern = _common_pattern(scorer, sources, plans)
    metadata = {
        "botscan.schema_version": str(SCORE_FILE_VERSION),
        "botscan.version": BOTSCAN_VERSION,
        "botscan.model": scorer.name,
        "botscan.model_sha256": scorer.sha256,
        "botscan.pattern": pattern.id if pattern else "",
    }
    tally = _Tally(scorer, pattern)
    files = [source for source in sources if source != "-"]
    # The histogram is put in place first: where the output stands, its histogram stands too.
    with open_atomic(output, inputs=files) as file, open_atomic(f"{output}{HISTOGRAM_ENDING}", inputs=files) as beside:
        writer = make_writer(file, metadata)
        for table, reasons in _score_all(scorer, pattern, opened, plans):
            writer.write(output_table(table, reasons))
            tally.add(table, reasons)
            if on_rows is not None:
                on_rows(table.num_rows)
        writer.close()
        beside.write(_histogram_json(tally.histogram, scorer).encode())
    histogram = tally.histogram
    return ScoredFiles(
        output=output,
        sources=tuple(sources),
        platform=plans[0].platform,
        botscan_version=BOTSCAN_VERSION,
        model_name=scorer.name,
        model_sha256=scorer.sha256,
        pattern=pattern.id if pattern else "",
        rows_in=tally.rows_in,
        rows_rejected=sum(tally.reject_reasons.values()),
        reject_reasons=dict(tally.reject_reasons),
        n_scored=histogram.n_scored,
        segments={name: tally.segments[name] for name in VERDICTS},
        histogram=histogram,
    )


def _histogram_json(histogram: ScoreHistogram, scorer: Scorer) -> str:
    content = {
        "schema_version": SCORE_FILE_VERSION,
        "botscan_version": BOTSCAN_VERSION,
        "model": model_entry(scorer.name, scorer.sha256, histogram.pattern),
        "histogram": histogram.to_dict(),
    }
    return to_json(content) + "\n"


@contextmanager
def _opened(sources: Sequence[str]) -> Iterator[list[Parts]]:
    """Open every source; standard input is kept, because it can be read only once."""
    if not sources:
        raise FormatError("No file was named.", remedy="Name at least one list.")
    if sources.count("-") > 1:
        raise FormatError("Standard input was named twice; it can be read once.", source="-", remedy="Name it once.")
    with ExitStack() as stack:
        yield [stack.enter_context(closing(open_input(source, "accounts"))) for source in sources]


def _common_pattern(scorer: Scorer, sources: Sequence[str], plans: Sequence[ReadingPlan]) -> Pattern | None:
    """Choose the pattern of all files, or refuse: scores of different patterns do not compare."""
    patterns = [scorer.choose_pattern(plan.platform, plan.coverage) for plan in plans]
    for source, plan, pattern in zip(sources, plans, patterns, strict=True):
        if plan.platform != plans[0].platform or pattern != patterns[0]:
            raise SchemaError(
                f"This list is {_described(plan, pattern)}, the first one is {_described(plans[0], patterns[0])};"
                " their scores do not compare.",
                source=source,
                remedy="Score them one by one, each into its own output.",
            )
    return patterns[0]


def _described(plan: ReadingPlan, pattern: Pattern | None) -> str:
    return f"{plan.platform} with the columns of {pattern.id if pattern else 'no pattern'}"


def _score_all(
    scorer: Scorer, pattern: Pattern | None, sources: Sequence[Parts], plans: Sequence[ReadingPlan]
) -> Iterator[tuple[pa.Table, pa.Array]]:
    """Yield scores and reject reasons, batch by batch."""
    for source, plan in zip(sources, plans, strict=True):
        for records in read_batches(source, plan):
            yield scorer.score_records(records, pattern), records.reject_reasons


class _Tally:
    """Counts kept while the stream runs."""

    def __init__(self, scorer: Scorer, pattern: Pattern | None) -> None:
        self._scorer = scorer
        self._pattern = pattern.id if pattern else ""
        self.rows_in = 0
        self.reject_reasons: Counter[str] = Counter()
        self.segments: Counter[str] = Counter()
        self.histogram = self._scores(SCORE_SCHEMA.empty_table()).histogram()

    def add(self, table: pa.Table, reasons: pa.Array) -> None:
        scores = self._scores(table)
        self.rows_in += table.num_rows
        # A rejected record is no account of which too little is known: it has its reason.
        self.segments.update(self._scores(table.filter(reasons.is_null())).segments())
        self.histogram = self.histogram + scores.histogram()
        for item in pc.value_counts(reasons.drop_null()).to_pylist():
            self.reject_reasons[item["values"]] += int(item["counts"])

    def _scores(self, table: pa.Table) -> Scores:
        return Scores(
            table=table,
            model_name=self._scorer.name,
            model_sha256=self._scorer.sha256,
            pattern=self._pattern,
            platform=None,
            observed_at=None,
            list_digest="",
            source="",
            has_duplicates=True,
        )
