"""What a plan is asked for: a margin, sizes, costs, raters; each value checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real

from botscan.errors import BotscanError, NotEnoughAccounts
from botscan.evidence.profile import ScoreProfile
from botscan.notes import Note
from botscan.prevalence.intervals import normal_quantile
from botscan.prevalence.planning.expected_width import expected_half_width
from botscan.prevalence.planning.sample_size_plan import SampleSizePlan
from botscan.prevalence.planning.two_phase_plan import TwoPhases, cheapest_split, fewest_labels

#: A narrower interval than this is no question of sample size.
NARROWEST_MARGIN = 1e-4
#: An audit of fewer labels gives no share, unless the list holds no more.
FEWEST_LABELS = 2


@dataclass(frozen=True)
class PlanQuestion:
    """What was asked; `organic_share` is None for the worst case."""

    margin: float
    organic_share: float | None
    confidence_level: float
    list_size: int | None
    population: int | None
    cost_per_fetch: float | None
    cost_per_label: float | None
    n_raters: int
    undecided_share: float

    @property
    def speaks_of(self) -> float:
        """Accounts that the interval speaks of; infinite when endless."""
        if self.population is not None:
            return self.population
        return math.inf if self.list_size is None else self.list_size

    @property
    def costs(self) -> tuple[float, float]:
        """Cost of one follower fetched and of one account drawn for all raters; free fetching when not given."""
        if self.cost_per_fetch is None or self.cost_per_label is None:
            return 0.0, 1.0
        return self.cost_per_fetch, self.cost_per_label * self.n_raters

    def design(self, share: float, ratio: float) -> TwoPhases:
        """Return what the precision depends on when a label is worth so many plain ones."""
        return TwoPhases(share, self.confidence_level, ratio, self.speaks_of)

    def split(self, design: TwoPhases, margin: float) -> tuple[int, float] | None:
        """Return accounts drawn and followers fetched (or in the list); None when nothing keeps the margin."""
        if self.list_size is not None:
            n_labels = fewest_labels(design, margin, self.list_size)
            return None if n_labels is None else (self._enough(n_labels), self.list_size)
        found = cheapest_split(design, margin, *self.costs)
        if found is None:
            return None
        n_drawn = self._enough(found[0])
        return n_drawn, max(found[1], n_drawn)

    def _enough(self, n_drawn: int) -> int:
        """Return accounts to draw for the fewest labels of an audit at least, as far as there are so many."""
        fewest = math.ceil(FEWEST_LABELS / (1.0 - self.undecided_share))
        return int(min(max(n_drawn, fewest), self.speaks_of if self.list_size is None else self.list_size))

    def everything(self) -> tuple[int, int] | None:
        """Return what `split` does when all accounts there are are drawn; None when there is no end of them."""
        size = self.speaks_of if self.list_size is None else self.list_size
        return None if math.isinf(size) else (int(size), int(size))

    def half_width(self, design: TwoPhases, split: tuple[int, float]) -> float:
        """Return the half-width that a split gives on average."""
        return expected_half_width(design, *split, self.undecided_share)

    def undecided_notes(self) -> list[Note]:
        """Say what accounts that stay undecided do to the interval."""
        share = self.undecided_share
        return [Note("plan_undecided", numbers={"share": share, "points": 50.0 * share})] if share else []

    def plan(
        self,
        *,
        n_fetch: int | None,
        n_drawn: int,
        expected_margin: float,
        share: float,
        ratio: float,
        notes: Sequence[Note],
    ) -> SampleSizePlan:
        """Return the answer."""
        cost_per_fetch, cost_per_drawn = self.costs
        has_cost = self.cost_per_fetch is not None and n_fetch is not None
        cost = cost_per_fetch * (n_fetch or 0) + cost_per_drawn * n_drawn if has_cost else None
        return SampleSizePlan(
            n_fetch=n_fetch,
            n_drawn=n_drawn,
            n_labels=round(n_drawn * (1.0 - self.undecided_share)),
            margin=self.margin,
            expected_margin=expected_margin,
            organic_share=share,
            confidence_level=self.confidence_level,
            list_size=self.list_size,
            population=self.population,
            variance_ratio=ratio,
            n_raters=self.n_raters,
            cost=cost,
            notes=tuple(notes),
        )

    def check(self) -> None:
        """Raise BotscanError when a value is outside its range or contradicts another."""
        _check_numbers(
            {
                "margin": self.margin,
                "organic_share": self.organic_share,
                "cost_per_fetch": self.cost_per_fetch,
                "cost_per_label": self.cost_per_label,
                "undecided_share": self.undecided_share,
            },
            may_be_none=("organic_share", "cost_per_fetch", "cost_per_label"),
        )
        _check_counts(
            {"list_size": self.list_size, "population": self.population, "n_raters": self.n_raters},
            may_be_none=("list_size", "population"),
        )
        normal_quantile(self.confidence_level)
        share, costs = self.organic_share, (self.cost_per_fetch, self.cost_per_label)
        given = [cost for cost in costs if cost is not None]
        _refuse_first(
            (
                NARROWEST_MARGIN <= self.margin < 0.5,
                f"a margin of {self.margin:g}, wanted a share from {NARROWEST_MARGIN:g} to below 0.5",
                "Write 0.03 for +-3 points.",
            ),
            (
                share is None or 0.0 <= share <= 1.0,
                f"an organic share of {share}, wanted a number from 0 to 1",
                "Write 0.8 for 80 %.",
            ),
            (
                len(given) in (0, 2),
                "one cost of two, wanted that of fetching and that of labelling",
                "Give both, in the same unit: 1 and 50 when a label costs fifty times as much.",
            ),
            (
                all(0.0 <= cost < math.inf for cost in given) and (not given or any(given)),
                f"costs of {costs[0]} and {costs[1]}, wanted finite numbers from 0 up, not both 0",
                "Only their ratio decides: 1 and 50 when a label costs fifty times as much.",
            ),
            (
                self.n_raters >= 1,
                f"{self.n_raters} raters, wanted at least 1",
                "Give the number of raters who look at each account.",
            ),
            (
                0.0 <= self.undecided_share < 1.0,
                f"an undecided share of {self.undecided_share:g}, wanted a number from 0 to below 1",
                "Write 0.1 when one in ten stays undecided.",
            ),
            (
                self.margin - self.undecided_share / 2.0 >= NARROWEST_MARGIN,
                f"an undecided share of {self.undecided_share:g}, wanted less than twice the margin of {self.margin:g}",
                "Accept a wider margin, or have them looked at again: the interval holds whatever they are.",
            ),
        )
        check_sizes(self.list_size, self.population)


def check_sizes(list_size: int | None, population: int | None, source: str | None = None) -> None:
    """Raise NotEnoughAccounts or BotscanError when there is nobody, or a list is larger than its audience.

    `source` is the name of the list, for the message.
    """
    for what, size in (("list", list_size), ("audience", population)):
        if size is not None and not size >= 1:
            raise NotEnoughAccounts(
                f"The {what} holds no accounts, so there is nothing to plan.",
                source=source if what == "list" else None,
                remedy="Give a list with accounts." if source else "Give its size, or leave it.",
            )
    if list_size is not None and population is not None and list_size > population:
        raise BotscanError(
            f"Found a population of {population} followers, but the list alone holds {list_size} accounts.",
            source=source,
            remedy="Give the number of all followers of the audience, or leave it out.",
        )


def check_scores(
    auc: float | None, variance_ratio: float, profile: ScoreProfile | None, n_validation: int | None
) -> None:
    """Raise BotscanError when what is said of the scores is outside its range or contradicts itself."""
    _check_numbers({"auc": auc, "variance_ratio": variance_ratio}, may_be_none=("auc",))
    _check_counts({"n_validation": n_validation}, may_be_none=("n_validation",))
    if not isinstance(profile, ScoreProfile | None):
        raise BotscanError(
            f"Found a profile of type {type(profile).__name__}, wanted a ScoreProfile.",
            remedy="Leave it out where none was measured on this audience.",
        )
    _refuse_first(
        (
            1.0 <= variance_ratio < math.inf,
            f"a variance ratio of {variance_ratio:g}, wanted at least 1",
            "Leave it at 1 when in doubt.",
        ),
        (
            auc is None or 0.5 <= auc < 1.0,
            f"an AUC of {auc}, wanted a number from 0.5 to below 1",
            "Write 0.9 when a suspicious account scores higher than an organic one nine times in ten.",
        ),
        (
            (auc is not None) + (variance_ratio > 1.0) + (profile is not None) <= 1,
            "more than one of AUC, variance ratio and profile, wanted one",
            "Keep what is known best; each says what the scores are worth.",
        ),
        (
            n_validation is None or n_validation >= 2,
            f"{n_validation} validation accounts, wanted at least 2",
            "A profile needs accounts of both kinds.",
        ),
        (
            n_validation is None or auc is not None,
            "a number of validation accounts without an AUC, wanted both",
            "Give the AUC that the scores reach on this very audience; a profile needs neither.",
        ),
    )


def _check_numbers(values: Mapping[str, object], may_be_none: Sequence[str] = ()) -> None:
    """Raise BotscanError for the first value that is no number."""
    _check_kind(values, Real, "a number", "Write 0.05 for five in a hundred.", may_be_none)


def _check_counts(values: Mapping[str, object], may_be_none: Sequence[str] = ()) -> None:
    """Raise BotscanError for the first value that is no whole number."""
    _check_kind(values, Integral, "a whole number", "Write 29100 for 29.1K.", may_be_none)


def _check_kind(values: Mapping[str, object], kind: type, wanted: str, remedy: str, may_be_none: Sequence[str]) -> None:
    for name, value in values.items():
        if value is None and name in may_be_none:
            continue
        if isinstance(value, bool) or not isinstance(value, kind):
            raise BotscanError(f"Found {name} {str(value)[:40]!r}, wanted {wanted}.", remedy=remedy)


def _refuse_first(*checks: tuple[bool, str, str]) -> None:
    """Raise BotscanError for the first check, of (is right, found and wanted, remedy), that fails."""
    for is_right, found, remedy in checks:
        if not is_right:
            raise BotscanError(f"Found {found}.", remedy=remedy)
