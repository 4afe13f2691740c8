"""Atomic files: the visible file is the old one or the new one, whole, whatever happens in between."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from botscan.errors import OutputError

try:
    import fcntl
except ImportError:  # Windows: there an open file cannot be removed, which is lock enough
    _HAS_LOCKS = False
else:
    _HAS_LOCKS = True

StrPath = str | os.PathLike[str]

#: A file is made, never opened where it is.
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_NO_ROOM = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def write_file(path: StrPath, data: bytes | str, *, inputs: Iterable[StrPath] = ()) -> None:
    r"""Write a whole file, or nothing.

    Parameters
    ----------
    path
        Where to write. An existing file is replaced at once, with its permissions kept; a link is followed.
    data
        Bytes, or text that is written as UTF-8 with its line ends as they are.
    inputs
        Files that are being read; writing over one of them is refused, through links too.

    Raises
    ------
    OutputError
        The file cannot be written; what stood there before is untouched.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_file(Path(folder) / "note.txt", "seribu pengikut\n")
    ...     (Path(folder) / "note.txt").read_text(encoding="utf-8")
    'seribu pengikut\n'
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    with _open_atomic(path, inputs, room=len(content)) as file:
        file.write(content)


def create_file(path: StrPath, content: bytes, *, mode: int = 0o666) -> None:
    """Write a whole file that was not there, or nothing; a file that is there is never replaced.

    Parameters
    ----------
    path
        Where to write; a link is not followed.
    content
        What to write.
    mode
        Permissions of the file, less what the process withholds from all new files.

    Raises
    ------
    OSError
        The file cannot be written; `FileExistsError` where something stands there. Only the caller knows what the
        file is, and what to do then.
    ValueError
        No file can have this name.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     create_file(Path(folder) / "a.key", b"0071", mode=0o600)
    ...     (Path(folder) / "a.key").read_bytes()
    b'0071'
    """
    target = Path(path)
    temporary = target.parent / f".botscan-{secrets.token_hex(8)}.tmp"
    try:
        with os.fdopen(os.open(temporary, _NEW_FILE, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never takes the place of a file that is there.
        os.link(temporary, target)
        _sync_folder(target.parent)
    finally:
        with suppress(OSError, ValueError):
            temporary.unlink(missing_ok=True)


@contextmanager
def open_atomic(path: StrPath, *, inputs: Iterable[StrPath] = ()) -> Iterator[IO[bytes]]:
    """Open a file for writing bytes that appears under its name only when the block ends well.

    The bytes go to a temporary file in the same folder, which is flushed, synced and put in place by one
    `os.replace`; then the folder is synced. When the block raises, or any of these steps fails, the temporary file
    is removed and the old file stays. An OSError raised inside the block is taken for a failed write.

    The temporary file of a target has one name and is locked while it is written: a second run is refused, and what
    a killed run left behind is removed by the next one.

    Parameters
    ----------
    path, inputs
        As in `write_file`.

    Yields
    ------
    file
        Binary file; write to it, do not close it.

    Raises
    ------
    OutputError
        The file cannot be written; what stood there before is untouched.
    """
    with _open_atomic(path, inputs) as file:
        yield file


@contextmanager
def _open_atomic(path: StrPath, inputs: Iterable[StrPath], room: int | None = None) -> Iterator[IO[bytes]]:
    """Do what `open_atomic` says; `room` is the size in bytes where it is known beforehand."""
    shown = os.fsdecode(os.fspath(path))
    if not shown:
        raise OutputError("The name of the file to write is empty.", remedy="Give a file name.")
    try:
        target = Path(os.path.realpath(shown))
        mode = _check_target(target, shown, inputs)
    except (OSError, ValueError) as error:
        raise _output_error(error, shown) from error
    # The name must not grow with the target's: a name of 255 bytes is legal.
    temporary = target.parent / f".botscan-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}.tmp"
    try:
        file = _create(temporary, shown)
    except OSError as error:
        raise _output_error(error, shown, room) from error
    try:
        yield file
        file.flush()
        if mode is not None:
            os.chmod(temporary, mode)  # noqa: PTH101  os functions are what a fault injection replaces
        os.fsync(file.fileno())
        _release_on_windows(file)
        os.replace(temporary, target)  # noqa: PTH105
    except BaseException as error:
        with suppress(OSError):
            _release_on_windows(file)
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _output_error(error, shown, room) from error
        raise
    finally:
        # Only now: the lock goes with the file, and the name is ours until it is replaced or removed.
        with suppress(OSError):
            file.close()
    try:
        _sync_folder(target.parent)
    except OSError as error:
        raise OutputError(
            f"The file was written, but its folder could not be synced to the disk ({_reason(error)}).",
            source=shown,
            remedy="Check the disk, then run again.",
        ) from error


def _create(temporary: Path, shown: str) -> IO[bytes]:
    """Create and lock a file that nobody else has, with the permissions a new file has."""
    try:
        descriptor = os.open(temporary, _NEW_FILE, 0o666)
    except FileExistsError:
        _remove_leftover(temporary, shown)
        try:
            descriptor = os.open(temporary, _NEW_FILE, 0o666)
        except FileExistsError:
            raise _busy(shown) from None
    try:
        is_ours = _lock(descriptor)
    except OSError:  # a file system without locks
        is_ours = True
    # Between the creation and the lock another run may have taken this file for a leftover.
    if not is_ours or not _is_at(descriptor, temporary):
        os.close(descriptor)
        raise _busy(shown)
    return os.fdopen(descriptor, "wb")


def _remove_leftover(temporary: Path, shown: str) -> None:
    """Remove what a killed run left behind; refuse when a run that lives is writing it."""
    if not _HAS_LOCKS:
        try:
            temporary.unlink(missing_ok=True)
        except PermissionError:
            raise _busy(shown) from None
        return
    try:
        descriptor = os.open(temporary, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    try:
        if not _lock(descriptor):
            raise _busy(shown)
        if _is_at(descriptor, temporary):
            temporary.unlink()
    except OSError as error:
        raise OutputError(
            f"Another run is writing this file, or was stopped while it did ({_reason(error)}).",
            source=shown,
            remedy=f"When no run is going on, remove the file {temporary.name} beside it.",
        ) from error
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Take the lock of an open file and keep it until it is closed; False when another run has it."""
    if not _HAS_LOCKS:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _release_on_windows(file: IO[bytes]) -> None:
    """Close the file where an open one can be neither replaced nor removed."""
    if os.name == "nt":
        file.close()


def _is_at(descriptor: int, path: Path) -> bool:
    """Tell whether a name still means the open file."""
    if not _HAS_LOCKS:
        return True
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False


def _busy(shown: str) -> OutputError:
    return OutputError(
        "Another run is writing this file now.",
        source=shown,
        remedy="Wait until it has ended, or choose another name for the output.",
    )


def _check_target(target: Path, shown: str, inputs: Iterable[StrPath]) -> int | None:
    """Refuse a target that must not be replaced; return the permissions of the file that stands there."""
    for name in inputs:
        if _is_same_file(Path(name), target):
            raise OutputError(
                "The output is the input itself.", source=shown, remedy="Choose another name for the output."
            )
    try:
        found = os.stat(target)  # noqa: PTH116
    except FileNotFoundError:
        found = None
    if found is None:
        if not target.parent.is_dir():
            raise OutputError(
                "The folder to write into does not exist.",
                source=shown,
                remedy="Create the folder first, or choose another name for the output.",
            )
        return None
    if stat.S_ISDIR(found.st_mode):
        raise OutputError("This is a folder, wanted a file name.", source=shown, remedy="Add a file name.")
    if not stat.S_ISREG(found.st_mode):
        raise OutputError(
            "This is a device, pipe or socket; only a regular file can be replaced whole.",
            source=shown,
            remedy="Choose a file name.",
        )
    return stat.S_IMODE(found.st_mode)


def _is_same_file(one: Path, other: Path) -> bool:
    """Tell whether two names mean one file, through soft and hard links."""
    try:
        return os.path.samefile(one, other)  # noqa: PTH121
    except (OSError, ValueError):
        return os.path.realpath(one) == os.path.realpath(other)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power loss."""
    if os.name == "nt":  # Windows cannot open a folder, and does not need to
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError | ValueError) -> str:
    """Return the system's own words, without the path (it may hold the temporary name)."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _output_error(error: OSError | ValueError, shown: str, room: int | None = None) -> OutputError:
    """Name the path and what to do about the fault."""
    needed = f" It needs {room} bytes." if room is not None and getattr(error, "errno", None) in _NO_ROOM else ""
    return OutputError(
        f"Could not be written: {_reason(error)}.{needed} What stood there before is untouched.",
        source=shown,
        remedy="Check that the folder is writable and that the disk has room, or choose another place.",
    )
