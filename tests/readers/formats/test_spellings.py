import pytest

from botscan.readers.formats.spellings import counts, filled, is_id, is_zero, names_of, renamed

NAMES = names_of({"full_name": ["real name"]})


@pytest.mark.parametrize("key", ["full_name", "fullName", "FULL NAME", "Full-Name", "fullname", "realName"])
def test_every_spelling_has_one_name(key):
    assert renamed({key: 1}, NAMES) == {"full_name": 1}


def test_the_first_value_that_is_there_holds_and_empty_stays_empty():
    assert renamed({"fullName": None, "full_name": "a", "real_name": "b"}, NAMES) == {"full_name": "a"}
    assert renamed({"fullName": "", "full_name": None}, NAMES) == {"full_name": ""}
    assert renamed({"x" * 1_000: 1}, NAMES) == {"x" * 1_000: 1}


def test_values_that_are_none():
    taken = counts(filled("a"), filled("b"))(
        [{"a": True, "b": 3}, {"a": -1}, {"a": [], "b": "1,234"}, {"a": 0, "b": 9}]
    )
    assert taken == [3, None, "1,234", 0]
    assert [is_id(value) for value in ("07", 7, " ", None, False, {})] == [True, True, False, False, False, False]
    assert [is_zero(value) for value in (0, " 0 ", "00", None, "")] == [True, True, False, False, False]
