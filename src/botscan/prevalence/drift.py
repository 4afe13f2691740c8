"""Drift: how far an audience is from everything the model was trained on, feature by feature and jointly.

Lines come from left-out data only: each source with people was left out in turn, and its distance to the nearest
mixture of the rest was measured, for its people and for these mixed with as many of its suspicious accounts. An
audience is far when even the lower end of its interval is beyond the largest of these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.display import DIGITS, Displayed
from botscan.errors import ModelError
from botscan.evidence.feature_counts import FeatureCounts
from botscan.evidence.feature_reference import DriftLines, FeatureReference
from botscan.notes import Note
from botscan.prevalence.intervals import normal_quantile, wilson_interval
from botscan.prevalence.nearest_mixture import expected_noise, nearest_mixture, sampling_error, squared_distance
from botscan.wording import number, say, say_note

#: Of the intervals: either end errs in one case of twenty.
CONFIDENCE_LEVEL = 0.9
#: Features named in a warning, at most.
N_NAMED = 3

#: Sentences of a figure with and without its line.
_DISTANCE = ("drift_distance", "drift_distance_no_line")
_SHARE = ("drift_share", "drift_share_no_line")


@dataclass(frozen=True)
class Measured:
    """A figure with its interval, beside the largest that a left-out audience had.

    Attributes
    ----------
    value, ci_lower, ci_upper
        In [0, 1].
    line
        In [0, 1]; None where no line is known.
    """

    value: float
    ci_lower: float
    ci_upper: float
    line: float | None

    @property
    def is_beyond(self) -> bool:
        """Whether even the lower end is beyond the line."""
        return self.line is not None and self.ci_lower > self.line

    def less_line(self, line: float | None) -> Measured:
        """Return how far the figure is beyond its line, 0 where it is not, beside a line for that."""
        own = self.line or 0.0
        value, lower, upper = (round(max(0.0, end - own), DIGITS) for end in (self.value, self.ci_lower, self.ci_upper))
        return Measured(value, lower, upper, line)

    def in_words(self, codes: tuple[str, str], language: str) -> str:
        """Return the first sentence with the line, or the second where there is none."""
        values = {"value": self.value, "lower": self.ci_lower, "upper": self.ci_upper}
        if self.line is None:
            return say(codes[1], language, **values)
        return say(codes[0], language, line=self.line, **values)


@dataclass(frozen=True)
class FeatureDrift:
    """How far an audience is from training in one feature.

    Attributes
    ----------
    name
        Feature.
    distance
        Hellinger distance to the nearest mixture, from 0 (the same) to 1 (nothing in common), less what the noise of
        so few accounts adds on average; beside the largest of a left-out audience in this feature.
    unknown_share
        Share of the accounts for which the feature is not known, in [0, 1]; they are no part of the distance.
    """

    name: str
    distance: Measured
    unknown_share: float


@dataclass(frozen=True)
class Drift(Displayed):
    """How far an audience is from what the model was trained on.

    Attributes
    ----------
    joint_distance
        Root of the mean squared distance over features; None when nothing could be compared.
    rare_share
        Share of accounts whose combination of features is rarer than the rarest 1 % of left-out people.
    largest_excess
        How far the audience is beyond the line of a feature, in the one where it is surely furthest: where the lower
        end is largest; beside the largest such figure of a left-out audience against those of the other sources.
    excess_feature
        Name of that feature; None when nothing could be compared.
    line_sources
        Sources that were left out in turn for the lines; empty where no line is known.
    n_accounts
        Scored accounts of the list.
    pattern
        Evidence pattern, ``platform/name``.
    confidence_level
        Of the intervals.
    features
        One entry a feature that could be compared, the one furthest beyond its own line first.
    """

    joint_distance: Measured | None
    rare_share: Measured | None
    largest_excess: Measured | None
    excess_feature: str | None
    line_sources: tuple[str, ...]
    n_accounts: int
    pattern: str
    confidence_level: float
    features: tuple[FeatureDrift, ...]

    @property
    def is_far(self) -> bool | None:
        """Whether the audience is further from training than any left-out audience was.

        Jointly, in one feature, or in its share of rare combinations; None where no line is known, or where nothing
        could be compared.
        """
        figures = (self.joint_distance, self.rare_share, self.largest_excess)
        if None in figures or not self.line_sources:
            return None
        return any(figure.is_beyond for figure in figures if figure)

    @property
    def most_unlike(self) -> tuple[str, ...]:
        """Features that are beyond their own lines, or the one nearest to its line; at most three."""
        beyond = tuple(item.name for item in self.features if item.distance.is_beyond)
        return (beyond or tuple(item.name for item in self.features[:1]))[:N_NAMED]

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What a reader of scores and shares must know; empty where the audience is like training."""
        joint, rare, excess = self.joint_distance, self.rare_share, self.largest_excess
        if joint is None or rare is None or excess is None:
            return ()
        if joint.line is None or rare.line is None:
            return (Note("audience_likeness_not_known", numbers={"distance": joint.value}),)
        notes = []
        if joint.is_beyond:
            named = ", ".join(self.most_unlike)
            notes.append(
                Note(
                    "audience_unlike_training",
                    numbers={"distance": joint.value, "line": joint.line, "features": named},
                )
            )
        elif excess.is_beyond:
            furthest = next(item for item in self.features if item.name == self.excess_feature)
            notes.append(
                Note(
                    "audience_unlike_in_feature",
                    numbers={
                        "feature": furthest.name,
                        "distance": furthest.distance.value,
                        "line": furthest.distance.line or 0.0,
                    },
                )
            )
        if rare.is_beyond:
            notes.append(Note("audience_combinations_rare", numbers={"share": rare.value, "line": rare.line}))
        return tuple(notes)

    def to_dict(self) -> dict[str, Any]:
        """Return `is_far` and the fields as plain data."""
        return {"is_far": self.is_far, **super().to_dict()}

    def _title(self, language: str) -> str:
        return say("drift_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        verdict = {None: "drift_not_known", False: "drift_near", True: "drift_far"}[self.is_far]
        rows = [(say("drift_verdict", language), say(verdict, language))]
        for label, figure, codes in (
            ("drift_joint", self.joint_distance, _DISTANCE),
            ("drift_rare", self.rare_share, _SHARE),
            ("drift_excess", self.largest_excess, _DISTANCE),
        ):
            if figure is not None:
                rows.append((say(label, language), figure.in_words(codes, language)))
        sources = ", ".join(self.line_sources) or say("drift_no_lines", language)
        rows.append((say("drift_lines_from", language), sources))
        rows.append((say("drift_n_accounts", language), number(self.n_accounts, language)))
        for item in self.features:
            told = item.distance.in_words(_DISTANCE, language)
            if item.unknown_share > 0:
                told += f"; {say('drift_unknown', language, share=item.unknown_share)}"
            rows.append((say(f"feature_{item.name}", language), told))
        return rows + [(say("share_note", language), say_note(note, language)) for note in self.warnings]


def measure_drift(counts: FeatureCounts, reference: FeatureReference) -> Drift:
    """Measure how far an audience is from the nearest mixture of what a model was trained on.

    Parameters
    ----------
    counts
        The scored accounts of the audience, per bin and feature.
    reference
        Of the same model and grid, with lines for the pattern of the audience.

    Returns
    -------
    drift
        Distances less the noise that so few accounts add on average. The interval of the joint distance takes all
        features as wholly dependent, which can only widen it. What is not known is no part of a distance.

    Raises
    ------
    ModelError
        Counts and reference come from different models or grids, or the reference has no lines for the pattern.
    """
    lines = _checked_lines(counts, reference)
    compared = _compared(counts, reference)
    features: list[FeatureDrift] = []
    joint = excess = excess_feature = None
    if compared:
        weights = nearest_mixture([item.audience for item in compared], [item.families for item in compared])
        squares, errors = zip(*(item.measure(weights) for item in compared), strict=True)
        joint = _distance(float(np.mean(squares)), float(np.mean(errors)), lines.joint)
        for item, square, error in zip(compared, squares, errors, strict=True):
            distance = _distance(square, error, lines.features.get(item.name))
            unknown_share = round(1.0 - item.n_known / counts.n_accounts, DIGITS)
            features.append(FeatureDrift(item.name, distance, unknown_share))
        beyond = [(item.distance.less_line(lines.excess), item) for item in features]
        beyond.sort(key=lambda pair: (-pair[0].value, -pair[1].distance.value, pair[1].name))
        features = [item for _, item in beyond]
        # Of few known accounts a distance may be large by chance: the surest excess counts, not the largest.
        excess, furthest = max(beyond, key=lambda pair: (pair[0].ci_lower, pair[0].value))
        excess_feature = furthest.name
    return Drift(
        joint_distance=joint,
        rare_share=_rare_share(counts, lines),
        largest_excess=excess,
        excess_feature=excess_feature,
        line_sources=lines.sources,
        n_accounts=counts.n_accounts,
        pattern=counts.pattern,
        confidence_level=CONFIDENCE_LEVEL,
        features=tuple(features),
    )


@dataclass(frozen=True, eq=False)
class _Compared:
    """One feature of an audience beside the same of every family."""

    name: str
    audience: NDArray[np.float64]  # shares, shape (n_bins,)
    families: NDArray[np.float64]  # shares, shape (n_families, n_bins)
    n_known: int

    def measure(self, weights: NDArray[np.float64]) -> tuple[float, float]:
        """Return the squared distance less its expected noise, and its standard error."""
        mixture = weights @ self.families
        square = squared_distance(self.audience, mixture) - expected_noise(mixture, self.n_known)
        return square, sampling_error(self.audience, mixture, self.n_known)


def _compared(counts: FeatureCounts, reference: FeatureReference) -> list[_Compared]:
    """Return the features that are known for some of the audience and for some of training."""
    compared = []
    for name, of_list in counts.features.items():
        known = of_list[:-1].astype(np.float64)
        families = reference.shares(name)
        if known.any() and families is not None:
            compared.append(_Compared(name, known / known.sum(), families, int(known.sum())))
    return compared


def _distance(square: float, error: float, line: float | None) -> Measured:
    margin = normal_quantile(CONFIDENCE_LEVEL) * error
    value, lower, upper = (
        round(math.sqrt(min(1.0, max(0.0, end))), DIGITS) for end in (square, square - margin, square + margin)
    )
    return Measured(value, lower, upper, line)


def _rare_share(counts: FeatureCounts, lines: DriftLines) -> Measured | None:
    n = counts.n_accounts
    if n == 0:
        return None
    share = counts.n_rare(lines.rare_from) / n
    lower, upper = wilson_interval(share, n, CONFIDENCE_LEVEL)
    return Measured(round(share, DIGITS), round(lower, DIGITS), round(upper, DIGITS), lines.rare_share)


def _checked_lines(counts: FeatureCounts, reference: FeatureReference) -> DriftLines:
    for what, of_list, of_reference in (
        ("model", counts.model, reference.model),
        ("grid", counts.grid_version, reference.grid_version),
    ):
        if of_list != of_reference:
            raise ModelError(
                f"The list was counted with {what} {of_list}, the reference is of {what} {of_reference}.",
                remedy="Score the list with the model that the reference belongs to.",
            )
    name = counts.pattern.rpartition("/")[2]
    sizes = {feature: len(of_list) - 1 for feature, of_list in counts.features.items()}
    if name not in reference.lines or not sizes.items() <= reference.tree.sizes.items():
        raise ModelError(
            f"The reference of the model has no lines for the evidence pattern {counts.pattern!r}.",
            remedy=f"It has {', '.join(reference.lines) or 'none'}.",
        )
    return reference.lines[name]
