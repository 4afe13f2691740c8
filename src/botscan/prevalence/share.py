"""OrganicShare: the answer, with its interval and with what a reader must know; or the reason for none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from botscan.display import DIGITS, Displayed
from botscan.evidence.histogram import ScoreHistogram
from botscan.notes import Note
from botscan.prevalence.frame import FRAMES, check_frame, frame_notes, undeclared_share, unseen_share
from botscan.prevalence.intervals import normal_quantile
from botscan.prevalence.planning.sample_size import labels_needed
from botscan.wording import number, percent, say, say_note

__all__ = [
    "ESTIMANDS",
    "FRAMES",
    "MARGIN",
    "METHODS",
    "SHARE_OF",
    "OrganicShare",
    "cannot_say",
    "check_frame",
    "frame_notes",
    "list_notes",
    "n_judged",
    "rounded_interval",
    "undeclared_share",
    "unseen_share",
]

#: What the share is a share of.
SHARE_OF: tuple[str, ...] = ("list", "scored")
#: How an interval was made; `none` stands beside a share of None.
METHODS: tuple[str, ...] = (
    "binned_posterior",  # a profile of this audience
    "source_random_effects",  # no labels: profiles of other sources, which differ from this audience as from each other
    "ppi_wilson",  # labels of a simple random or systematic sample, sharpened by scores
    "stratified",  # labels of a sample within strata
    "exact",  # labels alone: hypergeometric
    "error_corrected",  # labels, corrected for stated errors of the raters
    "declared",  # no estimate: all accounts of the list call themselves automated
    "none",
)
#: What "organic" means in a share: the opposite of what these validation accounts were, of what bought and inauthentic
#: followers of other sources were, of what these raters said, of what they would say without their known errors, or of
#: what accounts say of themselves.
ESTIMANDS: tuple[str, ...] = (
    "unlike_suspicious_profile",
    "unlike_known_suspicious",
    "not_suspicious_to_raters",
    "not_suspicious_corrected",
    "not_declared_automated",
    "none",
)

#: Half-width, as a share, that `n_labels_needed` promises.
MARGIN = 0.05
#: Note of the accounts that call themselves automated.
DECLARED_NOTE = "declared_bots_not_organic"


@dataclass(frozen=True)
class OrganicShare(Displayed):
    """Organic share of one list: 1 - prevalence of suspicious and self-declared automated followers.

    The dormant are inside: inactive is not fake. A list that cannot be judged has a share of None, never a guess.

    Attributes
    ----------
    organic_share, organic_share_ci_lower, organic_share_ci_upper
        In [0, 1], lower <= share <= upper; all None when it cannot be said.
    confidence_level
        Of the interval, in (0, 1).
    method
        One of `METHODS`.
    validated
        Whether the interval rests on labels of this very list, drawn from it at random as their sheet states, with
        hardly any left undecided. A bare table of labels and a profile are taken on trust, so a share from them is
        not validated.
    estimand
        One of `ESTIMANDS`: what was estimated.
    share_of
        ``list``: of all accounts; ``scored``: of those that have a score, or need none because they say themselves
        that they are automated.
    frame
        One of `FRAMES`: which part of the followers the list holds.
    population
        Number of all followers, when known; never below `n_accounts` by more than rounding.
    n_accounts, n_scored, n_labeled
        Accounts in the list; of these scored (or self-declared); of these with a yes or no from a rater.
    suspicious_share_lower_bound
        Part of the list that its own structure shows to be suspicious, in [0, 1]; None when not examined.
    notes
        What a reader must know.

    Examples
    --------
    >>> share = OrganicShare(0.712, 0.64, 0.78, 0.95, "ppi_wilson", True, "not_suspicious_to_raters", "list", "full",
    ...                      25_000, 25_000, 100)
    >>> share.organic_count, share.organic_count_ci_lower, share.organic_count_ci_upper
    (17800, 16000, 19500)
    >>> sample = OrganicShare(0.7, 0.6, 0.8, 0.95, "ppi_wilson", True, "not_suspicious_to_raters", "list", "random",
    ...                       1_000, 1_000, 100, population=20_000)
    >>> sample.organic_count, sample.population_organic_count  # of the list, of all followers
    (None, 14000)
    """

    organic_share: float | None
    organic_share_ci_lower: float | None
    organic_share_ci_upper: float | None
    confidence_level: float
    method: str
    validated: bool
    estimand: str
    share_of: str
    frame: str
    population: int | None = field(default=None, kw_only=True)
    n_accounts: int
    n_scored: int
    n_labeled: int
    suspicious_share_lower_bound: float | None = None
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        _check_interval(self.organic_share_ci_lower, self.organic_share, self.organic_share_ci_upper)
        for name, value, allowed in (
            ("method", self.method, METHODS),
            ("estimand", self.estimand, ESTIMANDS),
            ("share_of", self.share_of, SHARE_OF),
            ("frame", self.frame, FRAMES),
        ):
            if value not in allowed:
                raise ValueError(f"{name} is {value!r}, wanted one of {', '.join(allowed)}")
        if not (0 <= self.n_scored <= self.n_accounts and 0 <= self.n_labeled <= self.n_accounts):
            raise ValueError(f"{self.n_scored} scored and {self.n_labeled} labelled of {self.n_accounts} accounts")
        check_frame(self.frame, self.population, self.n_accounts)
        if (self.organic_share is None) != (self.method == "none"):
            raise ValueError(f"a share of {self.organic_share} by the method {self.method!r}")
        if self.validated and (self.organic_share is None or self.n_labeled == 0):
            raise ValueError("only a share from labels can be validated")
        normal_quantile(self.confidence_level)

    @property
    def organic_count(self) -> int | None:
        """Number of organic accounts in the list (of the scored ones, when the share is of those).

        None for a random sample of more followers than it holds, where the share and its interval are of these.
        """
        return self._count(self.organic_share)

    @property
    def organic_count_ci_lower(self) -> int | None:
        """Lower end of the interval of `organic_count`."""
        return self._count(self.organic_share_ci_lower)

    @property
    def organic_count_ci_upper(self) -> int | None:
        """Upper end of the interval of `organic_count`."""
        return self._count(self.organic_share_ci_upper)

    @property
    def population_organic_count(self) -> int | None:
        """Number of organic accounts among all followers; only a random sample of a known number tells it.

        None as well where some accounts of the sample could not be judged: the share is not of these.
        """
        return self._count_of_all(self.organic_share)

    @property
    def population_organic_count_ci_lower(self) -> int | None:
        """Lower end of the interval of `population_organic_count`."""
        return self._count_of_all(self.organic_share_ci_lower)

    @property
    def population_organic_count_ci_upper(self) -> int | None:
        """Upper end of the interval of `population_organic_count`."""
        return self._count_of_all(self.organic_share_ci_upper)

    @property
    def n_spoken_of(self) -> int | None:
        """Number of followers that share and interval speak of: of the list or of all; None where nobody knows it."""
        if self.population_organic_count is not None and self.population is not None:
            return max(self.population, self.n_accounts)
        if unseen_share(self.frame, self.population, self.n_accounts) > 0.0:
            return None
        return self.n_accounts if self.share_of == "list" else self.n_scored

    @property
    def is_rough(self) -> bool:
        """Whether it was told from other audiences alone, so that the interval matters and the point does not."""
        return self.method == "source_random_effects"

    @property
    def n_labels_needed(self) -> int | None:
        """Accounts to draw and label for +-5 points, whatever the share; None when labels or a profile gave one.

        All of a random sample that is too small for that. Accounts that call themselves automated need no label.
        """
        # The note counts them.
        n_declared = sum(note.count or 0 for note in self.notes if note.code == DECLARED_NOTE)
        n_undeclared = self.n_accounts - n_declared
        if (self.organic_share is not None and not self.is_rough) or n_undeclared <= 0:
            return None
        return _labels_to_ask_for(n_undeclared, self.frame, self.population, self.confidence_level)

    def _count(self, share: float | None) -> int | None:
        # The interval of followers who were not seen is no interval of the list, which the labels tell better.
        if share is None or unseen_share(self.frame, self.population, self.n_accounts) > 0.0:
            return None
        return round(share * (self.n_accounts if self.share_of == "list" else self.n_scored))

    def _count_of_all(self, share: float | None) -> int | None:
        is_of_all = self.share_of == "list" or self.n_scored == self.n_accounts
        if share is None or self.population is None or self.frame != "random" or not is_of_all:
            return None
        return round(share * max(self.population, self.n_accounts))

    def _title(self, language: str) -> str:
        return say("share_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = [("share_organic_share", self._share_in_words(language))]
        if self.organic_share is not None:
            if self.organic_count is not None:
                rows.append(("share_organic_count", self._count_in_words(language)))
            if self.population_organic_count is not None:
                rows.append(("share_population_organic_count", self._count_of_all_in_words(language)))
            rows.append(("share_method", say(f"share_method_{self.method}", language)))
            rows.append(("share_estimand", say(f"share_estimand_{self.estimand}", language)))
        elif self.n_labels_needed is not None:
            rows.append(("share_n_labels_needed", number(self.n_labels_needed, language)))
        rows.append(("share_of", say(f"share_of_{self.share_of}", language)))
        rows.append(("share_frame", say(f"share_frame_{self.frame}", language)))
        if self.population is not None:
            rows.append(("share_population", number(self.population, language)))
        rows.append(("share_n_accounts", number(self.n_accounts, language)))
        rows.append(("share_n_scored", number(self.n_scored, language)))
        rows.append(("share_n_labeled", number(self.n_labeled, language)))
        shown = [(say(label, language), value) for label, value in rows]
        return shown + [(say("share_note", language), say_note(note, language)) for note in self.notes]

    def _share_in_words(self, language: str) -> str:
        if self.organic_share is None:
            return say("share_cannot_say", language)
        return say(
            "share_with_interval",
            language,
            share=percent(self.organic_share, language, 1),
            lower=percent(self.organic_share_ci_lower, language, 1),
            upper=percent(self.organic_share_ci_upper, language, 1),
            level=percent(self.confidence_level, language),
        )

    def _count_in_words(self, language: str) -> str:
        return say(
            "share_count_with_interval",
            language,
            organic=self.organic_count,
            lower=self.organic_count_ci_lower,
            upper=self.organic_count_ci_upper,
        )

    def _count_of_all_in_words(self, language: str) -> str:
        return say(
            "share_count_with_interval",
            language,
            organic=self.population_organic_count,
            lower=self.population_organic_count_ci_lower,
            upper=self.population_organic_count_ci_upper,
        )


def cannot_say(
    histogram: ScoreHistogram,
    *,
    confidence_level: float = 0.95,
    frame: str = "unknown",
    population: int | None = None,
    reasons: Sequence[Note] = (),
    n_labeled: int = 0,
) -> OrganicShare:
    """Return a share of None with the reason, and with the number of labels that would give it to +-5 points.

    Without labels, and without a profile measured on it, every list is a new audience: the same score means another
    share in another audience, and nothing in the scores tells. Only where all accounts call themselves automated
    nothing is left to be judged: the organic share is 0.

    Parameters
    ----------
    histogram
        Scores of the list.
    confidence_level
        Of the interval that the labels would give.
    frame, population
        Which part of the followers the list holds, and how many followers there are.
    reasons
        Why it cannot be said; found here when not given.
    n_labeled
        Accounts that were labelled in vain.

    Examples
    --------
    >>> import numpy as np
    >>> scores = ScoreHistogram.from_steps(np.zeros(5000, dtype=np.int32), n_unscored=0, model="m", pattern="p")
    >>> share = cannot_say(scores)
    >>> share.organic_share is None, share.notes[0].code, share.n_labels_needed
    (True, 'new_audience', 354)
    """
    check_frame(frame, population, histogram.n_accounts)
    if 0 < histogram.n_accounts == histogram.n_declared_bots:
        return _none_organic(histogram, confidence_level, frame, population, reasons)
    if not reasons:
        reasons = (_reason(histogram, frame, population, confidence_level),)
    return OrganicShare(
        organic_share=None,
        organic_share_ci_lower=None,
        organic_share_ci_upper=None,
        confidence_level=confidence_level,
        method="none",
        validated=False,
        estimand="none",
        share_of="list" if n_labeled else "scored",
        frame=frame,
        population=population,
        n_accounts=histogram.n_accounts,
        n_scored=n_judged(histogram),
        n_labeled=n_labeled,
        notes=(
            *reasons,
            *list_notes(histogram, share_of="list" if n_labeled else "scored"),
            *frame_notes(frame, population, n_accounts=histogram.n_accounts),
        ),
    )


def _none_organic(
    histogram: ScoreHistogram, confidence_level: float, frame: str, population: int | None, reasons: Sequence[Note]
) -> OrganicShare:
    """Return the share of a list of nothing but accounts that call themselves automated; labels change nothing."""
    n = histogram.n_accounts
    # The followers that such a random sample was drawn from may hold others, of whom nothing is known.
    interval = rounded_interval(*undeclared_share(0, n, unseen_share(frame, population, n), confidence_level))
    return OrganicShare(
        *interval,
        confidence_level=confidence_level,
        method="declared",
        validated=False,
        estimand="not_declared_automated",
        share_of="list",
        frame=frame,
        population=population,
        n_accounts=n,
        n_scored=n_judged(histogram),
        n_labeled=0,
        notes=(
            *list_notes(histogram, share_of="list"),
            *(note for note in reasons if note.code == "labels_of_declared_bots"),
            *frame_notes(frame, population, interval, n_accounts=n, n_judged=n),
        ),
    )


def _labels_to_ask_for(n_undeclared: int, frame: str, population: int | None, confidence_level: float) -> int:
    # To know a random sample to the last account is not to know the followers it was drawn from.
    list_size = population if frame == "random" else n_undeclared
    return min(n_undeclared, labels_needed(MARGIN, list_size=list_size, confidence_level=confidence_level))


def _reason(histogram: ScoreHistogram, frame: str, population: int | None, confidence_level: float) -> Note:
    if histogram.n_accounts == 0:
        return Note("no_accounts")
    if histogram.n_scored == 0:
        return Note("not_enough_evidence")
    n_undeclared = histogram.n_accounts - histogram.n_declared_bots
    needed = _labels_to_ask_for(n_undeclared, frame, population, confidence_level)
    if needed == n_undeclared:
        return Note("new_audience_small" if n_undeclared == histogram.n_accounts else "new_audience_rest", count=needed)
    return Note("new_audience", numbers={"n_labels": needed, "margin": MARGIN})


def n_judged(histogram: ScoreHistogram) -> int:
    """Count accounts that are scored, or known because they call themselves automated."""
    return histogram.n_scored + histogram.n_declared_bots


def list_notes(histogram: ScoreHistogram, *, share_of: str) -> tuple[Note, ...]:
    """Say what the list holds beside scored accounts that stand there once."""
    notes = []
    if histogram.n_declared_bots:
        notes.append(Note(DECLARED_NOTE, count=histogram.n_declared_bots))
    if histogram.n_unscored:
        notes.append(Note(f"unscored_{'inside' if share_of == 'list' else 'outside'}", count=histogram.n_unscored))
    if histogram.has_duplicates:
        notes.append(Note("duplicates_counted"))
    return tuple(notes)


def rounded_interval(share: float, lower: float, upper: float) -> tuple[float, float, float]:
    """Round a share, its lower and its upper end to 1e-6, inside [0, 1] and in order."""
    lowest, middle, highest = (min(1.0, max(0.0, round(value, DIGITS))) for value in (lower, share, upper))
    return middle, min(lowest, middle), max(middle, highest)


def _check_interval(lower: float | None, share: float | None, upper: float | None) -> None:
    found = (lower, share, upper)
    if lower is None or share is None or upper is None:
        if found != (None, None, None):
            raise ValueError(f"a share stands with its interval or not at all, found {found}")
        return
    if not (all(math.isfinite(value) for value in (lower, share, upper)) and 0.0 <= lower <= share <= upper <= 1.0):
        raise ValueError(f"wanted 0 <= lower <= share <= upper <= 1, found {found}")
