"""Invented scores, histograms and labels."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from botscan.evidence.histogram import N_BINS, ScoreHistogram
from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.evidence.profile import ScoreProfile
from botscan.evidence.scores import SCORE_SCHEMA, Scores

DIGEST = "d" * 64


@pytest.fixture
def scores_of():
    """Make Scores from log-odds; NaN = not scored."""

    def make(log_odds, *, declared=(), digest=DIGEST, has_duplicates=False, ids=None):
        log_odds = np.asarray(log_odds, dtype=float)
        n = len(log_odds)
        mask = np.isnan(log_odds)
        verdict = np.where(mask, "unknown", "active").astype(object)
        verdict[list(declared)] = "declared_bot"
        columns = {
            "account_id": pa.array([f"a{row}" for row in range(n)] if ids is None else ids, pa.large_string()),
            "log_odds": pa.array(log_odds, pa.float64(), mask=mask),
            "bot_score": pa.array(1 / (1 + np.exp(-np.nan_to_num(log_odds))), pa.float64(), mask=mask),
            "verdict": pa.array(verdict.tolist(), pa.string()).dictionary_encode(),
        }
        table = pa.table({field.name: columns.get(field.name, pa.nulls(n, field.type)) for field in SCORE_SCHEMA})
        return Scores(
            table.cast(SCORE_SCHEMA), "m", "m" * 64, "twitter/full", "twitter", None, digest, "list.csv", has_duplicates
        )

    return make


@pytest.fixture
def labels_of():
    """Make a LabelTable from {account_id: answer or list of answers}; 1 yes, 0 no, -1 unsure, -2 nothing."""

    def make(answers, *, kind="simple_random", digest=DIGEST, probability=None, notes=(), strata=(), stratum=None):
        rows = [answer if isinstance(answer, list) else [answer] for answer in answers.values()]
        n_raters = len(rows[0]) if rows else 1
        return LabelTable(
            tuple(answers),
            tuple(f"rater_{number + 1}" for number in range(n_raters)),
            np.array(rows, dtype=np.int8).reshape(len(rows), n_raters),
            LabelDesign("stratified" if strata else kind, digest, None, None, strata),
            probability,
            "sheet.csv",
            tuple(notes),
            None if stratum is None else np.asarray(stratum, dtype=np.int64),
        )

    return make


@pytest.fixture
def thousand(scores_of):
    """A thousand accounts, 300 of which score high."""
    return scores_of(np.where(np.arange(1000) < 300, 2.0, -2.0))


@pytest.fixture
def hundred(labels_of):
    """Labels of every tenth of the thousand, as it scores but for ten."""
    rows = np.arange(0, 1000, 10)
    truth = (rows < 300) ^ (rows % 100 == 0)
    return labels_of({f"a{row}": int(answer) for row, answer in zip(rows, truth, strict=True)})


@pytest.fixture
def by_score(labels_of):
    """Labels of forty that score high, thirty suspicious, and of sixty of the others, three suspicious."""
    rows = np.concatenate([np.arange(0, 200, 5), np.arange(300, 900, 10)])
    truth = np.concatenate([np.arange(40) < 30, np.arange(60) < 3])
    return labels_of(
        {f"a{row}": int(answer) for row, answer in zip(rows, truth, strict=True)},
        probability=np.where(rows < 300, 40 / 300, 60 / 700),
        strata=(("A", 700), ("B", 300)),
        stratum=rows < 300,
    )


@pytest.fixture
def histogram_of():
    """Make a histogram from {bin: count}."""

    def make(counts, **values):
        array = np.zeros(N_BINS, dtype=np.uint64)
        for position, count in counts.items():
            array[position] = count
        return ScoreHistogram(array, values.pop("n_unscored", 0), "m" * 64, "twitter/full", **values)

    return make


@pytest.fixture
def profile_of():
    """Make a profile of one family each from two {bin: count}."""

    def make(suspicious, organic, edges=(256, 512, 768), model="m" * 64, pattern="twitter/full"):
        arrays = []
        for counts in (suspicious, organic):
            array = np.zeros(N_BINS, dtype=np.uint64)
            for position, count in counts.items():
                array[position] = count
            arrays.append(array)
        return ScoreProfile({"shop": arrays[0]}, {"people": arrays[1]}, edges, model, pattern)

    return make
