"""Named rules: plain statements about an account that are no part of its score and never make it suspicious.

A rule may give a verdict of its own, keep an account from being called suspicious, or only be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from botscan.features.columns import Columns

#: An account that follows no more than this is nobody's mass follower, whatever its ratio.
MASS_FOLLOWING = 1_500
#: Silence after which an account counts as dormant, in days.
DORMANT_DAYS = 180.0

#: A bought follower is made to follow. One that follows fewer than this shows no sign of that trade ...
FEW_FOLLOWING = 100
#: ... nor does one that took longer than this, in days, over each account it follows.
DAYS_PER_FOLLOWING = 2.5
#: Where the age is not known, only this many could not have come slowly.
FEW_FOLLOWING_OF_UNKNOWN_AGE = 500

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    name
        Code of the rule; a rule that gives a verdict has its name.
    needs
        Canonical columns it can use; it holds for nobody where they do not suffice.
    holds
        From a view of one batch to bool, shape (n,). Unknown is not true.
    reference
        Where it is from.
    effect
        ``verdict``: it gives the verdict of its name. ``spares``: an account for which it holds is not called
        suspicious, though it may be worth a look. ``told``: it is only told where an account is explained.
    """

    name: str
    needs: tuple[str, ...]
    holds: Callable[[Columns], Mask]
    reference: str
    effect: Literal["verdict", "spares", "told"] = "told"


def is_declared_bot(columns: Columns) -> Mask:
    """Whether each account says itself that it is automated.

    Examples
    --------
    >>> import pyarrow as pa
    >>> is_declared_bot(Columns(pa.table({"is_declared_bot": [True, False, None]}))).tolist()
    [True, False, False]
    """
    return columns.flag("is_declared_bot") == 1


def is_mass_follower(columns: Columns) -> Mask:
    """Whether each account follows more than 1,500 accounts and more than twice as many as follow it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"following_count": [3_000, 3_000, 900], "followers_count": [100, 2_000, 1]})
    >>> is_mass_follower(Columns(table)).tolist()
    [True, False, False]
    """
    following, followers = columns.count("following_count"), columns.count("followers_count")
    holds: Mask = (following > MASS_FOLLOWING) & (following > 2 * followers)
    return holds


def is_dormant(columns: Columns) -> Mask:
    """Whether each account has been silent for 180 days.

    Where the latest post is known, it decides. Else an account that never posted is dormant, and so is one that
    posted less than once per 180 days of its life.

    Examples
    --------
    >>> import pyarrow as pa
    >>> is_dormant(Columns(pa.table({"posts_count": [0, 12, None]}))).tolist()
    [True, False, False]
    """
    posts, age_days, silence = columns.count("posts_count"), columns.age_days(), columns.days_since_last_post()
    # A young account has not had the time to be rare.
    is_rare = (age_days >= DORMANT_DAYS) & (posts * DORMANT_DAYS < age_days)
    by_count = (posts == 0) | is_rare
    return np.where(np.isnan(silence), by_count, silence >= DORMANT_DAYS)


def follows_little(columns: Columns) -> Mask:
    """Whether each account follows fewer than 100 accounts, or fewer than two for every five days of its age.

    Quiet people of long standing share empty profiles with bought followers; what they do not share is the following.
    Where the age is not known, following fewer than 500 is enough: it may have taken years.

    Examples
    --------
    >>> import pyarrow as pa
    >>> follows_little(Columns(pa.table({"following_count": [40, 499, 2_000, None]}))).tolist()
    [True, True, False, False]
    """
    following, age_days = columns.count("following_count"), columns.age_days()
    few = np.where(np.isnan(age_days), FEW_FOLLOWING_OF_UNKNOWN_AGE, FEW_FOLLOWING)
    holds: Mask = (following < few) | (following * DAYS_PER_FOLLOWING < age_days)
    return holds


#: Every rule, in the order in which they are told.
RULES: tuple[Rule, ...] = (
    Rule("declared_bot", ("is_declared_bot",), is_declared_bot, "own", "verdict"),
    Rule(
        "mass_follower",
        ("following_count", "followers_count"),
        is_mass_follower,
        "Camisani-Calzolari 2012 as quoted by Cresci et al. 2015, https://doi.org/10.1016/j.dss.2015.09.003:"
        " people have at least half as many followers as they follow; the floor of 1,500 is our own",
        "verdict",
    ),
    Rule("dormant", ("posts_count", "created_at", "last_post_at", "observed_at"), is_dormant, "own", "verdict"),
    Rule("follows_little", ("following_count", "created_at", "observed_at"), follows_little, "own", "spares"),
)


def verdict_conditions(columns: Columns) -> dict[str, Mask]:
    """Return for each verdict that a rule gives whether the rule holds, shape (n,)."""
    return {rule.name: rule.holds(columns) for rule in RULES if rule.effect == "verdict"}


def is_spared(columns: Columns) -> Mask:
    """Return whether some rule keeps each account from being called suspicious, shape (n,)."""
    return np.logical_or.reduce([rule.holds(columns) for rule in RULES if rule.effect == "spares"])
