"""What the card tells a person: method, limits, sources, seed, versions. No clock, no machine, no paths."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np

from botscan.training.bin_table import BinTable
from botscan.training.recipes import N_CONFIGURATIONS_TRIED, N_VERDICT_RULES_TRIED, ROWS_PER_DATASET, SEED, Recipe
from botscan.training.sources import TRAINING_SETS, sources_entry

METHOD = (
    "Score = intercept + one table entry per feature, in log-odds; a field that is not known adds 0.",
    (
        "Every table is a weighted mean of a smooth table (fields dropped at random while it is fitted) and a"
        " straight line over the bins (settings.line_share), fitted to the same rows."
    ),
    (
        "twitter, second layer (memory): one table per pair of features on few levels of the grid. Their sum adds to"
        " the score only where it is positive, and every table is shifted so that the sums of the stated quantile of"
        " training people are not: it can say that an account resembles the batches of known sellers, and can never"
        " speak for it."
    ),
    (
        "Tables are fitted by weighted logistic regression with a penalty on steps between neighbouring bins and on"
        " size. A row weighs 1 / (rows of its source and label), then both classes weigh alike: a score of 0 is no"
        " probability."
    ),
    (
        "An account that follows fewer than 100 accounts (fewer than 500 where its age is not known), or fewer than"
        " two for every five days of its age, is not called suspicious whatever its score (rule follows_little):"
        " inactive is not fake. The rates in this card are"
        " of the line alone, without that rule, so fewer people and fewer bought followers are marked."
    ),
    (
        "A table that is monotone falls or rises in its own field. The score of an account need not: one more follower"
        " also moves rates, flags and pairs."
    ),
    "Points are whole multiples of 0.05, so that sums are exact and explanations add up.",
    (
        "Line of suspicious: each training source is left out in turn, the score that the stated quantile of its"
        " organic accounts stays below is taken, and the largest is used, so none of them had more false alarms at"
        " that line. Line of review: their median. No line is"
        " below 0."
    ),
    (
        "Profiles hold scores of rows whose source was left out of training (tiktok: the other random half), at most"
        " 3,000 rows of a data set."
    ),
)

LIMITS = (
    (
        "A score says how much a profile looks like known bought or inauthentic followers. It is no verdict on a person"
        " and no share of an audience."
    ),
    "The level of a score does not transfer to a new audience; only the order does. Shares need labels.",
    "social_spambots_3, traditional_spambots_2 and _3 of cresci-2017 look like people to this model.",
    (
        "Quiet real accounts of later years score higher than ordinary people of the training years. They set the line"
        " of suspicious on twitter, and it misses many bought followers of sellers it never saw: see loso_5."
    ),
    (
        "instagram has two sources and tiktok one, with undocumented labels: they are not validated. tiktok is near"
        " trivial, and a high score there proves little."
    ),
    (
        "general is fitted on the three platforms together, on counts they share. On instagram and tiktok the line"
        " leaves 1 % instead of 5 %, because few sources cannot show how far people differ."
    ),
    (
        "False alarms are not equal: people who post little and people with few followers are marked more often; see"
        " people_by_slice."
    ),
    "A person who was wrongly marked is taken off by an allow list of the reader; the model keeps no names.",
)


def about_model(table: BinTable) -> dict[str, Any]:
    """Return the part of the card that is written for people."""
    return {
        "sources": sources_entry(),
        "citations": sorted({f"{item.source}: {item.citation}" for item in TRAINING_SETS}),
        "library_versions": {name: version(name) for name in ("numpy", "scikit-learn", "scipy")},
        "limits": list(LIMITS),
        "method": list(METHOD),
        "n_configurations_tried": N_CONFIGURATIONS_TRIED,
        "n_verdict_rules_tried": N_VERDICT_RULES_TRIED,
        "random_state": SEED,
        "training_table_sha256": table.sha256,
    }


def training_entry(training: BinTable, recipe: Recipe) -> dict[str, Any]:
    """Return what one platform was trained on and how."""
    rows = [
        {
            "dataset": str(dataset),
            "n_organic": int(((training.dataset == dataset) & (training.label == 0)).sum()),
            "n_suspicious": int(((training.dataset == dataset) & (training.label == 1)).sum()),
        }
        for dataset in np.unique(training.dataset)
    ]
    return {
        "datasets": rows,
        "rows_per_dataset_at_most": ROWS_PER_DATASET,
        "settings": {
            **asdict(recipe.settings),
            "line_share": recipe.line_share,
            "memory": asdict(recipe.memory) if recipe.memory else None,
        },
    }
