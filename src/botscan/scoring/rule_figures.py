"""How well each rule of thumb did on accounts of known truth: figures measured once, shipped beside the rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FIGURES_FILE = Path(__file__).with_name("rule_figures.json")


@dataclass(frozen=True)
class RuleFigures:
    """What one rule or set did on labelled Twitter accounts; no rates where `not_measured` gives the reason.

    Attributes
    ----------
    precision, precision_worst
        Share of the flagged that are bought or inauthentic, if both kinds were equally many: of the mean rates, and
        of the worst source of either kind. In an audience with fewer such accounts it is lower.
    recall, recall_worst
        Share of bought or inauthentic accounts that are flagged, mean over sources and least of any.
    false_alarm_rate, false_alarm_rate_worst
        Share of ordinary people that are flagged, mean over sources and most of any.
    guard_false_alarm_rate
        Share of other people that are flagged (large accounts, later years), mean over sources.
    unknown_share_suspicious, unknown_share_organic
        Share of the bought or inauthentic accounts, and of ordinary people, for which it has no answer, mean over all
        sources. They count as not flagged, so that recall and false alarms are lower bounds, and precision is that of
        the flagged alone; a source where it can check nothing for half of the accounts is no part of the rates.
    not_measured
        Why there are no figures; empty where there are.
    """

    precision: float | None = None
    precision_worst: float | None = None
    recall: float | None = None
    recall_worst: float | None = None
    false_alarm_rate: float | None = None
    false_alarm_rate_worst: float | None = None
    guard_false_alarm_rate: float | None = None
    unknown_share_suspicious: float | None = None
    unknown_share_organic: float | None = None
    not_measured: str = ""


@cache
def read_rule_figures() -> Mapping[str, Any]:
    """Return the content of the file of figures, as it was written by ``benchmarks/rules.py``."""
    content: dict[str, Any] = json.loads(FIGURES_FILE.read_text(encoding="utf-8"))
    return content


def figures_of(name: str) -> RuleFigures:
    """Return the figures of a rule or set by its name.

    Examples
    --------
    >>> figures_of("no_such_rule").not_measured
    'not in the file of figures'
    """
    entry = read_rule_figures()["rules"].get(name)
    if entry is None:
        return RuleFigures(not_measured="not in the file of figures")
    unknown = {f"unknown_share_{kind}": entry["unknown_share"][kind] for kind in ("suspicious", "organic")}
    if "not_measured" in entry:
        return RuleFigures(not_measured=entry["not_measured"], **unknown)
    recall, alarms, precision = entry["recall"], entry["false_alarm_rate"], entry["precision"]
    return RuleFigures(
        precision=precision["mean"],
        precision_worst=precision["worst"],
        recall=recall["mean"],
        recall_worst=recall["worst"],
        false_alarm_rate=alarms["mean"],
        false_alarm_rate_worst=alarms["worst"],
        guard_false_alarm_rate=entry["guard_false_alarm_rate"]["mean"],
        **unknown,
    )
