"""Lists in follow order, made up: evidence as arrays, account tables, scores and a profile."""

import numpy as np
import pyarrow as pa
import pytest

from botscan.blocks.order_evidence import OrderEvidence
from botscan.evidence.histogram import N_BINS
from botscan.evidence.profile import ScoreProfile
from botscan.evidence.scores import SCORE_SCHEMA, Scores
from botscan.power.purchase import Ground
from botscan.power.timeline import Timeline

DAY = 86_400_000_000
START = 18_000 * DAY


@pytest.fixture(scope="session")
def make_ground():
    """Make a list that grew evenly; every tenth account was made on the day it followed."""

    def make(n=1_000, seed=0, span=1_000.0, dated=1.0, scored=1.0):
        random = np.random.Generator(np.random.Philox(seed))
        followed = np.sort(random.random(n)) * span
        age = np.where(random.random(n) < 0.1, random.random(n), 900 * random.random(n))
        created = START + ((followed - age) * DAY).astype(np.int64)
        after = np.maximum.accumulate(created)
        shape = np.arange(n, dtype=np.int32)
        evidence = OrderEvidence(created, after, random.random(n) - 3.0, shape, shape, np.zeros(n, dtype=np.int8))
        end = START + int(span * DAY)
        line = Timeline.of_bounds(after, first=n // 50, end=end)
        return Ground(evidence, np.zeros(n, dtype=bool), line, dated, scored)

    return make


@pytest.fixture(scope="session")
def counts_at():
    def make(*bins):
        counts = np.zeros(N_BINS, dtype=np.uint64)
        counts[list(bins)] = 100
        return counts

    return make


@pytest.fixture(scope="session")
def profile(counts_at):
    """Two kinds of bought followers, one that scores high and one like people, and a campaign that is never drawn."""
    families = {"seller/high": counts_at(800, 840), "seller/low": counts_at(430), "cresci-2017/a": counts_at(900)}
    return ScoreProfile(families, {"people": counts_at(430)}, (512,), "model", "twitter/full")


@pytest.fixture(scope="session")
def usual_scores():
    """Score a list as organic followers may: whole steps around -3; NaN where `log_odds` says so."""

    def make(accounts, log_odds=None):
        n = len(accounts)
        if log_odds is None:
            log_odds = np.rint(20 * (np.random.Generator(np.random.Philox(0)).normal(size=n) * 1.5 - 3)) / 20
        columns = {field.name: pa.nulls(n, field.type) for field in SCORE_SCHEMA}
        columns |= {"account_id": accounts.table["account_id"], "log_odds": pa.array(log_odds, from_pandas=True)}
        table = pa.table(columns).cast(SCORE_SCHEMA)
        return Scores(table, "model", "model", "twitter/full", "twitter", None, "digest", "list")

    return make
