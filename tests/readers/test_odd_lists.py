"""Lists that people put together by hand: headers in the middle, odd lines, units in the header, numbers for names."""

import pytest

import botscan as bs
from botscan.errors import BotscanError

NAMES = [f"orang_{i}" for i in range(40)]


def read(tmp_path, text, name="list.csv", platform="instagram"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return bs.read_accounts(path, platform=platform)


@pytest.mark.parametrize("ending", ["", '"ana, b",4\n'])
def test_a_header_in_the_middle_is_no_account(tmp_path, ending):
    report = read(tmp_path, f"username,followers\na,1\nusername,followers\nb,2\n{ending}").report
    assert report.reject_reasons == {"header_repeated": 1}
    assert [(row.row, row.line) for row in report.rejected] == [(2, 3)]
    assert report.rows_in == report.accounts + 1


@pytest.mark.parametrize("odd", ["Budi Santoso", "https://www.instagram.com/p/XYZ/", '"budi"', "budi,santoso"])
@pytest.mark.parametrize("place", [0, 20])
def test_an_odd_line_is_rejected_by_its_number_and_the_rest_is_read(tmp_path, odd, place):
    lines = [*NAMES[:5], *NAMES[5:place], odd, *NAMES[max(place, 5) :]]
    accounts = read(tmp_path, "\n".join(lines), "names.txt")
    assert accounts.report.reject_reasons == {"no_identity": 1}
    assert accounts.report.rejected[0].line == lines.index(odd) + 1
    assert set(accounts.to_frame()["handle"]) == set(NAMES)


@pytest.mark.parametrize("title", ["Pengikut", "Followers", "followers"])
@pytest.mark.parametrize("names", [["budi.s", "sari_d"], ["budi", "sari"]])
def test_names_below_the_word_followers_are_the_followers(tmp_path, title, names):
    assert read(tmp_path, "\n".join([title, *names])).to_frame()["handle"].tolist() == names


def test_counts_below_the_word_followers_are_counts(tmp_path):
    frame = read(tmp_path, "followers\n12\n7\n").to_frame()
    assert frame["followers_count"].tolist() == [12, 7]
    assert frame["handle"].isna().all() if "handle" in frame else True


@pytest.mark.parametrize("unit", ["ribu", "K", "in thousands", "%", "30 hari", "dalam juta", "x1000"])
def test_a_unit_in_the_header_is_not_dropped(tmp_path, unit):
    accounts = read(tmp_path, f"username;Pengikut ({unit});posts\nana;12;5\n")
    assert "followers_count" not in accounts.to_frame()
    assert "columns_ignored" in {note.code for note in accounts.report.warnings}


def test_a_remark_in_the_header_is(tmp_path):
    assert read(tmp_path, "username;Pengikut (akun);posts\nana;12;5\n").to_frame()["followers_count"].tolist() == [12]


def test_names_that_a_spreadsheet_has_rounded_are_not_one_account(tmp_path):
    report = read(tmp_path, "username,followers\n1.23456789012346E+18,1\n1.23456789012346E+18,2\n").report
    assert (report.accounts, report.reject_reasons) == (0, {"no_identity": 2})


def test_a_refusal_shows_nobody(tmp_path):
    with pytest.raises(BotscanError) as refused:
        read(
            tmp_path, "budi_santoso99,Budi Santoso,Jakarta,budi@mail.example,12\nsari_d,Sari D,Bogor,s@mail.example,7\n"
        )
    assert not any(word in str(refused.value) for word in ("budi", "Budi", "Jakarta", "mail.example"))
    assert "text of 14 characters" in str(refused.value)


def test_a_row_below_a_header_that_the_caller_named_is_data(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("siapa,kategori\nana,politik\nvideo,bisnis\n")
    frame = bs.read_accounts(path, platform="instagram", column_map={"handle": "siapa"}).to_frame()
    assert frame["handle"].tolist() == ["ana", "video"]


def test_somebody_called_as_a_column_is_an_account(tmp_path):
    accounts = read(tmp_path, "username,note\nusername,hello\nbudi,hi\n")
    assert accounts.to_frame()["handle"].tolist() == ["username", "budi"]
