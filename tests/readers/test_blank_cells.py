"""A blank cell of a table is an empty bio only where somebody looked at the profile."""

import warnings

import pytest

import botscan as bs


def read(tmp_path, text, name="list.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return bs.read_accounts(path, platform="instagram").to_frame()


def test_a_profile_that_nobody_looked_at_has_no_empty_bio(tmp_path):
    frame = read(tmp_path, "username,followers,following,posts,biography,website\nana,,,,,\nbudi,3,,,,\n")
    assert frame["bio_length"].isna().tolist() == [True, False]
    assert frame["has_website"].isna().tolist() == [True, False]


def test_a_table_of_names_and_bios_says_what_it_says(tmp_path):
    frame = read(tmp_path, "username,biography\nana,\nbudi,hi\n")
    assert frame["bio_length"].tolist() == [0, 2]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_unknown_bios_stay_unknown_when_a_list_is_written_and_read_again(tmp_path, suffix):
    rows = [{"handle": f"orang_{i}", "followers_count": i, "bio": "hi" if i % 2 else None} for i in range(6)]
    first = bs.read_accounts(rows, platform="instagram").to_frame()
    path = tmp_path / f"again.{suffix}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first.to_csv(path, index=False) if suffix == "csv" else first.to_excel(path, index=False)
        again = bs.read_accounts(path, platform="instagram").to_frame()
    assert again["bio_length"].isna().tolist() == first["bio_length"].isna().tolist() == [True, False] * 3


@pytest.mark.parametrize(
    ("platform", "header"),
    [
        ("tiktok", "unique_id,nickname,signature,bio_link,follower_count,heart_count,digg_count"),
        ("twitter", "screen_name,name,description,url,followers_count,friends_count,statuses_count"),
    ],
)
def test_a_profile_that_nobody_looked_at_in_tables_of_scrapers(tmp_path, platform, header):
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\nana,,,,,,\nbudi,B,,,1,2,3\n")
    frame = bs.read_accounts(path, platform=platform).to_frame()
    assert frame["bio_length"].isna().tolist() == [True, False]
    assert frame["has_website"].isna().tolist() == [True, False]
