"""Files that are nearly a list of followers: parts that would be lost, other lists, answers and tables that mislead."""

import json
import zipfile
from datetime import UTC, datetime

import pandas as pd
import pytest

from botscan.accounts.table import AccountTable
from botscan.errors import FormatError
from botscan.readers import plan_reading, read_accounts, read_batches, read_posts, read_series

PLACE = "connections/followers_and_following"


def download(*names):
    return json.dumps(
        [
            {
                "title": "",
                "string_list_data": [{"href": f"https://www.instagram.com/{one}", "value": one, "timestamp": at}],
            }
            for at, one in enumerate(names, start=1_600_000_000)
        ]
    )


def script(part, *ids, behind=""):
    listed = json.dumps([{"follower": {"accountId": str(one)}} for one in ids])
    return f"window.YTD.follower.part{part} = {listed}{behind}"


@pytest.fixture
def put(tmp_path):
    """A function from names and texts to a new folder that holds them, or from one text to a file."""
    made = 0

    def make(files, name="list.csv"):
        nonlocal made
        made += 1
        folder = tmp_path / str(made)
        for one, text in ({name: files} if isinstance(files, str | bytes) else files).items():
            path = folder / one
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return folder / name if isinstance(files, str | bytes) else folder

    return make


def notes(read):
    return {note.code: (note.count, dict(note.numbers)) for note in read.report.warnings}


def refusal(source, read=read_accounts, **options):
    with pytest.raises(FormatError) as caught:
        read(source, **options)
    return str(caught.value)


# --- parts of a list --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "files",
    [
        {"followers_1.json": download("a", "b"), "followers_2 (1).json": download("c")},
        {"followers_1.json": download("a", "b"), "followers_2(12).json": download("c")},
        {"followers_1.json": download("a", "b"), "older/followers_2.json": download("c")},
        {"followers_1.json": download("a", "b"), "followers_1 (1).json": download("b", "c")},
        {"follower.js": script(0, 1, 2), "follower-part1 (1).js": script(1, 3)},
        {"data/follower.js": script(0, 1, 2), "rest/data/follower-part1.js": script(1, 3)},
    ],
)
def test_copies_and_parts_in_other_folders_belong_to_the_list(put, files):
    folder = put(files)
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    for source in (folder, folder / "all.zip"):
        accounts = read_accounts(source)
        assert accounts.n_accounts == 3
        assert not {"parts_missing", "parts_skipped", "export_files_not_read"} & notes(accounts).keys()


def test_the_number_of_a_copy_is_no_number_of_a_part(put):
    files = {"followers_1 (7).json": download("a"), "followers_4 (1).json": download("b")}
    assert notes(read_accounts(put(files)))["parts_missing"] == (2, {"names": "2, 3"})


def test_followers_on_another_service_are_not_those_on_instagram(put):
    folder = put({f"{PLACE}/followers_1.json": download("a"), "threads/followers.json": download("b")})
    assert read_accounts(folder).n_accounts == 1


def test_other_data_beside_a_list_that_is_known_by_name_is_told(put):
    files = {
        "followers_1.json": download("a"),
        "profiles.csv": "username,followers\na,5\n",
        "old_followers.json": download("z"),
        "photo.jpg": "x",
    }
    accounts = read_accounts(put(files))
    assert accounts.n_accounts == 1
    assert notes(accounts)["parts_skipped"] == (2, {"names": "old_followers.json, profiles.csv"})
    assert "export_files_not_read" not in notes(accounts)


def test_a_note_names_ten_files_and_counts_all(put):
    files = {"followers_1.json": download("a")} | {f"t{at:02d}.csv": "x" for at in range(30)}
    count, numbers = notes(read_accounts(put(files)))["parts_skipped"]
    assert (count, numbers["names"].count(", ")) == (30, 9)


def test_what_lies_in_a_download_anyway_is_counted_and_never_opened(put):
    files = {
        f"{PLACE}/followers_1.json": download("a"),
        f"{PLACE}/following.json": "{{{",
        f"{PLACE}/close_friends.json": "[]",
        "ads_information/ads.json": "{",
        "your_instagram_activity/messages/inbox/x/message_1.json": "{}",
    }
    told = notes(read_accounts(put(files)))
    assert told["export_files_not_read"] == (4, {})
    assert "parts_skipped" not in told
    archive = {"data/follower.js": script(0, 1), "data/tweets.js": "x", "data/ad-engagements.js": "x", "mine.csv": "x"}
    told = notes(read_accounts(put(archive)))
    assert (told["export_files_not_read"], told["parts_skipped"]) == ((2, {}), (1, {"names": "mine.csv"}))


def test_posts_of_an_archive_do_not_miss_its_followers(put):
    tweets = 'window.YTD.tweets.part0 = [{"tweet": {"id_str": "5", "full_text": "halo", "created_at": "x"}}]'
    told = notes(read_posts(put({"data/tweets.js": tweets, "data/follower.js": script(0, 1)})))
    assert told["export_files_not_read"][0] == 1
    assert "parts_skipped" not in told


# --- other lists -------------------------------------------------------------------------------------------------------


def test_muted_and_blocked_accounts_of_mastodon_are_no_followers(put):
    muted = "Account address,Hide notifications\nmute@b.example,true\n"
    for name in ("list.csv", "muted_accounts.csv"):
        assert "muted, not followers" in refusal(put(muted, name))
    blocked = put("Account address\nblock@b.example\n", "blocked_accounts (1).csv")
    assert "blocked, not of followers" in refusal(blocked)
    assert read_accounts(blocked, format="mastodon_followers").n_accounts == 1
    assert read_accounts(put(muted), format="mastodon_muted").n_accounts == 1
    folder = {"followers.csv": "Account address\na@b.example\n", "mutes.csv": muted,
              "blocked_accounts.csv": "Account address\nc@b.example\n"}  # fmt: skip
    accounts = read_accounts(put(folder))
    assert accounts.table["handle"].to_pylist() == ["a@b.example"]
    assert notes(accounts)["parts_skipped"][0] == 2


@pytest.mark.parametrize("header", ["Channel Id,Channel Url,Channel Title", "ID Channel,URL Channel,Judul Channel"])
def test_subscriptions_of_takeout_are_what_somebody_follows(put, header):
    path = put(f"{header}\nUCkopi,http://www.youtube.com/channel/UCkopi,Kopi\n")
    for options in ({}, {"platform": "youtube"}):
        text = refusal(path, **options)
        assert "channels that somebody follows" in text
        assert "--format youtube_takeout" in text
    accounts = read_accounts(path, format="youtube_takeout")
    assert accounts.table.select(["account_id", "display_name"]).to_pylist() == [
        {"account_id": "UCkopi", "display_name": "Kopi"}
    ]


@pytest.mark.parametrize(
    "header", ["Comment ID,Username,Comment,Date,Likes", "username,komentar,tanggal,suka", "Username,Comment Text"]
)
def test_a_list_of_comments_is_no_audience(put, header):
    path = put(f"{header}\n" + ",".join("a" for _ in header.split(",")) + "\n")
    assert "who commented, not who follows" in refusal(path, platform="instagram")
    assert read_accounts(path, platform="instagram", column_map={"handle": header.split(",")[-1]}).n_accounts == 1


def test_a_remark_of_ones_own_makes_no_list_of_comments(put):
    assert read_accounts(put("username,followers,comment\na,5,teman\n"), platform="instagram").n_accounts == 1


def test_users_of_weibo_are_not_of_twitter(put):
    user = {"idstr": "1", "screen_name": "kopi", "gender": "m", "statuses_count": 7, "friends_count": 6,
            "favourites_count": 2, "followers_count": 5}  # fmt: skip
    assert "which platform" in refusal(put(json.dumps([user])))
    assert "which platform" in refusal(put(",".join(user) + "\n" + ",".join(map(str, user.values())) + "\n"))
    post = {"text": "halo", "idstr": "9", "user": user, "retweeted_status": {}, "in_reply_to_status_id": ""}
    assert read_posts(put(json.dumps([post]))).report.format == "generic"
    twitter = {key: value for key, value in user.items() if key not in ("idstr", "gender")}
    assert read_accounts(put(json.dumps([{**twitter, "verified_type": "none"}]))).report.format == "twitter_v1"


# --- columns that the caller names ---------------------------------------------------------------------------------------

V1 = {"id_str": "5", "screen_name": "a", "friends_count": 1, "statuses_count": 2, "followers_count": 9, "fans": 77,
      "more": {"fans": 66, "none": None}}  # fmt: skip


@pytest.mark.parametrize(("path", "count"), [("fans", 77), ("more.fans", 66)])
def test_a_column_map_goes_before_what_a_format_says(put, path, count):
    accounts = read_accounts(put(json.dumps([V1])), column_map={"followers_count": path})
    assert accounts.report.format == "twitter_v1"
    assert accounts.table["followers_count"].to_pylist() == [count]
    assert path.partition(".")[0] not in accounts.report.ignored_columns


@pytest.mark.parametrize("read", [read_accounts, plan_reading])
def test_a_column_map_that_leads_nowhere_is_refused(put, read):
    path = put(json.dumps([V1] * 3))
    text = refusal(path, read, column_map={"followers_count": "NoSuchHeader"})
    assert "'NoSuchHeader', which no record holds. Seen: id_str, screen_name," in text
    assert "more.nothing" in refusal(path, read, column_map={"followers_count": "more.nothing"})
    many = V1 | {f"key {chr(97 + at)}": 1 for at in range(26)}
    text = refusal(put(json.dumps([many])), read, column_map={"followers_count": "x"})
    assert text.partition("Seen: ")[2].partition(" and 13")[0].count(",") == 19
    assert "and 13 more. " in text


def test_a_column_map_into_an_empty_list_is_none_that_leads_nowhere(put):
    page = put('{"users": [], "next_cursor": 0}')
    assert read_accounts(page, column_map={"followers_count": "fans"}).n_accounts == 0


def test_a_column_that_botscan_does_not_have_is_refused_whatever_the_format(put):
    for content in (json.dumps([V1]), "username,followers\na,5\n"):
        assert "no canonical column" in refusal(put(content), platform="twitter", column_map={"fame": "fans"})


# --- scripts of an archive ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("behind", [";", " ;\n\n", "\r\n;\r\n", ""])
def test_a_script_may_end_as_a_statement(put, behind):
    accounts = read_accounts(put(script(0, 1, 2, behind=behind), "follower.js"))
    assert (accounts.n_accounts, accounts.report.rows_in) == (2, 2)
    assert read_accounts(put(script(0, behind=behind), "follower.js")).report.rows_in == 0


@pytest.mark.parametrize("behind", ["; alert(1)", ";\nwindow.YTD.follower.part1 = []", " [5]", "]", '; "]"'])
@pytest.mark.parametrize("n", [1, 5_000])
def test_a_script_with_something_behind_its_data_is_refused(put, behind, n):
    assert "something else behind its data" in refusal(put(script(0, *range(1, n + 1), behind=behind), "follower.js"))


def test_damage_inside_a_script_is_no_code_behind_it(put):
    broken = script(0, 1, 2).replace('"2"}}', '"2"}}}')
    for text in (broken, script(0, 1, 2)[:-20], script(0, 1, 2).replace('"2"', '"2\n"')):
        accounts = read_accounts(put(text, "follower.js"))
        assert accounts.table["account_id"].to_pylist()[0] == "1"


# --- counts over time --------------------------------------------------------------------------------------------------


def points(series, column="followers_gained"):
    return series.points[column].to_pylist()


def test_numbers_below_0_make_a_column_one_of_changes(put):
    series = read_series(put("Date,Subscribers\n2024-01-01,5\n2024-01-02,-6\nTotal,-1\n"))
    assert (points(series), series.is_gain) == ([5, -6], True)
    assert dict(series.report.reject_reasons) == {"no_date": 1}
    assert notes(series)["series_column_is_changes"] == (None, {"header": "Subscribers"})
    assert "negative_count" not in notes(series)
    objects = [{"date": "2024-01-01", "followers": 5}, {"date": "2024-01-02", "followers": -6}]
    assert points(read_series(put(json.dumps(objects)))) == [5, -6]


def test_a_row_that_sums_up_a_column_makes_it_one_of_changes(put):
    assert points(read_series(put("Date,Subscribers\nTotal,11\n2024-01-01,5\n2024-01-02,6\n"))) == [5, 6]
    for last in ("", "Total,9\n"):
        series = read_series(put(f"Date,Subscribers\n2024-01-01,5\n2024-01-02,6\n{last}"))
        assert points(series, "followers_count") == [5, 6]


def test_a_total_below_0_beside_a_column_of_changes_stays_a_fault(put):
    table = put("date,followers,gained\n2024-01-01,5,\n2024-01-02,-6,-11\n2024-01-03,7,2\n")
    series = read_series(table)
    assert points(series, "followers_count") == [5, 7]
    assert "series_column_is_changes" not in notes(series)
    named = read_series(put("date,x\n2024-01-01,5\n2024-01-02,-6\n"), column_map={"followers_count": "x"})
    assert points(named, "followers_count") == [5]


def insights(title, header='"Date","Primary"'):
    return f'sep=,\r\n"{title}"\r\n{header}\r\n"2024-01-01T00:00:00","5"\r\n"2024-01-02T00:00:00","7"\r\n'


@pytest.mark.parametrize(
    ("title", "header"),
    [("Followers", '"Date","Primary"'), ("Instagram follows", '"Date","Primary"'),
     ("Pengikut Facebook", '"Tanggal","Primary"'), ("Pengikut", '"Tanggal","Utama"')],
)  # fmt: skip
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_followers_gained_are_read_from_meta_insights(put, title, header, codec):
    series = read_series(put(insights(title, header).encode(codec)))
    assert (series.report.format, points(series)) == ("meta_insights", [5, 7])
    assert series.report.rows_in == 2


def test_other_figures_of_meta_insights_are_refused_with_their_titles(put):
    assert "Meta Insights: Reach." in refusal(put(insights("Reach")), read_series)
    assert "Meta Insights: Unfollows." in refusal(put(insights("Unfollows")), read_series)
    several = insights("Followers") + "\r\n" + insights("Reach").removeprefix("sep=,\r\n")
    assert "several tables of Meta Insights: Followers, Reach." in refusal(put(several), read_series)
    assert "not who they are" in refusal(put(insights("Followers")))


def test_a_day_is_that_of_the_zone_that_was_named(put):
    table = put("date,followers\n2024-01-01T23:00:00+07:00,5\n2024-01-02T01:00:00+07:00,6\n2024-01-03,7\n")
    series = read_series(table, tz="Asia/Jakarta")
    assert points(series, "followers_count") == [5, 6, 7]
    assert not {"series_same_day", "series_gaps", "series_days_in_utc"} & notes(series).keys()
    [part] = series.split()
    assert not part.is_after_gap.any()
    assert part.to_frame()["followers_count"].tolist() == [5, 6, 7]
    assert points(read_series(table, tz="WIB"), "followers_count") == [5, 6, 7]
    utc = read_series(table)
    assert points(utc, "followers_count") == [6, 7]
    assert {"series_same_day", "series_days_in_utc"} <= notes(utc).keys()
    late = put("date,followers\n2024-01-01 23:00:00,5\n2024-01-02 01:00:00,6\n")
    assert points(read_series(late, tz="America/New_York"), "followers_count") == [5, 6]


# --- lists of TikTok as text, and platforms that do not fit ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Date: 2024-01-05 10:00:00\nUserName: ana\n\nDate: 2024-01-04 09:00:00\nUserName: budi\n",
        "Follower List\r\n\r\nUsername: ana\r\nDate: 2024-01-05 10:00:00 UTC\r\n",
    ],
)
def test_lists_of_tiktok_as_text_are_refused_with_what_to_ask_for(put, text):
    assert "choose the format JSON" in refusal(put(text, "Follower.txt"), platform="tiktok")
    other = {"TikTok/Activity/Browsing History.txt": "Date: x\nLink: y\n", "TikTok/Activity/Follower.txt": text}
    assert "Follower.txt: This is a list of TikTok's" in refusal(put(other))


@pytest.mark.parametrize(
    "content",
    [
        "https://www.instagram.com/ana/\nhttps://www.instagram.com/budi/\n",
        "profile_url\nhttps://www.instagram.com/ana/\n",
    ],
)
def test_links_to_one_platform_are_no_list_of_another(put, content):
    path = put(content)
    assert "links to profiles on instagram, not on tiktok" in refusal(path, platform="tiktok")
    assert "not on tiktok" in refusal(path, plan_reading, platform="tiktok")
    assert read_accounts(path, platform="instagram").platform == read_accounts(path).platform == "instagram"


def test_a_few_links_elsewhere_decide_nothing(put):
    table = put("username\nana\nbudi\nhttps://www.instagram.com/citra\n")
    assert read_accounts(table, platform="tiktok").platform == "tiktok"


# --- midnight ----------------------------------------------------------------------------------------------------------

DAYS = [f"2020-01-{day:02d}" for day in range(1, 21)]


def precisions(table):
    return set(table["created_at_precision"].to_pylist())


@pytest.mark.parametrize(
    "clock", [" 00:00:00", "T00:00:00Z", "T00:00:00.000+07:00", " 00:00", " 12:00:00 AM", " pukul 00.00 WIB"]
)
def test_midnight_throughout_is_no_time(put, clock):
    table = put("username,joined\n" + "".join(f"u{day[-2:]},{day}{clock}\n" for day in DAYS))
    assert precisions(read_accounts(table, platform="twitter").table) == {"day"}
    assert precisions(read_accounts(table, platform="twitter", tz="Asia/Jakarta").table) == {"day"}
    plan = plan_reading(table, platform="twitter")
    assert [precisions(one.table) for one in read_batches(table, plan, 7)] == [{"day"}] * 3


def test_some_midnights_are_times(put):
    exact = [f"{day} 10:20:30" for day in DAYS]
    for n_exact, found in ((0, "day"), (1, "day"), (2, "second"), (20, "second")):
        dates = exact[:n_exact] + [f"{day} 00:00:00" for day in DAYS[n_exact:]]
        table = put("username,joined\n" + "".join(f"u{at},{date}\n" for at, date in enumerate(dates)))
        assert precisions(read_accounts(table, platform="twitter").table) == {found}, n_exact


def test_clocks_at_other_full_hours_are_no_midnight(put):
    for clock in (" 10:00:00", " 20:00", "T05:00:00+00:00", " 12:00:00 PM"):
        table = put("username,joined\n" + "".join(f"u{day[-2:]},{day}{clock}\n" for day in DAYS))
        assert precisions(read_accounts(table, platform="twitter").table) == {"second"}, clock


def test_midnight_in_a_frame_is_no_time_either():
    frame = pd.DataFrame({"handle": ["a", "b"], "created_at": pd.to_datetime(["2020-01-01", "2020-01-02"])})
    assert precisions(AccountTable.from_frame(frame, platform="twitter").table) == {"day"}
    frame["created_at"] = [datetime(2020, 1, 1, 5, tzinfo=UTC), datetime(2020, 1, 2, 6, tzinfo=UTC)]
    assert precisions(AccountTable.from_frame(frame, platform="twitter").table) == {"second"}


def test_midnight_of_json_and_of_dates_that_cannot_be_true(put):
    users = [{**V1, "id_str": str(at), "created_at": "Wed Jan 01 00:00:00 +0000 2020"} for at in range(1, 6)]
    assert precisions(read_accounts(put(json.dumps(users))).table) == {"day"}
    rows = ["u1,2020-01-01 10:20:30"] + [f"u{at},1970-01-01 00:00:00" for at in range(2, 30)]
    table = put("username,joined\n" + "\n".join(rows) + "\n")
    assert read_accounts(table, platform="twitter").table["created_at_precision"].to_pylist()[0] == "second"
