"""The public functions: each opens paths and frames, then calls the room below that does the work.

What needs no opening is handed on as it stands in its room.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa

# Arrow's default pool reserves a gigabyte of address space at its first allocation; the system's takes what it needs.
# A choice made in the environment stays.
if "ARROW_DEFAULT_MEMORY_POOL" not in os.environ:
    pa.set_memory_pool(pa.system_memory_pool())

from botscan.accounts.posts import PostTable
from botscan.accounts.series import CountSeries
from botscan.accounts.table import AccountTable
from botscan.api.audits import audit
from botscan.api.blocks import find_follow_blocks, infer_follow_times, simulate_purchase
from botscan.api.columns import list_columns
from botscan.api.lists import read_accounts, read_posts, read_series
from botscan.api.rules import compare_rules
from botscan.api.scoreboard import measure_model, read_card_figures
from botscan.api.scores import explain_account, extract_features, score_accounts, score_files
from botscan.api.shares import estimate_bot_probability, estimate_organic_share, make_label_sheet
from botscan.api.training import train_model
from botscan.audit import Audit
from botscan.audit_comparison import AuditComparison, compare_audits
from botscan.blocks import FollowBlock, FollowBlocks
from botscan.errors import (
    BotscanError,
    FormatError,
    ModelError,
    NotEnoughAccounts,
    OutputError,
    SchemaError,
)
from botscan.evidence.histogram import ScoreHistogram
from botscan.evidence.labels import LabelTable
from botscan.evidence.profile import ScoreProfile
from botscan.evidence.scores import Scores
from botscan.follow_times import FollowTimes
from botscan.labels import LabelSheet, MergedLabels, merge_label_sheets, read_labels
from botscan.labels.allow_list import AllowList, read_allow_list
from botscan.labels.named_accounts import make_pseudonyms
from botscan.power import PurchasePower
from botscan.prevalence.bot_probability import BotProbabilities
from botscan.prevalence.error_correction import ErrorRates, correct_share
from botscan.prevalence.planning.sample_size import SampleSizePlan, plan_sample_size
from botscan.prevalence.share import OrganicShare
from botscan.pseudonyms import PseudonymKey, make_key, read_key
from botscan.report import write_report
from botscan.scoring.compare_rules import RuleComparison
from botscan.scoring.explain import Explanation
from botscan.scoring.scorer import load_model
from botscan.simulate import SimulatedAudience, make_audience

if TYPE_CHECKING:
    from botscan.training.classifier import BotClassifier

__all__ = [
    "AccountTable",
    "AllowList",
    "Audit",
    "AuditComparison",
    "BotClassifier",
    "BotProbabilities",
    "BotscanError",
    "CountSeries",
    "ErrorRates",
    "Explanation",
    "FollowBlock",
    "FollowBlocks",
    "FollowTimes",
    "FormatError",
    "LabelSheet",
    "LabelTable",
    "MergedLabels",
    "ModelError",
    "NotEnoughAccounts",
    "OrganicShare",
    "OutputError",
    "PostTable",
    "PseudonymKey",
    "PurchasePower",
    "RuleComparison",
    "SampleSizePlan",
    "SchemaError",
    "ScoreHistogram",
    "ScoreProfile",
    "Scores",
    "SimulatedAudience",
    "audit",
    "compare_audits",
    "compare_rules",
    "correct_share",
    "estimate_bot_probability",
    "estimate_organic_share",
    "explain_account",
    "extract_features",
    "find_follow_blocks",
    "infer_follow_times",
    "list_columns",
    "load_model",
    "make_audience",
    "make_key",
    "make_label_sheet",
    "make_pseudonyms",
    "measure_model",
    "merge_label_sheets",
    "plan_sample_size",
    "read_accounts",
    "read_allow_list",
    "read_card_figures",
    "read_key",
    "read_labels",
    "read_posts",
    "read_series",
    "score_accounts",
    "score_files",
    "simulate_purchase",
    "train_model",
    "write_report",
]


def __getattr__(name: str) -> Any:
    # Its bases are of scikit-learn, which nothing else here loads.
    if name == "BotClassifier":
        from botscan.training.classifier import BotClassifier

        return BotClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
