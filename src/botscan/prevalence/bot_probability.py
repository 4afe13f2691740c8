r"""How probable it is that each account is suspicious, given the share that was estimated for its list.

A score ranks accounts; what it means depends on how many suspicious ones there are. With the likelihood ratio r of a
score (suspicious over organic), Bayes' rule under a suspicious share pi gives

.. math:: P(\mathrm{suspicious} \mid \mathrm{score}) = \frac{1}{1 + e^{-\log r(\mathrm{score}) - c}},
          \qquad c = \log \frac{\pi}{1 - \pi}

and its mean over the list is pi only where the list is exactly the mixture that the ratio describes. So that
probabilities and share never contradict each other, c is solved for: the one offset at which the mean over the accounts
that do not call themselves automated equals their estimated suspicious share. It is the prior shift of [1]_, with a
share from a better estimate than theirs. The ends of the interval of the share give the ends of the probabilities; that
the ratio itself may be wrong for this audience is not in them.

The ratio is that of the profile's bins, smoothed by their prior and made to rise with the score [2]_. Without a
profile, and for a share from labels, it is the score's own log-odds, whose slope enough labels can correct.

References
----------
.. [1] Saerens, M., Latinne, P., Decaestecker, C. (2002). Adjusting the outputs of a classifier to new a priori
   probabilities: a simple procedure. Neural Computation 14(1), 21-41. https://doi.org/10.1162/089976602753284446
.. [2] Dykstra, R., Kochar, S., Robertson, T. (1995). Inference for likelihood ratio ordering in the two-sample problem.
   JASA 90(431), 1034-1040. https://doi.org/10.1080/01621459.1995.10476605
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.display import Displayed, plain
from botscan.errors import ModelError, SchemaError
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS, histogram_bins
from botscan.evidence.labels import LabelTable
from botscan.evidence.profile import ScoreProfile
from botscan.evidence.scores import Scores
from botscan.notes import Note
from botscan.prevalence.from_labels.matched_labels import MatchedLabels
from botscan.prevalence.mixture import LARGEST_PROFILE, PRIOR
from botscan.prevalence.score_slope import logistic, slope_from_labels
from botscan.prevalence.share import DECLARED_NOTE, OrganicShare
from botscan.wording import number, percent, say, say_note

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

#: Digits kept: the last ones of an exponential differ between machines.
_DIGITS = 9

_HALVINGS = 100


@dataclass(frozen=True, eq=False, repr=False)
class BotProbabilities(Displayed):
    """Probability of each account of one list to be suspicious, under the list's estimated share.

    Attributes
    ----------
    account_ids
        Accounts in the order of the scores, large_string, shape (n,).
    bot_probability
        In [0, 1], rising with the score, shape (n,): 1 where the account calls itself automated, NaN where it has no
        score, NaN everywhere when there is no share.
    lower, upper
        The same under the two ends of the interval of the share, shape (n,).
    notes
        What a reader must know.
    """

    account_ids: pa.ChunkedArray
    bot_probability: Floats
    lower: Floats
    upper: Floats
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        for name in ("bot_probability", "lower", "upper"):
            values = np.array(getattr(self, name), dtype=np.float64)
            if values.shape != (len(self.account_ids),):
                raise ValueError(f"{name} has shape {values.shape}, wanted ({len(self.account_ids)},)")
            values.flags.writeable = False
            object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return len(self.bot_probability)

    def __repr__(self) -> str:
        # The table holds ids; a log or a traceback shall not.
        return f"BotProbabilities({len(self)} accounts, {self.n_known} with a probability)"

    @property
    def n_known(self) -> int:
        """Number of accounts with a probability."""
        return int(np.isfinite(self.bot_probability).sum())

    def to_dict(self) -> dict[str, Any]:
        """Return counts and means over the accounts with a probability as plain data, never an account."""
        means = {name: _mean(getattr(self, name)) for name in ("bot_probability", "lower", "upper")}
        return {
            "n_accounts": len(self),
            "n_known": self.n_known,
            "mean_bot_probability": plain(means["bot_probability"]),
            "mean_bot_probability_ci_lower": plain(means["lower"]),
            "mean_bot_probability_ci_upper": plain(means["upper"]),
            "notes": plain(self.notes),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row an account, in the order of the accounts."""
        import pandas as pd

        return pd.DataFrame(
            {
                "account_id": self.account_ids.to_pandas(),
                "bot_probability": self.bot_probability,
                "bot_probability_ci_lower": self.lower,
                "bot_probability_ci_upper": self.upper,
            }
        )

    def _title(self, language: str) -> str:
        return say("probability_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = [
            (say("audit_accounts", language), number(len(self), language)),
            (say("probability_n_known", language), number(self.n_known, language)),
        ]
        if self.n_known:
            mean = percent(_mean(self.bot_probability), language, 1)
            rows.append((say("probability_mean", language), mean))
        return rows + [(say("share_note", language), say_note(note, language)) for note in self.notes]


def estimate_bot_probability(
    scores: Scores, share: OrganicShare, profile: ScoreProfile | None = None, labels: LabelTable | None = None
) -> BotProbabilities:
    """Estimate for each account how probable it is that it is suspicious, under the estimated share of its list.

    Parameters
    ----------
    scores
        Scores of the list.
    share
        The organic share of this very list, estimated from these scores: a share does not say which list it is of, so
        only its counts can be compared. Where there is none, no account has a probability either.
    profile
        How suspicious and organic accounts score; the one behind the share, where the share is from a profile. Not
        used for a share from labels.
    labels
        The labels behind the share, where it is from labels: with at least eight of either class they also correct
        how strongly the score speaks.

    Returns
    -------
    probabilities
        One an account, in order. Over the accounts that the share is about their mean is 1 - organic_share to within
        1e-6, and so are those of the ends, as far as the self-declared automated accounts allow. Of a share of the
        whole list, accounts without a score count as average; they have no probability of their own.

    Raises
    ------
    SchemaError
        The counts of the share are those of another list or of other labels, or the labels are of another list.
    ModelError
        The profile is of another model or evidence pattern, or lacks one of the kinds.

    Examples
    --------
    >>> from botscan.evidence.scores import SCORE_SCHEMA
    >>> columns = {"account_id": list("abcde"), "log_odds": [-4.0, -2.0, 0.0, 3.0, None]}
    >>> table = pa.table([pa.array(columns.get(one.name, [None] * 5), one.type) for one in SCORE_SCHEMA], SCORE_SCHEMA)
    >>> scores = Scores(table, "m", "m", "twitter/full", "twitter", None, "", "list.csv")
    >>> said = ("exact", False, "not_suspicious_to_raters", "list", "full")
    >>> share = OrganicShare(0.75, 0.5, 0.9, 0.95, *said, n_accounts=5, n_scored=4, n_labeled=4)
    >>> estimate_bot_probability(scores, share).bot_probability.round(3).tolist()
    [0.004, 0.027, 0.168, 0.802, nan]
    """
    _refuse_other_lists(scores, share, labels)
    if share.organic_share is None:
        unknown = np.full(scores.n_accounts, np.nan)
        reasons = (Note("probability_needs_share"), *share.notes[:1])
        return BotProbabilities(scores.account_ids, unknown, unknown, unknown, reasons)
    declared = scores.is_declared_bot
    is_open = scores.is_scored & ~declared
    notes = [Note("probability_under_share")]
    points, position = _distinct(scores.steps[is_open])
    if share.n_labeled or profile is None:
        slope = 1.0
        if labels is not None and (told := slope_from_labels(scores, labels)) is not None:
            slope, n_labels = told
            notes.append(Note("probability_slope", count=n_labels, numbers={"slope": round(slope, 2)}))
        evidence = slope * points / STEPS_PER_LOG_ODDS
    else:
        evidence = _profile_evidence(points, scores, profile, is_of_audience=share.method == "binned_posterior")
    if n_unscored := int((~is_open & ~declared).sum()):
        notes.append(Note("probability_unscored", count=n_unscored))
    weights = np.bincount(position, minlength=len(points)).astype(np.float64)
    values = []
    for organic in (share.organic_share, share.organic_share_ci_upper, share.organic_share_ci_lower):
        assert organic is not None
        target = _undeclared_target(organic, scores, share)
        of_account = np.where(declared, 1.0, np.nan)
        of_account[is_open] = shift_to_mean(evidence, weights, target).round(_DIGITS)[position]
        values.append(of_account)
    point, lower, upper = values
    return BotProbabilities(scores.account_ids, point, lower, upper, tuple(notes))


def _refuse_other_lists(scores: Scores, share: OrganicShare, labels: LabelTable | None) -> None:
    """Raise SchemaError where share or labels show that they are of another list."""
    n_declared = int(scores.is_declared_bot.sum())
    of_scores = {
        "accounts": scores.n_accounts,
        "judged accounts": int((scores.is_scored | scores.is_declared_bot).sum()),
        "accounts that call themselves automated": n_declared,
    }
    # Only a note of the share counts these; a share that was made by hand need not have it.
    told = [note.count or 0 for note in share.notes if note.code == DECLARED_NOTE]
    of_share = dict(zip(of_scores, (share.n_accounts, share.n_scored, sum(told) if told else n_declared), strict=True))
    for what, count in of_share.items():
        if count != of_scores[what]:
            raise SchemaError(
                f"The share is of a list of {count} {what}, the scores are of {of_scores[what]}.",
                source=scores.source,
                remedy="Give the share that was estimated from these scores.",
            )
    if labels is None:
        return
    # Labels of another list are refused here, by the digest that their sheet holds.
    n_decided = int(MatchedLabels.of(scores, labels).is_decided.sum())
    if share.n_labeled and share.n_labeled != n_decided:
        raise SchemaError(
            f"The share is from {share.n_labeled} labels, but {n_decided} accounts of this list are labelled.",
            source=labels.source,
            remedy="Give the labels that the share was estimated from, and the share of this list.",
        )


def shift_to_mean(evidence: Floats, weights: Floats, mean: float) -> Floats:
    """Return probabilities whose log-odds are the evidence plus the one offset that gives their mean.

    Parameters
    ----------
    evidence
        Log-odds up to a constant, finite, shape (k,).
    weights
        Accounts at each, > 0, shape (k,).
    mean
        Weighted mean wanted, in [0, 1].

    Examples
    --------
    >>> shift_to_mean(np.array([-1.0, 1.0]), np.array([1.0, 1.0]), 0.5).round(3).tolist()
    [0.269, 0.731]
    >>> shift_to_mean(np.array([-1.0, 1.0]), np.array([1.0, 1.0]), 0.0).tolist()
    [0.0, 0.0]
    """
    if mean <= 0.0 or mean >= 1.0 or len(evidence) == 0:
        return np.full(len(evidence), float(mean >= 1.0))
    total = float(weights.sum())
    middle = np.log(mean / (1.0 - mean))
    # At either end every account lies on one side of the mean.
    low, high = middle - float(evidence.max()), middle - float(evidence.min())
    for _ in range(_HALVINGS):
        offset = (low + high) / 2.0
        if float(weights @ logistic(evidence + offset)) / total < mean:
            low = offset
        else:
            high = offset
    return logistic(evidence + (low + high) / 2.0)


def rising_log_ratio(suspicious: Floats, organic: Floats) -> Floats:
    """Return the logarithm of the likelihood ratio of each bin, made to rise with the bin.

    The share that suspicious accounts would have of each bin, were both kinds equally many, is pooled over neighbouring
    bins where it falls.

    Parameters
    ----------
    suspicious, organic
        Probability of each bin, > 0, shape (k,).

    Examples
    --------
    >>> rising_log_ratio(np.array([0.2, 0.1, 0.7]), np.array([0.4, 0.4, 0.2])).round(3).tolist()
    [-0.981, -0.981, 1.253]
    """
    blocks: list[tuple[float, float, int]] = []
    for of_suspicious, of_organic in zip(suspicious.tolist(), organic.tolist(), strict=True):
        block = (of_suspicious, of_organic, 1)
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            before = blocks.pop()
            block = (before[0] + block[0], before[1] + block[1], before[2] + block[2])
        blocks.append(block)
    ratios = [np.log(one / other) for one, other, _ in blocks]
    return np.repeat(np.array(ratios), [width for _, _, width in blocks])


def _distinct(steps: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the different scores, rising, and which of them each account has; quicker than sorting a million."""
    if len(steps) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    shifted = steps.astype(np.int64) - int(steps.min())
    is_there = np.zeros(int(shifted.max()) + 1, dtype=np.bool_)
    is_there[shifted] = True
    return np.flatnonzero(is_there) + int(steps.min()), (np.cumsum(is_there) - 1)[shifted]


def _undeclared_target(organic_share: float, scores: Scores, share: OrganicShare) -> float:
    """Return the suspicious share among the accounts that do not call themselves automated."""
    n_declared = int(scores.is_declared_bot.sum())
    total = share.n_accounts if share.share_of == "list" else share.n_scored
    n_undeclared = total - n_declared
    if n_undeclared <= 0:
        return 0.0
    # Of the list itself the declared accounts are known, whatever the population may hold.
    return min(1.0, max(0.0, 1.0 - organic_share * total / n_undeclared))


def _profile_evidence(
    points: NDArray[np.int64], scores: Scores, profile: ScoreProfile, *, is_of_audience: bool
) -> Floats:
    """Return the log of the likelihood ratio at each score."""
    if (profile.model, profile.pattern) != (scores.model_sha256, scores.pattern):
        raise ModelError(
            "The profile was measured with another model or evidence pattern than these scores.",
            remedy="Give the profile of the model that scored, under the pattern of this list.",
        )
    ratio = rising_log_ratio(
        _smoothed(profile, profile.suspicious, is_of_audience), _smoothed(profile, profile.organic, is_of_audience)
    )
    bins = histogram_bins(points.astype(np.int32))
    return ratio[np.searchsorted(profile.bin_edges, bins, side="right")]


def _smoothed(profile: ScoreProfile, families: Mapping[str, NDArray[np.uint64]], is_of_audience: bool) -> Floats:
    """Return the probability of each bin of the profile: never 0.

    Families of one audience are pooled as the share pools them; sources count alike, however many accounts they have.
    """
    folded = [profile.fold(counts) for counts in families.values() if counts.any()]
    if not folded:
        raise ModelError(
            "The profile lacks suspicious or organic accounts.",
            remedy="A profile needs validation accounts of both kinds.",
        )
    if is_of_audience:
        folded = [np.sum(folded, axis=0)]
    parts = []
    for counts in folded:
        kept = counts * min(1.0, LARGEST_PROFILE / max(1.0, float(counts.sum()))) + PRIOR
        parts.append(kept / kept.sum())
    mean: Floats = np.mean(parts, axis=0)
    return mean


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
