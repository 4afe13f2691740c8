"""A file is the old one or the new one, whole, whatever fails; no temporary file is left."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from botscan.errors import BotscanError, OutputError
from botscan.writing import create_file, open_atomic, write_file

OLD, NEW = b"old content", b"new content"


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "out" / "audit.html"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def fails(code):
    def call(*args, **kwargs):
        raise OSError(code, os.strerror(code))

    return call


def test_text_is_utf8_with_its_own_line_ends(tmp_path):
    write_file(tmp_path / "a.txt", "é\r\nb\n")
    assert (tmp_path / "a.txt").read_bytes() == "é\r\nb\n".encode()


def test_replaces_and_leaves_nothing_else(target):
    write_file(target, NEW)
    assert target.read_bytes() == NEW
    assert [path.name for path in target.parent.iterdir()] == ["audit.html"]


def test_order_of_calls_is_write_flush_sync_replace_sync_folder(target, monkeypatch):
    calls = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(descriptor):
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        size = os.fstat(descriptor).st_size
        calls.append("fsync folder" if is_folder else f"fsync file of {size}")
        real_fsync(descriptor)

    def replace(source, destination):
        calls.append("replace")
        assert Path(source).parent == Path(destination).parent
        real_replace(source, destination)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    write_file(target, NEW)
    assert calls == [f"fsync file of {len(NEW)}", "replace", "fsync folder"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS, errno.EXDEV])
@pytest.mark.parametrize("function", ["open", "fsync", "replace", "chmod"])
def test_old_file_stays_when_a_step_fails(target, monkeypatch, function, code):
    monkeypatch.setattr(os, function, fails(code))
    with pytest.raises(OutputError) as caught:
        write_file(target, NEW)
    monkeypatch.undo()
    assert target.read_bytes() == OLD
    assert [path.name for path in target.parent.iterdir()] == ["audit.html"]
    assert str(target) in str(caught.value)
    assert os.strerror(code) in str(caught.value)
    assert ".botscan-" not in str(caught.value)


def test_no_room_names_the_room_needed(target, monkeypatch):
    monkeypatch.setattr(os, "fsync", fails(errno.ENOSPC))
    with pytest.raises(OutputError, match="It needs 11 bytes"):
        write_file(target, NEW)


def test_failed_write_in_the_block(target):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    full = os.open("/dev/full", os.O_WRONLY)

    def write_to_a_disk_that_fills_up():
        with open_atomic(target) as file:
            file.write(NEW)
            os.dup2(full, file.fileno())  # from here on there is no room; the flush fails
            file.write(NEW)

    with pytest.raises(OutputError, match="No space left"):
        write_to_a_disk_that_fills_up()
    os.close(full)
    assert target.read_bytes() == OLD
    assert len(list(target.parent.iterdir())) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, BotscanError])
def test_other_errors_pass_through_and_clean_up(target, error):
    def stop_in_the_middle():
        with open_atomic(target) as file:
            file.write(NEW)
            raise error("stop")

    with pytest.raises(error):
        stop_in_the_middle()
    assert target.read_bytes() == OLD
    assert len(list(target.parent.iterdir())) == 1


def test_folder_sync_that_fails_says_that_the_file_is_there(target, monkeypatch):
    real = os.fsync

    def fsync(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OutputError, match="was written"):
        write_file(target, NEW)
    assert target.read_bytes() == NEW


def test_folder_must_exist(tmp_path):
    with pytest.raises(OutputError, match="folder to write into does not exist"):
        write_file(tmp_path / "no" / "a.txt", NEW)


def test_parent_that_is_a_file(target):
    with pytest.raises(OutputError):
        write_file(target / "a.txt", NEW)
    assert target.read_bytes() == OLD


def test_folder_as_target(tmp_path):
    with pytest.raises(OutputError, match="folder"):
        write_file(tmp_path, NEW)
    assert list(tmp_path.iterdir()) == []


def test_device_as_target_is_refused():
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with pytest.raises(OutputError, match="device"):
        write_file("/dev/full", NEW)
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_pipe_as_target_is_refused_without_hanging(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError):
        write_file(tmp_path / "pipe", NEW)


@pytest.mark.parametrize("name", ["a\0b", "n" * 256])
def test_impossible_names(tmp_path, name):
    with pytest.raises(OutputError):
        write_file(tmp_path / name, NEW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["n" * 255, "a\nb", "-o", "é 👍.csv", os.fsdecode(b"\xff\xfe")])
def test_odd_names_work(tmp_path, name):
    write_file(tmp_path / name, NEW)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("way", ["same", "symbolic", "hard", "dotted"])
def test_output_over_the_input_is_refused(target, way):
    output = target.parent / "other.html"
    if way == "same":
        output = target
    elif way == "symbolic":
        output.symlink_to(target)
    elif way == "hard":
        output.hardlink_to(target)
    else:
        output = target.parent / ".." / "out" / "audit.html"
    with pytest.raises(OutputError, match="input itself"):
        write_file(output, NEW, inputs=["elsewhere.csv", target])
    assert target.read_bytes() == OLD


def test_link_is_followed(target):
    link = target.parent / "latest.html"
    link.symlink_to(target)
    write_file(link, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_permissions(target):
    target.chmod(0o640)
    write_file(target, NEW)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    fresh = target.parent / "fresh"
    plain = target.parent / "plain"
    plain.write_bytes(b"")
    write_file(fresh, NEW)
    assert fresh.stat().st_mode == plain.stat().st_mode


def test_read_only_folder(target):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    target.parent.chmod(0o500)
    with pytest.raises(OutputError):
        write_file(target, NEW)
    target.parent.chmod(0o700)
    assert target.read_bytes() == OLD


def test_a_second_run_on_one_output_is_refused_at_once(target):
    with open_atomic(target) as file:
        file.write(NEW)
        with pytest.raises(OutputError, match="Another run is writing this file now"):
            write_file(target, b"of the second run")
        write_file(target.parent / "another.html", NEW)
    assert target.read_bytes() == NEW
    assert {path.name for path in target.parent.iterdir()} == {"audit.html", "another.html"}


WRITE_AND_DIE = """
import os, sys
from botscan.writing import open_atomic
with open_atomic(sys.argv[1]) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_run_left_is_removed_by_the_next(target):
    subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(target)], check=False)
    assert target.read_bytes() == OLD
    assert len(list(target.parent.iterdir())) == 2
    write_file(target, NEW)
    assert target.read_bytes() == NEW
    assert [path.name for path in target.parent.iterdir()] == ["audit.html"]


def test_a_link_in_place_of_the_temporary_file_is_not_followed(target):
    with open_atomic(target):
        (temporary,) = target.parent.glob(".botscan-*")
    victim = target.parent / "victim"
    victim.write_bytes(OLD)
    temporary.symlink_to(victim)
    with pytest.raises(OutputError):
        write_file(target, NEW)
    assert victim.read_bytes() == OLD


def test_where_files_cannot_be_locked_a_leftover_is_never_guessed_at(target, monkeypatch):
    monkeypatch.setattr("fcntl.flock", fails(errno.ENOLCK))
    write_file(target, NEW)
    with open_atomic(target), pytest.raises(OutputError, match=r"remove the file \.botscan-"):
        write_file(target, OLD)
    assert len(list(target.parent.iterdir())) == 1


def test_a_new_file_has_the_permissions_asked_for_and_is_synced_before_it_is_seen(tmp_path, monkeypatch):
    calls = []
    real_fsync, real_link = os.fsync, os.link

    def fsync(descriptor):
        calls.append("fsync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "fsync file")
        real_fsync(descriptor)

    def link(source, destination):
        calls.append("link")
        assert Path(source).read_bytes() == NEW
        real_link(source, destination)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "link", link)
    create_file(tmp_path / "new", NEW, mode=0o600)
    assert calls == ["fsync file", "link", "fsync folder"]
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_new_file_never_takes_the_place_of_what_is_there(target):
    for path in (target, target.parent, target.parent / "nowhere"):
        if path.name == "nowhere":
            path.symlink_to(target.parent / "elsewhere")
        with pytest.raises(FileExistsError):
            create_file(path, NEW)
    assert target.read_bytes() == OLD
    assert sorted(path.name for path in target.parent.iterdir()) == ["audit.html", "nowhere"]


@pytest.mark.parametrize("function", ["open", "fsync", "link"])
def test_a_new_file_appears_whole_or_not_at_all(tmp_path, monkeypatch, function):
    monkeypatch.setattr(os, function, fails(errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        create_file(tmp_path / "new", NEW)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
