import csv
import random

import numpy as np
import pytest

from botscan.errors import BotscanError, NotEnoughAccounts, OutputError, SchemaError
from botscan.labels import make_label_sheet, merge_label_sheets, read_labels

COLUMNS = (
    *("account_id", "handle", "link", "rater_1", "rater_2", "draw"),
    *("inclusion_probability", "design", "list_digest", "list_size", "random_state"),
)
IDS = [str(1000 + number) for number in range(400)]


def cells_of(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def test_it_is_a_random_part_of_the_list(listed):
    sheet = make_label_sheet(*listed(IDS), n=50, random_state=3)
    assert len(sheet) == len(set(sheet.account_ids)) == 50
    assert set(sheet.account_ids) <= set(IDS)
    assert sheet.inclusion_probability == (50 / 400,) * 50
    assert sheet.list_size == 400
    assert make_label_sheet(*listed(IDS), n=50, random_state=4).account_ids != sheet.account_ids


def test_every_account_is_drawn_equally_often(listed):
    ids = IDS[:20]
    accounts, scores = listed(ids)
    drawn = [
        one for seed in range(600) for one in make_label_sheet(accounts, scores, n=5, random_state=seed).account_ids
    ]
    counts = np.array([drawn.count(one) for one in ids])
    # 150 expected each, standard deviation 10.6.
    assert np.abs(counts - 150).max() < 45
    first = [make_label_sheet(accounts, scores, n=5, random_state=seed).account_ids[0] for seed in range(600)]
    assert max(first.count(one) for one in ids) < 60


def test_the_order_of_the_list_changes_nothing(listed):
    sheet = make_label_sheet(*listed(IDS), n=30)
    for seed in range(5):
        shuffled = random.Random(seed).sample(IDS, len(IDS))
        assert make_label_sheet(*listed(shuffled), n=30) == sheet


def test_a_larger_sheet_begins_with_the_smaller(listed):
    small, large = (make_label_sheet(*listed(IDS), n=n) for n in (10, 60))
    assert large.account_ids[:10] == small.account_ids


def test_a_short_list_is_drawn_whole(listed):
    sheet = make_label_sheet(*listed(IDS[:7]), n=100)
    assert sorted(sheet.account_ids) == IDS[:7]
    assert sheet.inclusion_probability == (1.0,) * 7


def test_accounts_that_call_themselves_automated_are_left_out(listed):
    sheet = make_label_sheet(*listed(IDS[:20], declared=IDS[:5]), n=100)
    assert sorted(sheet.account_ids) == IDS[5:20]
    assert sheet.inclusion_probability == (1.0,) * 15
    with pytest.raises(NotEnoughAccounts, match="no account to label"):
        make_label_sheet(*listed(IDS[:5], declared=IDS[:5]))


def test_an_empty_list_has_nothing_to_draw(listed):
    with pytest.raises(NotEnoughAccounts):
        make_label_sheet(*listed([]))


@pytest.mark.parametrize(
    "options",
    [
        *({"n": n} for n in (0, -3, 2.5, True, "9", None)),
        *({"random_state": seed} for seed in (-1, 2**63, 10**6000, 1.0, True, "0", None)),
        {"design": "cluster"},
    ],
)
def test_values_out_of_range_are_refused(listed, options):
    with pytest.raises(BotscanError, match="wanted"):
        make_label_sheet(*listed(IDS[:5]), **options)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("seed", [2**63 - 1, 10**18, np.int64(10**16), 7])
def test_every_seed_comes_back_from_the_file(listed, tmp_path, seed, ending):
    sheet = make_label_sheet(*listed(["007", "7"]), n=2, random_state=seed)
    sheet.save(tmp_path / f"sheet.{ending}")
    labels = read_labels(tmp_path / f"sheet.{ending}")
    assert labels.design.random_state == seed
    assert labels.account_ids == sheet.account_ids
    merged = merge_label_sheets([tmp_path / f"sheet.{ending}"] * 2)
    assert read_labels(merged.to_frame()).design.random_state == seed


def test_scores_of_another_list_are_refused(listed):
    with pytest.raises(SchemaError, match="another list"):
        make_label_sheet(listed(IDS[:9])[0], listed(IDS[:8])[1])


def test_the_file_shows_no_score_and_links_to_profiles(listed, tmp_path):
    handles = [f"name_{one}" for one in IDS]
    accounts, scores = listed(IDS, handles=handles)
    sheet = make_label_sheet(accounts, scores, n=5)
    sheet.save(tmp_path / "sheet.csv")
    header, *rows = cells_of(tmp_path / "sheet.csv")
    assert tuple(header) == COLUMNS
    assert not any("score" in name or "log_odds" in name for name in header)
    assert [row[2] for row in rows] == [f"https://x.com/name_{one}" for one in sheet.account_ids]
    assert all(row[3] == row[4] == "" for row in rows)
    assert [row[5] for row in rows] == ["1", "2", "3", "4", "5"]
    assert {tuple(row[6:]) for row in rows} == {("0.0125", "simple_random", scores.list_digest, "400", "0")}


@pytest.mark.parametrize(
    ("platform", "handle", "link"),
    [("mastodon", "a@b.example", ""), ("tiktok", "a b", "https://www.tiktok.com/@a%20b"), ("twitter", None, "")],
)
def test_links_are_made_only_where_a_handle_gives_one(listed, platform, handle, link):
    sheet = make_label_sheet(*listed(["7"], platform=platform, handles=[handle]), n=1)
    assert sheet.links == (link,)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_filled_sheet_comes_back(listed, tmp_path, delimiter):
    ids = [*IDS[:10], "9" * 19, "123456789012345678"]
    accounts, scores = listed(ids)
    make_label_sheet(accounts, scores, n=12, random_state=2).save(tmp_path / "sheet.csv")
    header, *rows = cells_of(tmp_path / "sheet.csv")
    long = [row[0] for row in rows if len(row[0]) > 15]
    assert len(long) == 2
    assert all(cell.startswith("'") for cell in long)  # a spreadsheet keeps them text
    for number, row in enumerate(rows):
        row[3], row[4] = ("ya", "yes") if number < 3 else ("tidak", "")
        if delimiter == ";":  # a spreadsheet of a country with decimal commas
            row[6] = row[6].replace(".", ",")
    with (tmp_path / "filled.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    labels = read_labels(tmp_path / "filled.csv")
    assert sorted(labels.account_ids) == sorted(ids)
    assert labels.suspicious.sum() == 3
    assert labels.raters == ("rater_1", "rater_2")
    assert (labels.design.kind, labels.design.list_digest) == ("simple_random", scores.list_digest)
    assert (labels.design.list_size, labels.design.random_state) == (12, 2)
    assert labels.inclusion_probability.tolist() == [1.0] * 12


def test_the_frame_comes_back_too(listed):
    frame = make_label_sheet(*listed(IDS), n=6).to_frame()
    frame["rater_1"] = ["yes", "no", "unsure", "", "no", "no"]
    labels = read_labels(frame)
    assert labels.answers[:, 0].tolist() == [1, 0, -1, -2, 0, 0]
    assert labels.design.kind == "simple_random"


def test_cells_that_look_like_formulas_are_guarded_and_come_back(listed, tmp_path):
    accounts, scores = listed([None, None], platform="github", handles=["Ani", "budi"])
    assert set(accounts.table["account_id"].to_pylist()) == {"@ani", "@budi"}
    make_label_sheet(accounts, scores, n=2).save(tmp_path / "sheet.csv")
    rows = cells_of(tmp_path / "sheet.csv")[1:]
    assert {row[0] for row in rows} == {"'@ani", "'@budi"}
    assert set(read_labels(tmp_path / "sheet.csv").account_ids) == {"@ani", "@budi"}


def test_the_list_is_never_written_over(listed, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("account_id\n7\n")
    with pytest.raises(OutputError):
        make_label_sheet(*listed(["7"])).save(path, inputs=[path])
    assert path.read_text() == "account_id\n7\n"


def test_the_same_bytes_twice(listed, tmp_path):
    for name in ("one.csv", "two.csv"):
        make_label_sheet(*listed(IDS)).save(tmp_path / name)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_its_name_shows_no_account(listed):
    sheet = make_label_sheet(*listed(IDS), n=3)
    assert repr(sheet) == "LabelSheet(3 of 400 accounts, design='simple_random', random_state=0)"


def test_the_draw_is_the_one_of_earlier_versions(listed):
    sheet = make_label_sheet(*listed(IDS), n=8, random_state=3)
    assert sheet.account_ids == ("1212", "1369", "1230", "1174", "1068", "1231", "1221", "1327")


def test_a_sheet_has_room_for_as_many_raters_as_asked_for(listed, tmp_path):
    sheet = make_label_sheet(*listed(IDS), n=2)
    sheet.save(tmp_path / "sheet.csv", raters=3)
    assert cells_of(tmp_path / "sheet.csv")[0][3:6] == ["rater_1", "rater_2", "rater_3"]
    assert list(sheet.to_frame(raters=1))[3:5] == ["rater_1", "draw"]
    for raters in (0, 21):
        with pytest.raises(BotscanError, match="wanted 1 to 20"):
            sheet.save(tmp_path / "sheet.csv", raters=raters)


def test_a_stratified_sheet_says_where_each_account_is_from(listed, tmp_path):
    scores = {one: number / 400 for number, one in enumerate(IDS)}
    accounts, made = listed(IDS, scores=scores)
    sheet = make_label_sheet(accounts, made, n=60, design="stratified")
    assert sum(size for _, size in sheet.strata) == 400
    sizes = dict(sheet.strata)
    drawn = {name: sheet.stratum.count(name) for name in sizes}
    assert [drawn[name] / sizes[name] for name in sheet.stratum] == list(sheet.inclusion_probability)
    sheet.save(tmp_path / "sheet.csv")
    header, *rows = cells_of(tmp_path / "sheet.csv")
    assert header[5:9] == ["draw", "stratum", "stratum_size", "inclusion_probability"]
    assert [(row[6], int(row[7])) for row in rows] == [(name, sizes[name]) for name in sheet.stratum]
    labels = read_labels(tmp_path / "sheet.csv")
    assert labels.design.strata == sheet.strata
    assert [labels.design.strata[number][0] for number in labels.stratum] == list(sheet.stratum)
    assert labels.inclusion_probability.tolist() == list(sheet.inclusion_probability)


def test_the_instructions_are_those_of_the_language(listed):
    sheet = make_label_sheet(*listed(IDS), n=2)
    assert sheet.instructions("id").startswith("Cara mengisi")
    assert sheet.instructions().startswith("How to fill in")


@pytest.mark.parametrize("design", ["simple_random", "systematic", "stratified"])
@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("file", [("s.csv", ","), ("s.csv", ";"), ("s.csv", "\t"), ("s.xlsx", ",")])
def test_what_is_written_is_read_again(listed, tmp_path, file, language, design):
    name, delimiter = file
    ids = [*IDS[:60], "9" * 19, "@ani_2", "007"]
    ranks = {one: number for number, one in enumerate(ids)}
    accounts, scores = listed(ids, platform="github", ranks=ranks, scores={one: ranks[one] / 70 for one in ids[5:]})
    sheet = make_label_sheet(accounts, scores, n=50, random_state=4, design=design)
    sheet.save(tmp_path / name, language=language, delimiter=delimiter)
    labels = read_labels(tmp_path / name)
    assert labels.account_ids == sheet.account_ids
    assert labels.design.strata == sheet.strata
    assert (labels.design.kind, labels.design.list_digest) == (design, scores.list_digest)
    assert (labels.design.list_size, labels.design.random_state) == (63, 4)
    assert labels.inclusion_probability.tolist() == list(sheet.inclusion_probability)
    assert labels.notes == ()
    assert labels.raters == ("rater_1", "rater_2")


def test_answers_that_people_gave_are_never_replaced(listed, tmp_path):
    sheet = make_label_sheet(*listed(IDS), n=5)
    path = tmp_path / "sheet.csv"
    sheet.save(path)
    sheet.save(path)  # nobody has filled it in yet
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",,,,1,", ",,,ragu,1,", 1), encoding="utf-8")
    filled = path.read_bytes()
    with pytest.raises(OutputError, match="already holds answers"):
        make_label_sheet(*listed(IDS), n=9).save(path)
    assert path.read_bytes() == filled
