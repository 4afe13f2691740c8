"""PurchaseQuestion: which purchases are put into a list, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from numbers import Integral, Real
from typing import Any, Literal, get_args

from botscan.errors import SchemaError

PurchaseKind = Literal["batch", "drip", "aged"]

#: Sizes tried where none is given, as shares of the followers in order.
SHARES = (0.002, 0.005, 0.01, 0.02, 0.05)
#: Days that delivery lasts where nothing is said.
_SPREAD_DAYS = {"batch": 2.0, "drip": 90.0, "aged": 2.0}
_LEAST = {"n": 1, "repetitions": 1, "random_state": 0, "n_jobs": 1}


@dataclass(frozen=True)
class PurchaseQuestion:
    """What is asked of a list; `simulate_purchase` says what each attribute means.

    Raises
    ------
    SchemaError
        When a value is out of range; NaN is in none.

    Examples
    --------
    >>> question = PurchaseQuestion(kind="drip", shares=(0.01, 0.02, 0.0101))
    >>> question.days, question.sizes(1_000)
    (90.0, [10, 20])
    """

    n: int | None = None
    kind: PurchaseKind = "batch"
    spread_days: float | None = None
    repetitions: int = 30
    shares: Sequence[float] = SHARES
    random_state: int = 0
    n_jobs: int = 1

    def __post_init__(self) -> None:
        if self.kind not in get_args(PurchaseKind):
            raise refused("kind", self.kind, f"one of {', '.join(get_args(PurchaseKind))}")
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if not (name == "n" and value is None) and not _is_whole(value, least):
                raise refused(name, value, f"a whole number from {least}")
        if self.spread_days is not None and not (_is_number(self.spread_days) and 0.0 < self.spread_days < inf):
            raise refused("spread_days", self.spread_days, "a number of days above 0")
        given: Any = self.shares  # whatever a caller in Python wrote
        if isinstance(given, str) or not hasattr(given, "__len__") or not len(given):
            raise refused("shares", given, "at least one share")
        for share in given:
            if not _is_number(share) or not 0.0 < share <= 1.0:
                raise refused("shares", share, "shares above 0 and at most 1")

    @property
    def days(self) -> float:
        """How long delivery lasts."""
        return _SPREAD_DAYS[self.kind] if self.spread_days is None else float(self.spread_days)

    def sizes(self, n_ordered: int) -> list[int]:
        """Return how many accounts are bought, rising, of a list with so many followers in order."""
        if self.n is not None:
            if self.n > n_ordered:
                raise refused("n", self.n, f"at most the {n_ordered:,} accounts of the list that are in order")
            return [int(self.n)]
        return sorted({max(1, round(share * n_ordered)) for share in self.shares})


def refused(name: str, value: object, wanted: str) -> SchemaError:
    """Return the error of an argument that is out of range."""
    return SchemaError(
        f"{name} is {str(value)[:40]}, wanted {wanted}.",
        source="simulate_purchase",
        remedy="Leave it out for the usual value, or choose another.",
    )


def _is_whole(value: Any, least: int) -> bool:
    return not isinstance(value, bool) and isinstance(value, Integral) and int(value) >= least


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real)
