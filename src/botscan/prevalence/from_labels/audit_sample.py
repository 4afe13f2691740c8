"""Organic share of a whole list from labels of a random few, sharpened by the scores of all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.display import DIGITS
from botscan.evidence.labels import LabelTable
from botscan.evidence.scores import Scores
from botscan.notes import Note
from botscan.prevalence.error_correction import ErrorRates, corrected_suspicious_share, note_of_errors
from botscan.prevalence.from_labels.label_errors import refuse_uncorrectable
from botscan.prevalence.from_labels.label_notes import label_notes, why_none
from botscan.prevalence.from_labels.matched_labels import MatchedLabels
from botscan.prevalence.from_labels.post_strata import PostStrata, post_stratified_share
from botscan.prevalence.from_labels.prediction_powered import LabeledSample, estimate_suspicious_share
from botscan.prevalence.from_labels.rank_coverage import RankCoverage, find_post_strata
from botscan.prevalence.from_labels.stratified import estimate_stratified, merge_unlabeled
from botscan.prevalence.from_labels.undecided import worst_case_interval
from botscan.prevalence.intervals import normal_quantile, product_interval
from botscan.prevalence.share import (
    OrganicShare,
    cannot_say,
    check_frame,
    frame_notes,
    list_notes,
    n_judged,
    rounded_interval,
    undeclared_share,
    unseen_share,
)

#: Fewer labels than this say nothing about a spread.
FEWEST_LABELS = 2
#: When more of the accounts looked at stay undecided, or more of the list is in strata where nothing was decided, the
#: share is not validated.
MOST_UNDECIDED = 0.1

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def estimate_from_labels(
    scores: Scores,
    labels: LabelTable,
    *,
    confidence_level: float = 0.95,
    frame: str = "unknown",
    population: int | None = None,
    rater_errors: ErrorRates | None = None,
) -> OrganicShare:
    """Estimate the organic share of a whole list from labels of a random sample of it.

    The share is about what these raters call suspicious, and the interval holds for that even where the model is
    wrong: the scores only make it narrower. Unscored accounts are part of the list and all count as average. Accounts
    that call themselves automated are known and need no label. An account whose raters disagree counts half. One that
    nobody could decide, or that was passed over, is left out of the share; the interval holds whatever such accounts
    are. Accounts after the last one answered were not reached: they bias nothing, because a sheet stands in random
    order.

    Parameters
    ----------
    scores
        Scores of the list, one row an account.
    labels
        What raters said, about a simple random or systematic sample, or a random sample within strata. A bare table
        is taken as a simple random sample, and a note says so.
    confidence_level
        In (0, 1).
    frame, population
        Which part of the followers the list holds, and how many followers there are. For a random sample the interval
        speaks of all followers.
    rater_errors
        How often such raters are wrong, measured elsewhere on accounts of known truth. The share is then what the
        raters would say without these errors, from their answers alone: for simple random and systematic samples where
        no two raters disagree.

    Returns
    -------
    share
        Share of the list; None with the reason when nothing was decided.

    Raises
    ------
    SchemaError
        The labels were drawn from another list, none of their accounts is in this one, or they were drawn with
        unequal probabilities and their strata are not said or do not fit the list.
    BotscanError
        Labels from strata, or half labels, were to be corrected for errors.

    Notes
    -----
    See `prediction_powered`, `stratified` and `undecided` beside this file for the methods and their references.
    """
    normal_quantile(confidence_level)
    check_frame(frame, population, scores.n_accounts)
    matched = MatchedLabels.of(scores, labels)
    histogram = scores.histogram()
    notes = label_notes(labels, matched)
    n_decided = int(matched.is_decided.sum())
    if rater_errors is not None:
        refuse_uncorrectable(labels, matched)
        notes.insert(0, note_of_errors(rater_errors))
    reason = _why_none(matched, rater_errors)
    if reason is not None:
        return cannot_say(
            histogram,
            confidence_level=confidence_level,
            frame=frame,
            population=population,
            reasons=(reason, *(note for note in notes if note != reason)),
            n_labeled=n_decided,
        )
    # Answers that are corrected, or drawn within strata, cannot be weighted along the follow order as well.
    # Nor can accounts whose place nobody knows.
    is_plain = rater_errors is None and labels.design.kind != "stratified" and not matched.n_unknown
    coverage = _coverage(scores, matched, frame, population, is_plain=is_plain)
    # Places that show a head, a tail or gaps overrule the word that the list was drawn at random.
    frame = frame if coverage.may_extrapolate else "unknown"
    unseen = unseen_share(frame, population, scores.n_accounts)
    estimator = _Estimator.of(scores, matched, unseen, coverage, rater_errors)
    share, lower, upper, method = estimator.organic_share(confidence_level)
    notes += estimator.notes()
    n_undecided = 0 if estimator.is_census else int(matched.is_undecided.sum()) + matched.n_unknown
    if n_undecided:
        decided_alone = {"ci_lower": lower, "ci_upper": upper}
        notes.append(Note("labels_unsure_widened", count=n_undecided, numbers=decided_alone))
        share, lower, upper = rounded_interval(share, *estimator.ends_whatever_undecided(confidence_level))
    return OrganicShare(
        share,
        lower,
        upper,
        confidence_level=confidence_level,
        method=method,
        validated=rater_errors is None
        and not any(note.code == "ranks_in_pages" for note in coverage.notes)
        and (estimator.is_census or _may_hold(labels, matched)),
        estimand="not_suspicious_to_raters" if rater_errors is None else "not_suspicious_corrected",
        share_of="list",
        frame=frame,
        population=estimator.speaks_of(population),
        n_accounts=scores.n_accounts,
        n_scored=n_judged(histogram),
        n_labeled=n_decided,
        notes=(
            Note("includes_dormant"),
            Note("raters_not_purchases" if rater_errors is None else "labels_errors_share_only"),
            *notes,
            *list_notes(histogram, share_of="list"),
            *coverage.notes,
            *_frame_notes(coverage, frame, estimator.speaks_of(population), (share, lower, upper), scores.n_accounts),
        ),
    )


def _may_hold(labels: LabelTable, matched: MatchedLabels) -> bool:
    """Return whether labels of some accounts were drawn in a known way and were mostly decided."""
    is_drawn = labels.design.kind != "assumed_simple_random" and not labels.is_order_lost
    return is_drawn and max(matched.undecided_share, matched.unlabeled_share) <= MOST_UNDECIDED


def _coverage(
    scores: Scores, matched: MatchedLabels, frame: str, population: int | None, *, is_plain: bool
) -> RankCoverage:
    """Return what the places in the follow order allow a random sample of a known number of followers."""
    if frame != "random" or population is None:
        return RankCoverage()
    ranks = np.asarray(pc.fill_null(scores.table["follow_rank"], -1).to_numpy())
    is_labeled = np.zeros(scores.n_accounts, dtype=np.bool_)
    is_labeled[matched.positions[matched.is_decided]] = True
    found = find_post_strata(ranks, population, is_labeled)
    return found if is_plain else found.for_labels_within_strata()


def _frame_notes(
    coverage: RankCoverage,
    frame: str,
    population: int | None,
    interval: tuple[float, float, float],
    n_accounts: int,
) -> tuple[Note, ...]:
    # That the share is of the list alone has been said by the places.
    return frame_notes(frame, population, interval, n_accounts=n_accounts) if coverage.may_extrapolate else ()


def _why_none(matched: MatchedLabels, rater_errors: ErrorRates | None) -> Note | None:
    """Say why the labels give no share; None where they give one."""
    is_census = matched.census_share is not None and rater_errors is None
    if int(matched.is_decided.sum()) < FEWEST_LABELS and not is_census:
        return why_none(matched)
    if rater_errors is not None and rater_errors.sensitivity <= rater_errors.false_alarm_rate:
        return note_of_errors(rater_errors)
    return None


@dataclass(frozen=True, eq=False)
class _Unknown:
    """Accounts that were looked at and cannot be told, by stratum, all taken to be of one kind."""

    n_of: NDArray[np.int64]
    suspicious: float

    def answers(self, stratum: int) -> Floats:
        """Return what is taken for their answers."""
        return np.full(int(self.n_of[stratum]), self.suspicious)


@dataclass(frozen=True, eq=False)
class _Estimator:
    """The list and the labels that are put into it."""

    prediction: Floats  # of every account of the list, in [0, 1]
    mean: float
    mean_square: float
    n_undeclared: int
    n_accounts: int
    unseen: float  # part of what the interval speaks of that is outside the list
    matched: MatchedLabels
    is_undeclared: Mask  # of every account of the list
    post_strata: PostStrata | None  # None where there is nothing to weight along the follow order
    rater_errors: ErrorRates | None

    @classmethod
    def of(
        cls,
        scores: Scores,
        matched: MatchedLabels,
        unseen: float,
        coverage: RankCoverage,
        rater_errors: ErrorRates | None,
    ) -> _Estimator:
        prediction = np.asarray(scores.table["bot_score"].to_numpy(), dtype=np.float64)
        undeclared = ~scores.is_declared_bot
        scored = ~np.isnan(prediction)
        # An account without a score counts as average: any constant is right, this one costs least.
        average = float(prediction[scored & undeclared].mean()) if (scored & undeclared).any() else 0.5
        prediction = np.where(scored, prediction, average)
        return cls(
            prediction,
            float(prediction[undeclared].mean()),
            float((prediction[undeclared] ** 2).mean()),
            int(undeclared.sum()),
            scores.n_accounts,
            unseen,
            matched,
            undeclared,
            None if coverage.looks_random else coverage.strata,
            rater_errors,
        )

    @property
    def is_census(self) -> bool:
        """Whether every account that could be asked about was decided."""
        return self.matched.census_share is not None

    def speaks_of(self, population: int | None) -> int | None:
        """Return the followers that the share speaks of: those of the post-strata, where parts were not seen."""
        return population if self.post_strata is None else self.post_strata.population

    def organic_share(self, confidence_level: float, undecided: float | None = None) -> tuple[float, float, float, str]:
        """Return share, lower and upper end, and method; undecided accounts are left out, or all of one kind.

        So are those whose rows are gone: they have neither a score nor a place.
        """
        is_used, suspicious = self.matched.is_decided, self.matched.suspicious
        if undecided is not None:
            is_used = is_used | self.matched.is_undecided
            suspicious = np.where(self.matched.is_undecided, undecided, suspicious)
        if self.post_strata is not None:
            return post_stratified_share(
                self.post_strata,
                self.matched.positions[is_used],
                suspicious[is_used],
                self.prediction,
                self.is_undeclared,
                confidence_level=confidence_level,
            )
        n_of = self.matched.n_unknown_of
        unknown = _Unknown(np.zeros_like(n_of), 0.0) if undecided is None else _Unknown(n_of, undecided)
        share, lower, upper, method = self._suspicious_share(is_used, suspicious, unknown, confidence_level)
        undeclared = undeclared_share(self.n_undeclared, self.n_accounts, self.unseen, confidence_level)
        of_undeclared = (1.0 - share, 1.0 - upper, 1.0 - lower)
        return *rounded_interval(*product_interval(of_undeclared, undeclared)), method

    def ends_whatever_undecided(self, confidence_level: float) -> tuple[float, float]:
        """Return the ends of an interval that holds whether undecided accounts are suspicious, organic, or mixed."""

        def counted_as(undecided: float, level: float) -> tuple[float, float, float]:
            return self.organic_share(level, undecided)[:3]

        lower, upper = worst_case_interval(
            lambda level: counted_as(1.0, level), lambda level: counted_as(0.0, level), confidence_level
        )
        # One-sided ends of a wide band can lie inside the two-sided ones of the decided accounts alone.
        _, of_decided_lower, of_decided_upper, _ = self.organic_share(confidence_level)
        return min(lower, of_decided_lower), max(upper, of_decided_upper)

    def notes(self) -> list[Note]:
        """Say which strata the labels tell nothing about."""
        n_empty = int(self.matched.is_unlabeled.sum())
        numbers = {"share": round(self.matched.unlabeled_share, DIGITS)}
        return [Note("labels_strata_merged", count=n_empty, numbers=numbers)] if n_empty else []

    def _suspicious_share(
        self, is_used: Mask, suspicious: Floats, unknown: _Unknown, confidence_level: float
    ) -> tuple[float, float, float, str]:
        if self.rater_errors is not None:
            answers = np.append(suspicious[is_used], unknown.answers(0))
            size = self._stands_for(self.n_undeclared)
            found = corrected_suspicious_share(
                round(float(answers.sum())),
                len(answers),
                self.rater_errors,
                size=size,
                confidence_level=confidence_level,
            )
            return *found, "error_corrected"
        if self.is_census and self.unseen == 0.0:
            assert self.matched.census_share is not None
            return self.matched.census_share, self.matched.census_share, self.matched.census_share, "exact"
        strata = merge_unlabeled(self._strata(is_used, suspicious, unknown))
        if len(strata) > 1:
            sizes_from = self.n_undeclared / self.unseen if self.unseen > 0.0 else math.inf
            return estimate_stratified(strata, confidence_level, sizes_from=sizes_from)
        answers = np.append(suspicious[is_used], unknown.answers(0))
        prediction = self.prediction[self.matched.positions[is_used]]
        if len(answers) > len(prediction):
            # Rows may be gone because of their scores, so scores can tell nothing here.
            prediction = np.full(len(answers), self.mean)
        sample = LabeledSample(
            answers,
            prediction,
            self.mean,
            self.mean_square,
            self.n_undeclared,
            self._stands_for(self.n_undeclared),
        )
        return estimate_suspicious_share(sample, confidence_level)

    def _strata(self, is_used: Mask, suspicious: Floats, unknown: _Unknown) -> list[LabeledSample]:
        strata = []
        for number, size in enumerate(self.matched.stratum_sizes.tolist()):
            in_stratum = self.matched.stratum == number
            drawn = self.prediction[self.matched.positions[in_stratum]]
            # Which accounts a stratum holds is known only of those that were drawn; their mean is its mean.
            mean = float(drawn.mean()) if len(drawn) else self.mean
            mean_square = float((drawn**2).mean()) if len(drawn) else self.mean_square
            labeled = in_stratum & is_used
            added = unknown.answers(number)
            strata.append(
                LabeledSample(
                    np.append(suspicious[labeled], added),
                    np.append(self.prediction[self.matched.positions[labeled]], np.full(len(added), mean)),
                    mean,
                    mean_square,
                    size,
                    self._stands_for(size),
                )
            )
        return strata

    def _stands_for(self, n_accounts: int) -> float:
        return n_accounts / (1.0 - self.unseen) if self.unseen < 1.0 else math.inf
