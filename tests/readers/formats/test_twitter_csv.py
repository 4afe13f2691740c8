import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers import read_accounts
from botscan.readers.formats.twitter_csv import CRESCI_CSV, TWITTER_CSV
from botscan.readers.words.headers import normalise
from botscan.readers.words.synonyms import NEGATED
from botscan.schema import ACCOUNT_COLUMN

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
needs_samples = pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")

KAGGLE = "id,name,screen_name,statuses_count,followers_count,friends_count,favourites_count,created_at,description,lang"
CRESCI = (
    "id,name,screen_name,statuses_count,followers_count,friends_count,favourites_count,listed_count,url,lang,"
    "time_zone,location,default_profile,default_profile_image,geo_enabled,profile_image_url,protected,verified,"
    "description,created_at,timestamp,crawled_at,updated"
)
CRESCI_2015 = CRESCI.replace("timestamp,crawled_at,updated", "updated,dataset")
RTWEET = (
    "user_id,status_id,created_at,screen_name,text,source,lang,name,location,description,url,protected,"
    "followers_count,friends_count,listed_count,statuses_count,favourites_count,account_created_at,verified,account_lang"
)


def words_of(header):
    return [normalise(one) for one in header.split(",")]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (KAGGLE, TWITTER_CSV),
        (KAGGLE + ",default_profile,geo_enabled,crawled_at", TWITTER_CSV),
        (CRESCI, CRESCI_CSV),
        (CRESCI_2015, CRESCI_CSV),
        (RTWEET, TWITTER_CSV),
        ("username,followers,following,posts", None),
        ("acct,followers_count,following_count,statuses_count", None),
        (KAGGLE + ",text,retweet_count", None),
    ],
)
def test_headers_tell_the_formats(header, expected):
    words = words_of(header)
    evidence = {one.name: one.header_evidence(words) for one in (TWITTER_CSV, CRESCI_CSV)}
    best = max(evidence, key=evidence.get)
    if expected is None:
        assert set(evidence.values()) == {0}
    else:
        assert best == expected.name
        assert evidence[best] > min(evidence.values())


@pytest.mark.parametrize("form", [TWITTER_CSV, CRESCI_CSV])
def test_every_header_has_the_form_of_a_header_word(form):
    records_of = form.accounts
    for column, words in records_of.headers.items():
        assert column in ACCOUNT_COLUMN
        assert all(normalise(word) == word for word in words)
        assert not records_of.not_headers.intersection(words)
    assert not NEGATED.keys() & {word for words in records_of.headers.values() for word in words}
    assert all(ACCOUNT_COLUMN[column].kind == "flag" for column in records_of.blank_is_false)


def test_the_date_of_an_account_goes_before_that_of_its_latest_post():
    headers = TWITTER_CSV.accounts.headers
    words = words_of(RTWEET)
    first = {column: next((word for word in found if word in words), None) for column, found in headers.items()}
    assert (first["created_at"], first["language"], first["account_id"]) == (
        "account created at",
        "account lang",
        "user id",
    )


def test_labels_and_copies_of_dates_stand_for_nothing():
    for form in (TWITTER_CSV, CRESCI_CSV):
        assert {"timestamp", "bot", "following"} <= form.accounts.not_headers
    assert CRESCI_CSV.accounts.headers["observed_at"][0] == "crawled at"


def test_a_blank_flag_is_no_only_in_the_files_that_leave_it_so():
    assert not TWITTER_CSV.accounts.blank_is_false
    # The last one is read from default_profile_image, which says the opposite.
    assert CRESCI_CSV.accounts.blank_is_false == {
        "is_verified", "is_private", "has_default_theme", "has_geo", "has_avatar",
    }  # fmt: skip


def test_the_word_null_is_a_missing_link_and_a_name(tmp_path):
    rows = (
        "904170711,NULL,NULL,5,6,7,8,9,NULL,NULL,NULL,NULL,1,,1,,,,NULL,Tue Mar 17 08:51:12 +0000 2009,,2015-05-02,",
        "904170712,Made,made_two,5,6,7,8,9,,in,,null,1,,1,,,,x,Tue Mar 17 08:51:12 +0000 2009,,2015-05-02,",
    )
    path = tmp_path / "users.csv"
    path.write_text("\n".join((CRESCI, *rows)) + "\n")
    accounts = read_accounts(path)
    assert accounts.report.format == "cresci_csv"
    read = accounts.table.sort_by("account_id").to_pydict()
    assert (read["handle"][0], read["display_name"][0], read["bio"][0]) == ("NULL", "NULL", "NULL")
    assert (read["location"], read["language"], read["has_website"]) == ([None, "null"], [None, "in"], [None, False])
    assert not {note.column for note in accounts.report.warnings} & {"location", "website", "language"}


@given(st.sets(st.text(max_size=5) | st.sampled_from(words_of(CRESCI_2015) + words_of(CRESCI))))
def test_no_header_makes_it_stumble(words):
    assert (CRESCI_CSV.header_evidence(words) == 0) or (
        CRESCI_CSV.header_evidence(words) > TWITTER_CSV.header_evidence(words) > 0
    )


@needs_samples
def test_samples_are_known(table):
    found = {}
    for path in sorted(FORMATS.glob("*.csv")):
        if "utf16" not in path.name:
            words, _ = table(path.read_text(encoding="latin-1").splitlines()[0] + "\n")
            found[path.name] = (TWITTER_CSV.header_evidence(words), CRESCI_CSV.header_evidence(words))
    claimed = {name: numbers for name, numbers in found.items() if any(numbers)}
    assert set(claimed) == {"kaggle_v1_users.made.csv", "cresci_users_latin1.made.csv"}
    assert claimed["kaggle_v1_users.made.csv"][1] == 0
    assert claimed["cresci_users_latin1.made.csv"][1] > claimed["cresci_users_latin1.made.csv"][0]
