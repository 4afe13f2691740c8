import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from botscan.notes import Note
from botscan.readers.plan import ReadingPlan

FULL = ReadingPlan(
    "list.csv", "generic", "table", encoding="utf-8", delimiter=";", headers=("Username", "x"), columns={"handle": "Username"},
    column_map={"bio": "x"}, negated=("has_avatar",), platform="twitter", observed_at=datetime(2026, 6, 30, tzinfo=UTC),
    date_orders={"created_at": "dmy"}, tz="WIB", list_order="newest_first", complete=False, rows=7, coverage={"handle": 0.5},
    ignored_columns=("y",), notes=(Note("columns_ignored", count=1, numbers={"names": "y"}),), subject="77", zone_fault_hours=7,
)  # fmt: skip


@pytest.mark.parametrize("plan", [FULL, ReadingPlan("a", "generic", "json")])
def test_a_plan_survives_being_written_as_json(plan):
    assert ReadingPlan.from_dict(json.loads(json.dumps(plan.to_dict(), allow_nan=False))) == plan


def test_the_moment_is_written_in_utc():
    local = datetime(2026, 6, 30, 7, tzinfo=timezone(timedelta(hours=7)))
    written = ReadingPlan("a", "generic", "json", observed_at=local).to_dict()
    assert written["observed_at"] == "2026-06-30T00:00:00+00:00"


@pytest.mark.parametrize("change", [{"plan_version": 99}, {"strange": 1}, {"rows": None, "plan_version": None}])
def test_other_values_are_no_plan(change):
    with pytest.raises(ValueError, match="no reading plan of version"):
        ReadingPlan.from_dict({**FULL.to_dict(), **change})
    lacking = FULL.to_dict()
    del lacking["platform"]
    with pytest.raises(ValueError, match="no reading plan of version"):
        ReadingPlan.from_dict(lacking)


def test_cells_are_typed_as_the_plan_says():
    settings = FULL.settings
    assert (settings.platform, settings.tz, settings.zone_fault_hours) == ("twitter", "WIB", 7)
    assert settings.date_orders == {"created_at": "dmy"}
    assert settings.observed_at == FULL.observed_at
