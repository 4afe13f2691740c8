"""botscan compare-audits."""

import io
import json

import pytest

import botscan as bs


@pytest.fixture(scope="module")
def audits(tmp_path_factory):
    """Two audits as files, a month apart; the later list holds fewer organic accounts."""
    folder = tmp_path_factory.mktemp("audits")
    paths = []
    for name, share, observed_at in (("before", 0.9, "2026-05-01"), ("after", 0.4, "2026-06-01")):
        audience = bs.make_audience(n=300, organic_share=share, random_state=1)
        frame = audience.accounts.to_frame().assign(observed_at=observed_at)
        labels = [
            {"account_id": one, "is_suspicious": bool(bad)}
            for one, bad in zip(frame["account_id"][:120], audience.is_suspicious[:120], strict=True)
        ]
        paths.append(folder / f"{name}.json")
        paths[-1].write_text(bs.audit(frame, labels, frame="full").to_json())
    return paths


def test_two_files_give_one_sentence_and_what_it_rests_on(shell, audits):
    outcome = shell("compare-audits", *audits)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("The organic share fell from ")
    assert "Difference in organic followers" in outcome.out
    indonesian = shell("compare-audits", *audits, "--language", "id")
    assert indonesian.out.startswith("Porsi organik turun dari ")


def test_json_is_that_of_the_function(shell, audits):
    outcome = shell("compare-audits", *audits, "--json", "--quiet")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.json == bs.compare_audits(*audits).to_dict()
    said = shell("compare-audits", *audits, "--json", "--language", "id").json
    assert said == bs.compare_audits(*audits).to_dict("id")


def test_what_botscan_audit_prints_is_taken(shell, tmp_path, audits):
    printed = shell("audit", shell.file("account_id,followers_count\n1,5\n2,7\n"), "--platform", "twitter", "--json")
    path = tmp_path / "printed.json"
    path.write_text(printed.out)
    outcome = shell("compare-audits", path, path, "--json")
    assert outcome.code == 0
    assert [reason["code"] for reason in outcome.json["reasons"]] == ["compare_share_missing_both"]


def test_the_wrong_order_is_refused(shell, audits):
    outcome = shell("compare-audits", *reversed(audits))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"botscan: {audits[1]} and {audits[0]}: The audits stand in the wrong order")
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("content", ["", "account_id\n1\n", "{}", json.dumps({"schema_version": 9})])
def test_a_file_that_is_no_audit_is_refused(shell, audits, content):
    path = shell.file(content)
    outcome = shell("compare-audits", audits[0], path)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"botscan: {path}")
    assert shell("compare-audits", audits[0], path.with_name("none.json")).code == 2


@pytest.mark.parametrize("at", [0, 1])
def test_one_of_the_two_may_be_standard_input(shell, audits, monkeypatch, at):
    given = list(audits)
    given[at] = "-"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(audits[at].read_bytes())))
    outcome = shell("compare-audits", *given, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.json == bs.compare_audits(*audits).to_dict()


def test_both_from_standard_input_are_refused(shell):
    outcome = shell("compare-audits", "-", "-")
    assert (outcome.code, outcome.out) == (2, "")
    assert "standard input" in outcome.err


def test_an_instant_outside_of_the_calendar_is_refused(shell, audits):
    wrong = json.loads(audits[0].read_text()) | {"observed_at": "0001-01-01T00:00:00+14:00"}
    outcome = shell("compare-audits", shell.file(json.dumps(wrong)), audits[1])
    assert (outcome.code, outcome.out) == (2, "")
    assert "At observed_at: wanted an instant" in outcome.err


def test_two_files_are_wanted(shell, audits):
    assert shell("compare-audits", audits[0]).code == 2
    assert shell("compare-audits", *audits, audits[0]).code == 2
