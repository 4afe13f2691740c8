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
    """What one rule or set did on labelled Twitter accounts; all None where `not_measured` gives the reason.

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
    if "not_measured" in entry:
        return RuleFigures(not_measured=entry["not_measured"])
    recall, alarms, precision = entry["recall"], entry["false_alarm_rate"], entry["precision"]
    return RuleFigures(
        precision=precision["mean"],
        precision_worst=precision["worst"],
        recall=recall["mean"],
        recall_worst=recall["worst"],
        false_alarm_rate=alarms["mean"],
        false_alarm_rate_worst=alarms["worst"],
        guard_false_alarm_rate=entry["guard_false_alarm_rate"]["mean"],
    )
