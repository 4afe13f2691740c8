"""A model folder appears whole or not at all, and replaces nothing but an older model, and only when told to."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from botscan.errors import OutputError
from botscan.scoring.array_files import ARRAY_NAME
from botscan.scoring.canonical_json import MAX_CARD_BYTES
from botscan.scoring.model import FORMAT
from botscan.scoring.model_files import CARD, write_bundle
from botscan.scoring.scorer import Scorer, load_model
from botscan.training.card_page import PAGE


def check_folder(folder: str | os.PathLike[str], *, restart: bool) -> Path:
    """Say whether a model may be written here, before the work of making one.

    Parameters
    ----------
    folder
        Folder of the model; absent, empty, or with `restart` a model folder.
    restart
        Replace the model that stands there.

    Returns
    -------
    path
        The folder, links resolved.

    Raises
    ------
    OutputError
        Something else stands there, a model stands there and was not to be replaced, or the folder around is missing.
    """
    shown = os.fsdecode(os.fspath(folder))
    if not shown:
        raise OutputError("The name of the folder to write is empty.", remedy="Give a folder name, for instance model.")
    try:
        path = Path(os.path.realpath(shown))
        if not path.parent.is_dir():
            raise OutputError(
                "The folder to write into does not exist.", source=shown, remedy="Create the folder around it first."
            )
        if path.exists() and not path.is_dir():
            raise OutputError("A file stands there, wanted a folder.", source=shown, remedy="Choose another name.")
        names = sorted(entry.name for entry in path.iterdir()) if path.exists() else []
        is_model = _is_model(path, names)
    except (OSError, ValueError) as error:
        raise _not_usable(error, shown) from error
    if not names:
        return path
    if not is_model:
        raise OutputError(
            f"The folder holds {len(names)} files or folders that are no model.",
            source=shown,
            remedy="Choose a new or an empty folder; nothing in this one was touched.",
        )
    if not restart:
        raise OutputError(
            "A model stands there already.",
            source=shown,
            remedy="Choose another folder, or replace it: --restart, in Python restart=True.",
        )
    return path


def write_model_folder(
    folder: str | os.PathLike[str], card: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], *, restart: bool
) -> Scorer:
    """Write a model, load it to see that it can be loaded, and only then put it in its place.

    Parameters
    ----------
    folder, restart
        As in `check_folder`.
    card, arrays
        As in `botscan.scoring.model_files.write_bundle`.

    Returns
    -------
    scorer
        The model as it was loaded.

    Raises
    ------
    OutputError
        The model cannot be written; what stood there before is untouched.
    """
    path = check_folder(folder, restart=restart)
    shown = os.fsdecode(os.fspath(folder))
    token = secrets.token_hex(8)
    made, before = path.parent / f".botscan-{token}.new", path.parent / f".botscan-{token}.old"
    try:
        write_bundle(made, card, arrays)
        scorer = load_model(made)
        if path.exists():
            path.rename(before)
        try:
            made.rename(path)
        except BaseException:
            if before.exists():
                before.rename(path)
            raise
    except OutputError as error:  # it names a place that was never meant to be seen
        raise OutputError(error.problem, source=shown, remedy=error.remedy) from error
    except OSError as error:
        raise _not_usable(error, shown) from error
    finally:
        # After success `made` is gone; `before` stays only where it could not be put back.
        with suppress(OSError):
            shutil.rmtree(made, ignore_errors=True)
            if path.exists():
                shutil.rmtree(before, ignore_errors=True)
    return scorer


def _is_model(path: Path, names: Sequence[str]) -> bool:
    """Whether a folder holds a card of botscan, its page, arrays and nothing else; the model may be damaged."""
    if CARD not in names or not all(name in (CARD, PAGE) or ARRAY_NAME.match(name) for name in names):
        return False
    if not all((path / name).is_file() for name in names):
        return False
    with (path / CARD).open("rb") as file:
        return f'"format": "{FORMAT}"'.encode() in file.read(MAX_CARD_BYTES)


def _not_usable(error: OSError | ValueError, shown: str) -> OutputError:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return OutputError(
        f"The folder cannot be written: {reason}. What stood there before is untouched.",
        source=shown,
        remedy="Check that the folder around it is writable and that the disk has room, or choose another place.",
    )
