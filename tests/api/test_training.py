"""Labelled lists come in as files and frames of every kind."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import botscan as bs
from botscan.errors import FormatError, ModelError, OutputError, SchemaError


def frame_of(seed, n=300):
    audience = bs.make_audience(n=n, organic_share=0.6, platform="mastodon", random_state=seed)
    frame = audience.accounts.to_frame()
    frame["account_id"] = [str(1_000_000 * seed + row) for row in range(n)]
    return frame.assign(is_suspicious=audience.is_suspicious)


@pytest.fixture(scope="module")
def frames():
    return [frame_of(1), frame_of(2)]


@pytest.fixture(scope="module")
def expected(frames):
    return bs.train_model(frames).to_dict()


def test_frames_and_files_of_every_kind_give_the_same_model(frames, expected, tmp_path):
    frames[0].to_csv(tmp_path / "a.csv", index=False)
    frames[1].to_csv(tmp_path / "b.csv", index=False, sep=";")
    assert bs.train_model([tmp_path / "a.csv", str(tmp_path / "b.csv")]).to_dict() == expected
    pq.write_table(pa.Table.from_pandas(frames[1], preserve_index=False), tmp_path / "b.parquet")
    assert bs.train_model([tmp_path / "a.csv", tmp_path / "b.parquet"]).to_dict() == expected
    dicts = frames[1].astype(object).where(frames[1].notna(), None).to_dict("records")
    assert bs.train_model((frames[0], dicts)).to_dict() == expected


def test_labels_may_stand_apart_from_their_lists(frames, expected, tmp_path):
    accounts = [bs.read_accounts(frame.drop(columns="is_suspicious")) for frame in frames]
    sheet = frames[1][["account_id", "is_suspicious"]].sample(frac=1, random_state=0)
    sheet.assign(is_suspicious=np.where(sheet["is_suspicious"], "ya", "tidak")).to_csv(tmp_path / "s.csv", index=False)
    labels = [bs.read_labels(frames[0][["account_id", "is_suspicious"]]), tmp_path / "s.csv"]
    found = bs.train_model(accounts, labels=labels).to_dict()
    assert found["labels"] == expected["labels"]
    assert found["sources"] == expected["sources"]


def test_one_list_needs_no_list_around_it(frames):
    trained = bs.train_model(frames[0])
    assert trained.validation == "random_halves"
    dicts = frames[0].astype(object).where(frames[0].notna(), None).to_dict("records")
    assert bs.train_model(dicts).to_dict() == trained.to_dict()


def test_raters_decide_by_majority(frames):
    split = (
        frames[0]
        .drop(columns="is_suspicious")
        .assign(
            rater_1=frames[0]["is_suspicious"].map({True: "yes", False: "no"}),
            rater_2=frames[0]["is_suspicious"].map({True: "ya", False: "tidak"}),
            rater_3=["yes"] * 30 + ["unsure"] * 270,
        )
    )
    split.loc[:9, "rater_2"] = ["unsure"] * 10
    said = bs.train_model([split, frames[1]]).to_dict()["labels"]
    # With one yes and one no among ten, a row is undecided where the first rater said no.
    undecided = int((~frames[0]["is_suspicious"][:10]).sum())
    assert (said["undecided"], said["used"]) == (undecided, 600 - undecided)


def test_a_source_column_names_sources_in_files_and_frames(frames, tmp_path):
    both = frames[0].assign(source=["spring"] * 150 + ["autumn"] * 150)
    both.to_csv(tmp_path / "a.csv", index=False)
    names = {one.name for one in bs.train_model(both).sources}
    assert names == {one.name for one in bs.train_model(tmp_path / "a.csv").sources} == {"spring", "autumn"}
    part = frames[0].assign(source=["spring"] * 150 + [None] * 150)
    assert {one.name for one in bs.train_model(part).sources} == {"spring", "source_1"}


def test_a_model_is_written_or_refused(frames, tmp_path):
    trained = bs.train_model(frames, tmp_path / "model", name="ours")
    assert bs.load_model(tmp_path / "model").name == trained.name == "ours"
    with pytest.raises(OutputError, match="A model stands there already"):
        bs.train_model(frames, tmp_path / "model")
    bs.train_model(frames, tmp_path / "model", restart=True)
    order = np.random.Generator(np.random.Philox(1)).permutation(300)
    wrong = frames[1].assign(is_suspicious=frames[1]["is_suspicious"].to_numpy()[order])
    with pytest.raises(ModelError, match="was not written"):
        bs.train_model([frames[0], wrong], tmp_path / "other")
    assert not (tmp_path / "other").exists()
    assert bs.train_model([frames[0], wrong]).is_refused


def test_the_folder_is_looked_at_before_the_lists(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(OutputError, match="are no model"):
        bs.train_model(tmp_path / "absent.csv", tmp_path)


def test_what_cannot_be_is_refused(frames, tmp_path):
    with pytest.raises(FormatError, match="standard input can be read once"):
        bs.train_model("-")
    with pytest.raises(SchemaError, match="holds no labels"):
        bs.train_model(bs.read_accounts(frames[0]))
    with pytest.raises(SchemaError, match="Found 2 lists and 1 tables of labels"):
        bs.train_model(frames, labels=[frames[0]])
    with pytest.raises(SchemaError, match="is_suspicious"):
        bs.train_model(frames[0].drop(columns="is_suspicious"))
    with pytest.raises(FormatError):
        bs.train_model(tmp_path / "absent.csv")
