"""botscan audit and botscan demo."""

import json

import pytest

import botscan as bs
from botscan.wording import csv_line


@pytest.fixture
def audience():
    return bs.make_audience(n=300, organic_share=0.7, random_state=4)


@pytest.fixture
def path(audience, tmp_path):
    audience.accounts.to_frame().to_csv(tmp_path / "followers.csv", index=False)
    return tmp_path / "followers.csv"


def filled(sheet_path, audience, target):
    """Fill in a sheet with the truth, as a rater would."""
    ids = audience.accounts.table["account_id"].to_pylist()
    truth = dict(zip(ids, audience.is_suspicious.tolist(), strict=True))
    header, *rows = sheet_path.read_text(encoding="utf-8-sig").splitlines()
    names = header.split(",")
    lines = [header + "\n"]
    for row in rows:
        cells = row.split(",")
        cells[names.index("rater_1")] = "yes" if truth[cells[0].removeprefix("'")] else "no"
        lines.append(csv_line(cells))
    target.write_text("".join(lines), encoding="utf-8")
    return target


def test_the_road_of_a_user_from_list_to_interval(shell, audience, path, tmp_path):
    first = shell("audit", path)
    assert first.code == 0
    assert "cannot be said yet" in first.out
    command = next(line for line in first.out.splitlines() if "labels sheet" in line).split()[1:]
    assert str(path) in command
    n = command[command.index("-n") + 1]
    sheet = shell("labels", "sheet", path, "-n", n, "-o", tmp_path / "sheet.csv")
    assert sheet.code == 0
    labels = filled(tmp_path / "sheet.csv", audience, tmp_path / "filled.csv")
    second = shell("audit", path, "--labels", labels, "--frame", "full", "--json")
    share = second.json["organic_share"]
    assert share["organic_share_ci_lower"] <= audience.organic_share <= share["organic_share_ci_upper"]
    assert share["n_labeled"] == int(n)
    told = shell("audit", path, "--labels", labels, "--frame", "full")
    assert "Of 300 followers, about" in told.out
    assert "Next step" not in told.out


def test_the_json_is_that_of_the_library(shell, path):
    outcome = shell("audit", path, "--json")
    assert outcome.json == json.loads(bs.audit(path).to_json())
    assert list(outcome.json) == [
        "schema_version", "botscan_version", "model", "source", "platform", "observed_at", "list_digest",
        "reading", "organic_share",
        "segments", "segment_shares", "allow_list", "follow_blocks", "follow_order", "warnings",
    ]  # fmt: skip
    assert outcome.json["source"] == str(path)


def test_indonesian_words_in_the_terminal_the_json_and_the_page(shell, path, tmp_path):
    told = shell("audit", path, "--language", "id", "--html", tmp_path / "a.html")
    assert "pengikut" in told.out
    assert "Laporan ada di" in told.err
    assert '<html lang="id"' in (tmp_path / "a.html").read_text(encoding="utf-8")
    notes = shell("audit", path, "--language", "id", "--json").json["organic_share"]["notes"]
    assert any("pengikut" in note["text"] for note in notes)


def test_plain_text_in_a_pipe_has_no_escapes_and_no_trailing_blanks(shell, path):
    outcome = shell("audit", path)
    assert "\x1b" not in outcome.out
    assert not [line for line in outcome.out.splitlines() if line != line.rstrip()]
    page, commands = outcome.out.split("Next step")
    assert max(map(len, page.splitlines())) <= 100
    assert len(commands.splitlines()) == 3


def test_quiet_prints_the_result_and_nothing_else(shell, path, tmp_path):
    outcome = shell("audit", path, "--quiet", "--html", tmp_path / "a.html")
    assert outcome.err == ""
    assert "300 accounts" in outcome.out


def test_the_report_shows_names_only_on_request(shell, path, tmp_path):
    handle = bs.audit(path, n_review_rows=1).review_rows[0].handle
    for options, shown in (((), False), (("--show-handles",), True)):
        outcome = shell("audit", path, "--html", tmp_path / "a.html", *options)
        assert (handle in (tmp_path / "a.html").read_text(encoding="utf-8")) is shown
        assert handle not in outcome.out + outcome.err


def test_names_are_not_even_gathered_unless_asked_for(shell, path, monkeypatch):
    asked = []
    audit = bs.api.audit
    monkeypatch.setattr(
        "botscan.api.audit", lambda *args, **options: asked.append(options["n_review_rows"]) or audit(*args, **options)
    )
    shell("audit", path)
    shell("audit", path, "--show-handles")
    assert asked == [0, 50]


@pytest.mark.parametrize("target", ["followers.csv", "missing/a.html", "."])
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_printed(shell, path, tmp_path, target):
    before = path.read_bytes()
    outcome = shell("audit", path, "--html", tmp_path / target)
    assert (outcome.code, outcome.out) == (2, "")
    assert path.read_bytes() == before


def test_a_report_never_replaces_the_labels(shell, audience, path, tmp_path):
    shell("labels", "sheet", path, "-n", 50, "-o", tmp_path / "sheet.csv")
    labels = filled(tmp_path / "sheet.csv", audience, tmp_path / "filled.csv")
    outcome = shell("audit", path, "--labels", labels, "--html", labels)
    assert outcome.code == 2
    assert labels.read_text().startswith("account_id")


def test_labels_of_another_list_are_refused(shell, path, tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("account_id,rater_1\n1,yes\n2,no\n")
    outcome = shell("audit", path, "--labels", labels)
    assert (outcome.code, outcome.out) == (2, "")


def test_the_frame_and_the_population_reach_the_result(shell, path):
    outcome = shell("audit", path, "--frame", "random", "--population", "9000", "--json")
    assert outcome.json["organic_share"]["frame"] == "random"
    assert shell("audit", path, "--population", "9").code == 2


def test_a_model_folder_may_be_named(shell, path, tmp_path):
    outcome = shell("audit", path, "--model", tmp_path)
    assert (outcome.code, outcome.out) == (2, "")
    assert str(tmp_path) in outcome.err


def test_standard_input_is_a_list(shell, path, monkeypatch):
    with path.open() as file:
        monkeypatch.setattr("sys.stdin", file)
        found = shell("audit", "-", "--json")
    expected = shell("audit", path, "--json")
    assert {**found.json, "source": ""} == {**expected.json, "source": ""}


def test_the_next_step_repeats_the_options_that_the_list_needs(shell, tmp_path):
    path = tmp_path / "a list.csv"
    path.write_text("id;fans;posts_count;following_count\n1;5;6;7\n2;5;6;7\n")
    outcome = shell(
        "audit", path, "--platform", "twitter", "--map", "followers_count=fans", "--observed-at", "2026-01-01"
    )
    commands = [line.strip() for line in outcome.out.splitlines() if line.strip().startswith("botscan")]
    assert len(commands) == 2
    for command in commands:
        assert f"'{path}'" in command
        assert "--platform twitter" in command
        assert "--map followers_count=fans" in command
        assert "--observed-at 2026-01-01" in command


def test_the_demo_shows_an_interval_that_holds_its_truth_and_writes_its_page(shell, tmp_path):
    outcome = shell("demo", "--html", tmp_path / "audit.html", "--json")
    assert outcome.code == 0
    share = outcome.json["organic_share"]
    assert share["organic_share_ci_lower"] <= 0.76 <= share["organic_share_ci_upper"]
    assert outcome.json["source"] == "demo/followers.csv"
    assert outcome.json["reading"]["accounts"] == 3_000
    assert outcome.json["reading"]["rows_rejected"] == 0
    assert "followers.csv" in (tmp_path / "audit.html").read_text(encoding="utf-8")
    assert "Of 3,000 followers, about" in shell("demo").out
    assert "Dari 3.000 pengikut" in shell("demo", "--language", "id").out


@pytest.mark.parametrize(("language", "words"), [("en", "Fill in the columns of the raters"), ("id", "ya, tidak")])
def test_with_an_empty_sheet_the_next_step_is_to_fill_it_in(shell, tmp_path, language, words):
    path = shell.file("account_id,platform,followers_count\n" + "".join(f"{n},twitter,5\n" for n in range(1, 30)))
    sheet = tmp_path / "sheet.csv"
    assert shell("labels", "sheet", path, "-n", 5, "-o", sheet).code == 0
    out = shell("audit", path, "--labels", sheet, "--language", language).out
    assert words in out
    assert f"botscan audit {path} --labels {sheet}" in out
    assert "labels sheet" not in out


NAMES_ONLY = "username\nani\nbudi\nsiti\n"


def test_an_empty_name_of_a_file_is_refused_and_says_which(shell, tmp_path, monkeypatch):
    path = shell.file(NAMES_ONLY, "list.csv")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    for words, named in (
        (("audit", ""), "FILE"),
        (("audit", path, ""), "FILE"),
        (("explain", "", "x"), "FILE"),
        (("score", "", "-o", "out.csv"), "FILE"),
        (("score", path, "-o", ""), "--output"),
        (("labels", "size", ""), "FILE"),
        (("labels", "sheet", "", "-o", "sheet.csv"), "FILE"),
        (("labels", "sheet", path, "-o", ""), "--output"),
        (("audit", path, "--html", ""), "--html"),
        (("audit", path, "--labels", ""), "--labels"),
        (("audit", path, "--model", ""), "--model"),
        (("score", path, "-o", "out.csv", "--model", ""), "--model"),
        (("demo", "--html", ""), "--html"),
    ):
        platform = () if words[0] == "demo" else ("--platform", "twitter")
        outcome = shell(*words, *platform)
        assert (outcome.code, outcome.out) == (2, ""), words
        assert named in outcome.err.splitlines()[-1], words
        assert "empty" in outcome.err.splitlines()[-1], words
    assert sorted(tmp_path.iterdir()) == before


def test_a_list_of_which_nothing_is_known_has_no_zero_to_repeat(shell, tmp_path):
    path = shell.file(NAMES_ONLY)
    told = shell("audit", path, "--platform", "twitter", "--html", tmp_path / "a.html")
    line = next(line for line in told.out.splitlines() if "shows signs of" in line)
    assert line.split()[-2:] == ["\u2013", "\u2013"]
    assert " 0.0 %" not in told.out
    assert "None of these accounts could be judged" in told.out
    found = shell("audit", path, "--platform", "twitter", "--json").json
    assert found["segments"]["unknown"] == 3
    assert found["organic_share"]["n_scored"] == 0
    warning = next(one for one in found["warnings"] if one["code"] == "segments_not_judged")
    assert warning["count"] == 3
    assert "does not mean none" in warning["text"]
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "None of these accounts could be judged" in page
    assert page.count('<td class="amount">\u2013</td>') == 8


def test_a_small_list_is_to_be_labelled_whole(shell):
    three = shell("audit", shell.file(NAMES_ONLY), "--platform", "twitter").out
    assert "label all 3 to know it" in three
    assert "points" not in three.split("Segment")[0]
    for language, words in (("en", "Whether the 1 follower"), ("id", "semuanya (1 akun)")):
        one = shell("audit", shell.file("username\nani\n"), "--platform", "twitter", "--language", language).out
        assert words in one
        assert "1 followers" not in one


def test_the_population_of_a_full_list_may_be_named(shell, path):
    assert shell("audit", path, "--frame", "full", "--population", 300).code == 0
    assert shell("audit", path, "--frame", "full", "--population", 299).code == 0  # counts on platforms are rounded
    assert shell("audit", path, "--frame", "full", "--population", 250).code == 2
    incomplete = shell("audit", path, "--frame", "full", "--population", 400, "--json")
    assert "frame_full_incomplete" in {note["code"] for note in incomplete.json["organic_share"]["notes"]}


@pytest.mark.parametrize(
    ("language", "words"), [("en", "All 2 rows of this list were rejected"), ("id", "Semua 2 baris")]
)
def test_a_list_of_rejected_rows_says_why_and_what_to_do(shell, tmp_path, language, words):
    path = shell.file("username,followers\n,1\n,2\n")
    page = tmp_path / "a.html"
    told = shell("audit", path, "--platform", "twitter", "--language", language, "--html", page)
    assert told.code == 0
    assert words in told.out
    assert words in page.read_text(encoding="utf-8")
    assert "--map handle=" in told.out
    warnings = shell("audit", path, "--platform", "twitter", "--json").warnings
    assert (warnings["all_rejected"], warnings["all_rejected_nameless"]) == (2, 2)


def test_options_that_need_another_are_refused_in_words_of_the_command_line(shell, tmp_path):
    path = shell.file(NAMES_ONLY, "list.csv")
    for words, other in ((("--key", tmp_path / "k"), "--allow"), (("--rater-errors", "24/31,10/270"), "--labels")):
        outcome = shell("audit", path, "--platform", "instagram", *words)
        assert (outcome.code, outcome.out) == (2, "")
        assert f"{words[0]} is of no use without {other}." in outcome.err


def test_a_population_below_the_list_is_refused_with_its_name(shell):
    path = shell.file(NAMES_ONLY, "list.csv")
    outcome = shell("audit", path, "--platform", "instagram", "--population", 2)
    assert "list.csv: Found a population of 2 followers, but the list alone holds 3" in outcome.err
