"""Made-up follow orders with known truth: as bare evidence, and as lists with scores."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from botscan.blocks.order_evidence import UNKNOWN_TIME, OrderEvidence
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.evidence.scores import SCORE_SCHEMA, Scores
from botscan.simulate import make_follow_history


@pytest.fixture
def evidence_of():
    """Make OrderEvidence of n accounts from days and codes; what is not given is unknown."""

    def make(n, *, created=None, followed=None, log_odds=None, shape=None, start=None, inactive=None):
        def times(days):
            return np.full(n, UNKNOWN_TIME) if days is None else (np.asarray(days) * MICROSECONDS_PER_DAY).astype(int)

        def codes(values, kind):
            return np.full(n, -1, kind) if values is None else np.asarray(values).astype(kind)

        if followed is None and created is not None:
            followed = np.maximum.accumulate(created)
        return OrderEvidence(
            times(created),
            times(followed),
            np.full(n, np.nan) if log_odds is None else np.asarray(log_odds, dtype=float),
            codes(shape, np.int32),
            codes(start, np.int32),
            codes(inactive, np.int8),
        )

    return make


@pytest.fixture
def scores_of():
    """Make Scores of a list from log-odds in its order; NaN is null."""

    def make(accounts, log_odds):
        n = len(accounts)
        columns = {
            "account_id": accounts.table["account_id"],
            "log_odds": pa.array(np.asarray(log_odds, dtype=float), pa.float64(), mask=np.isnan(log_odds)),
        }
        table = pa.table({field.name: columns.get(field.name, pa.nulls(n, field.type)) for field in SCORE_SCHEMA})
        return Scores(table.cast(SCORE_SCHEMA), "m", "m" * 64, "p", accounts.platform, None, "d" * 64, "list.csv")

    return make


@pytest.fixture
def history_of(scores_of):
    """Make a history with scores of which bought followers have higher ones; handles are random, ids hashes."""

    def make(n, purchases=(), viral=(), seed=0, *, gap=4.0, drop=()):
        history = make_follow_history(n, purchases, viral, random_state=seed)
        rng = np.random.default_rng([3, seed])
        accounts = history.accounts
        table = accounts.table.drop_columns([one for one in accounts.table.column_names if one.startswith("handle")])
        history = replace(history, accounts=replace(accounts, table=table.drop_columns(list(drop))))
        log_odds = rng.normal(-2.5, 1.5, len(history.is_bought)) + gap * history.is_bought
        return history, scores_of(history.accounts, log_odds)

    return make
