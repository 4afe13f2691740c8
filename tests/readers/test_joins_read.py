"""Files of one list that belong together, read from disk: ids and profiles, exports and scrapers, pages and look-ups."""

import itertools
import json
import zipfile
from datetime import UTC, datetime

import pytest

import botscan as bs
from botscan.errors import FormatError, SchemaError
from botscan.readers import read_accounts

BASE = 10**17


def ids_page(*numbers, cursor=0):
    return json.dumps({"ids": [BASE + number for number in numbers], "next_cursor": cursor})


def v1_user(number):
    return {
        "id": BASE + number, "id_str": str(BASE + number), "screen_name": f"orang_{number}", "name": "x",
        "followers_count": number, "friends_count": 2, "statuses_count": 3,
    }  # fmt: skip


def v2_user(number):
    metrics = {"followers_count": number, "following_count": 2, "tweet_count": 3}
    return {"id": str(BASE + number), "username": f"orang_{number}", "name": "x", "public_metrics": metrics}


def lines(values):
    return "".join(json.dumps(value) + "\n" for value in values)


def entry(number):
    first = {
        "href": f"https://www.instagram.com/orang.{number}",
        "value": f"orang.{number}",
        "timestamp": 1_600_000_000 - number,
    }
    return {"title": "", "media_list_data": [], "string_list_data": [first]}


def scraped(*rows):
    header = "pk,username,full_name,is_private,profile_pic_url,followersCount,followsCount,postsCount"
    return (
        "\n".join([header, *(f"{pk},{handle},X,true,https://cdn.example/a.jpg,{pk},2,3" for pk, handle in rows)]) + "\n"
    )


def subscriptions(*numbers):
    items = [
        {
            "kind": "youtube#subscription",
            "snippet": {"publishedAt": f"2020-01-0{number}T00:00:00Z", "resourceId": {"channelId": "UCours"}},
            "subscriberSnippet": {"channelId": f"UC{number}", "title": f"T{number}", "description": ""},
        }
        for number in numbers
    ]
    return json.dumps({"kind": "youtube#subscriptionListResponse", "nextPageToken": "more", "items": items})


def channels(*numbers):
    items = [
        {
            "kind": "youtube#channel",
            "id": f"UC{number}",
            "snippet": {
                "title": "B",
                "description": "d",
                "customUrl": f"@c{number}",
                "publishedAt": "2015-01-01T00:00:00Z",
            },
            "statistics": {"subscriberCount": "12", "hiddenSubscriberCount": number == 2, "videoCount": "3"},
        }
        for number in numbers
    ]
    return json.dumps({"kind": "youtube#channelListResponse", "items": items})


def script(*numbers):
    rows = [{"follower": {"accountId": str(BASE + number), "userLink": "x"}} for number in numbers]
    return "window.YTD.follower.part0 = " + json.dumps(rows)


@pytest.fixture
def put(tmp_path):
    """A function from names and texts to paths."""

    def make(files):
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return [tmp_path / name for name in files]

    return make


def column(accounts, name):
    return dict(zip(accounts.table["account_id"].to_pylist(), accounts.table[name].to_pylist(), strict=True))


def told(accounts, code):
    return [(note.count, dict(note.numbers)) for note in accounts.report.warnings if note.code == code]


def account_for(accounts):
    report = accounts.report
    assert report.rows_in == report.accounts + report.duplicates_merged + report.rows_rejected
    assert report.rows_rejected == sum(report.reject_reasons.values()) == len(report.rejected)
    assert accounts.n_accounts == report.accounts
    return report


#: The followers 5, 4, 3, 2, the newest first, and profiles of 2, 4, 5 and of 9, who is none of them.
LISTS = {
    "page of ids": ("ids.json", ids_page(5, 4, 3, 2)),
    "ids one a line": ("ids.txt", "".join(f"{BASE + number}\n" for number in (5, 4, 3, 2))),
    "table of ids": ("ids.csv", "".join(["id\n", *(f"{BASE + number}\n" for number in (5, 4, 3, 2))])),
    "X archive": ("follower.js", script(5, 4, 3, 2)),
}
PROFILES = {
    "v1 lines": ("users.jsonl", lines(v1_user(number) for number in (2, 4, 9, 5))),
    "v1 answer": ("users.json", json.dumps([v1_user(number) for number in (2, 4, 9, 5)])),
    "v2 lines": ("users.jsonl", lines(v2_user(number) for number in (2, 4, 9, 5))),
    "table": ("users.csv", "id,username,followers,following,posts\n" + "".join(
        f"{BASE + number},orang_{number},{number},2,3\n" for number in (2, 4, 9, 5))),
}  # fmt: skip


@pytest.mark.parametrize(("listed", "profiles"), list(itertools.product(LISTS, PROFILES)))
def test_profiles_complete_a_list_of_ids_in_whatever_order_the_files_are_named(put, listed, profiles):
    paths = put(dict([LISTS[listed], PROFILES[profiles]]))
    tables = []
    for order in (paths, paths[::-1]):
        accounts = read_accounts(order, platform="twitter")
        report = account_for(accounts)
        assert accounts.table["account_id"].to_pylist() == [str(BASE + number) for number in (5, 4, 3, 2)]
        assert accounts.table["followers_count"].to_pylist() == [5, 4, None, 2]
        assert (report.rows_in, report.accounts, report.duplicates_merged) == (8, 4, 3)
        assert report.reject_reasons == {"not_in_list": 1}
        [rejected] = report.rejected
        assert (rejected.reason, rejected.column) == ("not_in_list", "account_id")
        assert rejected.file.endswith(PROFILES[profiles][0])
        assert told(accounts, "files_joined") == [(3, {"without_profile": 1, "not_in_list": 1})]
        tables.append(accounts.table)
    assert tables[0].equals(tables[1])


def test_the_order_of_following_is_the_lists_and_survives_the_profiles(put):
    paths = put(dict([LISTS["page of ids"], PROFILES["v2 lines"]]))
    for order in (paths, paths[::-1]):
        accounts = read_accounts(order)
        assert list(column(accounts, "follow_rank").values()) == [3, 2, 1, 0]
        assert (accounts.report.list_order, accounts.report.complete) == ("newest_first", True)


def test_two_pages_of_ids_and_two_files_of_profiles_are_four_files_of_one_list(put):
    paths = put(
        {
            "ids_1.json": ids_page(5, 4, cursor=77),
            "ids_2.json": ids_page(3, 2),
            "users_1.jsonl": lines(map(v2_user, (2, 4))),
            "users_2.jsonl": lines(map(v2_user, (9, 5, 4))),
        }
    )
    accounts = read_accounts(paths)
    report = account_for(accounts)
    assert list(column(accounts, "follow_rank").values()) == [3, 2, 1, 0]
    assert report.complete is True
    assert (report.rows_in, report.duplicates_merged) == (9, 4)
    assert [(one.row, one.line, one.file.rsplit("/", 1)[-1]) for one in report.rejected] == [(7, 1, "users_2.jsonl")]


def test_an_archive_with_a_list_and_its_profiles_is_joined(put, tmp_path):
    paths = put(dict([LISTS["page of ids"], PROFILES["v2 lines"]]))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in paths:
            archive.write(path, path.name)
    assert read_accounts(tmp_path / "all.zip").table.equals(read_accounts(paths).table)


def test_an_export_of_instagram_and_what_a_scraper_saw_are_joined_by_handle(put):
    export = json.dumps([entry(number) for number in (1, 2, 3)])
    profiles = scraped((70, "ORANG.2"), (80, "lain"), (60, "orang.1"))
    paths = put({"followers_1.json": export, "scraped.csv": profiles})
    tables = []
    for order in (paths, paths[::-1]):
        accounts = read_accounts(order)
        report = account_for(accounts)
        assert column(accounts, "followers_count") == {"60": 60, "70": 70, "@orang.3": None}
        assert column(accounts, "follow_rank") == {"60": 2, "70": 1, "@orang.3": 0}
        assert column(accounts, "followed_at")["70"] == datetime.fromtimestamp(1_600_000_000 - 2, UTC)
        assert report.reject_reasons == {"not_in_list": 1}
        assert report.list_order == "by_followed_at"
        tables.append(accounts.table)
    assert tables[0].equals(tables[1])
    assert "lain" not in repr(report)


def test_bare_names_and_a_table_of_profiles_are_joined_by_handle(put):
    paths = put({"names.txt": "@ani\nbudi\ncitra\n", "profiles.csv": "username;followers\nBUDI;5\ndewi;6\n"})
    accounts = read_accounts(paths, platform="tiktok")
    assert column(accounts, "followers_count") == {"@ani": None, "@budi": 5, "@citra": None}
    assert account_for(accounts).reject_reasons == {"not_in_list": 1}


def test_subscribers_of_youtube_are_joined_with_their_channels(put):
    paths = put({"channels.json": channels(1, 2, 9), "subscriptions.json": subscriptions(3, 1, 2)})
    for order in (paths, paths[::-1]):
        accounts = read_accounts(order)
        report = account_for(accounts)
        assert column(accounts, "followers_count") == {"UC3": None, "UC1": 12, "UC2": None}  # the last one is hidden
        assert column(accounts, "follow_rank") == {"UC3": 2, "UC1": 0, "UC2": 1}
        assert column(accounts, "handle") == {"UC3": None, "UC1": "c1", "UC2": "c2"}
        assert report.reject_reasons == {"not_in_list": 1}
        assert (report.subject, report.complete) == ("UCours", False)


def test_looked_up_channels_alone_are_a_list(put):
    assert read_accounts(put({"channels.json": channels(1, 2, 9)})).n_accounts == 3


def test_a_look_up_that_found_nobody_leaves_the_list_as_it_is(put):
    [alone] = put({"subscriptions.json": subscriptions(3, 1, 2)})
    expected = read_accounts(alone)
    [nobody] = put({"channels.json": channels()})
    accounts = read_accounts([nobody, alone])
    assert accounts.table.equals(expected.table)
    assert accounts.report.rows_in == 3
    assert accounts.report.subject == "UCours"


def test_a_look_up_that_found_nobody_leaves_what_is_known_of_the_list(put):
    paths = put({"channels.json": channels(), "subscriptions.json": subscriptions(3, 1, 2)})
    assert read_accounts(paths).report.complete is False


def test_those_that_a_look_up_did_not_find_are_listed_for_the_caller_only(put):
    gone = {"resource_type": "user", "parameter": "ids", "value": str(BASE + 4), "title": "Not Found Error"}
    answer = json.dumps({"data": [v2_user(5)], "errors": [gone]})
    accounts = read_accounts(put({"ids.json": ids_page(5, 4), "users.json": answer}))
    report = account_for(accounts)
    assert report.reject_reasons == {"not_found": 1}
    assert report.gone == {"not_found": (str(BASE + 4),)}


def test_two_lists_of_different_formats_have_no_order_together(put):
    page = json.dumps({"data": [v2_user(31), v2_user(30)], "meta": {"result_count": 2}})
    users = json.dumps({"users": [v1_user(5), v1_user(4)], "next_cursor": 0})
    accounts = read_accounts(put({"v1.json": users, "v2.json": page}))
    assert accounts.report.list_order == "unknown"
    ranks = [rank for rank in accounts.table.to_pydict().get("follow_rank", []) if rank is not None]
    assert len(set(ranks)) == len(ranks)


def test_a_table_beside_an_export_is_of_its_platform(put):
    export = json.dumps([entry(number) for number in (1, 2)])
    accounts = read_accounts(put({"followers_1.json": export, "profiles.csv": "username,followers\norang.2,5\n"}))
    assert accounts.platform == "instagram"


def test_lists_and_profiles_of_two_platforms_are_refused(put):
    paths = put({"followers_1.json": json.dumps([entry(1)]), "users.jsonl": lines([v2_user(1)])})
    for order in (paths, paths[::-1]):
        with pytest.raises(SchemaError, match="different platforms: instagram, twitter") as caught:
            read_accounts(order)
        assert "one platform at a time" in caught.value.remedy


def test_the_same_file_twice_is_the_list_once(put):
    [path] = put({"users.jsonl": lines(map(v2_user, (1, 2, 3)))})
    accounts = read_accounts([path, path])
    assert (accounts.n_accounts, account_for(accounts).duplicates_merged) == (3, 3)
    assert accounts.table.equals(read_accounts(path).table)


# --- what only looks like a list with profiles ------------------------------------------------------------------------


def test_a_label_sheet_that_botscan_wrote_beside_the_list_is_no_list(tmp_path):
    rows = "".join(f"{BASE + at},orang_{at},{at},2,3\n" for at in range(30))
    (tmp_path / "followers.csv").write_text("id,username,followers,following,posts\n" + rows, encoding="utf-8")
    accounts = read_accounts(tmp_path, platform="twitter")
    bs.make_label_sheet(accounts, n=5).save(str(tmp_path / "sheet.csv"))
    assert read_accounts(tmp_path, platform="twitter").n_accounts == 30


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_pages_of_which_one_knows_more_are_one_list_when_nobody_is_on_both(put, ending):
    if ending == "csv":
        files = {"1.csv": "username\nani\nbudi\n", "2.csv": "username,followers\ncitra,5\ndewi,6\n"}
    else:
        known = {"full_name": "N", "is_private": False, "profile_pic_url": "https://cdn.example/a.jpg"}
        poor = [{"pk": str(at), "username": f"orang_{at}", **known} for at in (1, 2)]
        rich = [{"pk": str(at), "username": f"orang_{at}", **known, "followersCount": at} for at in (3, 4)]
        files = {"1.json": json.dumps(poor), "2.json": json.dumps(rich)}
    accounts = read_accounts(put(files), platform="instagram")
    assert accounts.n_accounts == 4
    assert not accounts.report.reject_reasons


def test_followers_of_two_accounts_in_files_of_two_kinds_are_refused(put):
    one = "username,full_name,is_private,target_username\nani,A,true,toko\n"
    two = json.dumps([{"username": "budi", "full_name": "B", "is_private": True, "target_username": "warung"}])
    with pytest.raises(FormatError, match="different accounts"):
        read_accounts(put({"1.csv": one, "2.json": two}))


@pytest.mark.parametrize("names", [("a.txt", "b.txt"), ("b.txt", "a.txt")])
def test_ids_a_line_and_handles_a_line_are_two_lists_whichever_comes_first(tmp_path, names):
    ids = "\n".join(str(1_200_000_000_000_000_000 + i) for i in range(3))
    for name, text in zip(names, (ids, "budi_a\nsari_b\ntuti_c"), strict=True):
        (tmp_path / name).write_text(text)

    accounts = bs.read_accounts(tmp_path, platform="twitter")

    assert accounts.report.rows_rejected == 0
    frame = accounts.to_frame()
    assert set(frame["handle"].dropna()) == {"budi_a", "sari_b", "tuti_c"}
    assert frame["created_at"].notna().sum() == 3


def test_lists_that_share_a_few_accounts_are_put_together(tmp_path):
    names = [f"nama_{i}" for i in range(10)]
    (tmp_path / "a.txt").write_text("\n".join(names))
    full = "\n".join(f"{name},{i},{i},3" for i, name in enumerate([*names[:1], *(f"lain_{i}" for i in range(20))]))
    (tmp_path / "b.csv").write_text(f"username,followers,following,posts\n{full}\n")

    report = bs.read_accounts(tmp_path, platform="instagram").report

    assert (report.accounts, report.rows_rejected, report.duplicates_merged) == (30, 0, 1)


def test_ids_written_as_texts_in_json_are_ids(tmp_path):
    (tmp_path / "ids.json").write_text(json.dumps([str(1_200_000_000_000_000_000 + i) for i in range(3)]))
    frame = bs.read_accounts(tmp_path / "ids.json", platform="twitter").to_frame()
    assert frame["account_id"].tolist()[0] == "1200000000000000000"
    assert frame["created_at"].notna().all()


def test_a_digit_in_a_list_of_names_makes_no_ids_of_them(tmp_path):
    (tmp_path / "names.json").write_text(json.dumps(["1234567890", "budi_a"]))
    assert set(bs.read_accounts(tmp_path / "names.json", platform="twitter").to_frame()["handle"]) == {
        "1234567890",
        "budi_a",
    }
