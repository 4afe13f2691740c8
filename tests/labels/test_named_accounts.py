import pytest

from botscan.errors import BotscanError, SchemaError
from botscan.labels.named_accounts import make_pseudonyms
from botscan.pseudonyms import PseudonymKey, account_pseudonym, handle_pseudonym, make_key

KEY = PseudonymKey(bytes(range(32)))


@pytest.mark.parametrize("word", ["@Budi_17", "budi_17", "https://x.com/Budi_17?s=20", " @BUDI_17 "])
def test_a_handle_in_any_form_has_one_pseudonym(word):
    assert make_pseudonyms(word, KEY, "x") == (handle_pseudonym(KEY, "twitter", "budi_17"),)


def test_digits_are_an_id_and_with_an_at_sign_a_handle():
    assert make_pseudonyms(["77", "@77"], KEY) == (
        account_pseudonym(KEY, "twitter", "77"),
        handle_pseudonym(KEY, "twitter", "77"),
    )


def test_where_ids_are_words_a_word_is_an_id():
    assert make_pseudonyms(["did:plc:Abcdefghij", "@ani.example"], KEY, "bluesky") == (
        account_pseudonym(KEY, "bluesky", "did:plc:Abcdefghij"),
        handle_pseudonym(KEY, "bluesky", "ani.example"),
    )


def test_a_key_file_is_as_good_as_its_key(tmp_path):
    key = make_key(tmp_path / "k")
    assert (
        make_pseudonyms("1", tmp_path / "k") == make_pseudonyms("1", str(tmp_path / "k")) == make_pseudonyms("1", key)
    )


@pytest.mark.parametrize("word", ["", "@", "1.5E+18", "12.5", "row-3", "null", "0", "https://example.com/a/b"])
def test_what_names_nobody_is_refused_by_its_number(word):
    with pytest.raises(SchemaError, match=r"1 of 2 names no account; counted from 1: 2\."):
        make_pseudonyms(["@ani", word], KEY)


def test_no_name_stands_in_a_message():
    with pytest.raises(SchemaError) as caught:
        make_pseudonyms(["@somebody", "1.5E+18"], KEY)
    assert "somebody" not in str(caught.value)
    assert "1.5E" not in str(caught.value)


@pytest.mark.parametrize("accounts", [None, 7, [7], {"1", "2"}, [None]])
def test_ids_must_be_texts(accounts):
    with pytest.raises(SchemaError, match="list of texts"):
        make_pseudonyms(accounts, KEY)


def test_other_keys_and_platforms_are_refused():
    with pytest.raises(BotscanError, match="key is of type bytes"):
        make_pseudonyms("1", b"x" * 32)
    with pytest.raises(SchemaError, match="not known"):
        make_pseudonyms("1", KEY, "friendster")
