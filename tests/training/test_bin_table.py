import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from botscan.errors import FormatError
from botscan.features.grid import EDGES, MISSING
from botscan.training.bin_table import BIN_TABLE, data_folder, make_bin_table, read_bin_table, rows_to_bins
from botscan.training.recipes import RECIPES
from botscan.training.sources import TRAINING_SETS

HAS_DATA = (data_folder() / "labelled").is_dir()


@pytest.fixture(scope="module")
def table():
    return read_bin_table()


def test_the_file_holds_bins_label_and_source_and_nothing_else():
    schema = pq.read_schema(BIN_TABLE)
    features = {name for recipe in RECIPES for name in recipe.features}
    assert set(schema.names) == {"platform", "source", "dataset", "label", *features}
    for field in schema:
        if field.name in features:
            assert field.type == pa.uint8()
    assert BIN_TABLE.stat().st_size < 3_000_000


def test_the_order_of_rows_says_nothing():
    file = pq.read_table(BIN_TABLE)
    names = ["platform", "source", "dataset", "label"]
    names += sorted(set(file.column_names) - set(names))
    again = file.sort_by([(name, "ascending") for name in names])
    assert again.equals(file)


def test_only_rows_that_may_train_or_guard(table):
    uses = {item.dataset: item for item in TRAINING_SETS}
    assert set(table.dataset.tolist()) == set(uses)
    for dataset, item in uses.items():
        rows = table.dataset == dataset
        found = set(table.label[rows].tolist())
        assert found == {label for label, use in ((0, item.organic), (1, item.suspicious)) if use != "no"}
        assert set(table.platform[rows].tolist()) == {item.platform}
        assert set(table.source[rows].tolist()) == {item.source}


def test_codes_are_bins_of_the_grid(table):
    for name, codes in table.bins.items():
        assert codes.dtype == np.uint8
        assert ((codes <= len(EDGES[name])) | (codes == MISSING)).all()
        assert (codes != MISSING).any()


def test_fields_a_source_does_not_know_are_missing(table):
    caverlee = table.take(table.source == "caverlee-2011")
    for name in ("has_avatar", "has_geo", "listed_count", "bio_has_link"):
        assert (caverlee.bins[name] == MISSING).all()
    for name in ("followers_count", "posts_per_day", "age_days"):
        assert (caverlee.bins[name] != MISSING).mean() > 0.99


def test_all_rows_of_the_left_out_sources_are_there(table):
    counts = {source: int((table.source == source).sum()) for source in np.unique(table.source)}
    assert counts["caverlee-2011"] == 22_172 + 19_228
    assert counts["pronbots-2019"] == 17_882
    assert counts["cresci-2015"] == 1_169 + 1_337 + 845 + 468 + 1_481
    assert len(table) == sum(counts.values())


def test_an_empty_bio_is_known_and_an_unknown_one_is_missing():
    rows = pa.table({"account_id": ["1", "2"], "bio": ["", "see www.example.org"], "followers_count": [1, None]})
    bins = rows_to_bins(rows, "twitter", ("bio_has_link", "followers_count", "has_geo"))
    assert bins["bio_has_link"].tolist() == [0, 1]
    assert bins["followers_count"].tolist() == [1, MISSING]
    assert bins["has_geo"].tolist() == [MISSING, MISSING]
    # Lengths alone: no mark is known, not even that an empty bio has none.
    lengths = rows.drop_columns(["bio"]).append_column("bio_length", pa.array([0, 30]))
    assert rows_to_bins(lengths, "twitter", ("bio_has_link",))["bio_has_link"].tolist() == [MISSING, MISSING]
    assert rows_to_bins(lengths, "instagram", ("is_bio_empty",))["is_bio_empty"].tolist() == [1, 0]
    # A column of nothing but nulls is a column the source does not have.
    nulls = rows.set_column(1, "bio", pa.nulls(2, pa.string()))
    assert rows_to_bins(nulls, "twitter", ("bio_has_link",))["bio_has_link"].tolist() == [MISSING, MISSING]


def test_a_table_of_another_grid_is_refused(tmp_path):
    file = pq.read_table(BIN_TABLE).slice(0, 5)
    pq.write_table(file.replace_schema_metadata({"grid_version": "0"}), tmp_path / "old.parquet")
    with pytest.raises(FormatError, match="was cut with grid 0, wanted 1"):
        read_bin_table(tmp_path / "old.parquet")
    with pytest.raises(FormatError, match="cannot be read"):
        read_bin_table(tmp_path / "absent.parquet")


@pytest.mark.skipif(not HAS_DATA, reason="the labelled files are not here (set BOTSCAN_DATA)")
def test_it_is_made_from_the_labelled_files_again():
    made = pq.read_table(io.BytesIO(make_bin_table(data_folder())))
    assert made.equals(pq.read_table(BIN_TABLE))
