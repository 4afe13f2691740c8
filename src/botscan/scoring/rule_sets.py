"""Rules of thumb and sets of them as declarations: every answer is yes, no or unknown, and no answer is guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from botscan.features.columns import Columns

#: 1 = it holds, 0 = it does not, NaN = nobody can tell from what is known; float64, shape (n,).
Answers = NDArray[np.float64]

#: What has to be fetched for an account beyond the row that the list has of it.
Cost = Literal["list", "posts", "pictures", "history"]


def unless_unknown(condition: NDArray[np.bool_], *numbers: NDArray[np.float64]) -> Answers:
    """Return the condition as answers, unknown where one of the numbers it rests on is.

    Examples
    --------
    >>> number = np.array([3.0, 0.0, np.nan])
    >>> unless_unknown(number > 1, number).tolist()
    [1.0, 0.0, nan]
    """
    is_unknown = np.logical_or.reduce([np.isnan(number) for number in numbers])
    return np.where(is_unknown, np.nan, condition)


def all_of(*answers: Answers) -> Answers:
    """Whether all hold: one no decides, else one unknown leaves it open.

    Examples
    --------
    >>> yes, no, unknown = np.array([1.0]), np.array([0.0]), np.array([np.nan])
    >>> all_of(yes, yes).item(), all_of(yes, unknown).item(), all_of(no, unknown).item()
    (1.0, nan, 0.0)

    References
    ----------
    .. [1] Kleene, S. C. (1938). On notation for ordinal numbers. Journal of Symbolic Logic 3(4), 150-155.
       https://doi.org/10.2307/2267778
    """
    return reduce(lambda one, other: np.where((one == 0) | (other == 0), 0.0, one * other), answers)


def any_of(*answers: Answers) -> Answers:
    """Whether at least one holds: one yes decides, else one unknown leaves it open.

    Examples
    --------
    >>> yes, no, unknown = np.array([1.0]), np.array([0.0]), np.array([np.nan])
    >>> any_of(yes, unknown).item(), any_of(no, unknown).item(), any_of(no, no).item()
    (1.0, nan, 0.0)
    """
    return 1.0 - all_of(*(1.0 - one for one in answers))


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a rule or a set says of each account of one batch.

    Attributes
    ----------
    flagged
        Whether it flags the account: 1, 0, or NaN where what is not known could change the outcome.
    n_checked
        Criteria with an answer, int64, shape (n,).
    low, high
        Fewest and most criteria that may speak against the account, the unknown ones counted either way; for a set
        of points the lowest and highest sum. float64, shape (n,).
    """

    flagged: Answers
    n_checked: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


class Yardstick(Protocol):
    """What a rule of thumb and a set of them share."""

    @property
    def name(self) -> str:
        """Code; its words stand in the catalogues under ``yardstick_`` and the name."""

    @property
    def reference(self) -> str:
        """Where it was published."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Canonical columns it reads."""

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it asks for that no list of followers holds."""

    @property
    def criteria(self) -> tuple[ThumbRule, ...]:
        """Rules it is made of."""

    def judge_answers(self, against: Sequence[Answers]) -> Judgement:
        """Judge every account from what `ThumbRule.flags` gave for each of the criteria, in their order."""


@dataclass(frozen=True)
class ThumbRule:
    """One rule of thumb.

    Attributes
    ----------
    name
        Code, unique among all rules and sets.
    looks_at
        The number it looks at.
    threshold
        Where it cuts that number, as printed.
    answer
        From a view of one batch to answers, shape (n,).
    needs
        Canonical columns it reads; where they do not suffice it is unknown.
    reference
        Where it was published, or ``own``.
    cost
        What has to be fetched: ``list`` (nothing), ``posts``, ``pictures``, or ``history`` (a second look later).
    lacks
        What it asks for that no list of followers holds; an answer is then known in special cases only.
    speaks_for
        ``suspicious``: accounts for which it holds are flagged. ``organic``: those for which it does not.
    """

    name: str
    looks_at: str
    threshold: str
    answer: Callable[[Columns], Answers]
    needs: tuple[str, ...]
    reference: str
    cost: Cost = "list"
    lacks: tuple[str, ...] = ()
    speaks_for: Literal["suspicious", "organic"] = "suspicious"

    @property
    def criteria(self) -> tuple[ThumbRule, ...]:
        """The rule itself."""
        return (self,)

    def flags(self, columns: Columns) -> Answers:
        """Whether it speaks against each account, shape (n,)."""
        answers = self.answer(columns)
        return answers if self.speaks_for == "suspicious" else 1.0 - answers

    def judge_answers(self, against: Sequence[Answers]) -> Judgement:
        """Judge every account from its own answers."""
        return _judged(against[0], against)


@dataclass(frozen=True)
class RuleSet:
    """Several rules of thumb that decide together.

    Attributes
    ----------
    name
        Code, unique among all rules and sets.
    reference
        Where it was published.
    criteria
        Its rules, in printed order.
    combine
        ``any``: one rule is enough. ``all``: every rule must speak against the account. ``sum``: each rule gives
        `points`, and an account is flagged when their sum is below `below`.
    combination
        Who says that they combine so.
    points
        For ``sum``: points of each criterion when it holds, and when it does not.
    below
        For ``sum``: the threshold.
    """

    name: str
    reference: str
    criteria: tuple[ThumbRule, ...]
    combine: Literal["any", "all", "sum"]
    combination: str
    points: tuple[tuple[float, float], ...] = ()
    below: float | None = None

    def __post_init__(self) -> None:
        is_sum = self.combine == "sum"
        if len(self.points) != (len(self.criteria) if is_sum else 0) or is_sum != (self.below is not None):
            raise ValueError("A set that sums wants points for every criterion and a threshold; no other set has any.")

    @property
    def needs(self) -> tuple[str, ...]:
        """Canonical columns it reads."""
        return tuple(dict.fromkeys(name for rule in self.criteria for name in rule.needs))

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it asks for that no list of followers holds."""
        return tuple(dict.fromkeys(name for rule in self.criteria for name in rule.lacks))

    def judge_answers(self, against: Sequence[Answers]) -> Judgement:
        """Judge every account from what `ThumbRule.flags` gave for each of the criteria, in their order."""
        if self.combine != "sum":
            return _judged((any_of if self.combine == "any" else all_of)(*against), against)
        assert self.below is not None
        low, high = np.zeros(len(against[0])), np.zeros(len(against[0]))
        for rule, answers, (if_true, if_false) in zip(self.criteria, against, self.points, strict=True):
            holds = answers if rule.speaks_for == "suspicious" else 1.0 - answers
            given, is_unknown = np.where(holds == 1, if_true, if_false), np.isnan(holds)
            low += np.where(is_unknown, min(if_true, if_false), given)
            high += np.where(is_unknown, max(if_true, if_false), given)
        flagged = np.where(high < self.below, 1.0, np.where(low >= self.below, 0.0, np.nan))
        return Judgement(flagged, _n_known(against), low, high)


def judge(rule: Yardstick, columns: Columns) -> Judgement:
    """Judge every account of a batch by one rule or set.

    Examples
    --------
    >>> import pyarrow as pa
    >>> many = ThumbRule("many", "following", "over 9", lambda c: unless_unknown(
    ...     c.count("following_count") > 9, c.count("following_count")), ("following_count",), "own")
    >>> none = ThumbRule("none", "posts", "0", lambda c: unless_unknown(
    ...     c.count("posts_count") == 0, c.count("posts_count")), ("posts_count",), "own")
    >>> either = RuleSet("either", "own", (many, none), "any", "own")
    >>> accounts = pa.table({"following_count": [50, 5, 5], "posts_count": [None, None, 3]})
    >>> judged = judge(either, Columns(accounts))
    >>> judged.flagged.tolist(), judged.low.tolist(), judged.high.tolist()
    ([1.0, nan, 0.0], [1.0, 0.0, 0.0], [2.0, 1.0, 0.0])
    """
    return rule.judge_answers([one.flags(columns) for one in rule.criteria])


def _judged(flagged: Answers, against: Sequence[Answers]) -> Judgement:
    table = np.stack(against)
    low, high = (table == 1).sum(axis=0), (table != 0).sum(axis=0)
    return Judgement(flagged, _n_known(against), low.astype(np.float64), high.astype(np.float64))


def _n_known(against: Sequence[Answers]) -> NDArray[np.int64]:
    return np.asarray((~np.isnan(np.stack(against))).sum(axis=0), dtype=np.int64)
