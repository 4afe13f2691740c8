"""What botscan scoreboard prints: one line a source or way, one column a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from botscan.wording import for_terminal, number, say, say_note
from botscan.wording.escaping import text_width

if TYPE_CHECKING:
    from botscan.scoring.card_figures import CardFigures, FoldFigures, PatternFigures
    from botscan.training.measured_lists import ModelMeasures, WayMeasures

#: Columns of figures, as they are headed in the catalogues under ``scoreboard_column_``.
_FIGURES = ("auc", "average_precision", "recall_at_1", "recall_at_5", "found", "false_alarms", "mcc")
_NONE = "-"


def card_lines(figures: CardFigures, language: str) -> Iterator[str]:
    """Yield the figures of a card: folds and data sets under the richest evidence, mean and worst under the others."""
    yield _title("card_figures_title", figures.model_name, figures.model_sha256, language)
    yield from (say_note(note, language) for note in figures.notes)
    told: set[str] = set()
    for one in figures.patterns:
        yield ""
        yield for_terminal(f"{one.platform}, {one.pattern}: {one.lines_said(language)}", None)
        yield from _folds(one, language, whole=one.platform not in told)
        if one.platform not in told:
            yield from _datasets(one, language)
        told.add(one.platform)


def measure_lines(measures: ModelMeasures, language: str) -> Iterator[str]:
    """Yield what was measured on every labelled list, a line a way of telling accounts apart."""
    yield _title("measure_title", measures.model_name, measures.model_sha256, language)
    yield say("measure_intervals", language, level=measures.confidence_level, n_wanted=measures.fewest_of_kind)
    head = _head(language)
    for one in measures.sources:
        yield ""
        yield for_terminal(f"{one.name}: {one.counts_said(language)}", None)
        yield from _table([head, *((way.said_name(language), *_way(way, language)) for way in one.ways)])
    yield ""
    yield from (say_note(note, language) for note in measures.notes)


def _head(language: str) -> tuple[str, ...]:
    return ("", *(say(f"scoreboard_column_{name}", language) for name in _FIGURES))


def _title(code: str, name: str, sha256: str, language: str) -> str:
    return f"{for_terminal(say(code, language, name=name))} ({sha256[:12]})"


def _folds(one: PatternFigures, language: str, *, whole: bool) -> Iterator[str]:
    ends = [end for end in (one.mean, one.worst) if end is not None]
    folds = [*(one.folds if whole or not ends else ()), *ends]
    if folds:
        yield from _table([_head(language), *((fold.said_name(language), *_fold(fold, language)) for fold in folds)])


def _fold(fold: FoldFigures, language: str) -> Iterator[str]:
    yield _number(fold.auc, language, 3)
    yield _number(fold.average_precision, language, 3)
    yield from (_percent(rate, language) for rate in (fold.recall_at_1, fold.recall_at_5, fold.found_rate))
    yield _percent(fold.false_alarm_rate, language, 1)
    yield _number(fold.mcc, language, 2)


def _datasets(one: PatternFigures, language: str) -> Iterator[str]:
    """Yield the rates of data sets at the lines, people first."""
    names = ("accounts", "above_line", "worth_a_look")
    for kind in ("organic", "suspicious"):
        rows = [
            (
                rates.dataset,
                _number(rates.n, language),
                _percent(rates.suspicious_rate, language, 1),
                _percent(rates.review_rate, language, 1),
            )
            for rates in one.datasets
            if rates.kind == kind
        ]
        if rows:
            head = (
                say(f"scoreboard_{kind}", language),
                *(say(f"scoreboard_column_{name}", language) for name in names),
            )
            yield from _table([head, *rows])


def _way(way: WayMeasures, language: str) -> Iterator[str]:
    auc = (_number(one, language, 3) for one in (way.auc, way.auc_ci_lower, way.auc_ci_upper))
    found = (_percent(one, language) for one in (way.found_rate, way.found_ci_lower, way.found_ci_upper))
    alarms = (way.false_alarm_rate, way.false_alarm_ci_lower, way.false_alarm_ci_upper)
    yield _with_interval(*auc)
    yield _number(way.average_precision, language, 3)
    yield from (_percent(rate, language) for rate in (way.recall_at_1, way.recall_at_5))
    yield _with_interval(*found)
    yield _with_interval(*(_percent(one, language, 1) for one in alarms))
    yield _number(way.mcc, language, 2)


def _number(value: float | None, language: str, digits: int = 0) -> str:
    return _NONE if value is None else number(value, language, digits)


def _percent(share: float | None, language: str, digits: int = 0) -> str:
    """Write a share as a number of percent; the sign stands in the head of the column."""
    return _number(None if share is None else 100 * share, language, digits)


def _with_interval(point: str, lower: str, upper: str) -> str:
    return point if point == _NONE else f"{point} ({lower}-{upper})"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as aligned lines: the first column to the left, figures to the right."""
    shown = [[for_terminal(cell) for cell in row] for row in rows]
    widths = [max(text_width(row[column]) for row in shown) for column in range(len(shown[0]))]
    for first, *others in shown:
        cells = [first + " " * (widths[0] - text_width(first))]
        cells += [" " * (width - text_width(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)]
        yield ("  " + "  ".join(cells)).rstrip()
