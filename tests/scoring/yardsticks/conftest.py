"""Made-up accounts, one keyword a column."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from botscan.features.columns import Columns
from botscan.schema import ACCOUNT_COLUMN

SEEN = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def accounts():
    """Return a maker of batches: ``age_days`` stands for the two dates."""

    def make(**columns):
        ages = columns.pop("age_days", None)
        if ages is not None:
            columns["created_at"] = [None if age is None else SEEN - timedelta(days=age) for age in ages]
            columns["observed_at"] = [SEEN] * len(ages)
        arrays = {name: pa.array(cells, ACCOUNT_COLUMN[name].arrow_type) for name, cells in columns.items()}
        return Columns(pa.table(arrays))

    return make
