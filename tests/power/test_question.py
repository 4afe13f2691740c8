"""Arguments out of range are refused, each by its name."""

import numpy as np
import pytest

from botscan.errors import SchemaError
from botscan.power.question import SHARES, PurchaseQuestion

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("n", value) for value in (0, -5, 2.5, NAN, True, "7")),
        *(("kind", value) for value in ("fresh", "", None, 3, ["batch"])),
        *(("spread_days", value) for value in (0, -2.0, NAN, INF, True, "2")),
        *(("repetitions", value) for value in (0, -1, 1.5, NAN, None)),
        *(("random_state", value) for value in (-1, 0.5, NAN, None)),
        *(("n_jobs", value) for value in (0, -1, 1.5, None)),
        *(("shares", value) for value in ((), "0.1", None, 0.1, (0.0,), (1.1,), (-0.1,), (NAN,), (0.1, None))),
    ],
)
def test_out_of_range(name, value):
    with pytest.raises(SchemaError, match=name):
        PurchaseQuestion(**{name: value})


def test_numbers_of_numpy_are_numbers():
    question = PurchaseQuestion(n=np.int64(5), spread_days=np.float64(3.0), shares=np.array([0.5, 1.0]))
    assert question.days == 3.0
    assert question.sizes(5) == [5]


def test_a_purchase_has_at_most_as_many_accounts_as_the_list():
    with pytest.raises(SchemaError, match="500"):
        PurchaseQuestion(n=501).sizes(500)
    assert PurchaseQuestion(n=500).sizes(500) == [500]


def test_sizes_are_whole_rising_and_each_once():
    assert PurchaseQuestion().sizes(20_000) == [40, 100, 200, 400, 1_000]
    assert PurchaseQuestion().sizes(200) == [1, 2, 4, 10]
    assert PurchaseQuestion(shares=(1, 0.5, 0.5)).sizes(10) == [5, 10]
    assert PurchaseQuestion(n=3, shares=SHARES).sizes(20_000) == [3]


@pytest.mark.parametrize(("kind", "days"), [("batch", 2.0), ("drip", 90.0), ("aged", 2.0)])
def test_days_of_delivery(kind, days):
    assert PurchaseQuestion(kind=kind).days == days
    assert PurchaseQuestion(kind=kind, spread_days=7).days == 7.0
