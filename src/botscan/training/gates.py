"""Gates: what a model for users' own labels must show on sources it never saw, before it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from botscan.errors import ModelError
from botscan.scoring.model import Validation
from botscan.training.labelled_rows import MIN_OF_SOURCE, LabelledRows
from botscan.training.left_out_sources import FoldMeasures, two_kind_sources
from botscan.training.recipes import SEED
from botscan.wording import say

if TYPE_CHECKING:
    from botscan.training.own_labels import TrainedModel

#: Smallest area under the ROC curve on any source left out.
MIN_AUC = 0.6
#: Largest share of the organic accounts of any source left out that may be called suspicious.
MAX_FALSE_ALARM_RATE = 0.05

State = Literal["passed", "failed", "not_checked"]
#: Figures and names for the sentence of a gate.
Found = Mapping[str, float | int | str]


@dataclass(frozen=True)
class Gate:
    """One gate, and how a model came through it.

    Attributes
    ----------
    code
        ``sources``, ``auc``, ``ratio``, ``false_alarms`` or ``source_leak``.
    state
        ``passed``, ``failed``, or ``not_checked`` where the labels do not suffice; only ``failed`` refuses a model.
    found
        What was found and what was wanted, and where: names of patterns and sources.
    """

    code: str
    state: State
    found: Found

    def sentence(self, language: str = "en") -> str:
        """Say what was found; names of sources in it are as the user wrote them."""
        return say(f"gate_{self.code}_{self.state}", language, **self.found)


class ModelRefused(ModelError):  # noqa: N818  it says what happened
    """A model failed a gate and was not written.

    Attributes
    ----------
    trained
        The model with all its measures.
    """

    def __init__(self, trained: TrainedModel) -> None:
        self.trained = trained
        failed = [gate.sentence() for gate in trained.gates if gate.state == "failed"]
        super().__init__(
            f"The model failed {len(failed)} of {len(trained.gates)} gates and was not written. {' '.join(failed)}",
            remedy="Check the labels of the source that is named, add labelled lists of other audiences, or use the"
            " model that ships.",
        )


def check_gates(rows: LabelledRows, validation: Validation, measures: Sequence[FoldMeasures]) -> tuple[Gate, ...]:
    """Hold what was measured against all gates.

    Parameters
    ----------
    rows
        Labelled rows.
    validation
        Whether whole sources were left out.
    measures
        Measures of every fold under every pattern.

    Returns
    -------
    gates
        One each, in the order in which they are told.
    """
    n_sources = len(two_kind_sources(rows))
    state: State = "passed" if validation == "left_out_sources" else "not_checked"
    sources = Gate("sources", state, {"n_sources": n_sources, "n_wanted": 2, "n_each": MIN_OF_SOURCE})
    return (sources, _auc_gate(measures), _ratio_gate(measures), _false_alarm_gate(measures), _leak_gate(rows))


def _auc_gate(measures: Sequence[FoldMeasures]) -> Gate:
    ranked = [(one.auc, one) for one in measures if one.auc is not None]
    auc, worst = min(ranked, key=lambda pair: pair[0])
    found: Found = {"auc": auc, "wanted": MIN_AUC, "left_out": worst.left_out, "pattern": worst.pattern}
    return Gate("auc", "passed" if auc >= MIN_AUC else "failed", found)


def _ratio_gate(measures: Sequence[FoldMeasures]) -> Gate:
    """Compare the worst fold of the model with the worst fold of the ratio, under the pattern where it looks worst."""
    pairs = []
    for pattern in dict.fromkeys(one.pattern for one in measures):
        aucs = [one.auc for one in measures if one.pattern == pattern and one.auc is not None]
        ratio_aucs = [one.ratio_auc for one in measures if one.pattern == pattern and one.ratio_auc is not None]
        pairs.append((min(aucs) - min(ratio_aucs), min(aucs), min(ratio_aucs), pattern))
    margin, auc, ratio_auc, pattern = min(pairs)
    found: Found = {"auc": auc, "ratio_auc": ratio_auc, "pattern": pattern}
    return Gate("ratio", "passed" if margin >= 0 else "failed", found)


def _false_alarm_gate(measures: Sequence[FoldMeasures]) -> Gate:
    rated = [(one.false_alarm_rate, one) for one in measures if one.false_alarm_rate is not None]
    rate, worst = max(rated, key=lambda pair: pair[0])
    found: Found = {"rate": rate, "allowed": MAX_FALSE_ALARM_RATE, "left_out": worst.left_out, "pattern": worst.pattern}
    return Gate("false_alarms", "passed" if rate <= MAX_FALSE_ALARM_RATE else "failed", found)


def _leak_gate(rows: LabelledRows) -> Gate:
    """Ask whether the values of the features name the source of organic accounts."""
    from botscan.training.leak_gate import check_leak

    report = check_leak(rows.table, rows.recipe.features, random_state=SEED)
    named = [one.source for one in report.sources if one.is_named]
    found: Found = {"n_sources": len(report.sources), "named": ", ".join((*named, *report.not_comparable))}
    return Gate("source_leak", report.outcome, found)
