import io
import os
import socket
import sys
from pathlib import Path

import pytest

from botscan.errors import FormatError
from botscan.readers.containers.files import Limits, Source, open_source, printable, spool


def test_a_file_can_be_read_again_and_again(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"abc" * 1000)
    source = open_source(path)
    assert b"".join(source.chunks(7)) == b"".join(source.chunks()) == b"abc" * 1000
    assert source.first_bytes(4) == b"abca"
    assert source.name == str(path)


def test_special_files_are_refused_at_once(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FormatError, match=r'pipe: Found a pipe where a file is wanted\. .*"-"'):
        open_source(pipe)
    with pytest.raises(FormatError, match="Found a folder where a file is wanted"):
        open_source(tmp_path)
    with pytest.raises(FormatError, match="Found a device"):
        open_source("/dev/null")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        with pytest.raises(FormatError, match="Found a socket"):
            open_source(tmp_path / "s")
    (tmp_path / "link").symlink_to(pipe)
    with pytest.raises(FormatError, match="Found a pipe"):
        open_source(tmp_path / "link")


def test_missing_and_unreadable_files_name_the_reason(tmp_path, monkeypatch):
    with pytest.raises(FormatError, match=r"none\.csv: The file cannot be read \(No such file or directory\)"):
        open_source(tmp_path / "none.csv")
    path = tmp_path / "secret.csv"
    path.write_bytes(b"id\n1\n")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FormatError, match=r"secret\.csv: The file cannot be read \(Permission denied\)"):
        open_source(path)


@pytest.mark.parametrize("address", ["https://x.com/list.csv", "file:///etc/passwd", "s3://bucket/x"])
def test_web_addresses_are_refused(address):
    with pytest.raises(FormatError, match="never opens the network"):
        open_source(address)


@pytest.mark.parametrize("wrong", [b"bytes", 7, None])
def test_what_is_no_path_is_refused(wrong):
    with pytest.raises(FormatError, match="where a path is wanted"):
        open_source(wrong)
    with pytest.raises(FormatError, match="NUL character"):
        open_source("a\0b")


@pytest.mark.parametrize("name", ["two words.csv", "line\nbreak.csv", "☕.csv", "-dash.csv", "n" * 250 + ".csv"])
def test_odd_names_work_and_print_as_one_line(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    source = open_source(tmp_path / name)
    assert b"".join(source.chunks()) == b"x"
    assert "\n" not in source.name


def test_names_that_are_not_utf8_are_escaped():
    assert printable(os.fsdecode(b"caf\xe9\x1b.csv")) == r"caf\xe9\x1b.csv"


def test_standard_input_is_spooled_and_can_be_read_twice(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(b"id\n1\n")

    monkeypatch.setattr(sys, "stdin", Stdin)
    with open_source("-") as source:
        assert source.name == "standard input"
        first, second = source.chunks(1), source.chunks(2)
        assert next(first) == b"i"
        assert b"".join(second) == b"id\n1\n"  # a second reader does not move the first
        assert b"".join(first) == b"d\n1\n"
    assert open_source(source) is source


def test_standard_input_has_a_limit():
    with pytest.raises(FormatError, match="standard input: Found more than 10 bytes"):
        spool("standard input", io.BytesIO(b"x" * 11), limits=Limits(expanded_bytes=10))


def test_errors_while_reading_are_typed(tmp_path):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    source = Source("disk.csv", spool=Broken())
    with pytest.raises(FormatError, match=r"disk\.csv: The file cannot be read \(Input/output error\)"):
        list(source.chunks())


def test_a_change_shows_in_the_stamp(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"x")
    before = open_source(path).stamp()
    path.write_bytes(b"xy")
    assert open_source(path).stamp() != before


def test_a_path_that_no_file_can_have_is_refused():
    with pytest.raises(FormatError, match=r"\\ud800\.csv"):
        open_source("\ud800.csv")
