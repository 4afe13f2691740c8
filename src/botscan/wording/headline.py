"""The one sentence that stands above everything else: how many followers are real, and how sure that is."""

from __future__ import annotations

from typing import Protocol

from botscan.wording.quantities import rounded
from botscan.wording.sentences import say


class ShareLike(Protocol):
    """What the headline needs of an organic share."""

    @property
    def organic_share(self) -> float | None:
        """Share in [0, 1], or None."""

    @property
    def organic_share_ci_lower(self) -> float | None:
        """Lower end of the interval."""

    @property
    def organic_share_ci_upper(self) -> float | None:
        """Upper end of the interval."""

    @property
    def share_of(self) -> str:
        """``list`` or ``scored``: what the share is a share of."""

    @property
    def n_accounts(self) -> int:
        """Accounts in the list."""

    @property
    def n_scored(self) -> int:
        """Accounts with a score."""

    @property
    def n_spoken_of(self) -> int | None:
        """Followers that share and interval speak of; None where their number is not known."""

    @property
    def is_rough(self) -> bool:
        """Whether it was told from other audiences alone."""

    @property
    def n_labels_needed(self) -> int | None:
        """Labels that would give an interval of about five points to each side."""


def headline(share: ShareLike, language: str = "en", *, n_rejected: int = 0) -> str:
    """Return the sentence that says how many followers are organic, or that it cannot be said yet.

    Parameters
    ----------
    share
        An organic share with its interval; a share of None asks for labels.
    language
        ``en`` or ``id``.
    n_rejected
        Rows of the list that are no account; told where nothing else is there.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> share = SimpleNamespace(organic_share=.712, organic_share_ci_lower=.64, organic_share_ci_upper=.78,
    ...                         share_of="list", n_accounts=25000, n_scored=25000, n_spoken_of=25000,
    ...                         is_rough=False, n_labels_needed=None)
    >>> print(headline(share))
    Of 25,000 followers, about 17,800 (71 %, range 64-78 %) are organic.
    >>> print(headline(share, "id"))
    Dari 25.000 pengikut, sekitar 17.800 (71 %, rentang 64-78 %) organik.
    >>> share.is_rough, share.n_labels_needed = True, 379
    >>> print(headline(share))
    Of 25,000 followers, somewhere between 64 % and 78 % are organic, judged by other audiences alone; label 379 of \
them to know it to about 5 points.
    """
    if share.n_accounts == 0:
        return (
            say("headline_all_rejected", language, count=n_rejected) if n_rejected else say("headline_empty", language)
        )
    organic, lower, upper = share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper
    if organic is None or lower is None or upper is None:
        if share.n_labels_needed is None:
            return say("headline_cannot_say_bare", language, count=share.n_accounts)
        if share.n_labels_needed >= share.n_accounts:
            return say("headline_cannot_say_all", language, count=share.n_accounts)
        return say(
            "headline_cannot_say",
            language,
            n_accounts=share.n_accounts,
            n_labels=share.n_labels_needed,
            margin=5,
        )
    is_of_list = share.share_of == "list"
    total = share.n_spoken_of
    if total is None:
        return say(
            "headline_sample_rough" if share.is_rough else "headline_sample",
            language,
            count=share.n_accounts,
            share=organic,
            lower=lower,
            upper=upper,
        )
    if share.is_rough:
        return say(
            "headline_rough",
            language,
            count=total,
            lower=lower,
            upper=upper,
            n_labels=share.n_labels_needed or share.n_accounts,
            margin=5,
        )
    if lower == upper:
        # Nothing is left open: "about", and a range from a figure to itself, would only raise doubts.
        code = "headline_exact" if is_of_list else "headline_exact_scored"
        return say(code, language, count=total, organic=round(organic * total), share=organic)
    return say(
        "headline_list" if is_of_list else "headline_scored",
        language,
        count=total,
        organic=rounded(organic * total),
        share=organic,
        range=f"{100 * lower:.0f}-{100 * upper:.0f}",
    )
