"""Platforms: their names, how rows name them, and which one a list is of."""

import pyarrow as pa
import pytest

from botscan.accounts.settings import check_platform, count_platforms, one_platform, platform_named
from botscan.errors import SchemaError
from botscan.schema import PLATFORMS


def test_names():
    assert [platform_named(name) for name in (" Twitter", "X", "IG", "threads")] == [
        "twitter",
        "twitter",
        "instagram",
        "threads",
    ]
    assert all(check_platform(name.upper()) == name for name in PLATFORMS)


def test_an_unknown_name_is_refused_with_the_nearest_and_the_list():
    with pytest.raises(SchemaError, match=r"'twiter' is not known.*Did you mean twitter\?.*instagram") as caught:
        check_platform("Twiter", source="list.csv")
    assert caught.value.source == "list.csv"
    with pytest.raises(SchemaError, match="Known are twitter"):
        check_platform("zzz")


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.large_string())])
def test_counting_rows(kind):
    cells = pa.array(["x", "Twitter ", "tiktok", None, "", "\\N", "tiktok", "tiktok", "instagram"]).cast(kind)
    assert list(count_platforms(cells).items()) == [("tiktok", 3), ("twitter", 2), ("instagram", 1)]
    assert count_platforms(pa.nulls(2)) == {}


def test_one_platform_of_a_list():
    assert one_platform({}, "tiktok") == "tiktok"
    assert one_platform({"twitter": 2}, None) == "twitter"
    assert one_platform({"twitter": 2, "tiktok": 1}, "tiktok") == "tiktok"
    assert one_platform({}, None) is None


@pytest.mark.parametrize("chosen", [None, "instagram"])
def test_several_or_another_platform_is_refused_with_counts(chosen):
    with pytest.raises(SchemaError, match=r"twitter \(1200 rows\), tiktok \(3 rows\).*--platform twitter") as caught:
        one_platform({"twitter": 1200, "tiktok": 3}, chosen, source="list.csv", n_rows=1203)
    assert str(caught.value).startswith("list.csv, column 'platform': ")
