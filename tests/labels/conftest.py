"""Invented lists with scores."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from botscan.accounts import AccountTable
from botscan.evidence.scores import SCORE_SCHEMA, Scores


@pytest.fixture
def listed():
    """Make an AccountTable and its Scores from ids."""

    def make(ids, *, platform="twitter", handles=None, declared=(), scores=None, ranks=None):
        records = [{"account_id": one, "followers_count": 3} for one in ids]
        if handles is not None:
            for record, handle in zip(records, handles, strict=True):
                record["handle"] = handle
        accounts = AccountTable.from_frame(records, platform=platform)
        found = accounts.table["account_id"].to_pylist()
        n = len(found)
        verdict = ["declared_bot" if one in declared else "active" for one in found]
        columns = {
            "account_id": pa.array(found, pa.large_string()),
            "log_odds": pa.array(np.zeros(n)),
            "bot_score": pa.array(np.full(n, 0.5) if scores is None else [scores.get(one) for one in found]),
            "verdict": pa.array(verdict, pa.string()).dictionary_encode(),
        }
        if ranks is not None:
            columns["follow_rank"] = pa.array([ranks.get(one) for one in found], pa.int64())
        table = pa.table({field.name: columns.get(field.name, pa.nulls(n, field.type)) for field in SCORE_SCHEMA})
        made = Scores(
            table.cast(SCORE_SCHEMA), "m", "m", "twitter/full", platform, None, accounts.digest, accounts.source
        )
        return accounts, made

    return make
