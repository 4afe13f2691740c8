"""The public functions: each opens paths and frames, then calls the room below that does the work.

What needs no opening is handed on as it stands in its room.
"""

from __future__ import annotations

import os

import pyarrow as pa

# Arrow's default pool reserves a gigabyte of address space at its first allocation; the system's takes what it needs.
# A choice made in the environment stays.
if "ARROW_DEFAULT_MEMORY_POOL" not in os.environ:
    pa.set_memory_pool(pa.system_memory_pool())

from botscan.accounts.posts import PostTable
from botscan.accounts.series import CountSeries
from botscan.accounts.table import AccountTable
from botscan.api.lists import (
    explain_account,
    extract_features,
    list_columns,
    read_accounts,
    read_posts,
    read_series,
    score_accounts,
    score_files,
)
from botscan.api.shares import audit, estimate_organic_share, make_label_sheet
from botscan.audit import Audit
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
from botscan.labels import LabelSheet, read_labels
from botscan.prevalence.sample_size import SampleSizePlan, plan_sample_size
from botscan.prevalence.share import OrganicShare
from botscan.report import write_report
from botscan.scoring.explain import Explanation
from botscan.scoring.scorer import load_model
from botscan.simulate import SimulatedAudience, make_audience

__all__ = [
    "AccountTable",
    "Audit",
    "BotscanError",
    "CountSeries",
    "Explanation",
    "FormatError",
    "LabelSheet",
    "LabelTable",
    "ModelError",
    "NotEnoughAccounts",
    "OrganicShare",
    "OutputError",
    "PostTable",
    "SampleSizePlan",
    "SchemaError",
    "ScoreHistogram",
    "ScoreProfile",
    "Scores",
    "SimulatedAudience",
    "audit",
    "estimate_organic_share",
    "explain_account",
    "extract_features",
    "list_columns",
    "load_model",
    "make_audience",
    "make_label_sheet",
    "plan_sample_size",
    "read_accounts",
    "read_labels",
    "read_posts",
    "read_series",
    "score_accounts",
    "score_files",
    "write_report",
]
