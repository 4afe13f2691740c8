import os
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.cells.handles import parse_handles
from botscan.cells.ids import parse_ids
from botscan.errors import FormatError
from botscan.readers import read_accounts
from botscan.readers.containers.encodings import Encoding, TextBlock, text_blocks
from botscan.readers.containers.files import Limits
from botscan.readers.tables.line_list import LineList, looks_like_lines, read_lines
from botscan.readers.tables.profile_links import platform_votes

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
HANDLES = LineList("handle")
IDS = LineList("account_id")


def records(data, layout=HANDLES, *, size=1 << 20, cut=False, **limits):
    """(line, handle, id, reason) of each record, and the records with repaired text."""
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    found, repaired = [], 0
    for piece in read_lines(
        text_blocks(chunks, Encoding("utf-8"), source="x"), layout, is_cut=lambda: cut, limits=Limits(**limits)
    ):
        names = piece.table["handle"].to_pylist() if "handle" in piece.table.column_names else [None] * len(piece.lines)
        ids = piece.table["account_id"].to_pylist()
        found += zip(piece.lines.tolist(), names, ids, piece.reasons.to_pylist(), strict=True)
        repaired += piece.counts.get("text_repaired", 0)
    return found, repaired


# --- recognition ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@ana", HANDLES),
        ("@ana\n@budi_17\n", HANDLES),
        ("ana\nbudi_17\ncitra", HANDLES),
        ("ana.k\r\nbudi\r\n", HANDLES),
        ("@ana\n007\n12345678\n", HANDLES),
        ("@ana@ruang.example", HANDLES),
        ("ana@ruang.example\nbudi@ruang.example\n", HANDLES),
        ("@ayu@հաց.example\n", HANDLES),
        ("https://x.com/ana?s=20\nhttps://www.instagram.com/_u/budi?hl=id\n", HANDLES),
        ("ruang.example/@ana", HANDLES),
        ("https://www.facebook.com/profile.php?id=1000044\n", HANDLES),
        ("# list\n\n  # more\n\n@ana\n", HANDLES),
        ("12345678\n87654321\n", IDS),
        ("12\n123456\n1234567\n", IDS),
        ("did:plc:abcdefghijklmnopqrstuvwx", IDS),
        ("UCabcdefghijklmnopqrstuv\nUC0bcdefghijklmnopqrst_-\n", IDS),
        ("UCabcdefghijklmnopqrstuv\n@ana\n", HANDLES),
        ("accounts\n@ana\n@budi\n", LineList("handle", has_header=True)),
        ("Profile links\nhttps://x.com/ana\n", LineList("handle", has_header=True)),
        ("followers\n@ana\n", LineList("handle", has_header=True)),
        ("Pengikut\nhttps://x.com/ana\n@budi", LineList("handle", has_header=True)),
        ("mylist\n@ana\n@budi\n", LineList("handle", has_header=True)),
        ("mylist\n12345678\n87654321\n", LineList("account_id", has_header=True)),
        ("# export\nusername\nana\nbudi_17\n", LineList("handle", has_header=True)),
        ("# export\nid\n12345678\n87654321\n", LineList("account_id", has_header=True)),
    ],
)
def test_lists_of_lines(text, expected):
    assert looks_like_lines(text.encode()) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " \n\n", "# nothing but\n# comments\n", "hello", "hello\nworld\n", "ana17",
        "id,name\n1,Ana\n", "id;name\n1;Ana\n", "id\tname\n1\tAna\n", "id|name\n1|Ana\n", "@ana,@budi\n", "@ana\n@budi;@citra\n",
        "username\nana\nbudi_17\n", "ID\n12345678\n87654321\n", "followers\n12\n1234567\n", "Pengikut\n5\n7\n",
        "The news of May 2024\n@ana\n", "@ana is here\n", "@ana\nand some prose\n",
        '{"a": 1}', "[1, 2]", '"ana"\n"budi_1"\n', "null", "true", "<html>\n", "<a>@ana</a>", "---\n- @ana\n", "name: ana\n", "- @ana\n",
        "5\n7\n12\n", "12345678", "1.5\n2.5\n", "2024-05-01\n2024-05-02\n", "10.0.0.1\n10.0.0.2\n", "1/2/2024\n", "-5\n-123456\n",
        "ana@gmail.com\nbudi@yahoo.co.id\n", "@ana\nbudi@gmail.com\n", "https://x.com/ana/status/1\n", "https://shop.example/page\n",
        "https://x.com/ana,Ana\n", "https://x.com/ana?x=1,Ana\n", "https://x.com/ana Ana\n", "x" * 5_000, "@" + "x" * 5_000, "a/b", "@",
        "@@ana", "window.YTD.follower.part0 = [\n", "#!/bin/sh\nrm_-rf /\n", "\x00\x01\n@ana", "$ana\n", "@ana=1", "@ana\n\ufffd\ufffd\n",
    ],
)  # fmt: skip
def test_what_is_no_list_of_lines(text):
    assert looks_like_lines(text.encode()) is None


@pytest.mark.parametrize("word", ["Pengikut", "Followers"])
def test_names_below_the_word_followers(word):
    found = LineList("handle", has_header=True)
    assert looks_like_lines(f"{word}\nbudi.s\n".encode()) == found
    assert looks_like_lines(f"{word}\nbudi\nsari\n".encode()) == found
    names = "\n".join(f"nama_{i}" for i in range(40))
    assert looks_like_lines(f"{word}\n{names}\n12345\n".encode()) == found
    for counts in ("1.2k\n3.4k", "12rb\n5rb", "5\nnan", "private", "5\nbudi"):
        assert looks_like_lines(f"{word}\n{counts}\n".encode()) is None


@pytest.mark.parametrize("word", ["following", "Mengikuti", "Diikuti", "Akun yang diikuti"])
@pytest.mark.parametrize("names", ["budi.s\nsari_d", "budi\nsari", "@budi\n@sari"])
def test_names_below_the_word_following_are_refused(tmp_path, word, names):
    assert looks_like_lines(f"{word}\n{names}\n".encode()) == LineList("handle", has_header=True, is_following=True)
    path = tmp_path / "list.csv"
    path.write_text(f"{word}\n{names}\n")
    with pytest.raises(FormatError, match="somebody follows, not of followers"):
        read_accounts(path, platform="instagram")
    mapped = read_accounts(path, platform="instagram", column_map={"handle": word})
    assert mapped.to_frame()["handle"].tolist() == names.replace("@", "").splitlines()


def test_counts_below_the_word_following_are_counts():
    assert looks_like_lines(b"following\n12\n7\n") is None


def test_the_word_above_the_list_is_no_account_in_its_middle_either():
    data = b"# one\nusername\nana_1\nusername\nbudi_2\n"
    found, _ = records(data, LineList("handle", has_header=True))
    assert [(line, name, reason) for line, name, _, reason in found] == [
        (3, "ana_1", None), (4, None, "header_repeated"), (5, "budi_2", None),
    ]  # fmt: skip


@pytest.mark.parametrize("odd", ["Budi Santoso", "https://www.instagram.com/p/XYZ/", "@@budi", '"budi"', "budi🌸"])
def test_one_odd_line_of_a_thousand_is_rejected_by_its_number(odd):
    lines = [f"nama_{i}" for i in range(1_000)]
    data = "\n".join([*lines[:500], odd, *lines[500:]]).encode()
    layout = looks_like_lines(data)
    assert layout == HANDLES
    rejected = [(line, reason) for line, _, _, reason in records(data, layout)[0] if reason is not None]
    assert rejected == [(501, "no_identity")]


def test_a_cut_last_line_is_not_looked_at():
    text = b"https://x.com/ana\nhttps://x.c"
    assert looks_like_lines(text) is None
    assert looks_like_lines(text, is_all=False) == HANDLES
    long = b"https://x.com/ana?x=123\n" * 50_000
    assert looks_like_lines(long[:-9], is_all=True) == HANDLES


@given(st.binary(max_size=200) | st.text("@ab1._/:#\n\r ,?", max_size=100).map(str.encode))
def test_recognition_never_raises_and_never_takes_a_delimiter(data):
    found = looks_like_lines(data)
    if found is not None:
        lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
        assert not any(mark in line for line in lines if not line.startswith("#") for mark in ",;|\t")


def test_recognition_is_quick():
    for text in (b"a@" * 100_000, b"a." * 100_000, b"https://" + b"a." * 100_000, b"@a\n" * 100_000, b"\n" * 300_000):
        start = perf_counter()
        looks_like_lines(text)
        assert perf_counter() - start < 0.5


# --- reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1 << 20])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_records_are_lines_that_are_neither_blank_nor_comments(size, ending):
    lines = [
        b"\xef\xbb\xbf# mine".removeprefix(b"\xef\xbb\xbf"),
        b"@ana",
        b"",
        b" \t",
        b"  # more",
        "@ayu@հաց.example".encode(),
        b"x.com/budi ",
    ]
    expected = [
        (2, "@ana", None, None),
        (6, "@ayu@հաց.example", None, None),
        (7, "x.com/budi ", None, None),
    ]
    data = ending.join(lines)
    assert records(data, size=size) == (expected, 0)
    assert records(data + ending, size=size) == (expected, 0)


def test_links_that_hold_an_id_give_the_id():
    data = b"https://www.facebook.com/profile.php?id=1000044\n@ana\nyoutube.com/channel/UCabcdefghijklmnopqrstuv\n"
    assert records(data)[0] == [
        (1, None, "1000044", None),
        (2, "@ana", None, None),
        (3, None, "UCabcdefghijklmnopqrstuv", None),
    ]


def test_ids_are_text_to_the_last_digit():
    found, _ = records(b"00071\n12345678901234567890\n", IDS)
    assert [one[2] for one in found] == ["00071", "12345678901234567890"]
    [piece] = read_lines([TextBlock(b"1\n2\n")], IDS)
    assert piece.table.column_names == ["account_id"]


def test_the_header_is_no_record():
    layout = LineList("handle", has_header=True)
    for size in (1, 4, 100):
        found, _ = records(b"# x\n\naccounts\n@ana\n", layout, size=size)
        assert [one[:2] for one in found] == [(4, "@ana")]
    assert records(b"accounts", layout) == ([], 0)


def test_a_list_that_was_cut_short_ends_in_a_partial_record():
    assert records(b"@ana\n@bu", cut=True)[0] == [(1, "@ana", None, None), (2, None, None, "truncated")]
    assert records(b"@ana\n@budi\n", cut=True)[0] == [(1, "@ana", None, None), (2, "@budi", None, None)]
    assert records(b"@ana\n# so", cut=True)[0] == records(b"@ana\n  ", cut=True)[0] == [(1, "@ana", None, None)]
    assert records(b"@ana\n@bu")[0][1][1] == "@bu"


@pytest.mark.parametrize("size", [1, 5, 64, 1 << 20])
def test_a_line_that_is_too_long_is_one_rejected_record(size):
    data = b"@ana\n" + b"x" * 100 + b"\n@budi\n" + b"y" * 100
    found, _ = records(data, size=size, record_bytes=50)
    assert [(line, name, reason) for line, name, _, reason in found] == [
        (1, "@ana", None),
        (2, None, "too_long"),
        (3, "@budi", None),
        (4, None, "too_long"),
    ]


@pytest.mark.parametrize("size", [1, 4, 1 << 20])
def test_repaired_bytes_are_counted_by_record(size):
    data = b"# caf\xe9\n@an\xe9\xe9\n@budi\n@c\xe9\n"
    found, repaired = records(data, size=size)
    assert [one[1] for one in found] == ["@an\ufffd\ufffd", "@budi", "@c\ufffd"]
    assert repaired == 2


@given(
    st.lists(st.sampled_from([b"@a", b"#", b" ", b"\n", b"\r\n", b"\r", b"\xff", b"bb"]), max_size=40),
    st.integers(1, 6),
)
def test_blocks_of_any_size_give_the_same_records(parts, size):
    data = b"".join(parts)
    assert records(data, size=size, record_bytes=4) == records(data, record_bytes=4)


def test_reading_is_linear():
    def seconds(n):
        start = perf_counter()
        for data in (b"@ana\n" * n, b"x" * 5 * n, b"https://x.com/ana?s=20\n" * n):
            blocks = [TextBlock(data[at : at + 4096]) for at in range(0, len(data), 4096)]
            assert sum(len(piece.lines) for piece in read_lines(blocks, HANDLES)) in {n, 1}
        return perf_counter() - start

    assert min(seconds(80_000) for _ in range(2)) < 16 * min(seconds(20_000) for _ in range(3))


# --- samples -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "n_accounts", "votes"),
    [("handles.made.txt", 3, {"instagram": 1}), ("mastodon_utf8-followers.txt", 1, {"mastodon": 1})],
)
def test_the_samples_of_lines(name, n_accounts, votes):
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("needs the samples of formats beside the project")
    data = path.read_bytes()
    assert looks_like_lines(data) == HANDLES
    [piece] = read_lines([TextBlock(data)], HANDLES)
    assert piece.reasons.null_count == len(piece.reasons) == n_accounts
    parsed = parse_handles(piece.table["handle"])
    assert parsed.values.null_count == 0
    assert not parsed.faults
    assert parse_ids(piece.table["account_id"]).values.null_count == n_accounts
    assert platform_votes(piece.table["handle"]) == votes


def test_no_other_sample_is_a_list_of_lines():
    if not SAMPLES.exists():
        pytest.skip("needs the samples of formats beside the project")
    taken = {path.name for path in SAMPLES.iterdir() if path.is_file() and looks_like_lines(path.read_bytes())}
    assert taken == {"handles.made.txt", "mastodon_utf8-followers.txt"}
