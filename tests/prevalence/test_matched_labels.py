from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from botscan.errors import SchemaError
from botscan.prevalence import estimate_from_labels

N = 1000


def note(share, code):
    return next((found for found in share.notes if found.code == code), None)


def labels_for(rows, is_suspicious):
    return {f"a{row}": int(answer) for row, answer in zip(rows, is_suspicious, strict=True)}


def test_foreign_labels_are_counted_and_all_foreign_refused(thousand, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    share = estimate_from_labels(thousand, labels_of({**answers, "b1": 1, "b2": 0}))
    assert note(share, "labels_foreign").count == 2
    assert share.organic_share == estimate_from_labels(thousand, hundred).organic_share
    with pytest.raises(SchemaError, match="None of the 2 labelled accounts"):
        estimate_from_labels(thousand, labels_of({"b1": 1, "b2": 0}))


def test_a_sheet_of_another_list_is_refused(thousand, labels_of):
    with pytest.raises(SchemaError, match=r"sheet\.csv.*another list"):
        estimate_from_labels(thousand, labels_of({"a1": 1, "a2": 0}, digest="e" * 64))


def test_unequal_probabilities_are_refused(thousand, labels_of):
    labels = labels_of({"a1": 1, "a2": 0}, probability=np.array([0.1, 0.2]))
    with pytest.raises(SchemaError, match="unequal probabilities"):
        estimate_from_labels(thousand, labels)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stratum": None}, "not said from which"),
        ({"stratum": np.full(100, 2)}, "not said from which"),
        ({"strata": ()}, "not said from which"),
        ({"strata": (("A", 700), ("B", 250))}, r"hold 950 accounts, but 1000 accounts"),
        ({"strata": (("A", 990), ("B", 10))}, r"40 labelled accounts are of the stratum 'B', which holds 10"),
        ({"inclusion_probability": np.linspace(0.1, 0.2, 100)}, "one stratum were drawn with unequal"),
        ({"kind": "simple_random"}, "unequal probabilities; wanted a random sample"),
        ({"kind": "systematic"}, "unequal probabilities; wanted a random sample"),
    ],
)
def test_designs_that_do_not_fit_are_refused(thousand, by_score, changes, message):
    of_design = {key: changes.pop(key) for key in ("strata", "kind") if key in changes}
    labels = replace(by_score, design=replace(by_score.design, **of_design), **changes)
    with pytest.raises(SchemaError, match=message):
        estimate_from_labels(thousand, labels)


def test_repeated_rows_have_one_label(scores_of, labels_of):
    ids = pa.array([f"a{row % 500}" for row in range(N)], pa.large_string())
    scores = scores_of(np.where(np.arange(N) % 500 < 150, 2.0, -2.0), ids=ids, has_duplicates=True)
    rows = range(0, 500, 5)
    share = estimate_from_labels(scores, labels_of(labels_for(rows, np.arange(100) < 30)))
    assert share.n_labeled == 100
    assert note(share, "duplicates_counted") is not None
    assert share.organic_share == pytest.approx(0.7, abs=0.001)
