"""Named rules of cadence: plain statements about the posts of an account, only told; no verdict and no score uses them.

People of ordinary life meet each of them: shift workers and teams post round the clock, threads come in bursts,
newsrooms and offices post by schedule. Every threshold follows from what the rule says; none was fitted to accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from botscan.features.cadence import POST_FEATURES, cadence_matrix, top_source_apps
from botscan.features.post_feature import CHU_2012, GOH_2008, MAZZA_2019

if TYPE_CHECKING:
    from botscan.accounts.posts import PostTable

Mask = NDArray[np.bool_]

_COLUMN = {feature.name: position for position, feature in enumerate(POST_FEATURES)}


@dataclass(frozen=True)
class Limit:
    """What one number about the posts of an account must reach.

    Attributes
    ----------
    feature
        Name in `botscan.features.cadence.POST_FEATURES`.
    bound
        Whether the threshold must be reached from above or from below; it is itself inside.
    threshold
        In the unit of the feature.
    """

    feature: str
    bound: Literal["at_least", "at_most"]
    threshold: float

    def holds(self, matrix: NDArray[np.float32]) -> Mask:
        """Whether each account is inside, shape (n,); unknown is not."""
        values, threshold = matrix[:, _COLUMN[self.feature]], np.float32(self.threshold)
        holds: Mask = values >= threshold if self.bound == "at_least" else values <= threshold
        return holds


@dataclass(frozen=True)
class CadenceRule:
    """One rule; it holds where every limit does.

    Attributes
    ----------
    name
        Code of the rule.
    meaning
        What an account does for which it holds, one line.
    limits
        The first is the number that is told; the others only narrow the rule.
    min_posts
        Posts of the account the file must hold.
    basis
        Why the thresholds stand where they do.
    reference
        Where the idea was published, or ``own``.
    names_app
        Whether the app the account uses most belongs to what is told.
    """

    name: str
    meaning: str
    limits: tuple[Limit, ...]
    min_posts: int
    basis: str
    reference: str
    names_app: bool = False

    def holds(self, matrix: NDArray[np.float32]) -> Mask:
        """Whether the rule holds for each account.

        Parameters
        ----------
        matrix
            float32, shape (n, f), as `botscan.features.cadence.cadence_matrix` gives it.

        Returns
        -------
        holds
            bool, shape (n,). Unknown is not true.
        """
        enough = Limit("n_posts_seen", "at_least", self.min_posts)
        return np.logical_and.reduce([limit.holds(matrix) for limit in (enough, *self.limits)])


@dataclass(frozen=True)
class ToldCadence:
    """A rule that holds for an account, with the number behind it.

    Attributes
    ----------
    rule
        Its name.
    feature, value
        The number that the rule reads, in the unit of the feature.
    bound, threshold
        Where the rule begins to hold.
    n_posts
        Posts of the account in the file.
    app
        The app it uses most, where the rule is about it; text of the source, never trusted.
    """

    rule: str
    feature: str
    value: float
    bound: Literal["at_least", "at_most"]
    threshold: float
    n_posts: int
    app: str | None = None


#: Every rule, in the order in which they are told.
CADENCE_RULES: tuple[CadenceRule, ...] = (
    CadenceRule(
        name="posts_round_the_clock",
        meaning="posts at all hours of the day alike, with no time of rest to be seen",
        limits=(Limit("hour_entropy", "at_least", log2(22)),),
        min_posts=240,
        basis="as even as if all posts were spread over 22 of the 24 hours; ten posts an hour, below which an even"
        " spread would seldom show",
        reference=CHU_2012,
    ),
    CadenceRule(
        name="posts_in_bursts",
        meaning="posts mostly in bursts: half of its posts or more come within a minute of the one before",
        limits=(Limit("burst_gap_share", "at_least", 0.5),),
        min_posts=20,
        basis="half: more often in a burst than not",
        reference="own",
    ),
    CadenceRule(
        name="posts_like_a_clock",
        meaning="posts at even intervals, like a clock",
        limits=(Limit("burstiness", "at_most", -0.9),),
        min_posts=20,
        basis="the intervals differ from their mean by about a twentieth: an hour for who posts once a day",
        reference=GOH_2008,
    ),
    CadenceRule(
        name="one_source_app",
        meaning="nearly all its posts come from one tool that posts by schedule, from a feed or from a program",
        limits=(Limit("top_source_app_share", "at_least", 0.95), Limit("scheduler_share", "at_least", 0.95)),
        min_posts=20,
        basis="nineteen of twenty; that people type in one app of their phone is no sign, so the app must be a tool",
        reference=CHU_2012,
        names_app=True,
    ),
    CadenceRule(
        name="mostly_reposts",
        meaning="hardly ever writes itself: nine of ten posts or more repeat somebody else's",
        limits=(Limit("repost_share", "at_least", 0.9),),
        min_posts=20,
        basis="nine of ten",
        reference=MAZZA_2019,
    ),
    CadenceRule(
        name="repeats_its_texts",
        meaning="repeats itself: half of its texts or more it had posted before",
        limits=(Limit("repeated_text_share", "at_least", 0.5),),
        min_posts=20,
        basis="half: more often a repetition than something new",
        reference="own",
    ),
)


def cadence_conditions(matrix: NDArray[np.float32]) -> dict[str, Mask]:
    """Return for each rule whether it holds, shape (n,).

    Parameters
    ----------
    matrix
        float32, shape (n, f), as `botscan.features.cadence.cadence_matrix` gives it.
    """
    return {rule.name: rule.holds(matrix) for rule in CADENCE_RULES}


def tell_cadence(posts: PostTable, account_id: str) -> tuple[ToldCadence, ...]:
    """Return the rules that hold for one account, with their numbers.

    Parameters
    ----------
    posts
        Posts of any accounts.
    account_id
        The account, as posts name it.

    Examples
    --------
    >>> from botscan.accounts.posts import PostTable
    >>> rows = [{"account_id": "7", "post_id": n, "is_repost": n != 3} for n in range(1, 21)]
    >>> told = tell_cadence(PostTable.from_frame(rows, platform="mastodon"), "7")
    >>> [(one.rule, one.value, one.threshold) for one in told]
    [('mostly_reposts', 0.95, 0.9)]
    """
    matrix = cadence_matrix(posts, [account_id])
    return tuple(_told(rule, matrix, posts, account_id) for rule in CADENCE_RULES if rule.holds(matrix)[0])


def _told(rule: CadenceRule, matrix: NDArray[np.float32], posts: PostTable, account_id: str) -> ToldCadence:
    shown = rule.limits[0]
    return ToldCadence(
        rule=rule.name,
        feature=shown.feature,
        # The shortest decimal that is this float32.
        value=float(np.format_float_positional(matrix[0, _COLUMN[shown.feature]], unique=True)),
        bound=shown.bound,
        threshold=shown.threshold,
        n_posts=int(matrix[0, _COLUMN["n_posts_seen"]]),
        app=top_source_apps(posts, account_id)[0][0] if rule.names_app else None,
    )
