"""An audit from memory, plain data or a file; what is no audit is refused with what to do."""

import io
import json
import sys

import pytest

import botscan as bs
from botscan.audit_comparison import compare_audits
from botscan.errors import BotscanError, FormatError, SchemaError


@pytest.fixture(scope="module")
def pair():
    """Two audits in memory, a month apart, with labels of 60 and 80 accounts."""
    audits = []
    for seed, n_labels, observed_at in ((1, 60, "2026-05-01"), (2, 80, "2026-06-01")):
        audience = bs.make_audience(n=200, random_state=seed)
        frame = audience.accounts.to_frame().assign(observed_at=observed_at)
        labels = [
            {"account_id": one, "is_suspicious": bool(bad)}
            for one, bad in zip(frame["account_id"], audience.is_suspicious, strict=True)
        ]
        audits.append(bs.audit(frame, labels[:n_labels], frame="full"))
    return audits


def test_memory_plain_data_and_file_give_the_same(pair, tmp_path):
    before, after = pair
    expected = compare_audits(before, after)
    assert expected.difference is not None
    paths = [tmp_path / f"{name}.json" for name in ("before", "after")]
    for path, audit in zip(paths, pair, strict=True):
        path.write_text(audit.to_json())
    for first, second in (
        (before.to_dict(), after.to_dict()),
        (json.loads(before.to_json(indent=None)), after),
        tuple(paths),
        tuple(map(str, paths)),
    ):
        found = compare_audits(first, second)
        assert found == expected
        assert found.to_json() == expected.to_json()


def test_an_audit_written_in_indonesian_gives_the_same_figures(pair):
    found, expected = compare_audits(pair[0].to_dict("id"), pair[1]).to_dict(), compare_audits(*pair).to_dict()
    for one in (found, expected):
        del one["gone_warnings"], one["new_warnings"]
    assert found == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_in_whatever_encoding_a_shell_gave_it(audit_of, tmp_path, encoding):
    path = tmp_path / "audit.json"
    path.write_bytes(json.dumps(audit_of(source="m\u00e9i.csv"), ensure_ascii=False).encode(encoding))
    assert compare_audits(path, path).before.source == "m\u00e9i.csv"


def test_more_keys_than_needed_are_passed_over(audit_of):
    audit = audit_of(share={"later": 1}, more={"x": []})
    audit["segments"]["later"] = "x"
    audit["model"]["later"] = None
    assert compare_audits(audit, audit).difference == 0.0


NOT_AUDITS = {
    "nothing": (b"", "The file is empty"),
    "blanks": (b" \n", "The file is empty"),
    "a table": (b"account_id,handle\n1,a\n", "is not JSON"),
    "half of it": (b'{"schema_version": 1,', "is not JSON"),
    "bytes": (b"\xff\xfe\x00\xd8\x00\xd8", "is not JSON"),
    "too deep": (b"[" * 100_000, "is not JSON"),
    "a number of endless digits": (b"1" * 5000, "is not JSON"),
}


@pytest.mark.parametrize("name", NOT_AUDITS)
def test_what_is_not_json_is_told_and_the_command_is_named(audit_of, tmp_path, name):
    content, problem = NOT_AUDITS[name]
    path = tmp_path / "audit.json"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=problem) as caught:
        compare_audits(audit_of(), path)
    assert caught.value.source == str(path)
    assert "botscan audit FILE --json" in caught.value.remedy


@pytest.mark.parametrize("content", ["[]", "3", "null", '"audit"'])
def test_other_json_is_no_audit(audit_of, tmp_path, content):
    (tmp_path / "audit.json").write_text(content)
    with pytest.raises(SchemaError, match="JSON object of an audit"):
        compare_audits(tmp_path / "audit.json", audit_of())


def test_files_that_cannot_be_opened(audit_of, tmp_path, monkeypatch):
    for path in (tmp_path / "none.json", tmp_path, "a\0b"):
        with pytest.raises(FormatError, match="Cannot be read"):
            compare_audits(path, audit_of())
    (tmp_path / "long.json").write_text("[]")
    monkeypatch.setattr("botscan.audit_comparison.reading.MAX_BYTES", 1)
    with pytest.raises(FormatError, match="Found more than 1 bytes"):
        compare_audits(tmp_path / "long.json", audit_of())


@pytest.mark.parametrize("wrong", [None, 3, b"{}", [1], True])
def test_other_types_are_named(audit_of, wrong):
    with pytest.raises(SchemaError, match=f"after is of type {type(wrong).__name__}"):
        compare_audits(audit_of(), wrong)


@pytest.mark.parametrize(("version", "remedy"), [(2, "Update botscan"), (0, "Run the audit again")])
def test_another_version_says_which_side_is_behind(audit_of, version, remedy):
    with pytest.raises(SchemaError) as caught:
        compare_audits(audit_of(schema_version=version), audit_of())
    assert str(caught.value).startswith(f"before: The audit is written in version {version} of the audit object")
    assert remedy in str(caught.value)


def every_key(value, path=()):
    for key, item in value.items():
        yield (*path, key)
        if isinstance(item, dict):
            yield from every_key(item, (*path, key))


NOT_NEEDED = {("follow_blocks",), ("organic_share", "notes")}


def test_every_key_is_missed_by_name_or_not_needed(audit_of):
    plain = audit_of()
    for path in every_key(plain):
        audit = audit_of()
        inside = audit
        for key in path[:-1]:
            inside = inside[key]
        del inside[path[-1]]
        if path in NOT_NEEDED:
            assert compare_audits(audit, plain).difference == 0.0
            continue
        with pytest.raises(SchemaError, match=rf"The key {'.'.join(path)} is missing"):
            compare_audits(audit, plain)


WRONG = [
    ("schema_version", True), ("schema_version", "1"), ("botscan_version", 1), ("model", []), ("model.sha256", None),
    ("source", None), ("platform", 1), ("observed_at", "yesterday"), ("observed_at", 0),
    ("observed_at", "0001-01-01T00:00:00+14:00"), ("observed_at", "9999-12-31T23:00:00-05:00"), ("reading.accounts", -1),
    ("reading.rows_in", 1.0), ("segments.active", None), ("segments", 0), ("warnings", {}), ("warnings", [1]),
    ("organic_share.n_scored", "10"), ("organic_share.validated", 1), ("organic_share.organic_share", 1.2),
    ("organic_share.organic_share", float("nan")), ("organic_share.confidence_level", True),
    ("organic_share.suspicious_share_lower_bound", -0.1), ("organic_share.n_labeled", 10**400),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_a_wrong_value_is_told_with_its_place(audit_of, path, value):
    audit = audit_of()
    *outer, last = path.split(".")
    inside = audit
    for key in outer:
        inside = inside[key]
    inside[last] = value
    with pytest.raises(SchemaError, match=f"At {path}"):
        compare_audits(audit, audit_of())


@pytest.mark.parametrize(
    "share",
    [
        {"organic_share_ci_lower": 0.72},
        {"organic_share_ci_upper": 0.7},
        {"organic_share_ci_lower": 0.8, "organic_share_ci_upper": 0.6},
        {"organic_share": None},
        {"organic_share_ci_lower": None},
        {"method": "none"},
        {"method": "guess"},
        {"estimand": "truth"},
        {"frame": "half"},
        {"share_of": "x"},
        {"n_scored": 1001},
        {"confidence_level": 1.0},
    ],
)
def test_a_share_that_contradicts_itself_is_refused(audit_of, share):
    with pytest.raises(SchemaError, match="does not fit together") as caught:
        compare_audits(audit_of(), audit_of(share=share))
    assert caught.value.source == "after"


def test_a_share_of_another_list_is_refused(audit_of):
    with pytest.raises(SchemaError, match="1000 accounts, but the organic share is of 900"):
        compare_audits(audit_of(share={"n_accounts": 900, "n_scored": 900}), audit_of())


@pytest.mark.parametrize(
    ("key", "told"), [("rows_in", "1011 rows"), ("duplicates_merged", "make 1011"), ("rows_rejected", "make 1011")]
)
def test_rows_that_do_not_add_up_are_refused(audit_of, key, told):
    audit = audit_of()
    audit["reading"][key] += 1
    with pytest.raises(SchemaError, match=told) as caught:
        compare_audits(audit_of(), audit)
    assert caught.value.source == "after"
    assert "1010" in str(caught.value)


@pytest.mark.parametrize("warnings", [[], [{"code": "segments_not_judged", "column": None, "count": 1, "text": "-"}]])
def test_segments_that_do_not_add_up_are_refused(audit_of, warnings):
    segments = audit_of()["segments"]
    with pytest.raises(SchemaError, match="1000 accounts, but the segments hold 1001"):
        compare_audits(audit_of(segments=segments | {"active": segments["active"] + 1}, warnings=warnings), audit_of())


@pytest.fixture
def give_stdin(monkeypatch):
    """Put bytes on standard input; None takes it away."""

    def give(content):
        stream = None if content is None else io.TextIOWrapper(io.BytesIO(content))
        monkeypatch.setattr(sys, "stdin", stream)

    return give


def test_one_of_two_comes_from_standard_input(audit_of, give_stdin):
    audits = audit_of(), audit_of(observed_at="2026-06-01")
    for at in (0, 1):
        given = list(audits)
        given[at] = "-"
        give_stdin(json.dumps(audits[at]).encode())
        assert compare_audits(*given) == compare_audits(*audits)


def test_both_from_standard_input_are_refused_before_it_is_read(audit_of, give_stdin):
    give_stdin(json.dumps(audit_of()).encode())
    with pytest.raises(FormatError, match="standard input: Two audits cannot both be read from it"):
        compare_audits("-", "-")
    assert sys.stdin.buffer.tell() == 0


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "There is none to read"), (b"", "The file is empty"), (b"x", "is not JSON")]
)
def test_standard_input_that_holds_no_audit(audit_of, give_stdin, content, problem):
    give_stdin(content)
    with pytest.raises(FormatError, match=f"standard input: .*{problem}"):
        compare_audits("-", audit_of())


@pytest.mark.parametrize("before", ["", "\n", "\ufeff"])
def test_json_text_in_place_of_a_path_is_named_and_not_shown(audit_of, before):
    with pytest.raises(FormatError) as caught:
        compare_audits(audit_of(), before + json.dumps(audit_of(source="secret.csv"), indent=2))
    assert str(caught.value) == (
        "after: Found JSON text where a path is wanted. Give a dict (json.loads), or a path."
    )  # fmt: skip


def test_a_file_may_begin_its_name_with_a_brace(audit_of, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "{a}.json").write_text(json.dumps(audit_of()))
    assert compare_audits("{a}.json", audit_of()).difference == 0.0


def test_an_empty_path_is_told(audit_of):
    with pytest.raises(FormatError, match="after: The path is empty"):
        compare_audits(audit_of(), "")


def test_a_path_is_shown_on_one_line(audit_of, tmp_path):
    with pytest.raises(FormatError) as caught:
        compare_audits(tmp_path / "a\nb\x1b.json", audit_of())
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("given", ["2026-05-01", "2026-05-01T02:00:00+02:00", "2026-05-01T00:00:00"])
def test_instants_are_taken_as_utc(audit_of, given):
    assert compare_audits(audit_of(observed_at=given), audit_of()).is_same_list


def test_every_refusal_is_an_error_of_botscan():
    assert issubclass(FormatError, BotscanError)
    assert issubclass(SchemaError, BotscanError)
