"""Seeds are what they say: one a format and kind at least, each read as what its name says, nothing real in them."""

import io

import orjson
import pytest
from fuzzing.examples import CONTAINERS, TARGETS
from fuzzing.seeds import CANARIES, all_seeds, seeds_of

from botscan.errors import FormatError
from botscan.readers import Source, read_accounts, read_posts, read_series
from botscan.readers.formats import FORMATS

KINDS = {"accounts": read_accounts, "posts": read_posts, "series": read_series}
#: Formats that hold nothing but what is refused.
REFUSED = {one.name for one in FORMATS if one.record_map("accounts") is None}


def read(seed, kind, **options):
    names_platform = seed.format != "generic" or b"platform" in seed.data.replace(b"\0", b"")
    platform = None if names_platform else "instagram"
    return KINDS[kind](Source(seed.name, spool=io.BytesIO(seed.data)), platform=platform, **options)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_format_has_a_seed_for_everything_it_holds(form):
    seeds = seeds_of(form.name)
    assert seeds
    for kind in KINDS:
        if form.record_map(kind) is None:
            continue
        named = {} if form.name == "generic" else {"format": form.name}
        found = []
        for seed in seeds:
            try:
                found.append(read(seed, kind, **named).report)
            except FormatError:
                assert form.name == "generic" or kind != "accounts"
        assert any(report.accounts and report.format == form.name for report in found), kind


@pytest.mark.parametrize("seed", all_seeds(), ids=lambda seed: seed.name)
def test_seeds_are_recognised_without_a_hint(seed):
    if seed.format in REFUSED or any(one.refusal for one in FORMATS if one.name == seed.format):
        title = next(one.title for one in FORMATS if one.name == seed.format)
        with pytest.raises(FormatError) as caught:
            read(seed, "accounts")
        assert title in str(caught.value)
    elif not any(word in seed.name for word in ("generic.posts", "series")):
        assert read(seed, "accounts").report.format == seed.format


@pytest.mark.parametrize("seed", all_seeds(), ids=lambda seed: seed.name)
def test_names_texts_and_ids_of_seeds_carry_a_canary(seed):
    text = seed.data.decode(seed.encoding).lower()
    assert any(canary in text for canary in CANARIES) or seed.name in _OF_NUMBERS
    words = " ".join(seed.rows[0]) if seed.rows and seed.ending != "txt" else " ".join(keys_in(seed.values))
    if seed.name != "generic.windows.csv":  # a title stands above its header
        assert not any(canary in words.lower() for canary in CANARIES)


#: Seeds that count and name nobody.
_OF_NUMBERS = (
    "meta_insights.made.csv",
    "twarc_csv_counts.made.csv",
    "generic.series.csv",
    "botscan_histogram.made.json",
    "botscan_scores.made.csv",
    "botscan_scores.made.jsonl",
)


def keys_in(values):
    waiting = [orjson.loads(value) for value in values]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from one
        waiting += list(one.values()) if isinstance(one, dict) else one if isinstance(one, list) else []


def test_every_format_and_every_container_is_a_target():
    assert set(TARGETS) == {one.name for one in FORMATS} | set(CONTAINERS)
    assert len(TARGETS) == len(set(TARGETS))
    assert {seed.format for seed in all_seeds()} <= set(TARGETS)
