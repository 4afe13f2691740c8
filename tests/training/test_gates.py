from dataclasses import replace
from types import SimpleNamespace

import pytest

from botscan.training import leak_gate
from botscan.training.gates import MAX_FALSE_ALARM_RATE, MIN_AUC, check_gates
from botscan.training.labelled_rows import gather_rows
from botscan.training.left_out_sources import FoldMeasures

GOOD = FoldMeasures("full", "source_1", 180, 120, 0.9, 0.8, 0.01, 0.5)
ORDER = ["sources", "auc", "ratio", "false_alarms", "source_leak"]


@pytest.fixture(scope="module")
def rows(labelled):
    # The leak gate wants 200 people of a source.
    return gather_rows([labelled(1, n=400), labelled(2, n=400)])


def states(rows, *measures, validation="left_out_sources"):
    gates = check_gates(rows, validation, measures)
    assert [gate.code for gate in gates] == ORDER
    return {gate.code: gate.state for gate in gates}


def test_a_good_model_passes_every_gate(rows):
    assert set(states(rows, GOOD, replace(GOOD, left_out="source_2")).values()) == {"passed"}


def test_halves_validate_nothing_and_refuse_nothing(rows):
    found = states(rows, GOOD, validation="random_halves")
    assert found["sources"] == "not_checked"
    assert "failed" not in found.values()


@pytest.mark.parametrize(
    ("gate", "worse", "at_the_limit"),
    [
        ("auc", {"auc": MIN_AUC - 0.01, "ratio_auc": 0.3}, {"auc": MIN_AUC, "ratio_auc": 0.3}),
        ("ratio", {"auc": 0.79}, {"auc": 0.8}),
        (
            "false_alarms",
            {"false_alarm_rate": MAX_FALSE_ALARM_RATE + 0.001},
            {"false_alarm_rate": MAX_FALSE_ALARM_RATE},
        ),
    ],
)
@pytest.mark.parametrize("pattern", ["full", "counts_only"])
def test_each_gate_fails_alone_on_its_worst_fold_under_any_pattern(rows, gate, worse, at_the_limit, pattern):
    for changes, state in ((worse, "failed"), (at_the_limit, "passed")):
        bad = replace(GOOD, left_out="source_2", pattern=pattern, **changes)
        found = states(rows, GOOD, bad)
        assert found.pop(gate) == state
        assert set(found.values()) == {"passed"}


def test_the_worst_fold_is_compared_with_the_worst_of_the_ratio(rows):
    # Better than the ratio where it is hard, a little worse where it is easy.
    easy = replace(GOOD, auc=0.97, ratio_auc=0.98)
    hard = replace(GOOD, auc=0.85, ratio_auc=0.75, left_out="source_2")
    assert states(rows, easy, hard)["ratio"] == "passed"


def test_what_was_not_measured_counts_for_nothing(rows):
    people = FoldMeasures("full", "people", 90, 0, None, None, 0.0, None)
    sellers = FoldMeasures("full", "sellers", 180, 70, 0.95, 0.9, None, 0.7)
    assert set(states(rows, GOOD, people, sellers).values()) == {"passed"}


@pytest.mark.parametrize("outcome", ["passed", "failed", "not_checked"])
def test_the_leak_gate_is_told_as_it_came_out(rows, monkeypatch, outcome):
    source = SimpleNamespace(source="source_2", is_named=outcome == "failed")
    report = SimpleNamespace(outcome=outcome, sources=(source,), not_comparable=())
    monkeypatch.setattr(leak_gate, "check_leak", lambda *_, **__: report)
    gate = check_gates(rows, "left_out_sources", [GOOD])[-1]
    assert (gate.state, gate.found["named"]) == (outcome, "source_2" if outcome == "failed" else "")


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_outcome_has_a_sentence_with_its_figures(rows, language):
    good = check_gates(rows, "left_out_sources", [GOOD])
    for gate in good:
        for state in ("passed", "failed", "not_checked"):
            if (gate.code, state) == ("sources", "failed") or (
                gate.code in {"auc", "ratio", "false_alarms"} and state == "not_checked"
            ):
                continue
            assert len(replace(gate, state=state).sentence(language)) > 20
    assert "0.900" in good[1].sentence("en")
    assert "0,900" in good[1].sentence("id")
