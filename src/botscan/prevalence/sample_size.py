"""How many accounts to label for an interval of a wanted width."""

from __future__ import annotations

from dataclasses import dataclass

from botscan.display import Displayed
from botscan.errors import BotscanError, NotEnoughAccounts
from botscan.notes import Note
from botscan.prevalence.intervals import wilson_half_width
from botscan.wording import number, percent, say, say_note


@dataclass(frozen=True)
class SampleSizePlan(Displayed):
    """Labels wanted of a simple random sample.

    Attributes
    ----------
    n_labels
        Fewest labels whose Wilson interval is at most `margin` to each side of its middle.
    margin
        Half-width wanted, as a share.
    expected_margin
        Half-width that these labels give at the organic share assumed.
    organic_share
        Organic share assumed; one half is the worst case.
    confidence_level
        Of the interval.
    list_size
        Accounts in the list; None when large or unknown.
    variance_ratio
        How many plain labels a label is worth thanks to the scores; 1 counts on nothing.
    notes
        What was assumed.
    """

    n_labels: int
    margin: float
    expected_margin: float
    organic_share: float
    confidence_level: float
    list_size: int | None
    variance_ratio: float
    notes: tuple[Note, ...] = ()

    def _title(self, language: str) -> str:
        return say("plan_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        size = say("plan_list_size_unknown", language) if self.list_size is None else number(self.list_size, language)
        rows = [
            ("plan_n_labels", number(self.n_labels, language)),
            ("plan_expected_margin", percent(self.expected_margin, language, 1)),
            ("plan_organic_share", percent(self.organic_share, language, 1)),
            ("plan_confidence_level", percent(self.confidence_level, language)),
            ("plan_list_size", size),
        ]
        shown = [(say(label, language), value) for label, value in rows]
        return shown + [(say("share_note", language), say_note(note, language)) for note in self.notes]


def plan_sample_size(
    margin: float = 0.05,
    *,
    organic_share: float | None = None,
    confidence_level: float = 0.95,
    list_size: int | None = None,
    variance_ratio: float = 1.0,
) -> SampleSizePlan:
    """Tell how many accounts to label, drawn as a simple random sample without replacement.

    Parameters
    ----------
    margin
        Half-width wanted, in (0, 0.5).
    organic_share
        What the share is expected to be, in [0, 1]; None for the worst case, one half.
    confidence_level
        Of the interval, in (0, 1).
    list_size
        Accounts in the list; a small list needs fewer labels. When the followers are yet to be fetched leave it out,
        fetch at least `n_labels` of them at random, and label those.
    variance_ratio
        How many plain labels a label is worth thanks to the scores, >= 1. Known only after labelling: the plan of a
        first audit should leave it at 1.

    Returns
    -------
    plan
        The number, and the half-width it gives.

    Raises
    ------
    BotscanError
        A value is outside its range.
    NotEnoughAccounts
        The list is empty.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22(158),
       209-212. https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> plan_sample_size(0.05).n_labels, plan_sample_size(0.05, list_size=1_000).n_labels
    (381, 276)
    """
    share = 0.5 if organic_share is None else organic_share
    _check(margin, share, list_size, variance_ratio)
    n = labels_needed(
        margin,
        organic_share=share,
        confidence_level=confidence_level,
        list_size=list_size,
        variance_ratio=variance_ratio,
    )
    expected = wilson_half_width(share, effective_size(n, list_size, variance_ratio), confidence_level)
    note = Note("plan_worst_case") if organic_share is None else Note("plan_share_assumed")
    notes = (note, Note("plan_simple_random"))
    return SampleSizePlan(n, margin, expected, share, confidence_level, list_size, variance_ratio, notes)


def labels_needed(
    margin: float,
    *,
    organic_share: float = 0.5,
    confidence_level: float = 0.95,
    list_size: int | None = None,
    variance_ratio: float = 1.0,
) -> int:
    """Return the fewest labels whose Wilson half-width is at most the margin; all of a list too small for fewer."""

    def is_narrow(n: int) -> bool:
        n_effective = effective_size(n, list_size, variance_ratio)
        return wilson_half_width(organic_share, n_effective, confidence_level) <= margin

    # The half-width falls with every label, so the smallest number is found by halving.
    too_few, enough = 0, list_size or 1
    while not is_narrow(enough):
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if is_narrow(middle):
            enough = middle
        else:
            too_few = middle
    return enough


def effective_size(n: float, list_size: int | None, variance_ratio: float = 1.0) -> float:
    """Return the size of the sample from an endless list that would be as precise.

    Of a finite list the sample itself is known, so only the rest is uncertain: n / (1 - n / list_size).

    Examples
    --------
    >>> effective_size(100, None), effective_size(100, 200), effective_size(200, 200)
    (100.0, 200.0, inf)
    """
    if list_size is None:
        return n * variance_ratio
    return float("inf") if n >= list_size else n * variance_ratio / (1.0 - n / list_size)


def _check(margin: float, share: float, list_size: int | None, variance_ratio: float) -> None:
    if not 0.0 < margin < 0.5:
        raise BotscanError(
            f"Found a margin of {margin:g}, wanted a share between 0 and 0.5.", remedy="Write 0.03 for +-3 points."
        )
    if not 0.0 <= share <= 1.0:
        raise BotscanError(
            f"Found an organic share of {share:g}, wanted a number from 0 to 1.", remedy="Write 0.8 for 80 %."
        )
    if not 1.0 <= variance_ratio < float("inf"):
        raise BotscanError(
            f"Found a variance ratio of {variance_ratio:g}, wanted at least 1.", remedy="Leave it at 1 when in doubt."
        )
    if list_size is not None and list_size < 1:
        raise NotEnoughAccounts("The list holds no accounts, so there is nothing to label.", remedy="Give a list.")
