"""The scoreboard benchmark on figures that were given: what it sums up and prints, without one fit."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import matthews_corrcoef

from botscan.scoring.patterns import PATTERNS
from botscan.scoring.yardsticks import YARDSTICKS
from botscan.training.folds import LOSO_SOURCES

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
PEOPLE = ("cresci-2015", "gilani-2017")


@pytest.fixture(scope="module")
def loaded():
    """Load the benchmarks as they load each other: by their bare names."""
    before = set(sys.modules)
    sys.path.insert(0, str(FOLDER))
    try:
        modules = {}
        for name in ("readme_table", "scoreboard", "protocol_blocks"):
            spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
            modules[name] = sys.modules.get(name) or importlib.util.module_from_spec(spec)
            if name not in sys.modules:
                sys.modules[name] = modules[name]
                spec.loader.exec_module(modules[name])
        yield modules
    finally:
        sys.path.remove(str(FOLDER))
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", "") or "").startswith(str(FOLDER)):
                del sys.modules[name]


def figures(auc, *, decided=False):
    ranking = {"n_suspicious": 9, "n_organic": 9, "auc": auc, "average_precision": auc, "recall_at_1": auc / 4}
    ranking |= {"recall_at_5": auc / 2}
    return ranking | ({"true_positive_rate": 0.3, "false_positive_rate": 0.01, "mcc": 0.4} if decided else {})


def blocks(model, aucs):
    """Give every protocol the same areas, one a source of suspicious accounts."""
    patterns = PATTERNS["twitter"] if model == "botscan" else PATTERNS["twitter"][:1]
    loso = []
    for source, auc in aucs.items():
        cell = {"suspicious": source, "people": "cresci-2015", **figures(auc, decided=True)}
        part = {**cell, "suspicious": f"{source}/one"}
        loso.append({pattern.name: {"cells": [cell], "parts": [part]} for pattern in patterns})
    crossed = [
        {"cells": [{"suspicious": source, "people": people, **figures(auc)}], "parts": []}
        for source, auc in aucs.items()
        for people in PEOPLE
    ]
    elsewhere = {
        "instagram": {"kaggle_ig": figures(0.97), "instafake": "skipped: no folder"},
        "tiktok": {"half_1": figures(1.0)},
        "across platforms": {"instagram to tiktok": figures(0.9)},
    }
    return {
        (model, "LOSO-5"): loso,
        (model, "CROSS-45"): crossed,
        (model, "KNOWN-45"): crossed,
        (model, "other platforms"): [elsewhere],
    }


@pytest.fixture
def results(loaded, monkeypatch):
    given_blocks = {
        **blocks("botscan", dict.fromkeys(LOSO_SOURCES, 0.9) | {"caverlee-2011": 0.6}),
        **blocks("following/followers alone", dict.fromkeys(LOSO_SOURCES, 0.7)),
        ("botscan", "people"): [
            {
                pattern.name: {"source": name, "steps": steps, "own_line": own, "nested_line": nested}
                for pattern in PATTERNS["twitter"]
            }
            for name, steps, own, nested in (("quiet", [1, 8, 9, 10], 10, 6), ("loud", [0, 0, 5, 6], 6, 10))
        ],
    }
    monkeypatch.setattr(loaded["scoreboard"], "run_models", lambda _models, _jobs: given_blocks)
    return loaded["scoreboard"].collect(("botscan", "following/followers alone"), 1)


def test_means_worst_and_cells_below_the_ratio(results):
    loso = results["twitter"]["botscan"]["LOSO-5"]
    assert (loso["mean"]["auc"], loso["worst"]["auc"]) == (pytest.approx(0.84), 0.6)
    assert [(one["suspicious"], one["auc"], one["ratio_auc"]) for one in loso["below_ratio"]] == [
        ("caverlee-2011", 0.6, 0.7)
    ]
    assert [cell["suspicious"] for cell in loso["cells"]] == list(LOSO_SOURCES)
    assert list(loso["parts"]) == [f"{source}/one" for source in LOSO_SOURCES]
    crossed = results["twitter"]["botscan"]["CROSS-45"]
    assert [one["people"] for one in crossed["below_ratio"]] == list(PEOPLE)
    assert "mcc" not in crossed["mean"]
    assert len(results["twitter"]["following/followers alone"]["LOSO-5"]["below_ratio"]) == 5


def test_false_alarms_by_either_line(results):
    found = results["people"]["full"]
    assert found["shipped_line_steps"] == 10
    assert [(one["source"], one["shipped"], one["nested"]) for one in found["sources"]] == [
        ("quiet", 0.25, 0.75), ("loud", 0.0, 0.0),
    ]  # fmt: skip


def test_what_is_printed_names_the_weak_cells_and_what_was_skipped(loaded, results):
    text = "\n".join(loaded["scoreboard"].show(results))
    assert "botscan, LOSO-5: 1 of 5" in text
    assert "caverlee-2011 | cresci-2015: 0.600 0.700" in text
    assert "skipped: no folder" in text
    assert f"{results['n_configurations_tried']} configurations" in text
    assert "quiet" in text


def test_the_readme_has_a_row_a_model_and_replaces_one_part_alone(loaded, results, monkeypatch):
    table = loaded["readme_table"]
    monkeypatch.setattr(table.scoreboard, "collect", lambda _models, _jobs: results)
    lines = list(table.accounts(0, 1))
    text = "\n".join(lines)
    assert "| botscan | 0.840 / 0.600; 21% / 42% |" in text
    assert "| quiet | 4 | 25.0% | 75.0% | - |" in text
    assert "skipped" in text
    for start in (i for i, line in enumerate(lines) if line.startswith("|---")):
        width = lines[start].count("|")
        rest = lines[start - 1 :]
        block = rest[: rest.index("") if "" in rest else len(rest)]
        assert {line.count("|") for line in block if line.startswith("|")} == {width}
    page = "a\n<!-- shares: begin -->\nold\n<!-- shares: end -->\n<!-- accounts: begin -->\nold\n<!-- accounts: end -->\nb\n"
    wanted = page.replace("accounts: begin -->\nold\n", "accounts: begin -->\nnew\n")
    assert table.with_part(page, "accounts", "new\n") == wanted
    with pytest.raises(SystemExit, match="each once"):
        table.with_part("nothing", "accounts", "new\n")


def test_the_readme_has_the_marks_of_every_part(loaded):
    text = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    for name in loaded["readme_table"].PARTS:
        assert loaded["readme_table"].with_part(text, name, "x\n") != text


def test_every_rule_has_its_figures_or_the_reason(loaded):
    found = dict(loaded["scoreboard"].rules())
    assert list(found) == [rule.name for rule in YARDSTICKS]
    for entry in found.values():
        assert ("not_measured" in entry) != ("cells" in entry)
    cells = found["ratio_50"]["cells"]
    assert [cell["suspicious"] for cell in cells] == list(LOSO_SOURCES)
    assert {cell["people"] for cell in cells} == {"cresci-2015", "cresci-2017", "caverlee-2011"}


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_the_correlation_from_rates_is_that_from_accounts(loaded, found, missed, alarms, spared):
    if not (found + missed and alarms + spared):
        return
    truth = np.repeat([1, 1, 0, 0], (found, missed, alarms, spared))
    flagged = np.repeat([1, 0, 1, 0], (found, missed, alarms, spared))
    computed = loaded["scoreboard"].matthews(
        found / (found + missed), alarms / (alarms + spared), found + missed, alarms + spared
    )
    assert computed == pytest.approx(matthews_corrcoef(truth, flagged), abs=1e-9)


def test_what_the_figures_depend_on_is_there(loaded):
    module = loaded["protocol_blocks"]
    for pattern in (*module.BEHIND_SHIPPED, *module.BEHIND_OTHERS):
        assert list(FOLDER.parent.glob(pattern)), pattern
    assert module.QUICK[:2] == ("botscan", "following/followers alone")


def test_only_the_published_sets_are_marked_as_measured_without_posts(loaded):
    rates = {"true_positive_rate": 0.1, "false_positive_rate": 0.01, "mcc": 0.2}
    one = {"cells": [{}] * len(LOSO_SOURCES), "mean": rates, "worst": rates}
    rules = {rule.name: one for rule in YARDSTICKS}
    rows = list(loaded["readme_table"]._decisions({"twitter": {}, "rules": rules}))[2:]
    marked = [row for row in rows if "(posts unknown) |" in row]
    assert len(rows) > len(marked) == 3
    for name in ("Socialbakers", "State of Search", "Camisani-Calzolari"):
        assert any(name in row for row in marked), name
