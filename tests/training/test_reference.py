from dataclasses import replace

import numpy as np
import pytest

from botscan.evidence.feature_reference import KINDS
from botscan.features.grid import n_bins
from botscan.prevalence.drift import measure_drift
from botscan.scoring.array_files import array_bytes
from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS
from botscan.training.bin_table import read_bin_table
from botscan.training.folds import is_light, sample_rows
from botscan.training.recipes import RECIPES
from botscan.training.reference import (
    count_rows,
    fit_reference,
    left_out_audiences,
    make_reference,
    measure_lines,
    rare_from,
    reference_entry,
)

RECIPE = {recipe.platform: recipe for recipe in RECIPES}
MOST_BYTES = 150_000


@pytest.fixture(scope="module")
def tables():
    table = read_bin_table()
    return {platform: table.of_platform(platform, recipe.features) for platform, recipe in RECIPE.items()}


@pytest.fixture(scope="module")
def references(tables):
    return {platform: make_reference(tables[platform], recipe) for platform, recipe in RECIPE.items()}


def everything(table):
    return table.take(sample_rows(table, np.ones(len(table), dtype=bool)))


@pytest.mark.parametrize("platform", list(RECIPE))
def test_every_training_row_is_counted_once_in_its_family(tables, references, platform):
    rows, reference = everything(tables[platform]), references[platform]
    assert sum(family.n for family in reference.families) == len(rows)
    for position, family in enumerate(reference.families):
        members = (rows.dataset == family.name) & (rows.label == KINDS.index(family.kind))
        for name in RECIPE[platform].features[:3]:
            codes = rows.bins[name][members].tolist()
            wanted = [*(codes.count(code) for code in range(n_bins(name))), codes.count(255)]
            assert reference.counts[name][position].tolist() == wanted


def test_all_references_together_are_small(references):
    arrays = [array for name, one in references.items() for array in reference_entry(name, one)[1].values()]
    assert sum(len(array_bytes(array)) for array in arrays) < MOST_BYTES


@pytest.mark.parametrize("platform", ["twitter", "instagram", "general"])
def test_lines_are_the_largest_figures_of_left_out_audiences(tables, references, platform):
    recipe, pattern = RECIPE[platform], PATTERNS[platform][-1]
    audiences = left_out_audiences(tables[platform], recipe)
    lines = references[platform].lines[pattern.name]
    drifts = [
        measure_drift(
            count_rows(item.rows, item.reference, pattern), replace(item.reference, lines={pattern.name: lines})
        )
        for item in audiences
    ]
    assert lines.joint == round(max(drift.joint_distance.value for drift in drifts), 4)
    assert lines.rare_share == round(max(drift.rare_share.value for drift in drifts), 4)
    assert set(lines.features) == set(features_of(pattern, recipe.features))
    assert not any(drift.is_far for drift in drifts)
    people = [drift.rare_share.value for drift, item in zip(drifts, audiences, strict=True) if item.kind == "people"]
    assert np.mean(people) <= 0.01


def test_what_is_left_out_is_no_part_of_its_reference(tables):
    light = {str(name) for name in tables["twitter"].dataset[is_light(tables["twitter"])]}
    audiences = left_out_audiences(tables["twitter"], RECIPE["twitter"])
    assert {item.kind for item in audiences} == {"people", "half_suspicious"}
    for item in audiences:
        assert {str(source) for source in item.rows.source} == {item.source}
        assert not any(family.name.startswith(item.source) for family in item.reference.families)
        assert not light & {str(name) for name in item.rows.dataset}
        if item.kind == "half_suspicious":
            assert item.rows.label.mean() == 0.5
        else:
            assert not item.rows.label.any()


def test_one_source_alone_shows_what_is_rare_but_no_line(references):
    for lines in references["tiktok"].lines.values():
        assert lines.rare_from > 128
        assert lines.sources == ()
        assert lines.joint is None


@pytest.mark.parametrize("platform", ["twitter", "instagram"])
def test_lists_of_a_hundred_drawn_from_training_are_hardly_ever_far(tables, references, platform):
    rows, pattern = everything(tables[platform]), PATTERNS[platform][0]
    rng = np.random.Generator(np.random.Philox(0))
    far = []
    for _ in range(60):
        shares = rng.dirichlet(np.ones(len(references[platform].families)))
        drawn = np.concatenate(
            [
                rng.choice(
                    np.flatnonzero((rows.dataset == family.name) & (rows.label == KINDS.index(family.kind))), size
                )
                for family, size in zip(references[platform].families, rng.multinomial(100, shares), strict=True)
            ]
        )
        drift = measure_drift(count_rows(rows.take(drawn), references[platform], pattern), references[platform])
        far.append(drift.is_far)
    assert np.mean(far) <= 0.05


def test_a_batch_of_its_own_kind_is_far_from_a_reference_without_it(tables, references):
    rows, pattern = tables["twitter"], PATTERNS["twitter"][0]
    batch = rows.source == "pronbots-2019"
    rest = fit_reference(everything(rows.take(~batch)), RECIPE["twitter"].features)
    rest = replace(rest, lines=references["twitter"].lines)
    known = measure_drift(
        count_rows(everything(rows.take(batch)), references["twitter"], pattern), references["twitter"]
    )
    assert measure_drift(count_rows(everything(rows.take(batch)), rest, pattern), rest).is_far is True
    assert known.is_far is False
    assert known.joint_distance.value < 0.01


@pytest.mark.parametrize("platform", ["instagram", "tiktok"])
def test_lists_of_another_platform_are_far_from_twitter(references, platform):
    pattern = PATTERNS["twitter"][-1]
    rows = everything(read_bin_table().of_platform(platform, features_of(pattern, RECIPE["twitter"].features)))
    counts = count_rows(rows, references["twitter"], pattern)
    assert measure_drift(counts, references["twitter"]).is_far is True


def test_rare_weighs_sources_alike_whatever_their_size():
    few, many = np.zeros(512, np.uint64), np.zeros(512, np.uint64)
    few[[128, 300]] = 90, 10
    many[128] = 1_000_000
    assert rare_from([few, many]) == 301
    assert rare_from([few, many], share=0.05) == 129
    assert rare_from([many]) == 129


def test_measuring_again_gives_the_same_lines(tables, references):
    audiences = left_out_audiences(tables["instagram"], RECIPE["instagram"])
    pattern = PATTERNS["instagram"][0]
    assert measure_lines(audiences, pattern, RECIPE["instagram"]) == references["instagram"].lines[pattern.name]
