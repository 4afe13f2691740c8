"""A model for users' own labels: measured on left-out sources, and refused where it does not hold there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.display import Displayed, plain
from botscan.errors import ModelError
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.grid import GRID_VERSION
from botscan.scoring.card import MAX_STEPS, features_of, threshold_entry
from botscan.scoring.model import FORMAT, FORMAT_VERSION, Validation
from botscan.scoring.patterns import Pattern
from botscan.scoring.scorer import Scorer
from botscan.training.card_entries import ABSTAIN_BELOW, feature_entry
from botscan.training.card_text import training_entry
from botscan.training.fit import TableModel
from botscan.training.gates import Gate, ModelRefused, check_gates
from botscan.training.labelled_rows import MIN_OF_SOURCE, LabelCounts, LabelledList, LabelledRows, gather_rows
from botscan.training.left_out_sources import (
    MAX_NESTED,
    FitTables,
    FoldMeasures,
    SourceFold,
    fit_own,
    folds_with_people,
    leave_each_out,
    measure_folds,
)
from botscan.training.model_folder import write_model_folder
from botscan.training.profiles import left_out_histograms, profile_entry
from botscan.training.recipes import SEED, Recipe
from botscan.training.slices import slice_rates
from botscan.training.thresholds import left_out_rates, line_quantile, set_thresholds
from botscan.wording import say

METHOD = (
    (
        "Trained on labels that a user gave, by the first layer of the recipe with which botscan trains its own models:"
        " tables alone, no memory of sources, which takes more sources than a user has."
    ),
    "Score = intercept + one table entry per feature, in log-odds; a field that is not known adds 0.",
    (
        "Every table is a weighted mean of a smooth table and a straight line over the bins (settings.line_share),"
        " fitted to the same rows."
    ),
    ("A row weighs 1 / (rows of its source and label), then both classes weigh alike: a score of 0 is no probability."),
    (
        "Line of suspicious: each source is left out in turn, the score that the stated quantile of its organic"
        " accounts stays below is taken, and the largest is used. Line of review: their median. No line is below 0."
    ),
    (
        "Folds: false alarms are counted by a line set on the other sources, with the rule that spares accounts which"
        " follow little. Each other source is scored by a model that saw neither it nor the source left out. Where"
        f" fewer than {MIN_OF_SOURCE} accounts of a kind would remain to train on, as always with two sources or two"
        f" halves, and with more than {MAX_NESTED} sources, the models behind the line knew the source left out: its"
        " false alarms are then no more than a hint of what a new audience would show. Rates of data sets and slices"
        " are of the line alone."
    ),
)
LIMITS = (
    "The labels are the user's; what they call suspicious is what this model looks for.",
    "A score says how much a profile looks like accounts so labelled. It is no verdict on a person.",
    "The level of a score does not transfer to a new audience; only the order does. Shares need labels.",
)
NOT_VALIDATED = (
    "Fewer than two sources hold both kinds: random halves were left out, not sources. The figures tell nothing about"
    " a new audience."
)


@dataclass(frozen=True)
class SourceCounts:
    """Labelled accounts of one source that train.

    Attributes
    ----------
    name
        Name of the source.
    n_organic, n_suspicious
        Accounts of either kind.
    """

    name: str
    n_organic: int
    n_suspicious: int


@dataclass(frozen=True, eq=False, repr=False)
class TrainedModel(Displayed):
    """A model trained on a user's own labels, with everything that was measured; not yet on disk.

    Attributes
    ----------
    name
        Name of the model.
    platform
        Platform whose lists it scores; it scores no others.
    validation
        ``left_out_sources``, or ``random_halves`` where fewer than two sources hold both kinds: not validated.
    sources
        What trains.
    labels
        What became of the labels.
    folds
        Measures of every source left out, pattern by pattern, the richest first.
    gates
        Every gate, and how the model came through.
    card, arrays
        What `save` writes.
    """

    name: str
    platform: str
    validation: Validation
    sources: tuple[SourceCounts, ...]
    labels: LabelCounts
    folds: tuple[FoldMeasures, ...]
    gates: tuple[Gate, ...]
    card: Mapping[str, Any] = field(repr=False)
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)

    def __repr__(self) -> str:
        return f"TrainedModel({self.name!r}, platform={self.platform!r}, is_refused={self.is_refused})"

    @property
    def is_refused(self) -> bool:
        """Whether a gate failed; such a model cannot be saved."""
        return any(gate.state == "failed" for gate in self.gates)

    def save(self, folder: str | os.PathLike[str], *, restart: bool = False) -> Scorer:
        """Write the model folder, whole or not at all.

        Parameters
        ----------
        folder
            Absent or empty; with `restart` it may hold a model, which is replaced.
        restart
            Replace the model that stands there.

        Returns
        -------
        scorer
            The model, loaded from what was written.

        Raises
        ------
        ModelRefused
            A gate failed.
        OutputError
            Something else stands there, or the folder cannot be written.
        """
        if self.is_refused:
            raise ModelRefused(self)
        return write_model_folder(folder, self.card, self.arrays, restart=restart)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the tables as plain data."""
        return {
            "name": self.name,
            "platform": self.platform,
            "validation": self.validation,
            "is_refused": self.is_refused,
            "labels": plain(self.labels),
            "sources": plain(self.sources),
            "folds": plain(self.folds),
            "gates": plain(self.gates),
        }

    def _title(self, language: str) -> str:
        return say("train_title", language, name=self.name, platform=self.platform)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = [(say("train_labels", language), self._labels_said(language))]
        rows += [
            (
                say("train_source", language, name=one.name),
                say("train_source_holds", language, n_organic=one.n_organic, n_suspicious=one.n_suspicious),
            )
            for one in self.sources
        ]
        rows.append((say("train_validation", language), say(f"train_{self.validation}", language)))
        rows += [
            (say("train_fold", language, left_out=one.left_out, pattern=one.pattern), _fold_said(one, language))
            for one in self.folds
        ]
        rows += [(say(f"gate_{gate.state}", language), gate.sentence(language)) for gate in self.gates]
        return rows

    def _labels_said(self, language: str) -> str:
        counts = plain(self.labels)
        said = [say(f"train_labels_{name}", language, count=count) for name, count in counts.items() if count]
        return ", ".join(said)


def _fold_said(fold: FoldMeasures, language: str) -> str:
    return say(
        "train_fold_measures",
        language,
        auc=fold.auc,
        ratio_auc=fold.ratio_auc,
        found_rate=fold.found_rate,
        false_alarm_rate=fold.false_alarm_rate,
    )


def train_model(lists: Sequence[LabelledList], *, name: str = "own-labels", fit: FitTables = fit_own) -> TrainedModel:
    """Train a model on labelled lists of one platform and measure it on every source left out.

    Parameters
    ----------
    lists
        Labelled lists; see `botscan.training.labelled_rows.gather_rows`.
    name
        Name of the model in results, up to 100 characters.
    fit
        How tables are fitted.

    Returns
    -------
    trained
        The model and its measures; `TrainedModel.save` writes it where no gate failed.

    Raises
    ------
    SchemaError, NotEnoughAccounts
        The lists cannot be trained on.
    ModelError
        The name cannot stand in a card, or a table holds points that cannot.
    """
    if not 0 < len(name) <= 100 or not name.isprintable():
        raise ModelError(
            f"The name of the model has {len(name)} characters, wanted 1 to 100 that can be printed.",
            remedy="Choose another name.",
        )
    rows = gather_rows(lists)
    model = fit(rows.table, np.arange(len(rows.table)), rows.recipe)
    _check_points(model)
    validation, folds = leave_each_out(rows, fit)
    measures = measure_folds(rows, folds)
    section, arrays = _section(rows, model, folds, measures, validation)
    card = {
        "about": _about(rows, validation),
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "grid_version": GRID_VERSION,
        "name": name,
        "needs_botscan": "0.1.0",
        "platforms": {rows.recipe.platform: section},
    }
    sources = np.unique(rows.table.source).tolist()
    return TrainedModel(
        name=name,
        platform=rows.recipe.platform,
        validation=validation,
        sources=tuple(SourceCounts(one, rows.n_of(one, 0), rows.n_of(one, 1)) for one in sources),
        labels=rows.counts,
        folds=tuple(measures),
        gates=check_gates(rows, validation, measures),
        card=card,
        arrays=arrays,
    )


def _check_points(model: TableModel) -> None:
    """Refuse tables beyond what a card may hold, before anything is measured with them."""
    beyond = [name for name, table in model.tables.items() if np.abs(table).max() > MAX_STEPS]
    if beyond or abs(model.intercept) > MAX_STEPS:
        of_what = ", ".join(beyond) or "the intercept"
        raise ModelError(
            f"The points fitted for {of_what} are beyond +-{MAX_STEPS / STEPS_PER_LOG_ODDS:g} log-odds: too few"
            " different accounts with this field were labelled, so that a small difference decides everything.",
            remedy="Label accounts of both kinds that differ more in it, or give lists without its column.",
        )


def _section(
    rows: LabelledRows,
    model: TableModel,
    folds: Sequence[SourceFold],
    measures: Sequence[FoldMeasures],
    validation: Validation,
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the platform's section of the card and its arrays."""
    entries = []
    arrays: dict[str, NDArray[Any]] = {}
    for pattern in rows.patterns:
        entry, its_arrays = _pattern_entry(pattern, rows.recipe, folds, measures)
        entries.append(entry)
        arrays.update(its_arrays)
    section = {
        "abstain_below": ABSTAIN_BELOW,
        "features": [feature_entry(name, model, rows.recipe) for name in rows.recipe.features],
        "intercept": model.intercept / STEPS_PER_LOG_ODDS,
        "memory": None,
        "patterns": entries,
        "reference": None,
        "training": {**training_entry(rows.table, rows.recipe), "labels": plain(rows.counts)},
        "validation": validation,
    }
    return section, arrays


def _pattern_entry(
    pattern: Pattern, recipe: Recipe, folds: Sequence[SourceFold], measures: Sequence[FoldMeasures]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    known = features_of(pattern, recipe.features)
    thresholds = set_thresholds(folds_with_people(folds), known, line_quantile(pattern))
    left_out = [fold.left_out for fold in folds]
    profile, arrays = profile_entry(f"{pattern.platform}_{pattern.name}", left_out_histograms(left_out, known))
    entry = {
        "columns": list(pattern.columns),
        "features": list(known),
        "left_out": {
            "datasets": left_out_rates(left_out, known, thresholds),
            "folds": [plain(one) for one in measures if one.pattern == pattern.name],
            "people_by_slice": slice_rates(left_out, known, thresholds),
            "quantile": line_quantile(pattern),
        },
        "name": pattern.name,
        "profile": profile,
        "thresholds": {
            "review": threshold_entry(thresholds.review),
            "suspicious": threshold_entry(thresholds.suspicious),
        },
    }
    return entry, arrays


def _about(rows: LabelledRows, validation: Validation) -> dict[str, Any]:
    """Return what the card tells a person. No ids, no handles, no names of files, no clock."""
    limits = LIMITS if validation == "left_out_sources" else (NOT_VALIDATED, *LIMITS)
    return {
        "library_versions": {name: version(name) for name in ("numpy", "scikit-learn", "scipy")},
        "limits": list(limits),
        "method": list(METHOD),
        "n_accounts": len(rows.table),
        "n_sources": len(np.unique(rows.table.source)),
        "random_state": SEED,
        "trained_on": "a user's own labels",
    }
