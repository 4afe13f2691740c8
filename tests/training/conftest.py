"""Labelled lists of nobody: simulated audiences whose truth is taken for labels."""

import numpy as np
import pytest

import botscan as bs
from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.training.labelled_rows import LabelledList


def make_labelled(seed, n=300, platform="mastodon", *, answers=None, sources=None, frame=None):
    """Return a labelled list; `answers` may change the labels, `frame` the table."""
    audience = bs.make_audience(n=n, organic_share=0.6, platform=platform, random_state=seed)
    table = audience.accounts.to_frame()
    # Lists of one platform may share made-up handles; ids tell the lists apart.
    table["account_id"] = [str(1_000_000 * seed + row) for row in range(len(table))]
    if frame is not None:
        table = frame(table, audience.is_suspicious)
    accounts = bs.read_accounts(table, platform=platform)
    said = audience.is_suspicious.astype(np.int8)
    if answers is not None:
        said = answers(said)
    return LabelledList(
        accounts,
        LabelTable(
            account_ids=tuple(table["account_id"]),
            raters=("is_suspicious",),
            answers=np.asarray(said, dtype=np.int8)[:, None],
            design=LabelDesign("assumed_simple_random"),
            inclusion_probability=None,
            source="labels",
        ),
        sources or {},
    )


@pytest.fixture(scope="session")
def labelled():
    return make_labelled


@pytest.fixture(scope="session")
def small_loso():
    """Some committed rows of every set, a small recipe, and LOSO-5 of both, with lines."""
    from botscan.training.bin_table import read_bin_table
    from botscan.training.fit import FitSettings
    from botscan.training.folds import sample_rows
    from botscan.training.loso_models import fit_loso
    from botscan.training.pairs import MemorySettings
    from botscan.training.recipes import Recipe

    quick = FitSettings(n_copies=1, drop_probability=0.0)
    recipe = Recipe(
        "twitter",
        ("has_no_posts", "posts_per_day", "posts_following_ratio", "bio_has_link", "has_avatar"),
        {},
        "sources",
        settings=quick,
        memory=MemorySettings(("posts_count", "age_days", "listed_count"), n_levels=4, fit=quick),
    )
    table = read_bin_table().of_platform("twitter", recipe.features)
    table = table.take(sample_rows(table, np.ones(len(table), dtype=bool), limit=120))
    return table, recipe, fit_loso(table, recipe)
