"""Named rules: plain statements about an account that are no part of its score and never make it suspicious.

Some give a verdict of their own (`RULES`), some keep an account from being called suspicious (`SPARING_RULES`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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

_MICROSECONDS_PER_DAY = 86_400_000_000.0


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
        From a batch of accounts to bool, shape (n,). Unknown is not true.
    reference
        Where it is from.
    """

    name: str
    needs: tuple[str, ...]
    holds: Callable[[pa.Table], NDArray[np.bool_]]
    reference: str


def is_mass_follower(table: pa.Table) -> NDArray[np.bool_]:
    """Whether each account follows more than 1,500 accounts and more than twice as many as follow it.

    Examples
    --------
    >>> table = pa.table({"following_count": [3_000, 3_000, 900], "followers_count": [100, 2_000, 1]})
    >>> is_mass_follower(table).tolist()
    [True, False, False]
    """
    columns = Columns(table)
    following, followers = columns.count("following_count"), columns.count("followers_count")
    holds: NDArray[np.bool_] = (following > MASS_FOLLOWING) & (following > 2 * followers)
    return holds


def is_dormant(table: pa.Table) -> NDArray[np.bool_]:
    """Whether each account has been silent for 180 days.

    Where the latest post is known, it decides. Else an account that never posted is dormant, and so is one that
    posted less than once per 180 days of its life.

    Examples
    --------
    >>> is_dormant(pa.table({"posts_count": [0, 12, None]})).tolist()
    [True, False, False]
    """
    columns = Columns(table)
    posts, age_days, silence = columns.count("posts_count"), columns.age_days(), _days_since_last_post(table)
    # A young account has not had the time to be rare.
    is_rare = (age_days >= DORMANT_DAYS) & (posts * DORMANT_DAYS < age_days)
    by_count: NDArray[np.bool_] = (posts == 0) | is_rare
    return np.where(np.isnan(silence), by_count, silence >= DORMANT_DAYS)


def follows_little(table: pa.Table) -> NDArray[np.bool_]:
    """Whether each account follows fewer than 100 accounts, or fewer than two for every five days of its age.

    Quiet people of long standing share empty profiles with bought followers; what they do not share is the following.
    Where the age is not known, following fewer than 500 is enough: it may have taken years.

    Examples
    --------
    >>> follows_little(pa.table({"following_count": [40, 499, 2_000, None]})).tolist()
    [True, True, False, False]
    """
    columns = Columns(table)
    following, age_days = columns.count("following_count"), columns.age_days()
    few = np.where(np.isnan(age_days), FEW_FOLLOWING_OF_UNKNOWN_AGE, FEW_FOLLOWING)
    holds: NDArray[np.bool_] = (following < few) | (following * DAYS_PER_FOLLOWING < age_days)
    return holds


#: Rules that give a verdict, in order of precedence among themselves.
RULES: tuple[Rule, ...] = (
    Rule(
        "mass_follower",
        ("following_count", "followers_count"),
        is_mass_follower,
        "Camisani-Calzolari 2012 as quoted by Cresci et al. 2015, https://doi.org/10.1016/j.dss.2015.09.003:"
        " people have at least half as many followers as they follow; the floor of 1,500 is our own",
    ),
    Rule("dormant", ("posts_count", "created_at", "last_post_at", "observed_at"), is_dormant, "own"),
)

#: Rules that keep an account from being called suspicious; it may still be worth a look.
SPARING_RULES: tuple[Rule, ...] = (
    Rule("follows_little", ("following_count", "created_at", "observed_at"), follows_little, "own"),
)


def _days_since_last_post(table: pa.Table) -> NDArray[np.float64]:
    names = ("last_post_at", "observed_at")
    if not set(names) <= set(table.column_names):
        return np.full(table.num_rows, np.nan)
    last, seen = (pc.cast(table[name], pa.int64()) for name in names)
    microseconds = pc.cast(pc.subtract(seen, last), pa.float64())
    days: NDArray[np.float64] = microseconds.to_numpy() / _MICROSECONDS_PER_DAY
    return days
