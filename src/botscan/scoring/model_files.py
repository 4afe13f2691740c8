"""A model on disk: one folder, a readable card.json and arrays; data only, checked before it is believed.

The order of reading is: sizes, digests, parsing, writing the card again and comparing, meaning. Whatever is wrong
ends in one ModelError that names the path. A digest shows damage, not forgery: a forged folder can at worst give
bad scores.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from botscan.errors import ModelError
from botscan.scoring.array_files import (
    ARRAY_NAME,
    DTYPES,
    MAX_ARRAY_BYTES,
    MAX_ARRAYS,
    MAX_FOLDER_BYTES,
    array_bytes,
    array_from_bytes,
    describe_array,
    file_size,
)
from botscan.scoring.canonical_json import GET_AGAIN, MAX_CARD_BYTES, read_card, sign_card
from botscan.writing import write_file

CARD = "card.json"


@dataclass(frozen=True, eq=False)
class Bundle:
    """The content of a model folder, verified byte for byte but not yet for its meaning.

    Attributes
    ----------
    card
        Parsed card.
    arrays
        File name -> array.
    source
        The folder, for messages.
    """

    card: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]
    source: str


def find_default_model() -> Path:
    """Return the folder of the model that ships: inside an installed package, else in the source tree.

    Raises
    ------
    ModelError
        Neither place holds one.
    """
    package = Path(__file__).resolve().parents[1]
    places = default_model_places(package)
    for place in places:
        if (place / CARD).is_file():
            return place
    raise ModelError(
        f"Found no model in {' nor in '.join(str(place) for place in places)}.",
        remedy="Install botscan again, or give the folder of a model.",
    )


def default_model_places(package: Path) -> tuple[Path, ...]:
    """Return where the shipped model may stand, for a package folder.

    Examples
    --------
    >>> [place.as_posix() for place in default_model_places(Path("/site-packages/botscan"))]
    ['/site-packages/botscan/models/default']
    >>> [place.as_posix() for place in default_model_places(Path("/repo/src/botscan"))]
    ['/repo/src/botscan/models/default', '/repo/models/default']
    """
    places = [package / "models" / "default"]
    if package.parent.name == "src":
        places.append(package.parent.parent / "models" / "default")
    return tuple(places)


def write_bundle(folder: Path, card: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a model folder; the same content gives the same bytes.

    Parameters
    ----------
    folder
        Made when absent. Arrays of an earlier model that the card does not list are removed.
    card
        Plain data; ``arrays`` and ``sha256`` are filled in here.
    arrays
        File name -> array.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = {name: describe_array(array) for name, array in arrays.items()}
    for name in sorted(arrays):
        write_file(folder / name, array_bytes(arrays[name]))
    write_file(folder / CARD, sign_card({**card, "arrays": entries}))
    for stale in folder.glob("*.npy"):
        if stale.name not in arrays:
            stale.unlink()


def read_bundle(folder: str | os.PathLike[str]) -> Bundle:
    """Read and verify a model folder.

    Raises
    ------
    ModelError
        Whatever is wrong; nothing but the card and the arrays it lists is opened.
    """
    if not os.fspath(folder):
        raise ModelError("The path of the model folder is empty.", remedy=f"Give a folder that holds a {CARD}.")
    path = Path(folder)
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError) as error:
        raise ModelError(f"The path cannot be used ({error}).", source=str(folder)) from error
    if not is_folder:
        found = "a single file" if path.exists() else "nothing"
        raise ModelError(
            f"Found {found}, wanted the folder of a model.",
            source=str(path),
            remedy=f"Give a folder that holds a {CARD}.",
        )
    card_path = path / CARD
    card = read_card(_read_file(card_path, MAX_CARD_BYTES), str(card_path))
    return Bundle(card, _read_arrays(path, card), str(path))


def _read_arrays(folder: Path, card: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    entries = card.get("arrays")
    if not isinstance(entries, dict) or len(entries) > MAX_ARRAYS:
        raise ModelError(f"Wanted a list of at most {MAX_ARRAYS} arrays.", source=str(folder / CARD), remedy=GET_AGAIN)
    wanted = {name: _checked_entry(folder, name, entry) for name, entry in entries.items()}
    if sum(file_size(dtype, shape) for dtype, shape, _ in wanted.values()) > MAX_FOLDER_BYTES:
        raise ModelError(
            f"The arrays have more than {MAX_FOLDER_BYTES} bytes.", source=str(folder / CARD), remedy=GET_AGAIN
        )
    contents = {}
    for name, (dtype, shape, digest) in wanted.items():
        data = _read_file(folder / name, MAX_ARRAY_BYTES, file_size(dtype, shape))
        if hashlib.sha256(data).hexdigest() != digest:
            raise ModelError(
                "The array is damaged: its SHA-256 is not the one in the card.",
                source=str(folder / name),
                remedy=GET_AGAIN,
            )
        contents[name] = data
    arrays = {}
    for name, (dtype, shape, _) in wanted.items():
        try:
            arrays[name] = array_from_bytes(contents[name], dtype, shape)
        except ValueError as error:
            raise ModelError(
                f"The array is not {dtype} of shape {shape}.", source=str(folder / name), remedy=GET_AGAIN
            ) from error
        arrays[name].flags.writeable = False
    return arrays


def _checked_entry(folder: Path, name: str, entry: Any) -> tuple[str, tuple[int, ...], str]:
    source = str(folder / CARD)
    if not ARRAY_NAME.match(name):
        raise ModelError("An array has a name other than [a-z0-9_]+.npy.", source=source, remedy=GET_AGAIN)
    problem = ModelError(f"The entry of {name} is not dtype, shape and sha256.", source=source, remedy=GET_AGAIN)
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "sha256"}:
        raise problem
    dtype, shape, digest = entry["dtype"], entry["shape"], entry["sha256"]
    if dtype not in DTYPES or not isinstance(digest, str) or not isinstance(shape, list) or len(shape) > 4:
        raise problem
    if not all(type(size) is int and 0 <= size <= MAX_ARRAY_BYTES for size in shape):
        raise problem
    if file_size(dtype, tuple(shape)) > MAX_ARRAY_BYTES:
        raise ModelError(f"{name} has more than {MAX_ARRAY_BYTES} bytes.", source=source, remedy=GET_AGAIN)
    return dtype, tuple(shape), digest


def _read_file(path: Path, limit: int, wanted_size: int | None = None) -> bytes:
    """Read a regular file of bounded size; links, devices and pipes are refused, not followed or waited for."""
    # Absent on some systems: Windows has neither flag nor such files.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if path.is_symlink():
            raise ModelError("Found a link, wanted a regular file.", source=str(path), remedy=GET_AGAIN)
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123  a path cannot carry these flags
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ModelError("Found a special file, wanted a regular file.", source=str(path), remedy=GET_AGAIN)
            if status.st_size > limit or (wanted_size is not None and status.st_size != wanted_size):
                wanted = f"{wanted_size}" if wanted_size is not None else f"at most {limit}"
                raise ModelError(
                    f"The file has {status.st_size} bytes, wanted {wanted}.", source=str(path), remedy=GET_AGAIN
                )
            return file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"The file cannot be read ({reason}).", source=str(path), remedy=GET_AGAIN) from error
