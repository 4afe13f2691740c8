"""Any value of JSON at any key of a seed (hypothesis): every format reads on, and what it does not know stays unknown."""

import orjson
import pytest
from fuzzing.examples import Example
from fuzzing.oracle import Outcome, check_example
from fuzzing.seeds import all_seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers.formats import FORMAT

WORDS = st.sampled_from(
    ["", "0", "-1", "1.5", "zq", "@zq", "true", "2020-02-30", "1e999", "\ufffd", "<", "&", "[", "https://["]
)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=20) | WORDS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
#: Formats that have a seed of JSON, and that seed.
SEEDS = {seed.format: seed for seed in all_seeds() if seed.values}


def places(value, path=()):
    """Every place inside a value, from outside."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def put(value, path, new):
    if not path:
        return new
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = new
    return value


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_any_value_at_any_place(name, data):
    seed = SEEDS[name]
    values = [orjson.loads(value) for value in seed.values]
    at = data.draw(st.integers(0, len(values) - 1))
    paths = list(places(values[at]))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths))
        try:
            values[at] = put(values[at], path, data.draw(VALUES))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier value stands where the way led
    text = seed.head + b"\n".join(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS) for value in values)
    form = FORMAT[name]
    kinds = [kind for kind in ("accounts", "posts", "series") if form.record_map(kind) is not None]
    kind = data.draw(st.sampled_from(kinds or ["accounts"]))
    options = {"platform": "twitter"} | ({"format": name} if kinds and data.draw(st.booleans()) else {})
    outcome = check_example(Example(name, 0, kind, seed.name, text, (), options, is_compared=True, is_scored=True))
    assert isinstance(outcome, Outcome)
