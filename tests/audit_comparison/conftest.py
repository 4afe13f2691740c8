"""Invented audits as plain data, and invented scores."""

import copy

import pyarrow as pa
import pytest

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
