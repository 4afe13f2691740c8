"""The public functions: every kind of list comes in, results agree, refusals say what to do."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import botscan as bs
from botscan.api import list_columns, score_files
from botscan.schema import ACCOUNT_COLUMN
from botscan.wording import csv_line

OBSERVED = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def audience():
    return bs.make_audience(n=400, organic_share=0.7, random_state=5)


@pytest.fixture(scope="module")
def scores(audience):
    return bs.score_accounts(audience.accounts)


def write_csv(table, path):
    cells = [
        [one.isoformat() if isinstance(one, datetime) else one for one in column.to_pylist()]
        for column in table.columns
    ]
    rows = [csv_line(table.column_names), *(csv_line(row) for row in zip(*cells, strict=True))]
    path.write_text("".join(rows), encoding="utf-8")
    return path


def forms(audience, folder):
    """Yield one list in every form that a list may come in."""
    table = audience.accounts.table
    yield "AccountTable", audience.accounts
    yield "arrow", table
    yield "pandas", table.to_pandas()
    yield "polars", pl.from_arrow(table)
    yield "dicts", table.to_pylist()
    pq.write_table(table, folder / "list.parquet")
    yield "parquet", folder / "list.parquet"
    yield "csv", str(write_csv(table, folder / "list.csv"))


def test_every_form_of_a_list_gives_the_same_scores(audience, scores, tmp_path):
    for form, source in forms(audience, tmp_path):
        found = bs.score_accounts(source)
        assert found.table.equals(scores.table), form
        assert found.list_digest == scores.list_digest, form
        assert found.pattern == "twitter/full", form


def test_every_function_that_takes_a_list_takes_a_path(audience, tmp_path):
    path = write_csv(audience.accounts.table, tmp_path / "list.csv")
    account = audience.accounts.table["account_id"][0].as_py()
    assert bs.read_accounts(path).n_accounts == 400
    assert bs.extract_features(path).shape[0] == 400
    assert bs.estimate_organic_share(path).n_accounts == 400
    assert len(bs.make_label_sheet(path, n=10)) == 10
    assert bs.explain_account(path, account).account_id == account
    assert bs.audit(path).n_accounts == 400


def test_the_lines_that_the_guide_shows_run_as_written(audience, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_csv(audience.accounts.table, tmp_path / "followers.csv")
    accounts = bs.read_accounts("followers.csv")
    assert accounts.coverage()["followers_count"] == 1
    assert len(bs.extract_features(accounts, posts=None)) == 400
    scores = bs.score_accounts(accounts, posts=None)
    assert scores.to_frame().nlargest(20, "bot_score")["bot_score"].is_monotonic_decreasing
    assert bs.estimate_organic_share(scores).organic_share is None
    bs.make_label_sheet(accounts, scores, n=100, random_state=0).save("sheet.csv")
    fill_file("sheet.csv", audience)
    assert bs.estimate_organic_share(scores, labels="sheet.csv").organic_share_ci_lower > 0
    assert bs.plan_sample_size(margin=0.03).n_labels > 1_000
    report = bs.audit(accounts)
    bs.write_report(report, "audit.html", language="id")
    assert "<html" in (tmp_path / "audit.html").read_text(encoding="utf-8")


def fill_file(path, audience):
    """Fill in a saved sheet with the truth, as a spreadsheet would write it."""
    frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    ids = audience.accounts.table["account_id"].to_pylist()
    truth = dict(zip(ids, audience.is_suspicious.tolist(), strict=True))
    frame["rater_1"] = ["yes" if truth[one.removeprefix("'")] else "no" for one in frame["account_id"]]
    frame.to_csv(path, index=False)


def test_options_of_reading_ride_along(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("id;fans\n1;5\n", encoding="utf-8")
    accounts = bs.read_accounts(
        path, platform="tiktok", column_map={"followers_count": "fans"}, observed_at="2026-06-30"
    )
    assert (accounts.platform, accounts.observed_at) == ("tiktok", OBSERVED)
    assert accounts.table["followers_count"].to_pylist() == [5]
    result = bs.audit(path, platform="tiktok", observed_at=OBSERVED)
    assert (result.platform, result.observed_at) == ("tiktok", OBSERVED)


@pytest.mark.parametrize(
    "moment",
    [
        OBSERVED,
        date(2026, 6, 30),
        "2026-06-30",
        "2026-06-30T07:00:00+07:00",
        datetime(2026, 6, 30),  # noqa: DTZ001
        datetime(2026, 6, 30, 7, tzinfo=timezone(timedelta(hours=7))),
        pd.Timestamp("2026-06-30"),
        np.datetime64("2026-06-30"),
    ],
)
def test_the_instant_of_a_list_is_read_in_every_form(moment):
    assert bs.read_accounts([{"account_id": "1"}], platform="twitter", observed_at=moment).observed_at == OBSERVED


@pytest.mark.parametrize("moment", ["soon", "2026-02-30", "", 20260630])
def test_an_instant_that_is_none_is_refused(moment):
    with pytest.raises(bs.SchemaError, match="2026-06-30"):
        bs.read_accounts([{"account_id": "1"}], platform="twitter", observed_at=moment)


@pytest.mark.parametrize(
    "option",
    [{"format": "generic"}, {"column_map": {"bio": "b"}}, {"encoding": "utf-8"}, {"tz": "WIB"}, {"date_order": "dmy"}],
)
def test_options_for_files_are_not_silently_ignored_for_tables(option):
    with pytest.raises(bs.SchemaError, match=f"{next(iter(option))} is an option for files"):
        bs.read_accounts([{"account_id": "1"}], platform="twitter", **option)


@pytest.mark.parametrize("option", [{"platform": "instagram"}, {"observed_at": "2026-06-30"}, {"tz": "WIB"}])
def test_options_of_reading_are_not_silently_ignored_for_a_list_that_is_read(audience, option):
    with pytest.raises(bs.SchemaError, match=f"{next(iter(option))} is an option of reading.*read_accounts"):
        bs.score_accounts(audience.accounts, **option)


@pytest.mark.parametrize("option", [{"tz": "WIB"}, {"platform": "twitter"}, {"label": "sheet.csv"}])
def test_options_are_not_silently_ignored_beside_scores(scores, option):
    with pytest.raises(bs.SchemaError, match=f"{next(iter(option))} would have no effect"):
        bs.estimate_organic_share(scores, **option)


@pytest.mark.parametrize("given", [50, pd.DataFrame()])
def test_a_sheet_wants_scores_and_says_so(audience, given):
    with pytest.raises(bs.SchemaError, match="wanted what score_accounts returns"):
        bs.make_label_sheet(audience.accounts, given)


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        (pd.Series(["1"]), "whole table"),
        ({"account_id": ["1"]}, "pandas.DataFrame"),
        (pl.LazyFrame({"account_id": ["1"]}), "collect"),
        (None, "path of a file"),
    ],
)
def test_what_is_no_table_is_refused_with_the_way_to_one(source, hint):
    with pytest.raises(bs.SchemaError, match=hint):
        bs.read_accounts(source, platform="twitter")


def test_columns_of_a_table_that_are_not_used_are_told(audience):
    frame = audience.accounts.to_frame().rename(columns={"following_count": "friends_count"})
    (note,) = bs.read_accounts(frame).report.warnings
    assert (note.code, note.count, note.numbers["names"]) == ("columns_ignored", 1, "friends_count")


@pytest.mark.parametrize("source", [12, b"account_id\n1\n", object()])
def test_what_is_no_list_is_refused(source):
    with pytest.raises(bs.BotscanError):
        bs.read_accounts(source, platform="twitter")


def test_the_score_refuses_posts_and_does_not_silently_ignore_them(audience):
    with pytest.raises(bs.SchemaError, match="posts were given"):
        bs.score_accounts(audience.accounts, posts=[{"account_id": "1"}])


def test_posts_add_columns_to_the_features_and_change_none(audience):
    ids = audience.accounts.table["account_id"].to_pylist()
    days = [{"account_id": ids[3], "posted_at": f"2026-05-0{day}", "is_repost": True} for day in (1, 1, 1, 2)]
    alone, features = bs.extract_features(audience.accounts), bs.extract_features(audience.accounts, posts=days)
    assert features[alone.columns].equals(alone)
    assert features.index.tolist() == ids
    assert set(features.dtypes) == {np.dtype("float32")}
    assert features.loc[ids[3], ["n_posts_seen", "posts_per_active_day"]].tolist() == [4, 2]
    others = features.drop(index=ids[3])
    assert set(others["n_posts_seen"]) == {0}
    assert others["posts_per_active_day"].isna().all()


def test_posts_of_another_platform_are_refused(audience):
    posts = bs.read_posts([{"account_id": "1", "post_id": "2"}], platform="instagram")
    with pytest.raises(bs.SchemaError, match="posts are of instagram"):
        bs.extract_features(audience.accounts, posts=posts)


@pytest.fixture
def dewi():
    return bs.read_accounts([{"account_id": "700", "handle": "Dewi", "followers_count": 3}], platform="twitter")


@pytest.mark.parametrize("owner", ["700", "@dewi", "@DEWI"])
def test_posts_by_id_and_by_handle_are_those_of_the_account_in_every_function(dewi, owner):
    posts = [{"account_id": owner, "post_id": n, "is_repost": True} for n in range(1, 31)]
    assert bs.extract_features(dewi, posts)["n_posts_seen"].tolist() == [30]
    assert "mostly_reposts" in bs.explain_account(dewi, "700", posts=posts).rules
    assert "mostly_reposts" not in bs.explain_account(dewi, "700").rules


def test_posts_of_another_platform_or_of_nobody_are_refused_by_every_function(dewi):
    elsewhere = bs.read_posts([{"account_id": "700", "post_id": "2"}], platform="instagram")
    for posts, match in (
        (elsewhere, "posts are of instagram"),
        ([{"post_id": "2"}], "column 'account_id': No post says"),
    ):
        with pytest.raises(bs.SchemaError, match=match):
            bs.extract_features(dewi, posts)
        with pytest.raises(bs.SchemaError, match=match):
            bs.explain_account(dewi, "700", posts=posts)


def test_features_are_float32_by_account_in_order(audience):
    features = bs.extract_features(audience.accounts)
    assert set(features.dtypes) == {np.dtype("float32")}
    assert features.index.tolist() == audience.accounts.table["account_id"].to_pylist()
    assert features["followers_count"].tolist() == audience.accounts.table["followers_count"].to_pylist()


def test_without_labels_there_is_no_share_but_the_number_of_labels_that_would_give_one(scores):
    share = bs.estimate_organic_share(scores)
    assert share.organic_share is None
    assert share.validated is False
    assert 100 < share.n_labels_needed < 400


def fill(sheet, audience):
    """Fill a sheet in with the truth."""
    ids = audience.accounts.table["account_id"].to_pylist()
    truth = dict(zip(ids, audience.is_suspicious.tolist(), strict=True))
    frame = sheet.to_frame()
    frame["rater_1"] = ["yes" if truth[one.removeprefix("'")] else "no" for one in frame["account_id"]]
    return frame


def test_labels_give_an_interval_that_holds_the_truth_in_every_form_of_a_sheet(audience, scores, tmp_path):
    sheet = bs.make_label_sheet(audience.accounts, scores, n=150, random_state=2)
    frame = fill(sheet, audience)
    frame.to_csv(tmp_path / "sheet.csv", index=False)
    found = [
        bs.estimate_organic_share(scores, labels=labels, frame="full")
        for labels in (frame, pa.Table.from_pandas(frame), frame.to_dict("records"), tmp_path / "sheet.csv")
    ]
    found.append(bs.estimate_organic_share(audience.accounts, labels=bs.read_labels(frame), frame="full"))
    numbers = {(one.organic_share, one.organic_share_ci_lower, one.organic_share_ci_upper) for one in found}
    assert len(numbers) == 1
    share = found[0]
    assert share.organic_share_ci_lower <= audience.organic_share <= share.organic_share_ci_upper
    assert share.organic_share_ci_upper - share.organic_share_ci_lower < 0.2
    assert share.n_labeled == 150


def test_a_sheet_of_another_list_is_refused(audience, scores):
    other = bs.make_audience(n=400, random_state=99)
    with pytest.raises(bs.BotscanError):
        bs.estimate_organic_share(scores, labels=fill(bs.make_label_sheet(other.accounts, n=50), other))


def test_a_profile_gives_a_share_and_not_beside_labels(scores):
    profile = bs.load_model().profile(scores.pattern)
    share = bs.estimate_organic_share(scores, profile=profile)
    assert 0 <= share.organic_share_ci_lower <= share.organic_share <= share.organic_share_ci_upper <= 1
    with pytest.raises(bs.SchemaError, match="Leave one of them out"):
        bs.estimate_organic_share(scores, labels=[{"account_id": "1", "rater_1": "yes"}], profile=profile)


def test_the_share_does_not_depend_on_how_often_it_is_asked_for(scores):
    profile = bs.load_model().profile(scores.pattern)
    assert bs.estimate_organic_share(scores, profile=profile) == bs.estimate_organic_share(scores, profile=profile)


def test_frame_and_population_are_checked(scores):
    with pytest.raises(bs.BotscanError):
        bs.estimate_organic_share(scores, frame="some")
    with pytest.raises(bs.BotscanError):
        bs.estimate_organic_share(scores, population=10)


def test_an_account_is_found_by_id_and_by_handle(audience):
    table = audience.accounts.table
    account, handle = table["account_id"][3].as_py(), table["handle"][3].as_py()
    by_id = bs.explain_account(audience.accounts, account)
    assert by_id == bs.explain_account(audience.accounts, f"@{handle.upper()} ")
    assert by_id == bs.explain_account(audience.accounts, int(account))
    assert by_id.log_odds == pytest.approx(by_id.intercept + sum(group.log_odds for group in by_id.groups))


def test_an_account_that_is_not_there_or_not_unique_is_refused_without_its_name():
    rows = [{"account_id": "1", "handle": "ani"}, {"account_id": "2", "handle": "ANI"}]
    accounts = bs.read_accounts(rows, platform="twitter")
    with pytest.raises(bs.SchemaError, match="2 accounts of this list share that handle") as error:
        bs.explain_account(accounts, "ani")
    assert "ani" not in str(error.value).lower()
    with pytest.raises(bs.SchemaError, match="None of the 2 accounts") as error:
        bs.explain_account(accounts, "secret_name")
    assert "secret_name" not in str(error.value)


def test_an_id_goes_before_a_handle_of_the_same_text():
    rows = [{"account_id": "1", "handle": "2"}, {"account_id": "2", "handle": "1"}]
    assert bs.explain_account(rows, "2", platform="twitter").account_id == "2"


def test_the_model_may_be_named_or_handed_over(audience, scores):
    model = bs.load_model()
    assert bs.load_model() is model
    assert bs.score_accounts(audience.accounts, model=model).table.equals(scores.table)
    with pytest.raises(bs.ModelError, match="no_such_model"):
        bs.score_accounts(audience.accounts, model="no_such_model")


def test_an_audit_holds_what_the_steps_give(audience, scores):
    result = bs.audit(audience.accounts)
    assert result.segments == scores.segments()
    assert result.histogram == scores.histogram()
    bound = bs.find_follow_blocks(audience.accounts, scores).suspicious_share_lower_bound
    assert result.share == replace(bs.estimate_organic_share(scores), suspicious_share_lower_bound=bound)
    lines = bs.load_model().thresholds["twitter/full"]
    assert (result.suspicious_threshold, result.review_threshold) == (lines.suspicious / 20, lines.review / 20)
    assert result.review_rows == ()


def test_review_rows_are_made_only_when_asked_for_highest_score_first(audience, scores):
    rows = bs.audit(audience.accounts, n_review_rows=7).review_rows
    assert len(rows) == 7
    log_odds = [row.log_odds for row in rows]
    known = scores.table["log_odds"].drop_null().to_pylist()
    assert log_odds == sorted(known, reverse=True)[:7]
    for row in rows:
        assert row.handle
        assert row.reasons
        assert all(points > 0 for _, points in row.reasons)
        assert all(points < 0 for _, points in row.counter_evidence)
        assert [abs(points) for _, points in row.reasons] == sorted((p for _, p in row.reasons), reverse=True)


def test_the_report_shows_names_only_when_both_asked_for_and_gathered(audience, tmp_path):
    result = bs.audit(audience.accounts, n_review_rows=5)
    handle = result.review_rows[0].handle
    for name, wanted in (("plain.html", False), ("named.html", True)):
        bs.write_report(result, tmp_path / name, language="id", show_handles=wanted)
        assert (handle in (tmp_path / name).read_text(encoding="utf-8")) is wanted
    with pytest.raises(bs.OutputError):
        bs.write_report(result, tmp_path / "plain.html", inputs=[tmp_path / "plain.html"])


def test_a_report_that_could_not_show_what_was_asked_for_is_refused(audience, tmp_path):
    result = bs.audit(audience.accounts)
    assert result.n_review > 0
    with pytest.raises(bs.BotscanError, match="n_review_rows=50"):
        bs.write_report(result, tmp_path / "named.html", show_handles=True)
    with pytest.raises(bs.BotscanError, match="wanted an audit"):
        bs.write_report(result.share, tmp_path / "share.html")
    assert list(tmp_path.iterdir()) == []


def test_every_result_shows_itself_in_a_notebook_without_a_name_of_an_account(audience, scores):
    accounts = audience.accounts
    handles = set(accounts.table["handle"].to_pylist()) | set(accounts.table["account_id"].to_pylist())
    results = (accounts, scores, accounts.coverage(), bs.audit(accounts), bs.estimate_organic_share(scores))
    for result in results:
        for text in (str(result), result._repr_html_(), result.to_markdown("id"), result.to_json()):
            assert not [handle for handle in handles if handle in text], type(result)
    for result in (audience, accounts, scores, bs.make_label_sheet(accounts, scores, n=5)):
        assert len(repr(result)) < 200
    assert json.loads(accounts.to_json())["reading"] == json.loads(bs.audit(accounts).to_json())["reading"]
    assert json.loads(scores.to_json())["segments"] == dict(scores.segments())


def test_columns_are_those_of_the_schema_and_marked_where_the_score_reads_them():
    assert [row["name"] for row in list_columns()] == list(ACCOUNT_COLUMN)
    scored = {row["name"] for row in list_columns("twitter") if row["is_scored"]}
    assert {"followers_count", "created_at", "has_geo"} <= scored
    assert "display_name" not in scored
    with pytest.raises(bs.SchemaError, match="instagram"):
        list_columns("myspace")


def test_files_are_scored_like_the_list_in_memory(audience, scores, tmp_path):
    path = write_csv(audience.accounts.table, tmp_path / "list.csv")
    result = score_files([str(path)], str(tmp_path / "out.parquet"))
    found = pq.read_table(tmp_path / "out.parquet")
    assert found["log_odds"].to_pylist() == scores.table["log_odds"].to_pylist()
    assert found["verdict"].to_pylist() == scores.table["verdict"].to_pylist()
    assert result.segments == scores.segments()


@pytest.mark.parametrize("source", ["", [""], ["followers.csv", ""]])
@pytest.mark.parametrize("read", [bs.read_accounts, bs.read_posts, bs.read_series])
def test_an_empty_path_is_not_the_folder_one_stands_in(read, source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "followers.csv").write_text("handle,followers_count\nani,1\n")
    with pytest.raises(bs.FormatError, match="path of the list is empty"):
        read(source, platform="twitter")


def test_empty_paths_of_models_labels_and_reports_are_named(audience, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(bs.ModelError, match="path of the model folder is empty"):
        bs.score_accounts(audience.accounts, model="")
    with pytest.raises(bs.FormatError, match="path of the table is empty"):
        bs.audit(audience.accounts, "")
    with pytest.raises(bs.OutputError, match="name of the file to write is empty"):
        bs.write_report(bs.audit(audience.accounts), "")
    with pytest.raises(bs.OutputError, match="name of the file to write is empty"):
        bs.make_label_sheet(audience.accounts, n=5).save("")
    assert list(tmp_path.iterdir()) == []


HEADLESS = "dibuat,handle,followers_count\n2020-01-01 07:00:00,ani,1\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tz": 5}, "tz is of type int, wanted text"),
        ({"tz": b"UTC"}, "tz is of type bytes, wanted text"),
        ({"tz": timezone(timedelta(seconds=90))}, "tz is a zone of type timezone that has no name"),
        ({"column_map": "a=b"}, "column_map is of type str, wanted a dict"),
        ({"column_map": 5}, "column_map is of type int, wanted a dict"),
        ({"column_map": {"handle": None}}, "column_map holds a header of type NoneType, wanted text"),
        ({"column_map": {"handle": ["username"]}}, "column_map holds a header of type list, wanted text"),
        ({"column_map": {5: "username"}}, "column_map holds a column of type int, wanted text"),
        ({"format": []}, "format is of type list, wanted text"),
        ({"date_order": []}, "date_order is of type list, wanted text"),
        ({"encoding": 5}, "encoding is of type int, wanted text"),
    ],
)
def test_an_option_of_a_wrong_type_says_what_was_found_and_wanted(options, words, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(HEADLESS)
    for read in (bs.read_accounts, bs.read_posts, bs.read_series, bs.audit):
        with pytest.raises(bs.SchemaError, match=words):
            read(path, platform="twitter", **options)
    with pytest.raises(bs.SchemaError, match=words):
        score_files([str(path)], str(tmp_path / "out.csv"), platform="twitter", **options)


@pytest.mark.parametrize(
    ("tz", "hours"),
    [
        (UTC, 0),
        (timezone(timedelta(hours=7)), 7),
        (timezone(-timedelta(hours=3, minutes=30)), -3.5),
        (ZoneInfo("Asia/Jakarta"), 7),
        ("WIB", 7),
    ],
)
def test_zones_may_be_objects(tz, hours, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(HEADLESS)
    found = bs.read_accounts(path, platform="instagram", column_map={"created_at": "dibuat"}, tz=tz)
    assert found.table["created_at"].to_pylist() == [datetime(2020, 1, 1, 7, tzinfo=UTC) - timedelta(hours=hours)]
    score_files([str(path)], str(tmp_path / "out.csv"), platform="instagram", tz=tz)


@pytest.mark.parametrize("read", [bs.read_accounts, bs.read_posts, bs.read_series])
@pytest.mark.parametrize("names", [["ani_2019", "budi.s"], ("@ani_2019",)])
def test_names_that_are_no_paths_are_told_how_to_go_in_and_not_repeated(read, names, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(bs.FormatError, match="list of dicts") as told:
        read(names, platform="twitter")
    assert not [name for name in names if name.lstrip("@") in str(told.value)]


def test_a_list_of_what_may_be_paths_names_the_one_that_is_missing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").write_text("handle,followers_count\nani,1\n")
    for paths in (["missing.csv", "b"], ["a/missing", "b"], ["there", "missing"]):
        with pytest.raises(bs.FormatError, match=r"missing.*cannot be read"):
            bs.read_accounts(paths, platform="twitter")
    assert bs.read_accounts(["there"], platform="twitter").n_accounts == 1


@pytest.mark.parametrize("read", [bs.read_accounts, bs.read_posts, bs.read_series, bs.read_labels])
def test_who_gave_nothing_is_sent_to_the_function_that_was_called(read):
    with pytest.raises(bs.SchemaError, match=f"; {read.__name__} also takes the path"):
        read(None)


@pytest.mark.parametrize("days", [pa.date32(), pa.date64()])
def test_dates_without_a_time_of_day_are_read(days):
    noon = 18_262 if days == pa.date32() else 1_577_880_000_000
    cells = pa.array([noon, None], days)
    day = datetime(2020, 1, 1, tzinfo=UTC)
    accounts = bs.read_accounts(pa.table({"handle": ["a", "b"], "created_at": cells}), platform="instagram")
    assert accounts.table["created_at"].to_pylist() == [day, None]
    assert accounts.table["created_at_precision"].to_pylist() == ["day", None]
    posts = bs.read_posts(pa.table({"post_id": ["1", "2"], "posted_at": cells}), platform="instagram")
    assert posts.table["posted_at"].to_pylist() == [day, None]
    series = bs.read_series(pa.table({"counted_at": cells, "followers_count": [3, 4]}))
    assert series.to_frame()["counted_at"].to_list() == [day]


def test_where_all_rows_are_rejected_a_warning_says_why_and_what_to_do(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("username,followers\n,1\n,2\n")
    accounts = bs.read_accounts(path, platform="twitter")
    assert [(note.code, note.count) for note in accounts.report.warnings][:2] == [
        ("all_rejected", 2),
        ("all_rejected_nameless", 2),
    ]
    assert "--map handle=" in str(accounts)
    path.write_text("username,followers\n,1\nani,2\n")
    some = bs.read_accounts(path, platform="twitter").report.warnings
    assert not [note for note in some if note.code.startswith("all_rejected")]


@pytest.mark.parametrize(
    "call",
    [
        lambda accounts: bs.compare_rules(accounts, [1, 2]),
        lambda accounts: bs.score_accounts(accounts, model=3),
        lambda accounts: bs.measure_model([accounts], model=3),
    ],
)
def test_an_argument_of_the_wrong_type_is_told(call):
    with pytest.raises(bs.SchemaError, match=r"is of type (list|int), wanted"):
        call(bs.make_audience(n=10).accounts)


def test_posts_of_others_leave_the_posts_of_an_account_unknown():
    accounts = bs.make_audience(n=20, random_state=1).accounts
    account = accounts.table["account_id"][0].as_py()
    posts = [{"account_id": "1", "post_id": n, "is_repost": True} for n in range(1, 41)]
    assert "posts" in bs.explain_account(accounts, account, posts=posts).not_known
    assert "posts" not in bs.explain_account(accounts, account).not_known
    own = [{**post, "account_id": account} for post in posts]
    found = bs.explain_account(accounts, account, posts=own)
    assert "posts" not in found.not_known
    assert "mostly_reposts" in found.rules
