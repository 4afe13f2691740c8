"""The long run by command: it goes on where it stopped, and a process that ends costs one example, not the run."""

import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest
from fuzzing import oracle

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "fuzz_readers.py"


@pytest.fixture
def bench(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("fuzz_readers", PATH)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "fuzz_readers", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "RESULTS", tmp_path / "results" / "fuzz.jsonl")
    monkeypatch.setattr(module, "CHUNK", 20)
    return module


class Pipe:
    """Both ends of a pipe to a worker that runs here."""

    def __init__(self, chunks):
        self.chunks, self.sent = [*chunks, None], []

    def recv(self):
        return self.chunks.pop(0)

    def send(self, result):
        self.sent.append(result)


class Number:
    value = -1


def test_a_worker_counts_outcomes_and_names_what_broke(bench, monkeypatch):
    real = oracle.check

    def check(target, number):
        if number == 3:
            raise AssertionError("broke at 3")
        return real(target, number)

    monkeypatch.setattr(oracle, "check", check)
    pipe, number = Pipe([("mastodon_followers", 0, 10, [5])]), Number()
    bench.work(pipe, number)
    (result,) = pipe.sent
    assert sum(result["outcomes"].values()) == 8
    assert result["broken"] == [(3, "broke at 3")]
    assert number.value == 9
    assert json.loads(json.dumps(result))["first"] == 0


def test_what_was_run_is_not_run_again(bench, monkeypatch):
    behind = bench.behind()
    old = {**behind, "code": "older"}
    lines = [
        {"target": "zip", "first": 0, "end": 20, "seconds": 1, "rows": 5, "outcomes": {"read": 20}, "broken": []},
        {
            "target": "zip",
            "first": 20,
            "end": 40,
            "seconds": 1,
            "rows": 5,
            "outcomes": {"read": 19},
            "broken": [[21, "a"]],
        },
    ]
    bench.RESULTS.parent.mkdir()
    texts = [json.dumps({**lines[0], "behind": behind}), json.dumps({**lines[1], "behind": old}), '{"target": "zi']
    bench.RESULTS.write_text("\n".join(texts))
    assert list(bench.waiting_chunks(["zip", "gz"], 60, again=False)) == [
        ("gz", 0),
        ("gz", 20),
        ("zip", 40),
        ("gz", 40),
    ]
    assert list(bench.waiting_chunks(["zip"], 60, again=True)) == [("zip", 20), ("zip", 40)]
    table = list(bench.table(["zip", "gz"]))
    assert table[2] == "| zip | 40 | 20 | 10 | read 39 | 1 | 20 |"
    assert table[-1] == "a"
    monkeypatch.setattr(bench, "behind", lambda: {"examples": "other", "code": "other"})
    assert bench.records() == []


def test_a_process_that_ends_costs_one_example(bench, monkeypatch):
    """The first process ends at number 3, the one after it does the rest."""
    monkeypatch.setattr(bench, "work", end_at_three)
    bench.run(["zip"], 20, jobs=1, deadline=float("inf"))
    (record,) = bench.records()
    assert record["broken"] == [[3, "zip 3: the process ended"]]
    assert record["outcomes"] == {"read": 19}


def end_at_three(pipe, number):
    while (chunk := pipe.recv()) is not None:
        target, first, end, skipped = chunk
        for one in range(first, end):
            number.value = one
            if one == 3 and one not in skipped:
                os._exit(1)
        n = end - first - len(skipped)
        result = {
            "target": target,
            "first": first,
            "end": end,
            "seconds": 1,
            "rows": 0,
            "outcomes": {"read": n},
            "broken": [],
        }
        pipe.send(result)
