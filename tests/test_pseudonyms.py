import base64
import hashlib
import hmac
import os
import stat

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError, FormatError, OutputError
from botscan.pseudonyms import (
    KEY_BYTES,
    PSEUDONYM_CHARACTERS,
    PseudonymKey,
    account_pseudonym,
    account_pseudonyms,
    handle_pseudonym,
    handle_pseudonyms,
    make_key,
    read_key,
    read_pseudonym,
)

KEY = PseudonymKey(bytes(range(32)))
OTHER = PseudonymKey(bytes(range(1, 33)))


def test_a_pseudonym_is_an_hmac_in_base32():
    message = b"botscan-1\0account\0twitter\x0012"
    digest = hmac.new(KEY.secret, message, hashlib.sha256).digest()[:16]
    expected = base64.b32encode(digest).decode().rstrip("=").lower()
    assert account_pseudonym(KEY, "twitter", "12") == expected
    assert len(expected) == PSEUDONYM_CHARACTERS


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=20))
def test_a_column_has_the_pseudonyms_of_its_cells(names):
    for column, one in ((account_pseudonyms, account_pseudonym), (handle_pseudonyms, handle_pseudonym)):
        array = pa.array(names, pa.large_string())
        expected = [None if name is None else one(KEY, "twitter", name) for name in names]
        assert column(KEY, "twitter", array).to_pylist() == expected
        chunked = pa.chunked_array([array.slice(0, 3), array.slice(3)], pa.large_string())
        assert column(KEY, "twitter", chunked).to_pylist() == expected


def test_another_key_platform_or_kind_gives_another_name():
    ids = pa.array([str(number) for number in range(500)], pa.large_string())
    named = [
        account_pseudonyms(KEY, "twitter", ids),
        account_pseudonyms(OTHER, "twitter", ids),
        account_pseudonyms(KEY, "instagram", ids),
        handle_pseudonyms(KEY, "twitter", ids),
    ]
    together = {name for names in named for name in names.to_pylist()}
    assert len(together) == 4 * 500
    assert account_pseudonyms(KEY, "twitter", ids).equals(named[0])


def test_platform_and_id_never_run_together():
    assert account_pseudonym(KEY, "x", "y1") != account_pseudonym(KEY, "xy", "1")


def test_handles_are_named_in_lower_case_and_ids_as_they_are():
    assert handle_pseudonym(KEY, "twitter", "@Budi_17") == handle_pseudonym(KEY, "twitter", "budi_17")
    assert account_pseudonym(KEY, "youtube", "UCab") != account_pseudonym(KEY, "youtube", "ucab")
    assert account_pseudonym(KEY, "twitter", "007") != account_pseudonym(KEY, "twitter", "7")


@pytest.mark.parametrize("platform", ["", "x\0y"])
def test_without_a_platform_there_is_no_pseudonym(platform):
    with pytest.raises(BotscanError, match="platform"):
        account_pseudonym(KEY, platform, "1")


def test_pseudonyms_are_read_in_any_case_and_in_hexadecimal_digits():
    name = account_pseudonym(KEY, "twitter", "12")
    digits = base64.b32decode(name.upper() + "======").hex()
    assert read_pseudonym(f" {name.upper()} ") == read_pseudonym(digits) == read_pseudonym(digits.upper()) == name


@pytest.mark.parametrize("text", ["", "12", "budi_17", "a" * 25, "a" * 27, "a" * 25 + "b", "a" * 25 + "1", "0" * 31])
def test_other_words_are_no_pseudonyms(text):
    assert read_pseudonym(text) is None


def test_a_key_is_made_once_and_read_back(tmp_path):
    path = tmp_path / "project.key"
    key = make_key(path)
    assert read_key(path) == key
    assert len(key.secret) == KEY_BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(OutputError, match="never written over"):
        make_key(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["project.key"]
    assert make_key(tmp_path / "other.key") != key


def test_a_key_is_never_written_through_a_link_that_leads_nowhere(tmp_path):
    link = tmp_path / "project.key"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="never written over"):
        make_key(link)
    assert not (tmp_path / "elsewhere").exists()


def test_a_key_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    with pytest.raises(OutputError, match="could not be written"):
        make_key(tmp_path / "missing" / "project.key")
    with pytest.raises(OutputError, match="empty"):
        make_key("")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="No space left"):
        make_key(tmp_path / "project.key")
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_never_shown():
    secret = KEY.secret.hex()
    for shown in (repr(KEY), str(KEY), f"{KEY}", repr([KEY])):
        assert secret not in shown
        assert repr(KEY.secret) not in shown


GOOD = bytes(range(32)).hex()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (GOOD[:62].encode(), "62 hexadecimal digits"),
        (GOOD.encode() + b"00", "66 hexadecimal digits"),
        (bytes(range(32)), "characters"),
        (b"password of the ministry", "24 characters"),
        (GOOD[:-1].encode() + b"g", "64 characters"),
        (b"ab" * 5000, "more than 1024 bytes"),
        (b"00" * 32, "not drawn at random"),
        (b"0123456789abcdef" * 4, "not drawn at random"),
    ],
)
def test_a_file_that_holds_no_key_is_refused_and_not_shown(tmp_path, content, message):
    path = tmp_path / "project.key"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=message) as caught:
        read_key(path)
    if len(content) > 20 and content[:2] != b"ab":
        assert content.decode("latin-1")[:16] not in str(caught.value)
    assert "project.key" in str(caught.value)


def test_a_key_with_windows_line_ends_or_capitals_is_the_same(tmp_path):
    path = tmp_path / "project.key"
    path.write_bytes(GOOD.upper().encode() + b"\r\n")
    assert read_key(path) == KEY


def test_a_missing_key_file_a_folder_and_a_pipe_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, message in (("none", "no such key file"), (".", "no regular file"), ("pipe", "no regular file")):
        with pytest.raises(FormatError, match=message):
            read_key(tmp_path / name)
    with pytest.raises(FormatError):
        read_key("bad\0name")


def test_a_key_of_another_length_cannot_be_made():
    with pytest.raises(ValueError, match="32 bytes"):
        PseudonymKey(b"short")
