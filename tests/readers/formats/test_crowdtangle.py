import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.crowdtangle import CROWDTANGLE_FACEBOOK, CROWDTANGLE_INSTAGRAM, post_id_of_link
from botscan.readers.words.headers import normalise

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
ALL = (CROWDTANGLE_FACEBOOK, CROWDTANGLE_INSTAGRAM)

FACEBOOK = (
    "\ufeffPage Name,User Name,Facebook Id,Page Created,Likes at Posting,Followers at Posting,Post Created,Type,"
    "Total Interactions,Likes,Comments,Shares,Post Views,Video Share Status,URL,Message,Description\n"
    'The Ministry,the.ministry,000100044,2012-03-14 04:05:06,"24,210","25,110",2023-05-01 09:00:00 WIB,Photo,"1,234",'
    '"1,000",120,98,0,-,https://www.facebook.com/100044/posts/555,Halo,not this\n'
    "The Ministry,the.ministry,000100044,2012-03-14 04:05:06,24250,25120,2023-05-02 09:00:00 EDT,Native Video,-,"
    "-,1,2,0,original,https://www.facebook.com/100044/videos/556/,,From the video\n"
    "The Ministry,the.ministry,000100044,2012-03-14 04:05:06,24250,-,2023-05-03 09:00:00 IST,Link,1,"
    "1,1,0,,-,-,,\n"
)
INSTAGRAM = (
    "\ufeffAccount,User Name,Followers at Posting,Post Created,Type,Total Interactions (weighted — Likes 1x),Likes,"
    "Comments,Views,URL,Description\n"
    'The Ministry,the.ministry,"81,203",2023-05-01 09:00:00 WIB,IGTV,"2,345","2,300",45,0,https://www.instagram.com/p/CxYz-1_/,Halo\n'
)


def header_claims(words):
    return {one.name for one in ALL if one.header_evidence(words)}


def test_posts_of_facebook(take, table):
    words, rows = table(FACEBOOK)
    assert header_claims(words) == {"crowdtangle_facebook"}
    taken = take(CROWDTANGLE_FACEBOOK, rows, "posts")
    assert taken.columns == {
        "account_id": ["000100044"] * 3,
        "post_id": ["555", "556", None],
        "posted_at": ["2023-05-01 09:00:00 WIB", "2023-05-02 09:00:00 -04:00", "2023-05-03 09:00:00 IST"],
        "text": ["Halo", "From the video", ""],
        "likes_count": ["1,000", None, "1"],
        "comments_count": ["120", "1", "1"],
        "reposts_count": ["98", "2", "0"],
        "views_count": [None, "0", None],
    }


def test_followers_over_time(take, table):
    taken = take(CROWDTANGLE_FACEBOOK, table(FACEBOOK)[1], "series")
    assert taken["followers_count"] == ["25,110", "25120", None]
    assert taken["counted_at"][0] == "2023-05-01 09:00:00 WIB"
    assert taken["account_id"] == ["000100044"] * 3
    assert taken["handle"] == ["the.ministry"] * 3


def test_a_table_about_instagram(take, table):
    words, rows = table(INSTAGRAM)
    assert header_claims(words) == {"crowdtangle_instagram"}
    posts, series = (take(CROWDTANGLE_INSTAGRAM, rows, kind) for kind in ("posts", "series"))
    assert posts["account_id"] == series["account_id"] == ["@the.ministry"]
    assert series["followers_count"] == ["81,203"]
    assert (posts["post_id"], posts["text"], posts["views_count"]) == (["CxYz-1_"], ["Halo"], ["0"])
    assert posts["reposts_count"] == [None]


def test_other_spellings_of_the_header_give_the_same_posts(take, table):
    header, rows = FACEBOOK.split("\n", 1)
    snake = header.lstrip("\ufeff").lower().replace(" ", "_")
    words, objects = table(f"{snake}\n{rows}")
    assert header_claims(words) == {"crowdtangle_facebook"}
    for kind in ("posts", "series"):
        assert (
            take(CROWDTANGLE_FACEBOOK, objects, kind).columns
            == take(CROWDTANGLE_FACEBOOK, table(FACEBOOK)[1], kind).columns
        )


@pytest.mark.parametrize("one", ALL)
def test_they_hold_no_followers_and_say_what_they_are_good_for(one):
    assert one.accounts is None
    assert one.evidence is None
    assert "growth" in one.refusal
    assert "engagement" in one.refusal


@pytest.mark.parametrize("words", [["followers at posting"], ["total interactions", "page name"], []])
def test_one_of_the_headers_alone_is_not_enough(words):
    assert header_claims(words) == set()


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://www.facebook.com/permalink.php?story_fbid=pfbid0aB&id=7", "pfbid0aB"),
        ("https://www.facebook.com/watch/?v=99", "99"),
        ("https://www.facebook.com/photo.php?fbid=98&set=a", "98"),
        ("https://www.facebook.com/groups/1/permalink/97/?x", "97"),
        ("https://www.instagram.com/reel/Cab/#c", "Cab"),
        ("https://www.facebook.com", None),
        ("https://", None),
        ("text", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_ids_of_posts(link, expected):
    assert post_id_of_link(link) == expected


KEYS = st.sampled_from(next(csv.reader([FACEBOOK.split("\n", 1)[0].lstrip("\ufeff")])))
CELLS = (
    st.none()
    | st.text()
    | st.integers()
    | st.booleans()
    | st.lists(st.integers())
    | st.sampled_from(["-", " EDT", "//"])
)


@given(st.lists(st.dictionaries(KEYS, CELLS), max_size=3), st.lists(st.text(max_size=5)))
def test_nothing_in_cells_raises(rows, words):
    assert header_claims(words) == set()
    for records_of in (CROWDTANGLE_FACEBOOK.posts, CROWDTANGLE_FACEBOOK.series):
        for row in rows:
            records = records_of.unpack(row).records
            for field in records_of.fields:
                assert len(field.values(records)) == 1


@pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")
def test_samples(take, table):
    words, rows = table((FORMATS / "crowdtangle_facebook.made.csv").read_text(encoding="utf-8"))
    assert header_claims(words) == {"crowdtangle_facebook"}
    posts, series = (take(CROWDTANGLE_FACEBOOK, rows, kind) for kind in ("posts", "series"))
    assert posts["post_id"] == ["20230501", "20230502", "20230504"]
    assert posts["text"][1:] == ["Baris satu\nbaris dua, dengan koma", ""]
    assert posts["likes_count"] == ["1000", "350", "330"]
    assert posts["views_count"] == [None] * 3
    assert series["followers_count"] == ["25110", "25180", "27950"]
    words, rows = table((FORMATS / "crowdtangle_instagram_header.made.csv").read_text(encoding="utf-8"))
    assert header_claims(words) == {"crowdtangle_instagram"}
    posts = take(CROWDTANGLE_INSTAGRAM, rows, "posts")
    assert (posts["post_id"], posts["text"], posts["likes_count"]) == (["AAAAAAAAAAA"], ["Halo"], ["2300"])
    assert take(CROWDTANGLE_INSTAGRAM, rows, "series")["followers_count"] == ["81203"]
    for path in FORMATS.glob("*.csv"):
        if not path.name.startswith("crowdtangle"):
            header = path.read_bytes().decode("latin-1").splitlines()[0]
            assert header_claims([normalise(word) for word in header.split(",")]) == set()
