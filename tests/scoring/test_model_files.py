import contextlib
import hashlib
import os
import pickle
import sys
import tracemalloc

import numpy as np
import pytest

from botscan.errors import ModelError
from botscan.scoring import load_model
from botscan.scoring.array_files import array_header
from botscan.scoring.canonical_json import sign_card
from botscan.scoring.card import model_from_bundle
from botscan.scoring.model_files import default_model_places, find_default_model, read_bundle, write_bundle


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_saving_what_was_loaded_gives_the_same_bytes(tmp_path, small_folder):
    bundle = read_bundle(small_folder)
    write_bundle(tmp_path / "again", bundle.card, bundle.arrays)
    assert contents(tmp_path / "again") == contents(small_folder)


def test_the_shipped_model_is_in_its_one_form(tmp_path):
    bundle = read_bundle(find_default_model())
    write_bundle(tmp_path / "again", bundle.card, bundle.arrays)
    shipped = contents(find_default_model())
    # The page is written from the card and is no part of the model.
    assert "card.md" in shipped
    assert contents(tmp_path / "again") == {name: data for name, data in shipped.items() if name != "card.md"}
    assert sum(len(data) for data in shipped.values()) < 1_000_000


def test_arrays_of_an_earlier_model_are_removed(small_folder, small_card, small_arrays):
    (small_folder / "stale.npy").write_bytes(b"old")
    (small_folder / "README.txt").write_bytes(b"kept")
    write_bundle(small_folder, small_card, small_arrays)
    assert not (small_folder / "stale.npy").exists()
    assert (small_folder / "README.txt").exists()


def test_places_of_the_shipped_model(tmp_path):
    installed = tmp_path / "site-packages" / "botscan"
    source = tmp_path / "repo" / "src" / "botscan"
    assert default_model_places(installed) == (installed / "models" / "default",)
    assert default_model_places(source)[1] == tmp_path / "repo" / "models" / "default"


def test_damage_to_any_file_is_seen(small_folder):
    rng = np.random.Generator(np.random.Philox(11))
    for path in sorted(small_folder.iterdir()):
        whole = path.read_bytes()
        places = {0, 1, 127, 128, len(whole) - 1, *rng.integers(0, len(whole), size=40).tolist()}
        for place in sorted(places):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << int(rng.integers(8))
            path.write_bytes(bytes(damaged))
            with pytest.raises(ModelError, match=path.name):
                read_bundle(small_folder)
            path.write_bytes(whole[:place])
            with pytest.raises(ModelError, match=path.name):
                read_bundle(small_folder)
        path.write_bytes(whole + b"\0")
        with pytest.raises(ModelError, match=path.name):
            read_bundle(small_folder)
        path.unlink()
        with pytest.raises(ModelError, match=path.name):
            read_bundle(small_folder)
        path.write_bytes(whole)
    assert read_bundle(small_folder).card["name"] == "small"


@pytest.mark.long
def test_every_byte_of_the_shipped_model(tmp_path):
    for path in find_default_model().iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 40)):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with pytest.raises(ModelError):
                load_model(tmp_path)
        path.write_bytes(whole)


class Hostile:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        return (os.system, ("touch /tmp/botscan-was-here",))


EVENTS = []
_IS_WATCHING = []


def _hook(event, arguments):
    # A hook can never be taken off again; it is idle outside the test.
    if _IS_WATCHING and event in ("exec", "os.system", "subprocess.Popen", "pickle.find_class", "import"):
        EVENTS.append((event, str(arguments)[:80]))
    # An open of a number only wraps what was opened by name before.
    if (
        _IS_WATCHING
        and event == "open"
        and not isinstance(arguments[0], int)
        and not str(arguments[0]).startswith(_IS_WATCHING[0])
    ):
        EVENTS.append((event, str(arguments[0])))


def _card_with(**changes):
    def change(folder, card, arrays):
        entries = {
            name: {
                "dtype": array.dtype.str,
                "shape": list(array.shape),
                "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
            }
            for name, array in arrays.items()
        }
        (folder / "card.json").write_bytes(sign_card({**card, "arrays": {**entries, **changes}}))

    return change


def _bytes_at(name, data):
    return lambda folder, _card, _arrays: (folder / name).write_bytes(data)


def _listed(name, data, dtype="<u2", shape=(1,)):
    """Forge a card that lists a file of any content under its true digest."""

    def change(folder, card, arrays):
        (folder / name.replace("/", "_")).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        _card_with(**{name: {"dtype": dtype, "shape": list(shape), "sha256": digest}})(folder, card, arrays)

    return change


def _link(name, target):
    def change(folder, _card, _arrays):
        (folder / name).unlink()
        (folder / name).symlink_to(target)

    return change


def _pipe(name):
    def change(folder, _card, _arrays):
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return change


def _folder(name):
    def change(folder, _card, _arrays):
        (folder / name).unlink()
        (folder / name).mkdir()

    return change


PICKLE = pickle.dumps(Hostile())
OBJECT_HEADER = array_header("<u2", (1,)).replace(b"<u2", b"|O ") + PICKLE

HOSTILE = {
    "pickle as card": _bytes_at("card.json", PICKLE),
    "huge card": _bytes_at("card.json", b"[" * 1_500_000),
    "deep card": _bytes_at("card.json", b"[" * 900_000),
    "empty card": _bytes_at("card.json", b""),
    "pickle as listed array": _listed("evil.npy", PICKLE, shape=((len(PICKLE) - 128) // 2,)),
    "object array": _listed("evil.npy", OBJECT_HEADER, dtype="|O", shape=(1,)),
    "array of 10**12 items": _listed("evil.npy", array_header("<u8", (10**12,)), "<u8", (10**12,)),
    "shape that overflows": _listed("evil.npy", b"", "<u8", (2**40, 2**40)),
    "negative shape": _listed("evil.npy", b"", "<u8", (-1,)),
    "shape that is no number": _listed("evil.npy", b"", "<u8", (True,)),
    "trailing bytes": _listed("evil.npy", array_header("<u2", (1,)) + b"\0\0\0\0"),
    "name that leaves the folder": _listed("../evil.npy", array_header("<u2", (1,)) + b"\0\0"),
    "name of another kind": _listed("evil.pkl", PICKLE),
    "name with a newline": _listed("evil.npy\n", PICKLE),
    "entry with more keys": _card_with(**{"evil.npy": {"dtype": "<u2", "shape": [], "sha256": "", "loader": "x"}}),
    "entry that is a list": _card_with(**{"evil.npy": ["<u2"]}),
    "too many arrays": _card_with(
        **{f"a{i}.npy": {"dtype": "<u2", "shape": [1], "sha256": "0" * 64} for i in range(100)}
    ),
    "too large together": _card_with(
        **{f"a{i}.npy": {"dtype": "<u8", "shape": [1_900_000], "sha256": "0" * 64} for i in range(20)}
    ),
    "link to a file outside": _link("twitter_organic.npy", "/etc/hostname"),
    "link to a device": _link("twitter_organic.npy", "/dev/zero"),
    "card that is a link": _link("card.json", "/etc/hostname"),
    "card that is a pipe": _pipe("card.json"),
    "array that is a pipe": _pipe("twitter_organic.npy"),
    "card that is a folder": _folder("card.json"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are made the POSIX way")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_folders_end_in_one_error_and_run_nothing(name, small_folder, small_card, small_arrays):
    HOSTILE[name](small_folder, small_card, small_arrays)
    with contextlib.suppress(ModelError):
        load_model(small_folder)  # whatever is imported late is imported now
    if not EVENTS:
        sys.addaudithook(_hook)
    EVENTS[:] = [("hooked", "")]
    tracemalloc.start()
    _IS_WATCHING.append(str(small_folder))
    try:
        with pytest.raises(ModelError) as caught:
            load_model(small_folder)
    finally:
        _IS_WATCHING.clear()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert EVENTS == [("hooked", "")]
    assert str(small_folder) in str(caught.value)
    assert peak < 64_000_000


@pytest.mark.parametrize("content", [b"", PICKLE, b"{}"])
def test_a_single_file_is_refused_with_what_was_wanted(tmp_path, content):
    path = tmp_path / "model.joblib"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.joblib: Found a single file, wanted the folder"):
        load_model(path)


@pytest.mark.parametrize("path", ["does/not/exist", "", "with\0nul"])
def test_a_path_that_is_not_there(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError):
        load_model(path)


def test_a_folder_reached_through_a_link_is_fine(tmp_path, small_folder):
    (tmp_path / "link").symlink_to(small_folder, target_is_directory=True)
    assert load_model(tmp_path / "link").name == "small"


def test_nothing_unlisted_is_opened(small_folder):
    os.mkfifo(small_folder / "unlisted.npy")
    assert load_model(small_folder).name == "small"


def test_a_newer_format_says_what_it_needs(small_folder, small_card, small_arrays):
    write_bundle(small_folder, {**small_card, "format_version": 3, "needs_botscan": "3.1"}, small_arrays)
    with pytest.raises(ModelError, match=r"This model needs botscan 3\.1 or later"):
        load_model(small_folder)


def test_reading_checks_the_meaning_too(small_folder, small_card, small_arrays):
    small_card["platforms"]["twitter"]["intercept"] = 0.03
    write_bundle(small_folder, small_card, small_arrays)
    bundle = read_bundle(small_folder)
    with pytest.raises(ModelError, match=r"card\.platforms\.twitter\.intercept: wanted a multiple of 0\.05"):
        model_from_bundle(bundle)
