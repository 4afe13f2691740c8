"""Handles are shown as given and compared in lower case."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.handles import handle_key, handle_keys, parse_handles, read_handle

SHOWN = {
    "Budi_17": "Budi_17", "@Budi_17": "Budi_17", " @Budi_17 ": "Budi_17", "@ Budi": "Budi", "null": "null", "NA": "NA",
    "NaN": "NaN", "None": "None", "007": "007", "true": "true", "1e5": "1e5", "-": "-", "n/a.b": None, "@@x": "@x",
    "ana@mas.to": "ana@mas.to", "@ana@mas.to": "ana@mas.to", "\ufeffAna\u200b": "Ana", "a b": "a b", "Ümit": "Ümit",
    "Bud\ufffd": "Bud\ufffd", "https://x.com/Budi_17": "Budi_17", "http://www.twitter.com/Budi_17/?s=20": "Budi_17",
    "https://instagram.com/_u/budi.17": "budi.17", "instagram.com/budi.17#x": "budi.17", "https://tiktok.com/@budi": "budi",
    "https://www.youtube.com/@budi": "budi", "https://t.me/budi": "budi", "https://mas.to/@ana": "ana@mas.to",
    "https://bsky.app/profile/ana.bsky.social": "ana.bsky.social", "HTTPS://X.COM/Budi": "Budi",
}  # fmt: skip
REFUSED = [
    "@", "https://x.com/Budi/status/1", "https://instagram.com/p/abc", "https://x.com/", "https://x.com/i", "a/b", "/",
    "https://youtube.com/channel/UCx", "https://tiktok.com/budi", "https://x.com/intent/user?user_id=5", "https://mas.to/ana",
    "https://facebook.com/profile.php?id=5", "javascript:alert(1)//", "@/",
]  # fmt: skip
MISSING = ["", " ", "\\N", "\u200b"]


@pytest.mark.parametrize(("text", "shown"), SHOWN.items())
def test_shown_as_given(text, shown):
    assert read_handle(text).value == shown


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "bad_handle") for text in REFUSED),
        *((text, None) for text in MISSING),
        ("x" * 257, "key_too_long"),
        ("x" * 100_000, "key_too_long"),
    ],
)
def test_no_handles(text, code):
    assert (read_handle(text).value, read_handle(text).code) == (None, code)


def test_longest_handle_and_nul():
    assert read_handle("@" + "x" * 256).value == "x" * 256
    assert (read_handle("A\x00na").value, read_handle("A\x00na").code) == ("Ana", "nul_removed")


@pytest.mark.parametrize(
    ("handle", "key"),
    [
        ("Budi", "budi"),
        ("ÜMIT", "ümit"),
        ("Bud\ufffd", None),
        ("a\x07b", None),
        ("a\u0085b", None),
        (None, None),
        ("ᴀɴᴀ", "ᴀɴᴀ"),
    ],
)
def test_keys(handle, key):
    assert handle_key(handle) == key
    assert handle_keys(pa.array([handle, "Z"], pa.large_string())).to_pylist() == [key, "z"]


def test_look_alikes_stay_apart():
    assert handle_key("ana") != handle_key("аnа")  # Cyrillic a
    assert handle_key("ana") != handle_key("ａｎａ")


ALL_TEXTS = [*SHOWN, *REFUSED, *MISSING, "x" * 257, "@" + "y" * 256, "y" * 256, "A\x00na"]


def check_like_slow(texts):
    parsed = parse_handles(pa.array(texts, pa.string()))
    cells = [read_handle(text or "") for text in texts]
    assert parsed.values.to_pylist() == [cell.value for cell in cells]
    for code in {cell.code for cell in cells} - {None}:
        assert parsed.faults[code].tolist() == [cell.code == code for cell in cells]
    assert handle_keys(parsed.values).to_pylist() == [handle_key(cell.value) for cell in cells]


def test_columns_are_read_like_single_cells():
    check_like_slow([*ALL_TEXTS, None, *reversed(ALL_TEXTS)])


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.text("aB@./_- \x00", max_size=8)), max_size=12))
def test_any_text(texts):
    check_like_slow(texts)


def test_numbers_become_their_digits():
    assert parse_handles(pa.array([123, None])).values.to_pylist() == ["123", None]
    parsed = parse_handles(pa.array([123.0, None, 1.5, 1.2e18]))
    assert parsed.values.to_pylist() == ["123", None, None, None]
    assert parsed.faults["bad_handle"].tolist() == [False, False, True, True]
    assert parse_handles(pa.array([True])).faults["wrong_type"].tolist() == [True]


@settings(deadline=None, max_examples=50)
@given(
    st.from_regex(r"[A-Za-z0-9_.]{1,30}", fullmatch=True),
    st.sampled_from(["", "@", " @", "@ ", "\u200b"]),
    st.booleans(),
)
def test_noise_around_a_handle_does_not_change_its_key(handle, before, is_upper):
    noisy = before + (handle.upper() if is_upper else handle) + " "
    assert handle_key(read_handle(noisy).value) == handle.lower()


@pytest.mark.parametrize("host", ["web.facebook.com", "mobile.facebook.com", "mobile.x.com", "m.tiktok.com"])
def test_links_of_every_host_that_names_a_platform_give_their_handle(host):
    sign = "@" if "tiktok" in host else ""
    assert read_handle(f"https://{host}/{sign}budi_17").value == "budi_17"
