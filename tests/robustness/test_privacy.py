"""Nothing that an account wrote, and no id, leaves in a message, a count or a page that was not asked for it."""

import tempfile
from pathlib import Path

import pytest

import botscan as bs

#: Invented; each in one text column of every row.
CANARIES = {
    "account_id": "7340051928374651",
    "handle": "kenari_rahasia",
    "display_name": "Nama Kenari Rahasia",
    "bio": "hubungi +62-855-0100-9988 atau kenari@contoh.example NIK 3273999999990001",
    "location": "Jalan Kenari 17",
    "website": "https://kenari-rahasia.example/rumah",
    "language": "kenarilang",
}
SECRETS = (
    "7340051928374651", "kenari_rahasia", "Kenari Rahasia", "855-0100", "kenari@contoh", "3273999999990001",
    "Jalan Kenari", "kenari-rahasia", "kenarilang",
)  # fmt: skip
COLUMNS = (
    *CANARIES,
    "platform",
    "created_at",
    "observed_at",
    "followers_count",
    "following_count",
    "posts_count",
    "has_avatar",
    "has_geo",
    "listed_count",
)


def canary_list(path, n=40, **odd):
    """Write a list whose texts are canaries; `odd` sets cells of the first row."""
    lines = [";".join(COLUMNS)]
    for number in range(n):
        cells = {
            **CANARIES,
            "account_id": CANARIES["account_id"] + f"{number:02d}",
            "handle": f"{CANARIES['handle']}{number}",
            "platform": "twitter",
            "created_at": "2024-05-01T00:00:00Z",
            "observed_at": "2026-06-30T00:00:00Z",
            "followers_count": number,
            "following_count": 2_001,
            "posts_count": 0,
            "has_avatar": "false",
            "has_geo": "false",
            "listed_count": 0,
            **(odd if number == 0 else {}),
        }
        lines.append(";".join(str(cells[name]) for name in COLUMNS))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def found(*texts):
    return [secret for secret in SECRETS for text in texts if secret in text]


def test_the_search_finds_what_it_should(tmp_path):
    assert set(found(canary_list(tmp_path / "a.csv").read_text(encoding="utf-8"))) == set(SECRETS)


def test_audit_in_words_json_and_page_holds_no_account(shell, tmp_path):
    path, page = canary_list(tmp_path / "a.csv"), tmp_path / "a.html"
    for options in ((), ("--json",), ("--language", "id"), ("--debug",), ("--show-handles", "--json")):
        outcome = shell("audit", path, *options)
        assert outcome.code == 0
        assert outcome.json["segments"]["suspicious"] > 0 if "--json" in options else True
        assert not found(outcome.out, outcome.err)
    shell("audit", path, "--html", page)
    assert not found(page.read_text(encoding="utf-8"))


def test_scores_hold_ids_but_no_texts_and_the_histogram_neither(shell, tmp_path):
    path, target = canary_list(tmp_path / "a.csv"), tmp_path / "s.jsonl"
    outcome = shell("score", path, "-o", target)
    assert not found(outcome.out, outcome.err, (tmp_path / "s.jsonl.histogram.json").read_text())
    assert set(found(target.read_text())) == {"7340051928374651"}


def test_the_review_list_holds_names_when_asked_for_and_no_other_texts(shell, tmp_path):
    path, page = canary_list(tmp_path / "a.csv"), tmp_path / "a.html"
    shell("audit", path, "--html", page, "--show-handles")
    shown = set(found(page.read_text(encoding="utf-8")))
    assert {"kenari_rahasia", "Kenari Rahasia"} <= shown
    assert not shown & {"855-0100", "kenari@contoh", "3273999999990001", "Jalan Kenari", "kenari-rahasia"}


@pytest.mark.parametrize(
    "odd",
    [
        {"account_id": CANARIES["account_id"] + ".5"},
        {"account_id": "Nama Kenari Rahasia"},
        {"handle": "kenari_rahasia" * 30},
        {"followers_count": "kenari@contoh"},
        {"created_at": "Jalan Kenari"},
        {"has_avatar": "kenari-rahasia"},
        {"platform": "kenari_rahasia"},
        {"bio": "7340051928374651\0"},
        {"bio": '"never Nama Kenari Rahasia closed'},
        {"location": "a;kenari_rahasia;b"},
    ],
    ids=lambda odd: next(iter(odd)),
)
def test_faults_are_reported_without_the_text_that_caused_them(shell, tmp_path, odd):
    path = canary_list(tmp_path / "a.csv", **odd)
    for options in ((), ("--debug",), ("--json",), ("--strict",), ("--platform", "twitter")):
        outcome = shell("audit", path, *options)
        assert outcome.code in (0, 2, 3)
        assert not found(outcome.out, outcome.err)


def test_a_bug_shows_no_cell_even_under_debug(shell, tmp_path, monkeypatch):
    def fail(self, accounts):
        text = accounts.table["bio"][0].as_py()
        raise KeyError(len(text))

    monkeypatch.setattr("botscan.scoring.scorer.Scorer.score", fail)
    outcome = shell("audit", canary_list(tmp_path / "a.csv"), "--debug")
    assert outcome.code == 1
    assert "Traceback" in outcome.err
    assert not found(outcome.out, outcome.err)


def test_errors_of_the_library_and_what_values_show_of_themselves_hold_no_text(tmp_path):
    accounts = bs.read_accounts(canary_list(tmp_path / "a.csv"))
    scores = bs.score_accounts(accounts)
    shown = [repr(one) for one in (accounts, scores, bs.make_label_sheet(accounts, scores, n=5), bs.audit(accounts))]
    labels = [{"account_id": "Nama Kenari Rahasia", "rater_1": "kenari@contoh"}]
    for attempt in (
        lambda: bs.read_labels(labels),
        lambda: bs.estimate_organic_share(scores, labels=labels),
        lambda: bs.read_accounts(
            [{"account_id": {"kenari_rahasia": 1}}], platform="twitter", observed_at="Jalan Kenari"
        ),
        lambda: bs.explain_account(accounts, "Jalan Kenari"),
    ):
        with pytest.raises(bs.BotscanError) as error:
            attempt()
        shown += [str(error.value), repr(error.value)]
    assert not found(*shown)


def test_no_file_is_left_anywhere_but_the_output(shell, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    path = canary_list(tmp_path / "a.csv")
    with path.open() as file:
        monkeypatch.setattr("sys.stdin", file)
        shell("audit", "-", "--json")
    shell("audit", path, "--html", tmp_path / "a.html")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "a.html", "scratch"]
    assert not list(Path(scratch).rglob("*"))
