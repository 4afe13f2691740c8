import json
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers.objects.json_values import (
    has_long_number,
    parse_value,
    with_short_strings,
    without_lone_surrogates,
)


@settings(deadline=None, max_examples=100)
@given(st.text(st.sampled_from("0123456789x-"), max_size=80), st.integers(0, 6))
def test_a_long_number_is_never_missed(text, offset):
    data = (" " * offset + text).encode()
    assert has_long_number(data) == (re.search(rb"[0-9]{20}|-[0-9]{19}", data) is not None)


@pytest.mark.parametrize(
    "number",
    [2**53 + 1, 2**63, 2**64 - 1, 2**64, 2**64 + 1, 10**20, 99999999999999999999, -(2**63), -(2**63) - 1, -(10**19)],
)
def test_integers_stay_exact(number):
    assert parse_value(b'{"id": %d}' % number).value == {"id": number}


def test_numbers_beyond_every_parser_do_not_raise():
    assert parse_value(b'{"id": ' + b"9" * 5000 + b"}").value["id"] > 10**20
    assert math.isinf(parse_value(b'{"n": 1e999}').value["n"])


def test_literals_that_json_does_not_have():
    parsed = parse_value(b'{"a": NaN, "b": [Infinity, -Infinity], "c": 1}')
    assert parsed.value == {"a": None, "b": [None, None], "c": 1}
    assert parsed.not_a_number


def test_the_last_of_two_keys_wins_and_is_counted_where_seen():
    assert parse_value(b'{"a": 1, "a": 2}').value == {"a": 2}
    parsed = parse_value(b'{"a": NaN, "a": 2}')
    assert (parsed.value, parsed.duplicate_keys) == ({"a": 2}, True)


def test_halves_of_surrogate_pairs():
    parsed = parse_value(b'{"\\ud800": "a\\udc00b", "ok": "\\ud83d\\ude00"}')
    assert parsed.value == {"\ufffd": "a\ufffdb", "ok": "😀"}
    assert parsed.is_repaired
    assert not parse_value(b'{"a": "\\ud83d\\ude00", "n": NaN}').is_repaired


@pytest.mark.parametrize(
    "bad", [b"", b"{", b'{"a" 1}', b"{'a': 1}", b'{"a": 1} x', b"undefined", b'{"a": 0x10}', b'{"a": "\\x"}']
)
def test_what_is_no_json(bad):
    assert parse_value(bad).flaw == "bad_json"


def test_control_characters_in_strings_are_data():
    assert parse_value(b'{"a": "x\x00\x1fy"}').value == {"a": "x\x00\x1fy"}


@pytest.mark.parametrize("n", [64, 65, 5_000, 200_000])
def test_depth(n):
    parsed = parse_value(b"[" * n + b"]" * n)
    assert parsed.flaw == (None if n <= 64 else "too_deep")
    assert parse_value(b'{"a": "' + b"[" * n + b'"}').flaw is None
    assert parse_value(b'{"a": "\n' + b"[" * n).flaw in ("bad_json", "too_deep")
    assert parse_value(b'{"a": "\n", "b": ' + b"[" * n).flaw in ("bad_json", "too_deep")


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=15,
)


@settings(deadline=None, max_examples=100)
@given(_VALUES)
def test_any_value_is_read_as_the_standard_library_writes_it(value):
    def expected(item):
        if isinstance(item, float) and not math.isfinite(item):
            return None
        if isinstance(item, dict):
            return {clean(key): expected(inner) for key, inner in item.items()}
        if isinstance(item, list):
            return [expected(inner) for inner in item]
        return clean(item) if isinstance(item, str) else item

    def clean(text):
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in json.loads(json.dumps(text)))

    for ascii_only in (True, False):
        try:
            data = json.dumps(value, ensure_ascii=ascii_only).encode()
        except UnicodeEncodeError:
            continue
        got = parse_value(data).value
        if has_enormous(value):
            continue
        assert got == expected(value)


def has_enormous(value):
    if isinstance(value, dict):
        return any(has_enormous(item) for item in value.values())
    if isinstance(value, list):
        return any(has_enormous(item) for item in value)
    return isinstance(value, int) and abs(value) >= 10**40


def test_long_strings_are_cut_wherever_they_stand():
    assert with_short_strings([{"key": ["xyz", 5]}, "xyz"], 2) == [{"ke": ["xy", 5]}, "xy"]


def test_cleaning_does_not_recurse():
    deep = inner = []
    for _ in range(100_000):
        inner.append([])
        inner = inner[0]
    inner.append("\ud800")
    assert without_lone_surrogates(deep)[1]
