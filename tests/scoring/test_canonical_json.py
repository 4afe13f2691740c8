import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import ModelError
from botscan.scoring.canonical_json import MAX_CARD_BYTES, read_card, sign_card, to_canonical_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.text(max_size=6), PLAIN, max_size=4).map(lambda value: {**value, "platforms": {"x": {}}}))
def test_a_signed_card_reads_back_as_it_was(card):
    card.pop("sha256", None)
    data = sign_card(card)
    read = read_card(data, "card.json")
    digest = read.pop("sha256")
    assert read == card
    assert len(digest) == 64
    assert sign_card({**read, "sha256": "whatever"}) == data


@settings(deadline=None, max_examples=50)
@given(PLAIN)
def test_the_form_does_not_depend_on_the_order_of_keys(value):
    def reversed_keys(item):
        if isinstance(item, dict):
            return {key: reversed_keys(item[key]) for key in reversed(list(item))}
        return [reversed_keys(part) for part in item] if isinstance(item, list) else item

    assert to_canonical_json(value) == to_canonical_json(reversed_keys(value))
    assert json.loads(to_canonical_json(value)) == value


def test_numbers_stand_on_one_line_and_long_lists_of_words_do_not():
    text = to_canonical_json({"edges": list(range(200)), "words": ["a" * 60, "b" * 60], "inner": [{"n": 1}]})
    assert text.splitlines() == [
        "{",
        '  "edges": [' + ", ".join(str(number) for number in range(200)) + "],",
        '  "inner": [',
        '    {"n": 1}',
        "  ],",
        '  "words": [',
        f'    "{"a" * 60}",',
        f'    "{"b" * 60}"',
        "  ]",
        "}",
    ]


def _resigned(text):
    """Give any text a digest that fits, as a forger would."""
    import hashlib

    blank = text.replace("DIGEST", "0" * 64).encode("utf-8", "surrogatepass")
    return text.replace("DIGEST", hashlib.sha256(blank).hexdigest()).encode("utf-8", "surrogatepass")


LINE = '  "sha256": "DIGEST"'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "own SHA-256"),
        ("[]", "own SHA-256"),
        (f"{{\n{LINE},\n{LINE}\n}}\n", "own SHA-256"),
        (f'{{\n  "a": 1,\n  "a": 1,\n{LINE}\n}}\n', "not the JSON"),
        (f'{{\n  "a": NaN,\n{LINE}\n}}\n', "not the JSON"),
        (f'{{\n  "a": 1e999,\n{LINE}\n}}\n', "not the JSON"),
        (f'{{\n  "a": {"9" * 5000},\n{LINE}\n}}\n', "not the JSON"),
        (f'{{\n  "a": {"[" * 17}{"]" * 17},\n{LINE}\n}}\n', "nested"),
        (f'{{\n  "a": {"[" * 200_000}{"]" * 200_000},\n{LINE}\n}}\n', "nested"),
        (f'{{\n  "b": {{"c": {{}}}},\n{LINE}\n}}\n', "one form"),
        (f'{{\n{LINE},\n  "a": 1\n}}\n', "one form"),
        (f'{{\n  "a": 1.50,\n{LINE}\n}}\n', "one form"),
        (f'{{\r\n  "a": 1,\n{LINE}\n}}\n', "one form"),
        (f'{{\n  "a": "\\ud800",\n{LINE}\n}}\n', "JSON"),
        (f'{{\n  "a": "\ud800",\n{LINE}\n}}\n', "JSON"),
        (f"{{\n{LINE}\n", "not the JSON"),
        (f"\ufeff{{\n{LINE}\n}}\n", "not the JSON"),
        (f'{{\n  "a": "{"x" * MAX_CARD_BYTES}",\n{LINE}\n}}\n', "bytes"),
    ],
    ids=range(18),
)
def test_anything_else_is_refused(text, problem):
    with pytest.raises(ModelError, match=problem) as caught:
        read_card(_resigned(text), "folder/card.json")
    assert str(caught.value).startswith("folder/card.json: ")


def test_every_flipped_bit_and_every_cut_is_seen():
    data = sign_card({"name": "small", "platforms": {"twitter": {"points": [0.05, -0.1]}}})
    for position in range(len(data)):
        for bit in (0, 3, 7):
            damaged = bytearray(data)
            damaged[position] ^= 1 << bit
            with pytest.raises(ModelError):
                read_card(bytes(damaged), "card.json")
        with pytest.raises(ModelError):
            read_card(data[:position], "card.json")
    with pytest.raises(ModelError):
        read_card(data + b"\n", "card.json")
