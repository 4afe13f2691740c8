"""botscan: how many of these followers are real, with an interval, from the follower list you already hold.

Every name below is loaded when it is first used, so that ``import botscan`` costs next to nothing.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from botscan.version import BOTSCAN_VERSION

if TYPE_CHECKING:
    from botscan.api import (
        AccountTable,
        AllowList,
        Audit,
        AuditComparison,
        BotClassifier,
        BotProbabilities,
        BotscanError,
        CountSeries,
        ErrorRates,
        Explanation,
        FollowBlock,
        FollowBlocks,
        FollowTimes,
        FormatError,
        LabelSheet,
        LabelTable,
        MergedLabels,
        ModelError,
        NotEnoughAccounts,
        OrganicShare,
        OutputError,
        PostTable,
        PseudonymKey,
        PurchasePower,
        RuleComparison,
        SampleSizePlan,
        SchemaError,
        ScoreHistogram,
        ScoreProfile,
        Scores,
        audit,
        compare_audits,
        compare_rules,
        correct_share,
        estimate_bot_probability,
        estimate_organic_share,
        explain_account,
        extract_features,
        find_follow_blocks,
        infer_follow_times,
        load_model,
        make_audience,
        make_key,
        make_label_sheet,
        make_pseudonyms,
        measure_model,
        merge_label_sheets,
        plan_sample_size,
        read_accounts,
        read_allow_list,
        read_key,
        read_labels,
        read_posts,
        read_series,
        score_accounts,
        simulate_purchase,
        train_model,
        write_report,
    )

__version__ = BOTSCAN_VERSION

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
    "__version__",
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
    "read_key",
    "read_labels",
    "read_posts",
    "read_series",
    "score_accounts",
    "simulate_purchase",
    "train_model",
    "write_report",
]


class _Face(ModuleType):
    """The package as a module that keeps its public names.

    When a room is imported, Python binds it to the package: ``botscan.audit`` would turn from the function into the
    file of that name. Public names win.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (isinstance(value, ModuleType) and name in __all__):
            super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'botscan' has no attribute {name!r}")
    from botscan import api

    value = getattr(api, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


sys.modules[__name__].__class__ = _Face
