import json

import pytest

from botscan.readers.containers.encodings import TextBlock
from botscan.readers.formats import FORMAT, GENERIC
from botscan.readers.objects import json_frames
from botscan.readers.objects.json_frames import find_framing
from botscan.readers.objects.json_records import JsonReader
from botscan.readers.objects.json_scan import scan_brackets
from botscan.readers.objects.record_taker import RecordTaker
from botscan.readers.words.headers import make_vocabulary

V1 = FORMAT["twitter_v1"]


def read(data, chosen=GENERIC, *, batch_rows=100, size=None, **asked):
    taker = RecordTaker(chosen.accounts, make_vocabulary("accounts", chosen.accounts), asked)
    reader = JsonReader(find_framing(data), list_keys=chosen.accounts.list_keys)
    size = size or max(len(data), 1)
    blocks = [TextBlock(data[at : at + size]) for at in range(0, len(data), size)]
    batches = list(reader.batches(blocks, taker, batch_rows))
    return reader, taker, batches


def rows_of(data, chosen=GENERIC, **options):
    """Cells and reject reason of every record."""
    rows = []
    for batch in read(data, chosen, **options)[2]:
        reasons = [None] * len(batch) if batch.reasons is None else batch.reasons.to_pylist()
        rows += zip(batch.table.to_pylist() or [{}] * len(batch), reasons, strict=True)
    return rows


def user(number, **fields):
    return {"id_str": str(number), "screen_name": f"made_{number}", "friends_count": number, "bio": "[{", **fields}


@pytest.mark.parametrize("wrong", ["[]", "7", '"text"', "null", "true", "[[1]]"])
def test_what_is_no_object_is_rejected_alone(wrong):
    data = f'{{"id": 1}}\n{wrong}\n{{"id": 2}}\n'.encode()
    assert [reason for _, reason in rows_of(data)] == [None, "not_an_object", None]
    array = f'[{{"id": 1}}, {wrong}, {{"id": 2}}]'.encode()
    assert [reason for _, reason in rows_of(array)] == [None, "not_an_object", None]


def test_a_broken_line_is_rejected_with_its_line():
    data = b'{"id": 1}\n\n{"id": 2, \n{"id": 3}\n{"id": 4}{"id": 5}\n'
    _, _, (batch,) = read(data)
    assert batch.reasons.to_pylist() == [None, "bad_json", None, None, None]
    assert batch.lines.tolist() == [1, 3, 4, 5, 5]


def test_an_end_inside_a_record_is_truncated_and_told():
    reader, _, (batch,) = read(b'{"id": 1}\n{"id": 2, "bio": "x')
    assert batch.reasons.to_pylist() == [None, "truncated"]
    assert reader.cut_line == 2
    reader, _, (batch,) = read(b'{"id": 1}\nnonsense')
    assert batch.reasons.to_pylist() == [None, "bad_json"]
    assert reader.cut_line == 0


def test_too_deep_records_are_rejected_alone():
    deep = b'{"id": 2, "x": ' + b"[" * 64 + b"]" * 64 + b"}"
    assert [reason for _, reason in rows_of(b'{"id": 1}\n' + deep + b"\n")] == [None, "too_deep"]
    page = b'{"users": [{"id_str": "1", "screen_name": "a"}, ' + deep + b"]}"
    assert [reason for _, reason in rows_of(page, V1)] == [None, "too_deep"]


def test_fields_of_a_wrong_type_are_blanked_and_counted():
    values = [1, 4.567, "4.567", True, [1], {"a": 1}, None, 10**30, 12.0]
    data = "".join(json.dumps({"id": at, "followers_count": value}) + "\n" for at, value in enumerate(values)).encode()
    _, _, (batch,) = read(data)
    cells = batch.table["followers_count"].to_pylist()
    assert cells[0] == "1"
    assert cells[2] == "4.567"
    assert cells[1] != "4.567"  # as a number it is no four thousand
    assert cells[4] is cells[5] is cells[6] is None
    assert batch.faults["followers_count", "wrong_type"] == 2
    assert read(b'{"id": 1, "followers_count": 5}')[2][0].table["followers_count"].to_pylist() == [5]


def test_ids_stay_exact_around_every_power():
    numbers = [2**53, 2**53 + 1, 2**63, 2**64 - 1, 2**64, 2**64 + 1]
    lines = "".join(f'{{"id": {number}}}\n' for number in numbers).encode()
    assert [row["id"] for row, _ in rows_of(lines)] == [str(number) for number in numbers]
    for size in (1, 7, 20):
        assert [row["id"] for row, _ in rows_of(lines, size=size)] == [str(number) for number in numbers]


def test_pages_give_their_users_and_say_whether_they_are_the_last():
    page = {"users": [user(1), user(2), 7], "next_cursor": 5}
    last = {"users": [user(3)], "next_cursor": 0}
    data = (json.dumps(page) + "\n" + json.dumps(last)).encode()
    _, taker, (batch,) = read(data, V1)
    assert batch.table["account_id"].to_pylist() == ["1", "2", None, "3"]
    assert batch.reasons.to_pylist() == [None, None, "not_an_object", None]
    assert batch.newest_first
    assert taker.complete is True


@pytest.mark.parametrize("indent", [None, 1])
def test_a_page_cut_at_every_byte_keeps_its_whole_users(indent):
    page = {"users": [user(1), user(2), user(3)], "next_cursor": 0}
    text = json.dumps(page, indent=indent)
    ends = [text.index("}", text.index(f'"made_{number}"')) + 1 for number in (1, 2, 3)]
    for length in range(text.index("[") + 1, len(text)):
        rows = rows_of(text[:length].encode(), V1)
        living = [row["account_id"] for row, reason in rows if reason is None]
        assert living == [str(at + 1) for at, end in enumerate(ends) if end <= length]
        assert {reason for _, reason in rows} <= {None, "truncated"}


def test_a_broken_user_in_a_page_is_rejected_alone():
    text = json.dumps({"users": [user(1), user(2), user(3)], "next_cursor": 0})
    broken = text.replace('"screen_name": "made_2"', '"screen_name" "made_2"').encode()
    _, _, (batch,) = read(broken, V1)
    assert batch.reasons.to_pylist() == [None, "bad_json", None]
    assert batch.counts == {"page_damaged": 1}
    assert not batch.newest_first


def test_a_cut_page_of_ids_does_not_keep_half_a_number():
    reader, _, (batch,) = read(b'{"ids": [158, 1455', V1)
    assert batch.table["account_id"].to_pylist() == ["158", None]
    assert batch.reasons.to_pylist() == [None, "truncated"]
    assert reader.cut_line == 1


def test_keys_that_differ_between_records():
    rows = rows_of(b'{"id": 1, "bio": "a"}\n{"username": "x", "id": 2}\n{"bio": null, "strange": 1}\n', batch_rows=2)
    assert [row for row, _ in rows] == [
        {"id": "1", "bio": "a", "username": None},
        {"id": "2", "bio": None, "username": "x"},
        {},
    ]


def test_paths_that_the_caller_named():
    data = b'{"id": 1, "metrics": {"fans": 5}}\n{"id": 2, "metrics.fans": 6, "metrics": 3}\n'
    rows = rows_of(data, followers_count="metrics.fans")
    assert [row["metrics.fans"] for row, _ in rows] == [5, 6]


@pytest.mark.parametrize("key", ["__class__", "__proto__", "constructor", "__init__", "{0.__class__}", ""])
def test_strange_keys_are_only_unknown(key):
    assert rows_of(json.dumps({"id": 1, key: {"a": 1}}).encode()) == [({"id": "1"}, None)]


def test_records_that_needed_mending_are_counted():
    data = b'{"id": 1, "x": NaN}\n{"id": 2, "id": 3, "y": Infinity}\n{"id": 4, "bio": "\\ud800"}\n'
    _, _, (batch,) = read(data)
    assert batch.counts == {"not_a_number": 2, "duplicate_keys": 1, "text_repaired": 1}
    assert batch.table["bio"].to_pylist() == [None, None, "\ufffd"]


@pytest.mark.parametrize("batch_rows", [1, 3, 7, 1000])
def test_batches_have_the_size_asked_for(batch_rows):
    data = "".join(json.dumps({"id": at}) + "\n" for at in range(700)).encode()
    _, _, batches = read(data, batch_rows=batch_rows)
    assert {len(batch) for batch in batches[:-1]} <= {batch_rows}
    assert [cell for batch in batches for cell in batch.table["id"].to_pylist()] == [str(at) for at in range(700)]
    assert [row for batch in batches for row in batch.row_numbers] == list(range(1, 701))


def test_values_printed_over_several_lines_among_lines_are_records():
    printed = json.dumps([{"id": 2, "bio": "a, {"}, {"id": 3}], indent=1)[2:-2].replace("},\n", "}\n")
    data = (
        f'{{"id": 1}}\n{printed}\n{{"id": 4}}\n[{{"id": 5}}, {{"id": 6}}]\n[\n {{"id": 7}},\n {{"id": 8}}\n]\n'.encode()
    )
    for size in (None, 1, 7):
        rows = rows_of(data, size=size)
        assert [(cells["id"], reason) for cells, reason in rows] == [(str(n), None) for n in range(1, 9)]


def test_a_printed_value_that_never_ends_costs_no_line_behind_it():
    rows = rows_of(b'{"id": 1}\n{\n "id": 2,\n{"id": 3}\n{"id": 4}\n')
    assert [reason for _, reason in rows] == [None, "bad_json", "bad_json", None, None]
    reader, _, (batch,) = read(b'{"id": 1}\n{\n "id": 2,\n "n": [\n')
    assert batch.reasons.to_pylist() == [None, "truncated"]
    assert reader.cut_line > 1


def test_many_broken_lines_are_rejected_without_a_scan_of_each(monkeypatch):
    scans = []
    monkeypatch.setattr(json_frames, "scan_brackets", lambda *a, **k: scans.append(1) or scan_brackets(*a, **k))
    rows = rows_of(b'{"id": 1}\n' + b"{\n" * 500 + b"{x}\n" * 500 + b"x\n" * 500)
    assert [reason for _, reason in rows] == [None, *["bad_json"] * 1500]
    assert len(scans) < 10
