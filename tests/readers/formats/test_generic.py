from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats import GENERIC
from botscan.readers.formats.generic import GENERIC as SAME


def test_it_claims_nothing_and_holds_every_kind():
    assert GENERIC is SAME
    assert (GENERIC.evidence, GENERIC.header_evidence, GENERIC.platform, GENERIC.refusal) == (None, None, None, "")
    assert all(GENERIC.record_map(kind) is not None for kind in ("accounts", "posts", "series"))


def test_points_take_what_stands_around_their_list():
    page = {
        "name": "toko",
        "meta": {"x": 1},
        "data": [{"date": "2024-05-01", "followers": 5}, {"date": "b", "name": "own"}],
    }
    assert GENERIC.series.unpack(page).records == [
        {"name": "toko", "date": "2024-05-01", "followers": 5},
        {"name": "own", "date": "b"},
    ]


def test_what_has_no_one_list_of_objects_is_a_point_itself():
    for value in (
        {"date": "a", "followers": 5},
        {"a": [{"b": 1}], "c": [{"d": 1}]},
        {"a": [1, {"b": 1}]},
        {"a": []},
        {},
    ):
        assert GENERIC.series.unpack(value) is None


def test_pages_of_accounts_and_posts_are_not_unpacked():
    page = {"users": [{"username": "a"}]}
    assert GENERIC.accounts.unpack(page) is None
    assert GENERIC.posts.unpack(page) is None


@given(
    st.dictionaries(
        st.text(max_size=3),
        st.none() | st.integers() | st.lists(st.integers() | st.dictionaries(st.text(max_size=2), st.integers())),
        max_size=4,
    )
)
def test_any_object_is_unpacked_or_not(value):
    unpacked = GENERIC.series.unpack(value)
    assert unpacked is None or all(isinstance(record, dict) for record in unpacked.records)
