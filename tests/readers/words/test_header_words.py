from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.words.header_words import normalise


def test_spellings_of_one_header_are_one_word():
    for one in ("followers_count", "followersCount", "FollowersCount", "FOLLOWERS_COUNT", " followers.count ", '"followers-count"',
                "\ufefffollowers count", "followers  count (accounts)", "followers count [x]", "ｆollowers_count"):  # fmt: skip
        assert normalise(one) == "followers count", one


def test_words_that_differ_stay_apart():
    assert len({normalise(one) for one in ("followers", "follower", "followersx", "followers 2")}) == 4
    assert normalise("isVerified") == "is verified"
    assert normalise("HTMLText2") == "html text2"
    assert normalise("__twarc.retrieved_at") == "twarc retrieved at"


def test_what_holds_no_word_is_empty():
    for one in ("", " ", '""', "()", "___", "\ufeff"):
        assert normalise(one) == ""


@given(st.text(max_size=250))
def test_any_text_settles(text):
    word = normalise(text)
    assert normalise(word) == word
    assert word == word.strip()
    assert "_" not in word
    assert len(normalise(text * 100)) <= 20_000
