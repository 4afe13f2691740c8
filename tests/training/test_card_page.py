import copy
import json
import math
import re

import pytest

from botscan.cli.main import cli
from botscan.scoring.model_files import CARD, find_default_model, read_bundle
from botscan.training.appeal import APPEAL_EN, APPEAL_ID
from botscan.training.card_page import PAGE, card_page
from botscan.training.sources import sources_entry

#: What a card states in fixed words; every other string is free.
FIXED = {"organic", "suspicious", "kind", "validation"}


def sides(before, after):
    keys = ("recall_at_1", "recall_at_5", "recall_at_line", "counted_share")
    return {
        "before": dict(zip(keys, before, strict=True)),
        "after": dict(zip(keys, after, strict=True)),
        "mean_drop": 1.25,
    }


def evasion():
    measures = sides((0.411, 0.722, 0.233, 0.055), (0.312, 0.633, 0.124, 0.036))
    folds = [{"left_out": "a source", "n_suspicious": 812, **measures}]
    unseen = {way: {"folds": folds, "mean": measures} for way in ("usual", "knowing")}
    lost = {"recall_at_1": 0.099, "recall_at_5": 0.089, "recall_at_line": 0.02}
    return {
        "fields": [{"feature": "has_avatar", "lost": lost, "mean_drop": 0.35}],
        "mix": 0.2,
        "seen": {way: {"n_cells": 45, **measures} for way in ("usual", "knowing")},
        "unseen": unseen,
    }


@pytest.fixture
def card():
    """The shipped card with everything on it that a card may have."""
    made = copy.deepcopy(dict(read_bundle(find_default_model()).card))
    made["about"]["sources"] = sources_entry()
    first = made["platforms"]["twitter"]["patterns"][0]
    figures = {"auc": 0.951, "worst_auc": 0.904, "recall_at_5": 0.788, "worst_recall_at_5": 0.702}
    missing = dict.fromkeys(("review_rate", "suspicious_rate", "suspicious_rate_ci_lower"))
    first["left_out"] |= {
        "absent_columns": [
            {"absent": "lists", "as_scored": figures, "from_all": figures, "pattern": "no_lists"},
            {"absent": "post count", "as_scored": None, "from_all": figures, "pattern": None},
        ],
        "evasion": evasion(),
        "people_by_slice": [
            {"slice": "few", "n": 12, **missing, "suspicious_rate_ci_upper": None, "worst_source": None},
            {
                "slice": "many",
                "n": 1_234,
                "review_rate": 0.111,
                "suspicious_rate": 0.0456,
                "suspicious_rate_ci_lower": 0.0361,
                "suspicious_rate_ci_upper": 0.0586,
                "worst_source": {"n": 345, "source": "a source", "suspicious_rate": 0.0876},
            },
        ],
    }
    return made


def replaced(value, number=None, text=None, key=None):
    """Return plain data with every number or every free string replaced."""
    if isinstance(value, dict):
        return {name: replaced(item, number, text, name) for name, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, number, text, key) for item in value]
    if isinstance(value, str):
        return value if text is None or key in FIXED else text(value)
    return value if value is None or number is None else number(value)


def test_the_page_beside_the_shipped_card_is_its_page():
    folder = find_default_model()
    page = (folder / PAGE).read_bytes()
    assert page == card_page(json.loads((folder / CARD).read_bytes())).encode(), "run make model"


def test_every_number_on_the_page_comes_from_the_card(card):
    """A card without a single digit makes a page without a single digit."""
    blank = replaced(card, lambda _: math.nan, lambda text: re.sub(r"\d", "x", text))
    blank["platforms"] = {re.sub(r"\d", "x", name): section for name, section in blank["platforms"].items()}
    assert re.findall(r".*\d.*", card_page(blank)) == []
    assert len(re.findall(r"\d", card_page(card))) > 2_000


def test_figures_are_those_of_the_card(card):
    page = card_page(card)
    board = card["platforms"]["twitter"]["patterns"][0]["left_out"]["loso_5"]
    table = page.split("### Sources never seen")[1].split("###")[0].splitlines()
    for fold in board["folds"]:
        row = next(line for line in table if line.startswith(f"| {fold['left_out']} |"))
        assert f"| {fold['n_suspicious']:,} | {fold['n_organic']:,} | {fold['auc']:.3f} |" in row
        assert row.endswith(f"| {100 * fold['true_positive_rate']:.1f} % | {100 * fold['false_positive_rate']:.1f} % |")
    assert "| many | 1,234 | 4.6 % | 3.6 % to 5.9 % | 11.1 % | a source: 8.8 % of 345 |" in page
    assert "| few | 12 | not measured |  | not measured |  |" in page
    assert "| lists | no\\_lists | 0.951 / 0.904 | 78.8 % / 70.2 % | 0.951 / 0.904 | 78.8 % / 70.2 % |" in page
    assert "| post count | not scored |  |  | 0.951 / 0.904 | 78.8 % / 70.2 % |" in page
    assert "| has\\_avatar | 9.9 % | 8.9 % | 0.35 |" in page
    assert "41.1 % to 31.2 % | 72.2 % to 63.3 % | 23.3 % to 12.4 % | 5.5 % to 3.6 % | 1.25 |" in page


def test_every_source_stands_with_terms_and_the_kind_of_its_labels(card):
    rows = [line for line in card_page(card).splitlines() if "| none stated |" in line]
    assert len(rows) == sum(item["terms"] == "none stated" for item in sources_entry())
    assert any("really bought from several companies" in row and "| 1,086 |" in row for row in rows)


def test_words_of_a_card_cannot_mark_up_the_page(card):
    hostile = "<img src=x>|[a](http://b)\n# c `d` *e*"
    page = card_page(replaced(card, text=lambda _: hostile))
    honest = card_page(replaced(card, text=lambda _: "words"))
    assert "<" not in page
    assert "](" not in page
    assert len(page.splitlines()) == len(honest.splitlines())
    own = [re.sub(r"\\.|&lt;", "", line) for line in page.splitlines()]
    plain = [re.sub(r"\\.|&lt;", "", line) for line in honest.splitlines()]
    for mark in "|`*#":
        assert [line.count(mark) for line in own] == [line.count(mark) for line in plain], mark


def test_tables_are_whole(card):
    columns = None
    for line in card_page(card).splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        found = len(re.findall(r"(?<!\\)\|", line))
        assert columns in (None, found), line
        columns = found


def test_nothing_of_a_row_stands_on_it(card):
    page = card_page(card)
    assert "@" not in page
    assert "\r" not in page
    # But for digests of two files and names of papers, no number is long enough to be an id.
    assert not re.findall(r"\d{6,}", re.sub(r"\b[0-9a-f]{64}\b|https\S+", "", page))


def test_the_same_card_gives_the_same_page_whatever_its_order(card):
    turned = {name: card[name] for name in reversed(card)}
    turned["platforms"] = dict(reversed(card["platforms"].items()))
    assert card_page(turned) == card_page(card)


def test_what_a_card_lacks_is_left_out(card):
    for section in card["platforms"].values():
        for pattern in section["patterns"]:
            for name in ("absent_columns", "evasion", "loso_5", "people_by_slice", "suspicious_by_slice"):
                pattern["left_out"].pop(name, None)
    for name in ("sources", "citations", "n_configurations_tried"):
        card["about"].pop(name)
    page = card_page(card)
    for title in ("absent", "faked", "never seen:", "Sources\n", "among groups", "Configurations"):
        assert title not in page
    assert "## If your account was marked" in page


@pytest.mark.parametrize("text", [APPEAL_EN, APPEAL_ID], ids=["en", "id"])
def test_a_marked_person_is_told_how_to_ask_and_is_accused_of_nothing(card, text):
    assert text in card_page(card)
    assert "botscan explain" in text
    assert "explain" in cli.commands
    words = set(re.findall(r"[a-z]+", text.lower()))
    assert not words & {"bot", "bots", "fake", "robot", "palsu", "penipu", "guilty", "bersalah"}
    assert text.count("\n- **") == 5
    assert max(map(len, text.splitlines())) <= 120


def test_the_loader_does_not_open_the_page(tmp_path):
    """The page is for people: no model is refused or changed because of it."""
    source = find_default_model()
    for path in source.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / PAGE).write_bytes(b"\xff" * 10)
    assert read_bundle(tmp_path).card == read_bundle(source).card
