import os

import pytest

from botscan.errors import ModelError, OutputError
from botscan.training import model_folder
from botscan.training.model_folder import check_folder, write_model_folder
from botscan.training.own_labels import train_model


@pytest.fixture(scope="module")
def bundle(labelled):
    trained = train_model([labelled(1)])
    return trained.card, trained.arrays


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_model_is_written_and_loads(tmp_path, bundle):
    scorer = write_model_folder(tmp_path / "model", *bundle, restart=False)
    assert scorer.name == bundle[0]["name"]
    assert content(tmp_path / "model").keys() == {"card.json", *bundle[1]}
    (tmp_path / "empty").mkdir()
    write_model_folder(tmp_path / "empty", *bundle, restart=False)
    assert content(tmp_path / "empty") == content(tmp_path / "model")
    assert {path.name for path in tmp_path.iterdir()} == {"model", "empty"}


def test_only_a_model_is_replaced_and_only_when_told_to(tmp_path, bundle):
    folder = tmp_path / "model"
    write_model_folder(folder, *bundle, restart=False)
    with pytest.raises(OutputError, match=r"A model stands there already.*--restart"):
        check_folder(folder, restart=False)
    other = {**bundle[0], "name": "second"}
    assert write_model_folder(folder, other, bundle[1], restart=True).name == "second"
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="are no model"):
        write_model_folder(folder, *bundle, restart=True)
    assert (folder / "notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize("names", [["list.csv"], ["card.json"], ["card.json", "a.npy", "sub"]])
def test_other_folders_are_left_alone(tmp_path, names):
    for name in names:
        path = tmp_path / name
        if name == "sub":
            path.mkdir()
        else:
            path.write_text('{"name": "somebody\'s own"}')
    with pytest.raises(OutputError, match="are no model"):
        check_folder(tmp_path, restart=True)


def test_places_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("x")
    for path, words in (
        (tmp_path / "file", "wanted a folder"),
        (tmp_path / "no" / "model", "does not exist"),
        ("", "is empty"),
        ("a\0b", "cannot be written"),
    ):
        with pytest.raises(OutputError, match=words):
            check_folder(path, restart=True)


def test_a_failed_write_leaves_the_old_model(tmp_path, bundle, monkeypatch):
    folder = tmp_path / "model"
    write_model_folder(folder, *bundle, restart=False)
    before = content(folder)
    broken = {**bundle[0], "format": "something else"}
    with pytest.raises(ModelError):
        write_model_folder(folder, broken, bundle[1], restart=True)
    assert content(folder) == before

    def no_room(made, *_):
        made.mkdir()
        raise OutputError("Could not be written: No space left.", source=str(made))

    monkeypatch.setattr(model_folder, "write_bundle", no_room)
    with pytest.raises(OutputError, match=r"model: Could not be written: No space left") as caught:
        write_model_folder(folder, *bundle, restart=True)
    assert ".botscan" not in str(caught.value)
    assert content(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_failed_swap_puts_the_old_model_back(tmp_path, bundle, monkeypatch):
    folder = tmp_path / "model"
    write_model_folder(folder, *bundle, restart=False)
    before = content(folder)
    rename = os.rename

    def fails_for_the_new(source, target, **kwargs):
        if str(source).endswith(".new"):
            raise PermissionError(13, "Permission denied")
        rename(source, target, **kwargs)

    monkeypatch.setattr(os, "rename", fails_for_the_new)
    with pytest.raises(OutputError, match="Permission denied"):
        write_model_folder(folder, *bundle, restart=True)
    assert content(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
