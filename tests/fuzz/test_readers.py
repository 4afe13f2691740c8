"""Mutated files through every reader: accounts, a counted rejection or a BotscanError; nothing else ever.

A share of the numbers is in the usual run, more of each target in the long one, whose tests are shards, so that one that
does not come back names the numbers to look at; ``benchmarks/fuzz_readers.py`` narrows them to one, and collects the
first million of each target over several sittings.
"""

import os
from collections import Counter

import pytest
from fuzzing.examples import TARGETS
from fuzzing.oracle import check

from botscan.readers.formats import FORMATS

#: Examples of a target in the usual run; a number, not a time, so that every run is the same.
N_USUAL = 700
#: Examples of a target in the long run: two processes need about half an hour for all targets.
N_LONG = int(os.environ.get("BOTSCAN_FUZZ_EXAMPLES", "10000"))
SHARD = 2_500
#: Formats that hold nothing that is read; their mutations may still turn into something.
REFUSED = {one.name for one in FORMATS if not any(map(one.record_map, ("accounts", "posts", "series")))}


def run(target, numbers):
    outcomes, broken = Counter(), []
    for number in numbers:
        try:
            outcomes[check(target, number).name] += 1
        except AssertionError as error:
            broken.append(str(error))
            if len(broken) == 5:
                break
    assert not broken, "\n\n".join(broken)
    return outcomes


@pytest.mark.parametrize("target", TARGETS)
def test_whatever_is_read_is_accounted_for_or_refused(target):
    outcomes = run(target, range(N_USUAL))
    n_read = outcomes["read"] + outcomes["read, some rejected"] + outcomes["nothing in it"]
    # Mutations that always break a file, or never, would test little.
    assert outcomes["FormatError"] > N_USUAL // 20
    assert n_read > (0 if target in REFUSED else N_USUAL // 10)


@pytest.mark.long
@pytest.mark.parametrize("shard", range(-(-N_LONG // SHARD)))
@pytest.mark.parametrize("target", TARGETS)
def test_many_of_each(target, shard):
    run(target, range(shard * SHARD, min((shard + 1) * SHARD, N_LONG)))
