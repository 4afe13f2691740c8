import numpy as np
import pytest

from botscan.accounts.table import AccountTable
from botscan.errors import NotEnoughAccounts, SchemaError
from botscan.evidence.labels import NOTHING, UNSURE
from botscan.features.extract import extract_matrix
from botscan.features.grid import MISSING, bin_codes
from botscan.training import labelled_rows
from botscan.training.labelled_rows import MIN_OF_KIND, LabelledList, gather_rows


def test_every_list_is_a_source_and_every_row_is_cut_as_in_scoring(labelled):
    lists = [labelled(1), labelled(2)]
    rows = gather_rows(lists)
    assert rows.recipe.platform == "mastodon"
    assert [pattern.id for pattern in rows.patterns] == ["mastodon/counts_only"]
    assert rows.counts.used == len(rows.table) == 600
    assert (rows.n_of("source_1", 0), rows.n_of("source_1", 1)) == (180, 120)
    features = rows.recipe.features
    codes = bin_codes(extract_matrix(lists[0].accounts.table, features), features)
    for position, name in enumerate(features):
        assert np.array_equal(rows.table.bins[name][:300], codes[:, position])
    assert rows.is_spared.any()
    assert not rows.is_spared.all()


def test_the_recipe_of_the_platform_keeps_what_the_lists_know(labelled):
    full = gather_rows([labelled(1, platform="twitter")])
    assert full.patterns[0].name == "full"
    without = gather_rows([labelled(1, platform="twitter", frame=lambda table, _: table.drop(columns="has_geo"))])
    assert without.patterns == full.patterns[1:]
    assert set(full.recipe.features) - set(without.recipe.features) == {"has_geo"}


def test_what_is_known_of_one_kind_only_does_not_train(labelled):
    def only_of_organic(table, is_suspicious):
        return table.assign(has_geo=table["has_geo"].where(~is_suspicious))

    rows = gather_rows([labelled(1, platform="twitter", frame=only_of_organic)])
    assert "has_geo" not in rows.recipe.features
    assert "full" not in {pattern.name for pattern in rows.patterns}


def test_a_column_a_whole_list_lacks_is_missing_in_all_its_rows(labelled):
    def mostly_unknown(table, _):
        return table.assign(has_geo=table["has_geo"].where(np.arange(len(table)) % 3 == 0))

    lists = [labelled(1, platform="twitter"), labelled(2, platform="twitter", frame=mostly_unknown)]
    geo = gather_rows(lists).table.bins["has_geo"]
    assert (geo[:300] != MISSING).all()
    assert (geo[300:] == MISSING).all()


def test_unsure_and_unanswered_labels_are_left_out(labelled):
    def answers(said):
        said[:10], said[10:30] = UNSURE, NOTHING
        return said

    counts = gather_rows([labelled(1, answers=answers), labelled(2)]).counts
    assert (counts.used, counts.undecided) == (570, 10)


def test_an_account_in_two_lists_is_used_once_or_not_at_all(labelled):
    first = labelled(1)
    assert gather_rows([first, first, labelled(2)]).counts.repeated == 300
    turned = labelled(1, answers=lambda said: np.where(np.arange(len(said)) < 20, 1 - said, said))
    counts = gather_rows([first, turned, labelled(2)]).counts
    assert (counts.contradicting, counts.repeated, counts.used) == (20, 280, 580)


def test_a_column_names_sources(labelled):
    one = labelled(1)
    named = dict.fromkeys(one.labels.account_ids[:100], "harvest")
    rows = gather_rows([labelled(1, sources=named), labelled(2)])
    assert set(rows.table.source.tolist()) == {"harvest", "source_1", "source_2"}
    assert (rows.table.source == "harvest").sum() == 100


def test_large_sources_are_thinned_to_the_same_rows_every_time(labelled, monkeypatch):
    monkeypatch.setattr(labelled_rows, "ROWS_PER_DATASET", 110)
    rows, again = gather_rows([labelled(1)]), gather_rows([labelled(1)])
    assert (rows.n_of("source_1", 0), rows.n_of("source_1", 1), rows.counts.beyond_limit) == (110, 110, 80)
    assert all(np.array_equal(rows.table.bins[name], again.table.bins[name]) for name in rows.table.bins)


def test_too_few_labels_are_refused_with_the_numbers(labelled):
    kept = 2 * MIN_OF_KIND

    def answers(said):
        suspicious = np.flatnonzero(said == 1)
        said[suspicious[MIN_OF_KIND - 1 :]] = NOTHING
        return said

    with pytest.raises(NotEnoughAccounts, match=r"180 accounts labelled organic and 99 labelled suspicious, wanted"):
        gather_rows([labelled(1, answers=answers)])
    assert gather_rows([labelled(1, n=300)]).counts.used > kept


def test_lists_that_do_not_go_together_are_refused(labelled):
    with pytest.raises(SchemaError, match=r"This list is of twitter, the first one of mastodon"):
        gather_rows([labelled(1), labelled(2, platform="twitter")])
    with pytest.raises(SchemaError, match="No labelled list"):
        gather_rows([])
    with pytest.raises(SchemaError, match="Found 31 sources"):
        gather_rows([labelled(1, sources={str(1_000_000 + row): f"s{row % 31}" for row in range(300)})])
    for name in ("x" * 61, "a\nb", ""):
        with pytest.raises(SchemaError, match="cannot stand in a model"):
            gather_rows([labelled(1, sources={"1000000": name})])
    with pytest.raises(SchemaError, match="know followers_count, following_count, posts_count"):
        gather_rows([labelled(1, frame=lambda table, _: table.drop(columns="posts_count"))])


def test_labels_of_another_list_are_refused(labelled):
    one, other = labelled(1), labelled(2)
    mixed = LabelledList(one.accounts, other.labels)
    with pytest.raises(SchemaError, match="None of the 300 labelled accounts is in the list"):
        gather_rows([mixed])
    whole = labelled(3)
    part = AccountTable.from_frame(whole.accounts.table.slice(0, 280), platform="mastodon")
    assert gather_rows([LabelledList(part, whole.labels), one]).counts.not_in_list == 20


def test_labels_that_cannot_be_used_are_told_where_too_few_remain(labelled):
    def answers(said):
        said[:] = UNSURE
        return said

    with pytest.raises(NotEnoughAccounts, match=r"Found 0 accounts .* could not be used: 300 undecided\."):
        gather_rows([labelled(1, answers=answers)])


def test_lists_of_one_kind_each_would_teach_how_they_were_gathered(labelled):
    def only(kind):
        return lambda said: np.where(said == kind, said, NOTHING)

    with pytest.raises(SchemaError, match="No source holds accounts of both kinds"):
        gather_rows([labelled(1, n=600, answers=only(0)), labelled(2, n=600, answers=only(1))])


@pytest.mark.parametrize("name", ["source_2", "half_1"])
def test_a_source_may_not_have_the_name_of_another_thing(labelled, name):
    first = labelled(1)
    named = labelled(1, sources=dict.fromkeys(first.labels.account_ids, name))
    with pytest.raises(SchemaError, match=f"A source is called {name}"):
        gather_rows([named, labelled(2)])
