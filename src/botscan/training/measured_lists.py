"""A model on lists that people labelled: how it ranks and decides there, beside one ratio and rules of thumb."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.display import Displayed
from botscan.evidence.scores import Scores
from botscan.features.columns import Columns
from botscan.features.extract import extract_matrix
from botscan.features.grid import MISSING, bin_codes
from botscan.notes import Note
from botscan.prevalence.intervals import wilson_interval
from botscan.scoring.rule_sets import judge
from botscan.scoring.scorer import Scorer
from botscan.scoring.yardsticks import YARDSTICKS
from botscan.training.auc_interval import auc_interval
from botscan.training.baselines import LowRatio
from botscan.training.labelled_rows import LabelledList, match_labels
from botscan.training.scoreboard import decide, rank
from botscan.wording import say, say_note

#: Accounts of a kind below which nothing is measured of it.
FEWEST_OF_KIND = 100
#: A ratio is measured where it knows something of at least this share of the accounts, a rule where of a kind.
FEWEST_KNOWN = 0.5

RATIOS = ("followers_following_ratio", "posts_following_ratio")

Kind = Literal["score", "verdict", "ratio", "rule"]

#: Sentence -> figure without which it is not said.
_PARTS = {
    "measure_auc": "auc",
    "measure_ranking": "average_precision",
    "measure_found": "found_rate",
    "measure_false_alarms": "false_alarm_rate",
    "measure_mcc": "mcc",
}


@dataclass(frozen=True)
class WayMeasures:
    """What one way of telling accounts apart does on one source; None where it is not measured.

    Attributes
    ----------
    name
        ``score``, ``verdict``, the feature of a ratio, or the name of a rule or set.
    kind
        ``score``: of the model, cut at its line. ``verdict``: called suspicious, by that line and the rules that
        spare. ``ratio``: one number, the lower the more suspect. ``rule``: a rule of thumb or a published set.
    auc, auc_ci_lower, auc_ci_upper
        Area under the ROC curve, over accounts that have a score.
    average_precision
        Area under the precision-recall curve, at the mix of the labelled accounts.
    recall_at_1, recall_at_5
        Share of the suspicious found at 1 % and at 5 % false alarms.
    found_rate, found_ci_lower, found_ci_upper
        Share of the suspicious that it flags.
    false_alarm_rate, false_alarm_ci_lower, false_alarm_ci_upper
        Share of the organic that it flags.
    mcc
        Matthews correlation coefficient, at the mix of the labelled accounts.
    """

    name: str
    kind: Kind
    auc: float | None = None
    auc_ci_lower: float | None = None
    auc_ci_upper: float | None = None
    average_precision: float | None = None
    recall_at_1: float | None = None
    recall_at_5: float | None = None
    found_rate: float | None = None
    found_ci_lower: float | None = None
    found_ci_upper: float | None = None
    false_alarm_rate: float | None = None
    false_alarm_ci_lower: float | None = None
    false_alarm_ci_upper: float | None = None
    mcc: float | None = None

    def said_name(self, language: str = "en") -> str:
        """Name it in words."""
        return say(f"yardstick_{self.name}" if self.kind == "rule" else f"measure_{self.name}", language)

    def said(self, language: str = "en") -> str:
        """Say what was measured, part by part; a part that was not is left out."""
        figures = vars(self)
        parts = [say(code, language, **figures) for code, figure in _PARTS.items() if figures[figure] is not None]
        return "; ".join(parts) or say("measure_not_measured", language, n_wanted=FEWEST_OF_KIND)


@dataclass(frozen=True)
class SourceMeasures:
    """Everything measured on the labelled accounts of one list, or of one source in it.

    Attributes
    ----------
    list_source
        Name of the list, as it was given.
    source
        Name in its column ``source``; empty for the whole list.
    platform
        Platform of the list.
    pattern
        Evidence pattern under which it is scored; empty where none fits.
    n_suspicious, n_organic
        Labelled accounts of either kind.
    n_unscored
        Accounts among them that the model does not score; they are flagged by nothing of it.
    n_undecided
        Labelled accounts about which raters were unsure or in two minds.
    ways
        The model first.
    """

    list_source: str
    source: str
    platform: str | None
    pattern: str
    n_suspicious: int
    n_organic: int
    n_unscored: int
    n_undecided: int
    ways: tuple[WayMeasures, ...]

    @property
    def name(self) -> str:
        """Name of the list, and of the source in it; as they were given, to be escaped where they are shown."""
        return f"{self.list_source}: {self.source}" if self.source else self.list_source

    def counts_said(self, language: str = "en") -> str:
        """Say how many accounts of which kind there are, and under which evidence they are scored."""
        counts = {name: getattr(self, name) for name in ("n_suspicious", "n_organic", "n_unscored", "n_undecided")}
        return say("measure_source", language, **counts, pattern=self.pattern or say("unknown", language))


@dataclass(frozen=True, repr=False)
class ModelMeasures(Displayed):
    """A model on labelled lists.

    Attributes
    ----------
    model_name, model_sha256
        The model.
    confidence_level
        Of all intervals.
    fewest_of_kind
        Accounts of a kind below which nothing is measured of it.
    sources
        List after list; the sources of a list after the whole of it.
    rows_rejected
        Records of the lists that are no accounts.
    notes
        What the figures do not tell.
    """

    model_name: str
    model_sha256: str
    confidence_level: float
    fewest_of_kind: int
    sources: tuple[SourceMeasures, ...]
    rows_rejected: int
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        return f"ModelMeasures({self.model_name!r}, {len(self.sources)} sources)"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, the model first."""
        fields = super().to_dict()
        model = {"name": fields.pop("model_name"), "sha256": fields.pop("model_sha256")}
        return {"model": model, **fields}

    def _title(self, language: str) -> str:
        return say("measure_title", language, name=self.model_name)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = []
        for one in self.sources:
            rows.append((one.name, one.counts_said(language)))
            rows += [(f"  {way.said_name(language)}", way.said(language)) for way in one.ways]
        return [*rows, *((say("share_note", language), say_note(note, language)) for note in self.notes)]


def measure_lists(lists: Sequence[LabelledList], scorer: Scorer, *, confidence_level: float = 0.95) -> ModelMeasures:
    """Measure a model on labelled lists, each as a whole and by the sources that are named in it.

    Parameters
    ----------
    lists
        Labelled lists, of any platforms.
    scorer
        The model.
    confidence_level
        Of all intervals, in (0, 1).

    Raises
    ------
    SchemaError
        Labels belong to another list.
    """
    sources = tuple(source for one in lists for source in _measure_list(one, scorer, confidence_level))
    notes = (Note("measure_flatters"), Note("measure_mix"), Note("measure_labels"))
    n_rejected = sum(one.accounts.report.rows_rejected for one in lists)
    return ModelMeasures(scorer.name, scorer.sha256, confidence_level, FEWEST_OF_KIND, sources, n_rejected, notes)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Labelled accounts of one list, in the order of the labels."""

    table: pa.Table
    label: NDArray[np.int8]
    source: NDArray[np.str_]
    steps: NDArray[np.int32]
    is_scored: NDArray[np.bool_]
    is_called: NDArray[np.bool_]
    line: int

    def take(self, rows: NDArray[np.int64]) -> _Rows:
        return _Rows(
            self.table.take(pa.array(rows)),
            self.label[rows],
            self.source[rows],
            self.steps[rows],
            self.is_scored[rows],
            self.is_called[rows],
            self.line,
        )


def _measure_list(one: LabelledList, scorer: Scorer, confidence_level: float) -> Iterator[SourceMeasures]:
    scores = scorer.score(one.accounts)
    line = scorer.thresholds[scores.pattern].suspicious if scores.pattern else 0
    rows, undecided = _labelled(one, scores, line)
    named = sorted(set(rows.source.tolist()) | set(undecided.tolist()))
    groups = [("", np.arange(len(rows.label)), len(undecided))]
    if len(named) > 1:
        groups += [(name, np.flatnonzero(rows.source == name), int((undecided == name).sum())) for name in named]
    for name, members, n_undecided in groups:
        some = rows.take(members)
        yield SourceMeasures(
            list_source=one.accounts.source,
            source=name,
            platform=one.accounts.platform,
            pattern=scores.pattern,
            n_suspicious=int((some.label == 1).sum()),
            n_organic=int((some.label == 0).sum()),
            n_unscored=int((~some.is_scored).sum()),
            n_undecided=n_undecided,
            ways=tuple(_ways(some, confidence_level)),
        )


def _labelled(one: LabelledList, scores: Scores, line: int) -> tuple[_Rows, NDArray[np.str_]]:
    """Return the accounts with a decided label, and the sources of those without."""
    decided = match_labels(one)
    sources = np.array([one.sources.get(name, "") for name in one.labels.account_ids], dtype=np.str_)
    rows = decided.rows
    is_called = np.asarray(pc.fill_null(pc.equal(scores.table["verdict"], "suspicious"), False).to_numpy())
    found = _Rows(
        one.accounts.table.take(pa.array(rows)),
        decided.label,
        sources[decided.labels],
        scores.steps[rows],
        scores.is_scored[rows],
        is_called[rows],
        line,
    )
    return found, sources[decided.is_undecided]


def _ways(rows: _Rows, confidence_level: float) -> Iterator[WayMeasures]:
    label = rows.label
    if rows.is_scored.any():
        ranking = _ranking(label, rows.steps, rows.is_scored, confidence_level)
        at_line = rows.is_scored & (rows.steps >= rows.line)
        yield WayMeasures("score", "score", **ranking, **_decision(label, at_line, confidence_level))
        yield WayMeasures("verdict", "verdict", **_decision(label, rows.is_called, confidence_level))
    else:
        yield WayMeasures("score", "score")
    for name in RATIOS:
        codes = bin_codes(extract_matrix(rows.table, [name]), [name])[:, 0]
        is_known = codes != MISSING
        if _says_enough(is_known):
            low = LowRatio(name).score({name: codes}, ())
            yield WayMeasures(name, "ratio", **_ranking(label, low, is_known, confidence_level))
    columns = Columns(rows.table)
    for rule in YARDSTICKS:
        flagged = judge(rule, columns).flagged
        # Of whom it cannot say is neither found nor spared; a kind it hardly knows is not measured.
        is_known = ~np.isnan(flagged)
        for kind in (0, 1):
            if not _says_enough(is_known[label == kind]):
                is_known = is_known & (label != kind)
        if is_known.any():
            yield WayMeasures(rule.name, "rule", **_decision(label[is_known], flagged[is_known] == 1, confidence_level))


def _says_enough(is_known: NDArray[np.bool_]) -> bool:
    return len(is_known) > 0 and float(is_known.mean()) >= FEWEST_KNOWN


def _ranking(
    label: NDArray[np.int8], scores: NDArray[Any], is_known: NDArray[np.bool_], confidence_level: float
) -> dict[str, float | None]:
    """Measure a ranking of the accounts that have a score; nothing where a kind has too few of them."""
    label, scores = label[is_known], scores[is_known]
    if min((label == 1).sum(), (label == 0).sum()) < FEWEST_OF_KIND:
        return {}
    found = rank(label, scores)
    auc, lower, upper = auc_interval(label, scores, confidence_level)
    return {
        "auc": auc,
        "auc_ci_lower": lower,
        "auc_ci_upper": upper,
        "average_precision": found.average_precision,
        "recall_at_1": found.recall_at_1,
        "recall_at_5": found.recall_at_5,
    }


def _decision(
    label: NDArray[np.int8], is_flagged: NDArray[np.bool_], confidence_level: float
) -> dict[str, float | None]:
    """Measure a decision, each rate where its kind has enough accounts."""
    figures: dict[str, float | None] = {}
    for name, kind in (("found", 1), ("false_alarm", 0)):
        flagged = is_flagged[label == kind]
        if len(flagged) >= FEWEST_OF_KIND:
            rate = float(flagged.mean())
            lower, upper = wilson_interval(rate, len(flagged), confidence_level)
            figures |= {f"{name}_rate": rate, f"{name}_ci_lower": lower, f"{name}_ci_upper": upper}
    if len(figures) == 6:
        figures["mcc"] = decide(label, is_flagged).mcc
    return figures
