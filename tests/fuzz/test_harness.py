"""The harness itself: the same example every time, changes of every kind, and an oracle that sees each broken promise."""

from collections import Counter
from dataclasses import replace

import pytest
from fuzzing import oracle
from fuzzing.examples import TARGETS, make_example
from fuzzing.oracle import BrokenPromise, Outcome, check, check_example
from fuzzing.seeds import seeds_of

from botscan.errors import BotscanError, FormatError
from botscan.notes import Note


@pytest.mark.parametrize("target", TARGETS)
def test_an_example_is_the_same_every_time_and_each_number_is_another(target):
    first = [make_example(target, number) for number in range(12)]
    assert first == [make_example(target, number) for number in range(12)]
    assert len({(one.data, one.files, str(one.options)) for one in first}) > 6


def test_examples_are_read_with_and_without_a_platform_in_every_way_of_reading():
    examples = [make_example(target, number) for target in ("twitter_v1", "generic", "zip") for number in range(300)]
    assert {one.kind for one in examples} == {"accounts", "posts", "series"}
    given = Counter(name for one in examples for name in one.options)
    assert set(given) == {
        "platform", "format", "date_order", "tz", "encoding", "observed_at", "column_map", "limits",
    }  # fmt: skip
    assert 100 < given["platform"] < 800
    assert 10 < sum(one.is_compared for one in examples) < 200
    assert 10 < sum(one.is_scored for one in examples) < 200


def good(**changes):
    """The example of a seed as it is."""
    (seed,) = [one for one in seeds_of("generic") if one.name == "generic.english.csv"]
    example = make_example("generic", 0)
    return replace(example, kind="accounts", name=seed.name, data=seed.data, options={}, **changes)


def test_a_seed_as_it_is_passes_every_check():
    assert check_example(good(is_compared=True, is_scored=True)) == Outcome("read", 3)
    headless = good(is_compared=True)
    assert check_example(replace(headless, data=b"colour,size\nred,1\n")) == Outcome("FormatError")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("zq"), "KeyError left the reader"),
        (RecursionError(), "RecursionError left the reader"),
        (UnicodeError(), "UnicodeError left the reader"),
        (FormatError("Found\nsomething.", source="NAME", remedy="Stop."), "no single printable line"),
        (FormatError("Found something.", source="other.csv", remedy="Stop."), "does not name the file"),
        (BotscanError("Found something.", source="NAME"), "without a remedy"),
        (FormatError("Found the cell 'Zqdemikian'.", source="NAME", remedy="Stop."), "of a cell is told"),
        (FormatError("Found the id 904170001.", source="NAME", remedy="Stop."), "of a cell is told"),
    ],
)
def test_the_oracle_sees_what_must_never_come_out(monkeypatch, error, words):
    example = make_example("mastodon_followers", 5)
    if isinstance(error, BotscanError):
        error.args = (error.args[0].replace("NAME", example.name),)

    def read(*_, **__):
        raise error

    monkeypatch.setattr(oracle, "_READ", dict.fromkeys(oracle._READ, read))
    with pytest.raises(BrokenPromise) as caught:
        check("mastodon_followers", 5)
    assert words in str(caught.value)
    assert "--targets mastodon_followers --show 5" in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"reject_reasons": {"no_identity": 1}},
        {"rows_in": 4},
        {"rows_in": 2, "duplicates_merged": -1},
        {"rows_in": 4, "rows_rejected": 1, "reject_reasons": {"made_up": 1}},
        {"rows_in": 4, "rows_rejected": 1, "reject_reasons": {"no_identity": 1}},
        {"warnings": (Note("platform_from_links", count=1, numbers={"platform": "zqdemikian\x1b"}),)},
        {"warnings": (Note("platform_from_links", count=1, numbers={"platform": "zqdemikian"}),)},
    ],
)
def test_the_oracle_does_the_accounting_again(monkeypatch, change):
    table = oracle.read_accounts(oracle.Source("a", spool=oracle.io.BytesIO(good().data)))
    for name, value in change.items():
        object.__setattr__(table.report, name, value)
    monkeypatch.setattr(oracle, "_READ", {"accounts": lambda *_, **__: table})
    with pytest.raises(BrokenPromise):
        check_example(good())


@pytest.mark.parametrize("column", ["account_id", "followers_count"])
def test_the_oracle_looks_at_every_column(monkeypatch, column):
    table = oracle.read_accounts(oracle.Source("a", spool=oracle.io.BytesIO(good().data)))
    place = table.table.column_names.index(column)
    values = {"account_id": ["@a", "@a", "@b"], "followers_count": [1, -5, 2]}[column]
    wrong = table.table.set_column(place, column, oracle.pa.array(values, table.table.schema.field(column).type))
    object.__setattr__(table, "table", wrong)
    monkeypatch.setattr(oracle, "_READ", {"accounts": lambda *_, **__: table})
    with pytest.raises(BrokenPromise):
        check_example(good())


def test_the_oracle_compares_with_the_reading_in_batches(monkeypatch):
    monkeypatch.setattr(oracle, "read_batches", lambda *_, **__: iter(()))
    with pytest.raises(BrokenPromise):
        check_example(good(is_compared=True))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_a_line_of_data_in_the_place_of_the_header_may_be_told(encoding):
    data = "Zqañin,Zqgrup,904179\n,5,6\n".encode(encoding)
    named = {"encoding": encoding} if encoding == "latin-1" else {}
    assert check_example(replace(good(), data=data, options=named)) == Outcome("FormatError")
