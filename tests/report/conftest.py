"""Audits made by hand: every part of the report filled, all names invented."""

import datetime as dt
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

from botscan.audit import Audit, ReviewRow
from botscan.blocks import find_follow_blocks
from botscan.blocks.follow_map import make_follow_map
from botscan.evidence.histogram import ScoreHistogram
from botscan.notes import Note
from botscan.prevalence.share import OrganicShare, cannot_say
from botscan.reading_report import ReadingReport
from botscan.simulate import Purchase, make_follow_history

THRESHOLD = 1.25


def load_payloads():
    spec = spec_from_file_location("hostile", Path(__file__).parents[1] / "wording" / "hostile.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAYLOADS


@pytest.fixture(scope="session")
def payloads():
    return load_payloads()


def pytest_generate_tests(metafunc):
    if "payload" in metafunc.fixturenames:
        metafunc.parametrize("payload", load_payloads())


def make_steps():
    random = np.random.default_rng(1)
    return np.rint(np.concatenate([random.normal(-60, 22, 17_500), random.normal(45, 18, 6_900)])).astype(np.int32)


def make_review(handle="ani_2019", name="Ani"):
    reasons = (("balance", 2.1), ("posting", 1.4))
    return tuple(
        ReviewRow(f"id-{rank}", handle, name, 0.9, 2.0 + rank / 10, "suspicious", reasons, (("age", -0.6),))
        for rank in range(60)
    )


@pytest.fixture(scope="session")
def make_audit():
    steps = make_steps()
    histogram = ScoreHistogram.from_steps(
        steps, n_unscored=400, model="a" * 64, pattern="twitter/full", n_declared_bots=200
    )
    suspicious = int((steps >= THRESHOLD * 20).sum())
    share = OrganicShare(
        0.712, 0.64, 0.78, 0.95, "ppi_wilson", True, "not_suspicious_to_raters", "list", "full", 25_000, 24_600, 100
    )

    def make(**changes):
        values = {
            "source": "followers.csv",
            "platform": "twitter",
            "observed_at": dt.datetime(2026, 6, 30, tzinfo=dt.UTC),
            "list_digest": "d" * 64,
            "botscan_version": "0.1.0",
            "model_name": "default",
            "model_sha256": "3f9a" * 16,
            "pattern": "twitter/full",
            "reading": ReadingReport(
                "csv", 25_480, 25_000, 312, 168, {"no_identity": 4, "wrong_cell_count": 37, "suspended": 127}
            ),
            "evidence_level": 3,
            "coverage": {
                "account_id": 1.0,
                "handle": 1.0,
                "bio_length": 1.0,
                "created_at": 0.98,
                "observed_at": 1.0,
                "followers_count": 1.0,
                "following_count": 1.0,
                "posts_count": 0.997,
                "listed_count": 0.31,
            },
            "share": share,
            "segments": {
                "declared_bot": 200,
                "unknown": 400,
                "suspicious": suspicious,
                "mass_follower": 312,
                "dormant": 6_100,
                "active": 25_000 - 600 - 312 - 6_100 - suspicious,
            },
            "histogram": histogram,
            "suspicious_threshold": THRESHOLD,
            "review_threshold": 0.0,
            "n_review": 8_210,
            "reasons": {"balance": 6_120, "posting": 5_480, "bio": 912},
            "counter_evidence": {"age": 14_210, "audience": 11_020},
            "warnings": (Note("blocks_not_examined"),),
        }
        return Audit(**values | changes)

    return make


@pytest.fixture(scope="session")
def audit(make_audit):
    return make_audit()


@pytest.fixture(scope="session")
def audit_without_share(make_audit, audit):
    return make_audit(share=cannot_say(audit.histogram))


@pytest.fixture(scope="session")
def ordered(make_audit):
    """Return an audit of a list in whose follow order a purchase shows."""
    accounts = make_follow_history(2_500, [Purchase(250, start_days_ago=600)], random_state=4).accounts
    blocks = find_follow_blocks(accounts)
    assert blocks.blocks
    return make_audit(blocks=blocks, follow_map=make_follow_map(accounts, blocks), warnings=())


@pytest.fixture(scope="session")
def empty_audit(make_audit):
    histogram = ScoreHistogram(np.zeros(1024, dtype=np.uint64), 0, "a" * 64, "")
    return make_audit(
        platform=None,
        observed_at=None,
        pattern="",
        reading=ReadingReport("csv", 0, 0),
        evidence_level=0,
        coverage={},
        share=cannot_say(histogram),
        segments=dict.fromkeys(("declared_bot", "unknown", "suspicious", "mass_follower", "dormant", "active"), 0),
        histogram=histogram,
        suspicious_threshold=None,
        review_threshold=None,
        n_review=0,
        reasons={},
        counter_evidence={},
    )


@pytest.fixture(scope="session")
def review():
    return make_review
