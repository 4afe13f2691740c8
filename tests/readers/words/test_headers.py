import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers.format import RecordMap
from botscan.readers.words.header_words import normalise
from botscan.readers.words.headers import ACCOUNT_WORDS, make_vocabulary, map_headers, refuse_unknown, shown, suggest
from botscan.readers.words.synonyms import LIKES, NEGATED, SYNONYMS_OF
from botscan.schema import COLUMNS_OF


def mapped(headers, platform="twitter", **options):
    return map_headers(headers, platform=platform, source="made.csv", **options)


def codes(header_map):
    return [(note.code, note.column) for note in header_map.notes]


@pytest.mark.parametrize("kind", list(SYNONYMS_OF))
def test_every_synonym_is_in_the_form_it_is_compared_in_and_means_one_thing(kind):
    words = [word for synonyms in SYNONYMS_OF[kind].values() for word in synonyms]
    assert [word for word in (*words, *NEGATED, *LIKES) if normalise(word) != word] == []
    assert len(words) == len(set(words))
    assert set(SYNONYMS_OF[kind]) == set(COLUMNS_OF[kind])
    assert not set(words) & {normalise(column) for column in COLUMNS_OF[kind]}


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("account_id", "account_id"), ("userId", "account_id"), ("ID Pengguna", "account_id"),
        ("  Username ", "handle"), ('"screen_name"', "handle"), ("Nama pengguna", "handle"), ("Ｕsername", "handle"),
        ("followersCount", "followers_count"), ("FOLLOWERS", "followers_count"), ("Jumlah Pengikut (akun)", "followers_count"),
        ("friends_count", "following_count"), ("statuses_count", "posts_count"), ("Tgl. bergabung", "created_at"),
        ("Akun privat", "is_private"), ("geo_enabled", "has_geo"), ("default_profile", "has_default_theme"),
    ],
)  # fmt: skip
def test_headers_in_two_languages_and_many_spellings(header, column):
    assert mapped([header, "unknown thing"]).columns == {column: header}
    assert ACCOUNT_WORDS.count_known([header]) == 1


def test_likes_mean_what_the_platform_says():
    headers = ["Username", "Suka"]
    assert mapped(headers, "twitter").columns["likes_given_count"] == "Suka"
    assert mapped(headers, "tiktok").columns["likes_received_count"] == "Suka"
    other = mapped(headers, "instagram")
    assert other.ignored == ("Suka",)
    assert ("header_ambiguous", None) in codes(other)


def test_diikuti_is_following_only_beside_followers():
    assert mapped(["username", "pengikut", "diikuti"]).columns["following_count"] == "diikuti"
    alone = mapped(["username", "diikuti"])
    assert "following_count" not in alone.columns
    assert ("header_ambiguous", None) in codes(alone)


def test_a_flag_that_says_the_opposite():
    assert mapped(["username", "default_profile_image"]).negated == ("has_avatar",)
    both = mapped(["username", "default_profile_image", "has_avatar"])
    assert (both.columns["has_avatar"], both.negated) == ("has_avatar", ())


@pytest.mark.parametrize("repeat", ["Followers", " followers ", "FOLLOWERS", "\ufefffollowers"])
def test_a_known_header_twice_is_refused_with_both_positions(repeat):
    with pytest.raises(FormatError, match=r"(?i)'followers' stands twice in the header: at positions 2 and 4"):
        mapped(["username", "followers", "x", repeat])
    assert mapped(["username", "x", "x"]).ignored == ("x", "x")


def test_synonyms_have_a_precedence_and_the_other_is_named():
    for headers in (["id", "id_str"], ["id_str", "id"]):
        found = mapped(headers)
        assert found.columns == {"account_id": "id_str"}
        assert ("synonym_ignored", "account_id") in codes(found)
        assert found.ignored == ("id",)


def test_a_column_map_goes_before_everything():
    found = mapped(["username", "followers", "real"], column_map={"followers_count": "real"})
    assert found.columns == {"handle": "username", "followers_count": "real"}
    assert mapped(["A b", "c"], column_map={"handle": "a_b"}).columns == {"handle": "A b"}
    with pytest.raises(FormatError, match=r"'fans_count', which is no canonical column"):
        mapped(["username"], column_map={"fans_count": "username"})
    with pytest.raises(
        FormatError, match=r"wants handle from 'nick', which is not in the header\. Seen: username, followers\."
    ):
        mapped(["username", "followers"], column_map={"handle": "nick"})
    with pytest.raises(FormatError, match="more than once"):
        mapped(["x", "x"], column_map={"handle": "x"})


def test_unknown_headers_are_counted_and_the_first_ten_named():
    found = mapped(["username", *(f"extra {'abcdefghijkl'[at]}" for at in range(12))])
    (note,) = [note for note in found.notes if note.code == "columns_ignored"]
    assert note.count == 12
    assert note.numbers["names"].count(",") == 9


def test_near_misses_are_suggested_never_applied():
    found = mapped(["username", "folowers"])
    assert "followers_count" not in found.columns
    assert ("header_suggestion", "followers_count") in codes(found)
    assert suggest("xyz") is None


def test_the_refusal_lists_what_was_seen_and_the_nearest_known_first():
    headers = [f"unknown {'abcdefghijklmnopqrstuvwxyz'[at]}" for at in range(25)] + ["x"]
    message = str(
        refuse_unknown(["folowers", *headers], what="Found nothing.", source="made.csv", known_formats="generic")
    )
    assert "Seen: folowers, unknown a, " in message
    assert "unknown s and 7 more" in message
    assert "Known columns: followers_count, account_id" in message
    assert "--map" in message


@pytest.mark.parametrize(
    "secret", ["rina@mail.example", "081234567890", "https://x.example/rina", "x" * 41, "a\x1b[31m", "1234"]
)
def test_what_is_no_header_is_described_not_shown(secret):
    assert shown(secret) == f"text of {len(secret)} characters"


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=300))
def test_normalising_is_total_and_settles(header):
    once = normalise(header)
    assert normalise(once) == once or len(header) > 150
    assert "\n" not in shown(header)


def test_words_of_one_format_are_not_those_of_another():
    plain, other = make_vocabulary("accounts"), make_vocabulary("accounts", RecordMap(headers={"bio": ("motto",)}))
    for _ in range(2):  # what was asked before does not matter
        assert (suggest("mottos", plain), suggest("mottos", other)) == (None, "bio")
        assert (plain.kind_of("motto"), other.kind_of("motto")) == (None, "text")
    without = make_vocabulary("accounts", RecordMap(not_headers=frozenset({"followers"})))
    assert (plain.kind_of("followers"), without.kind_of("followers")) == ("count", None)
