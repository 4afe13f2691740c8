"""Invented audits as plain data, invented blocks and invented scores."""

import copy
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from botscan.blocks import BlockEvidence, FollowBlock
from botscan.evidence.scores import SCORE_SCHEMA, Scores

MODEL = "a" * 64

PLAIN = {
    "schema_version": 1,
    "botscan_version": "0.1.0",
    "model": {"name": "default", "sha256": MODEL, "pattern": "twitter/full"},
    "source": "may.csv",
    "platform": "twitter",
    "observed_at": "2026-05-01T00:00:00Z",
    "reading": {"rows_in": 1010, "accounts": 1000, "duplicates_merged": 4, "rows_rejected": 6},
    "organic_share": {
        "organic_share": 0.71,
        "organic_share_ci_lower": 0.64,
        "organic_share_ci_upper": 0.78,
        "confidence_level": 0.95,
        "method": "ppi_wilson",
        "validated": True,
        "estimand": "not_suspicious_to_raters",
        "share_of": "list",
        "frame": "full",
        "n_accounts": 1000,
        "n_scored": 990,
        "n_labeled": 100,
        "suspicious_share_lower_bound": None,
        "notes": [],
    },
    "segments": {
        "active": 600, "dormant": 200, "mass_follower": 20, "suspicious": 165, "declared_bot": 5, "unknown": 10,
    },
    "follow_blocks": [],
    "warnings": [],
}  # fmt: skip
NO_SHARE = {
    "organic_share": None, "organic_share_ci_lower": None, "organic_share_ci_upper": None, "method": "none",
    "estimand": "none", "validated": False,
}  # fmt: skip


def segments_of(n):
    """Fill the segments in their order, as far as the accounts go; what is left is active."""
    segments, left = {}, n
    for name, count in reversed(PLAIN["segments"].items()):
        segments[name] = left if name == "active" else min(count, left)
        left -= segments[name]
    return dict(reversed(segments.items()))


@pytest.fixture
def no_share():
    return dict(NO_SHARE)


@pytest.fixture
def audit_of():
    """Make an audit as plain data: `share` changes its organic share, `n` its size, other names its outer keys.

    Where it has another size, its segments are cut or padded so that they add up.
    """

    def make(*, share=(), n=1000, **changes):
        audit = copy.deepcopy(PLAIN) | changes
        audit["reading"]["accounts"] = n
        audit["reading"]["rows_in"] = n + 10
        if "segments" not in changes:
            audit["segments"] = segments_of(n)
        audit["organic_share"] |= {"n_accounts": n, "n_scored": min(n, 990), "n_labeled": min(n, 100)} | dict(share)
        return audit

    return make


def day(number):
    return datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=number)


@pytest.fixture
def block_of():
    """Make a block from its first and last rank, the days when it came, and the days when it was created."""

    def make(first, last, came=None, created=None, *, n_excess=None):
        band = (None, None) if created is None else tuple(map(day, created))
        code = "inactive" if created is None else "creation_band"
        size = last - first + 1
        n_excess = size // 5 if n_excess is None else n_excess
        evidence = BlockEvidence(code, size // 2, size, 2.0, 2.5, n_excess, *band)
        came = (None, None) if came is None else tuple(map(day, came))
        return FollowBlock(first, last, size, n_excess, *came, 1e-9, (evidence,))

    return make


@pytest.fixture
def with_blocks(audit_of):
    """Make an audit as plain data that looked for blocks and found these."""

    def make(*blocks, bound=None, examined=("inactive",), **changes):
        bound = 0.02 * len(blocks) if bound is None else bound
        order = {"n_ordered": 1000, "examined": list(examined), "suspicious_share_lower_bound": bound, "notes": []}
        found = [block.to_dict() for block in blocks]
        return audit_of(**{"follow_blocks": found, "follow_order": order} | changes)

    return make


@pytest.fixture
def scores_of():
    """Make Scores from ids, verdicts and log-odds (None = not scored)."""

    def make(ids, verdicts, log_odds, *, model=MODEL, pattern="twitter/full", digest=None, platform="twitter"):
        n = len(ids)
        columns = {
            "account_id": pa.array(ids, pa.large_string()),
            "log_odds": pa.array(log_odds, pa.float64()),
            "verdict": pa.array(verdicts, pa.string()),
        }
        table = pa.table({field.name: columns.get(field.name, pa.nulls(n, field.type)) for field in SCORE_SCHEMA})
        digest = digest or str(sorted(map(str, ids)))
        return Scores(table.cast(SCORE_SCHEMA), "default", model, pattern, platform, None, digest, "list.csv")

    return make
