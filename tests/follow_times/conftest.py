"""Made-up dates and histories, counted in days from one day on."""

import numpy as np
import pytest

from botscan.cells.dates import MICROSECONDS_PER_DAY as DAY
from botscan.follow_times import UNKNOWN_TIME

START = 15_000 * DAY


@pytest.fixture(scope="session")
def day():
    """Return the instant of a day."""
    return lambda number: START + round(number * DAY)


@pytest.fixture(scope="session")
def days(day):
    """Return the instants of some days, unknown ones for None."""
    return lambda *values: np.array([UNKNOWN_TIME if one is None else day(one) for one in values], dtype=np.int64)


@pytest.fixture(scope="session")
def in_days():
    """Return instants as days, None where unknown."""
    return lambda times: [None if time == UNKNOWN_TIME else (time - START) / DAY for time in times.tolist()]


@pytest.fixture(scope="session")
def history():
    """Return creation and follow times of a list that grew evenly, a tenth of it accounts made the same day."""

    def make(seed, n=3_000, span=1_500.0, fresh=0.1):
        rng = np.random.default_rng(seed)
        followed = np.sort(rng.uniform(0, span, n))
        ages = np.where(rng.random(n) < fresh, rng.exponential(0.5, n), rng.exponential(800.0, n))
        return START + ((followed - ages) * DAY).astype(np.int64), START + (followed * DAY).astype(np.int64)

    return make
