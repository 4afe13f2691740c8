"""The follow order: when followers came, which of them came together, and what the list could show of a purchase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from botscan.api.lists import read_accounts, refuse_given
from botscan.api.scores import ModelLike, as_scorer
from botscan.blocks import FollowBlocks
from botscan.blocks import find_follow_blocks as _find_follow_blocks
from botscan.errors import SchemaError
from botscan.evidence.scores import Scores
from botscan.follow_times import FollowTimes
from botscan.follow_times import infer_follow_times as _infer_follow_times
from botscan.power import PurchasePower
from botscan.power import simulate_purchase as _simulate_purchase
from botscan.power.question import SHARES, PurchaseKind


def find_follow_blocks(
    accounts: Any, scores: Scores | None = None, *, with_scores: bool = True, model: ModelLike = None, **reading: Any
) -> FollowBlocks:
    """Find blocks of bought followers: stretches of the follow order that neighbours and chance do not explain.

    Along the order, crowds of accounts with high scores, creation dates in one band, handles of one shape, or without
    any post are compared with the followers before and after them. How many came in a day is never evidence: a post
    that goes round brings many people. The search allows for what such crowds bring, and for all that it looked at.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes; the list must tell in which order its followers came.
    scores
        Scores of the same accounts, in the same order; made here when not given.
    with_scores
        False to look at dates, handles and activity alone, so that no model has a say.
    model
        Model folder or loaded model; None for the one that ships inside.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    blocks
        With ranks, dates, a lower bound of the excess and a q-value each; `marked_accounts` names who shows the signs.

    Raises
    ------
    SchemaError
        The scores are of other accounts, or were given and switched off.

    Examples
    --------
    >>> import botscan as bs
    >>> from botscan.simulate import Purchase, make_follow_history
    >>> history = make_follow_history(4_000, [Purchase(200, start_days_ago=300)], random_state=1)
    >>> blocks = bs.find_follow_blocks(history.accounts)
    >>> len(blocks), blocks.blocks[0].n_excess_lower > 100
    (1, True)
    """
    table = read_accounts(accounts, **reading)
    if not with_scores:
        if scores is not None or model is not None:
            raise SchemaError(
                "Scores or a model were given, and with_scores is False.",
                source="find_follow_blocks",
                remedy="Leave out with_scores, or the scores and the model.",
            )
        return _find_follow_blocks(table)
    if scores is None:
        return _find_follow_blocks(table, as_scorer(model).score(table))
    refuse_given({"model": model}, "was given with scores that are made already.", "Leave out one of them.")
    return _find_follow_blocks(table, scores)


def infer_follow_times(accounts: Any, **reading: Any) -> FollowTimes:
    """Bound when each follower followed, from the follow order and creation dates; no API tells it.

    Nobody follows before the account exists, so along the order the latest creation date so far is a lower bound. It
    lags behind by days or hours, the more the fewer new accounts follow: the result says how far.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    times
        ``to_frame()`` has one row an account: followed_after, followed_before, slack_days.

    Notes
    -----
    After Meeder, B. et al. (2011). We know who you followed last summer. WWW, 517-526.
    https://doi.org/10.1145/1963405.1963479

    Examples
    --------
    >>> import botscan as bs
    >>> times = bs.infer_follow_times(bs.make_audience(n=500).accounts)
    >>> times.n_ranked
    500
    """
    return _infer_follow_times(read_accounts(accounts, **reading))


def simulate_purchase(
    accounts: Any,
    n: int | None = None,
    kind: PurchaseKind = "batch",
    spread_days: float | None = None,
    *,
    scores: Scores | None = None,
    with_scores: bool = True,
    repetitions: int = 30,
    shares: Sequence[float] = SHARES,
    random_state: int = 0,
    confidence_level: float = 0.95,
    n_jobs: int = 1,
    model: ModelLike = None,
    **reading: Any,
) -> PurchasePower:
    """Say which purchases this very list would show: made-up ones are spliced into it and searched for.

    Where a purchase would nearly always be seen, finding none says something; where it would not, it says nothing.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes; the list must tell in which order its followers came.
    n
        Accounts bought; None tries all `shares`.
    kind
        ``batch``: accounts made within 20 days of each other, 5 to 60 days before delivery begins; ``drip``: the same,
        delivered over 90 days; ``aged``: accounts as old as the other followers.
    spread_days
        How long delivery lasts, above 0; None for 2 days, 90 for a drip.
    scores, with_scores, model
        As in `find_follow_blocks`. Bought accounts score as followers of known sellers did under a model that had seen
        none of their seller.
    repetitions
        Purchases of each size, at least 1.
    shares
        Sizes tried when `n` is None, as shares of the followers in order, in (0, 1].
    random_state
        Seed, at least 0.
    confidence_level
        Of the intervals, in (0, 1).
    n_jobs
        Processes, at least 1; the result is the same.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    power
        One entry a size: how often it was seen, with interval; none, with a note, where nothing can be searched for.

    Raises
    ------
    SchemaError
        An argument is out of range, or the scores are of other accounts.

    Examples
    --------
    >>> import botscan as bs
    >>> power = bs.simulate_purchase(bs.make_audience(n=1_500).accounts, n=60, repetitions=4, with_scores=False)
    >>> power.sizes[0].repetitions
    4
    """
    table = read_accounts(accounts, **reading)
    profile = None
    if with_scores:
        scorer = as_scorer(model)
        scores = scorer.score(table) if scores is None else scores
        profile = scorer.profile(scores.pattern) if scores.pattern else None
    elif scores is not None or model is not None:
        raise SchemaError(
            "Scores or a model were given, and with_scores is False.",
            source="simulate_purchase",
            remedy="Leave out with_scores, or the scores and the model.",
        )
    return _simulate_purchase(
        table,
        n,
        kind,
        spread_days,
        scores=scores,
        profile=profile,
        repetitions=repetitions,
        shares=shares,
        random_state=random_state,
        confidence_level=confidence_level,
        n_jobs=n_jobs,
    )
