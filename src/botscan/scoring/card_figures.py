"""What a card says about accounts left out of training: figures that were measured when the model was made.

These parts of a card decide nothing, so loading a model does not check them. Whatever is not a figure here is taken as
absent, and names are shown as any text of a stranger is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botscan.display import Displayed
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.notes import Note
from botscan.scoring.logistic import logistic_table
from botscan.scoring.model import Model, PatternSection, Validation
from botscan.wording import say, say_note

_MAX_NAME = 100

#: Sentence -> figure without which it is not said.
_PARTS = {
    "measure_auc_alone": "auc",
    "measure_ratio_auc": "ratio_auc",
    "measure_ranking": "average_precision",
    "measure_found_alone": "found_rate",
    "measure_false_alarms_alone": "false_alarm_rate",
    "measure_mcc": "mcc",
}
#: Figure -> its names in cards.
_NAMES = {
    "auc": ("auc",),
    "ratio_auc": ("ratio_auc",),
    "average_precision": ("average_precision",),
    "recall_at_1": ("recall_at_1",),
    "recall_at_5": ("recall_at_5",),
    "found_rate": ("true_positive_rate", "found_rate"),
    "false_alarm_rate": ("false_positive_rate", "false_alarm_rate"),
    "mcc": ("mcc",),
}


@dataclass(frozen=True)
class FoldFigures:
    """One source left out; None where the card has no such figure.

    Attributes
    ----------
    left_out
        Its name; ``mean`` and ``worst`` stand for all of them.
    auc, ratio_auc
        Area under the ROC curve of the model, and of the ratio of followers to following alone.
    average_precision, recall_at_1, recall_at_5
        Area under the precision-recall curve; share of the suspicious found at 1 % and at 5 % false alarms.
    found_rate, false_alarm_rate, mcc
        Shares of the suspicious and of the organic above a line that was set on the other sources, and the Matthews
        correlation coefficient.
    """

    left_out: str
    auc: float | None = None
    ratio_auc: float | None = None
    average_precision: float | None = None
    recall_at_1: float | None = None
    recall_at_5: float | None = None
    found_rate: float | None = None
    false_alarm_rate: float | None = None
    mcc: float | None = None

    def said_name(self, language: str = "en") -> str:
        """Name what was left out; a name of a source is as it stands in the card."""
        if self.left_out in ("mean", "worst"):
            return say(f"card_figures_{self.left_out}", language)
        return say("card_figures_without", language, left_out=self.left_out)

    def said(self, language: str = "en") -> str:
        """Say what the card holds, part by part."""
        figures = vars(self)
        parts = [say(code, language, **figures) for code, figure in _PARTS.items() if figures[figure] is not None]
        return "; ".join(parts) or say("unknown", language)


@dataclass(frozen=True)
class DatasetRates:
    """One data set left out, at the lines that the model has.

    Attributes
    ----------
    dataset
        Its name.
    kind
        ``organic`` or ``suspicious``.
    n
        Accounts.
    suspicious_rate, review_rate
        Share above either line. The lines were set on these very sources, so the share of organic accounts is bounded
        by the rule that set them.
    """

    dataset: str
    kind: str
    n: int | None
    suspicious_rate: float | None
    review_rate: float | None


@dataclass(frozen=True)
class PatternFigures:
    """Everything that stands in the card about one evidence pattern.

    Attributes
    ----------
    platform, pattern
        Which.
    validation
        ``left_out_sources``, or ``random_halves``: not validated.
    suspicious_log_odds, suspicious_bot_score
        The line of ``suspicious``.
    review_log_odds, review_bot_score
        The line of what is worth a look.
    folds, mean, worst
        Sources left out, their mean and the worst of each figure; empty and None where the card has none.
    datasets
        Rates of every data set at the lines.
    """

    platform: str
    pattern: str
    validation: Validation
    suspicious_log_odds: float
    suspicious_bot_score: float
    review_log_odds: float
    review_bot_score: float
    folds: tuple[FoldFigures, ...]
    mean: FoldFigures | None
    worst: FoldFigures | None
    datasets: tuple[DatasetRates, ...]

    def lines_said(self, language: str = "en") -> str:
        """Say where the lines are, and whether whole sources were left out to set them."""
        lines = say(
            "card_figures_lines",
            language,
            suspicious=self.suspicious_log_odds,
            suspicious_score=self.suspicious_bot_score,
            review=self.review_log_odds,
            review_score=self.review_bot_score,
        )
        return f"{lines}; {say(f'train_{self.validation}', language)}"


@dataclass(frozen=True, repr=False)
class CardFigures(Displayed):
    """The scoreboard that a model carries.

    Attributes
    ----------
    model_name, model_sha256
        The model.
    n_configurations_tried
        Configurations compared on the same folds; None where the card does not say.
    patterns
        Platform by platform, the richest evidence first.
    notes
        Where the figures are from, and what they do not tell.
    """

    model_name: str
    model_sha256: str
    n_configurations_tried: int | None
    patterns: tuple[PatternFigures, ...]
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        return f"CardFigures({self.model_name!r}, {len(self.patterns)} patterns)"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, the model first."""
        fields = super().to_dict()
        model = {"name": fields.pop("model_name"), "sha256": fields.pop("model_sha256")}
        return {"model": model, **fields}

    def _title(self, language: str) -> str:
        return say("card_figures_title", language, name=self.model_name)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = [(say("share_note", language), say_note(note, language)) for note in self.notes]
        for one in self.patterns:
            rows.append((f"{one.platform}, {one.pattern}", one.lines_said(language)))
            ends = (end for end in (one.mean, one.worst) if end is not None)
            rows += [(f"  {fold.said_name(language)}", fold.said(language)) for fold in (*one.folds, *ends)]
        return rows


def card_figures(card: Mapping[str, Any], model: Model) -> CardFigures:
    """Collect the figures of a card.

    Parameters
    ----------
    card
        Plain data of the card.
    model
        What loading made of it: the parts that were checked.
    """
    tried = _mapping(card.get("about")).get("n_configurations_tried")
    n_tried = tried if type(tried) is int and tried > 0 else None
    patterns = []
    for platform, section in model.sections.items():
        entries = _mapping(_mapping(_mapping(card.get("platforms")).get(platform))).get("patterns")
        left_out = {entry.get("name"): _mapping(entry.get("left_out")) for entry in _mappings(entries)}
        patterns += [
            _pattern(platform, section.validation, one, left_out.get(one.pattern.name, {})) for one in section.patterns
        ]
    notes = [Note("card_figures_from")]
    if n_tried is not None:
        notes.append(Note("card_figures_tried", count=n_tried))
    if any(one.validation == "random_halves" for one in patterns):
        notes.append(Note("card_figures_halves"))
    return CardFigures(model.name, model.sha256, n_tried, tuple(patterns), tuple(notes))


def _pattern(
    platform: str, validation: Validation, section: PatternSection, left_out: Mapping[str, Any]
) -> PatternFigures:
    loso = _mapping(left_out.get("loso_5"))
    lines = section.thresholds
    return PatternFigures(
        platform=platform,
        pattern=section.pattern.name,
        validation=validation,
        suspicious_log_odds=lines.suspicious / STEPS_PER_LOG_ODDS,
        suspicious_bot_score=float(logistic_table(lines.suspicious, lines.suspicious)[0]),
        review_log_odds=lines.review / STEPS_PER_LOG_ODDS,
        review_bot_score=float(logistic_table(lines.review, lines.review)[0]),
        folds=tuple(_fold(entry) for entry in _mappings(loso.get("folds", left_out.get("folds")))),
        mean=_fold({**loso["mean"], "left_out": "mean"}) if _mapping(loso.get("mean")) else None,
        worst=_fold({**loso["worst"], "left_out": "worst"}) if _mapping(loso.get("worst")) else None,
        datasets=tuple(_rates(entry) for entry in _mappings(left_out.get("datasets"))),
    )


def _fold(entry: Mapping[str, Any]) -> FoldFigures:
    found = {
        figure: next((_figure(entry[name]) for name in names if name in entry), None)
        for figure, names in _NAMES.items()
    }
    return FoldFigures(_name(entry.get("left_out")), **found)


def _rates(entry: Mapping[str, Any]) -> DatasetRates:
    n, kind = entry.get("n"), entry.get("kind")
    return DatasetRates(
        _name(entry.get("dataset")),
        kind if kind in ("organic", "suspicious") else "",
        n if type(n) is int and n >= 0 else None,
        _figure(entry.get("suspicious_rate")),
        _figure(entry.get("review_rate")),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def _figure(value: Any) -> float | None:
    """Return a figure of a card: all of them lie in [-1, 1]."""
    if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > 1:
        return None
    return float(value)


def _name(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= _MAX_NAME else "?"
