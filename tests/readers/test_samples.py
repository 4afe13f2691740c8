"""The sample files that stand beside the project: what must read with no option, and what must be refused."""

import os
from pathlib import Path

import pytest

from botscan.errors import FormatError
from botscan.readers import read_accounts

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[3] / "shared" / "formats"))

pytestmark = pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")

#: Name, format, accounts, rejected rows, evidence level, order, complete.
READ_WITHOUT_OPTIONS = [
    ("twitter_v1_followers_list_page.json", "twitter_v1", 2, {}, 3, "newest_first", True),
    ("twitter_v1_users.made.jsonl", "twitter_v1", 2, {}, 3, "unknown", None),
    ("twitter_v1_followers_ids.json", "twitter_v1", 2, {}, 0, "newest_first", True),
    ("twitter_v2_followers_default_fields.json", "twitter_v2", 3, {}, 1, "newest_first", False),
    ("twarc2_users_page.jsonl", "twitter_v2", 3, {"not_found": 1}, 3, "unknown", None),
    ("twarc2_users_flat.made.jsonl", "twitter_v2", 3, {}, 3, "unknown", None),
]
READ_WITH_OPTIONS = [
    ("generic_en.made.tsv", {"platform": "instagram"}, 3, 3),
    ("generic_id.made.csv", {"platform": "instagram"}, 3, 3),
    ("generic_id_utf16.made.csv", {"platform": "instagram"}, 1, 2),
    ("kaggle_v1_users.made.csv", {"platform": "twitter"}, 3, 3),
    ("cresci_users_latin1.made.csv", {"platform": "twitter", "encoding": "latin-1"}, 1, 3),
]
WAIT_FOR_THE_PLATFORM = [
    "instagram_scraper_camel.made.json",
    "instagram_scraper_snake.made.csv",
    "phantombuster_instagram_followers.made.csv",
    "tiktok_scraper_followers.made.csv",
]


@pytest.mark.parametrize("expected", READ_WITHOUT_OPTIONS, ids=lambda expected: expected[0])
def test_samples_read_without_options(expected):
    name, found, n, rejected, level, order, complete = expected
    accounts = read_accounts(FORMATS / name)
    report = accounts.report
    assert (report.format, accounts.n_accounts, dict(report.reject_reasons)) == (found, n, rejected)
    assert (accounts.platform, accounts.evidence_level, report.list_order, report.complete) == (
        "twitter",
        level,
        order,
        complete,
    )
    if order == "newest_first":
        assert accounts.table["follow_rank"].to_pylist() == list(range(n))[::-1]


@pytest.mark.parametrize(("name", "options", "n", "level"), READ_WITH_OPTIONS)
def test_samples_read_with_options(name, options, n, level):
    accounts = read_accounts(FORMATS / name, **options)
    assert (accounts.report.format, accounts.n_accounts, accounts.evidence_level) == ("generic", n, level)
    assert accounts.report.rows_in == n


def test_cells_of_samples_are_read_as_meant():
    english = read_accounts(FORMATS / "generic_en.made.tsv", platform="instagram").table
    assert english["handle"].to_pylist()[2] == "NA"
    assert english["followers_count"].to_pylist() == [12_300, 7, 1_100_000]
    assert english["created_at"].null_count == 0
    indonesian = read_accounts(FORMATS / "generic_id.made.csv", platform="instagram").table
    assert indonesian["followers_count"].to_pylist() == [12_300, 7, 3_000_000]
    assert indonesian["following_count"].to_pylist() == [892, 3_120, 1_200]
    assert "likes_given_count" not in indonesian.column_names
    kaggle = read_accounts(FORMATS / "kaggle_v1_users.made.csv", platform="twitter").table
    assert kaggle["handle"].to_pylist()[2] == "nan"
    latin = read_accounts(FORMATS / "cresci_users_latin1.made.csv", platform="twitter", encoding="latin-1").table
    assert latin["location"].to_pylist() == ["Málaga"]


def test_every_other_sample_is_refused():
    read = {name for name, *_ in (*READ_WITHOUT_OPTIONS, *READ_WITH_OPTIONS)}
    others = [path for path in sorted(FORMATS.iterdir()) if path.name not in read and path.name != "SOURCES.md"]
    assert len(others) > 30
    for path in others:
        with pytest.raises(FormatError) as caught:
            read_accounts(path)
        if path.name in WAIT_FOR_THE_PLATFORM:
            assert "Nothing in the file tells which platform" in str(caught.value)
            continue
        assert "Known formats: twitter_v1" in str(caught.value)
        with pytest.raises(FormatError):
            read_accounts(path, platform="twitter")
