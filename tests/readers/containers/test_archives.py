import io
import os
import re
import sys
import zipfile
from pathlib import Path

import pytest

from botscan.errors import FormatError
from botscan.readers.containers.archives import DATA_FILES, is_known_as, natural_order, open_parts
from botscan.readers.containers.expand import seekable
from botscan.readers.containers.files import Limits, Source, open_source

TABLE = b"username,followers_count\nbudi,3\n"
FOLLOWERS = re.compile(r"(^|/)followers_[0-9]+\.json$")
ANY_JSON = re.compile(r"\.json$")


def zip_of(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def folder_of(root, members):
    for name, content in members.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


@pytest.fixture(params=["zip", "folder"], name="pack")
def _pack(request, tmp_path):
    """Put members into an archive or a folder; returns its path."""

    def make(members):
        if request.param == "folder":
            folder_of(tmp_path / "export", members)
            return tmp_path / "export"
        path = tmp_path / "export.zip"
        path.write_bytes(zip_of(members))
        return path

    return make


def names(parts):
    return [source.name.rpartition("export")[2].removeprefix(".zip").lstrip("/") for source in parts.sources]


def test_a_file_is_one_part(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(TABLE)
    with open_parts(path) as parts:
        assert parts.container == "file"
        assert [source.name for source in parts.sources] == [str(path)]
        assert b"".join(parts.sources[0].chunks()) == TABLE
        assert (parts.others, parts.n_others, parts.n_skipped) == ((), 0, 0)
        assert parts.find(re.compile("")) is None


def test_the_members_of_a_platform_export_are_taken_in_the_order_of_their_numbers(pack):
    members = {f"connections/followers_and_following/followers_{n}.json": b"[%d]" % n for n in (10, 2, 1)}
    extra = {"connections/followers_and_following/following.json": b"{}", "media/x.jpg": b"jpg", "notes.csv": TABLE}
    parts = open_parts(pack(members | extra), groups=[[FOLLOWERS], [ANY_JSON]])
    assert [b"".join(source.chunks()) for source in parts.sources] == [b"[1]", b"[2]", b"[10]"]
    assert names(parts)[0] == "connections/followers_and_following/followers_1.json"
    assert parts.others == ("notes.csv", "connections/followers_and_following/following.json", "media/x.jpg")
    assert parts.n_others == 3
    parts.close()


def test_the_first_group_that_fits_wins_and_endings_of_data_come_last(pack):
    path = pack({"a.json": b"1", "b.csv": b"2", "c.CSV.GZ": b"3", "d.pdf": b"4", "e.parquet": b"5", "f.csv.zip": b"6"})
    assert names(open_parts(path, groups=[[FOLLOWERS], [ANY_JSON]])) == ["a.json"]
    assert names(open_parts(path, groups=[[re.compile("nothing"), re.compile(r"^b")], [ANY_JSON]])) == ["b.csv"]
    assert names(open_parts(path)) == ["a.json", "b.csv", "c.CSV.GZ", "e.parquet"]


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "js", "xlsx", "parquet"])
def test_endings_of_data(ending):
    assert all(DATA_FILES.search(f"a.{ending}{pack}") for pack in ("", ".gz", ".xz", ".bz2", ".zst"))
    assert not DATA_FILES.search(f"a{ending}")
    assert not DATA_FILES.search(f"a.{ending}.zip")


def test_hidden_files_are_skipped_and_counted(pack):
    parts = open_parts(
        pack({"a.csv": TABLE, ".b.csv": TABLE, "x/.c.csv": TABLE, "__MACOSX/d.csv": TABLE, ".git/e.csv": TABLE})
    )
    assert names(parts) == ["a.csv"]
    assert (parts.n_skipped, parts.n_others) == (4, 0)


def test_a_further_file_is_found_by_its_name(pack):
    parts = open_parts(
        pack({"data/follower.js": b"1", "data/account.js": b"2", "data/account-2.js": b"3"}),
        groups=[[re.compile(r"(^|/)follower\.js$")]],
    )
    assert b"".join(parts.find(re.compile(r"(^|/)account")).chunks()) == b"2"
    assert b"".join(parts.find(re.compile(r"(^|/)follower")).chunks()) == b"1"
    assert parts.find(re.compile("tweets")) is None


def test_what_fits_no_name_is_refused_with_the_names_seen(pack):
    path = pack({f"photo_{n}.jpg": b"" for n in range(12)})
    with pytest.raises(
        FormatError, match=r"no file that botscan knows by its name; seen: photo_0\.jpg, .*photo_9\.jpg, \.\.\.\."
    ):
        open_parts(path)


def test_an_empty_one_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FormatError, match="The folder holds no file"):
        open_parts(tmp_path / "empty")
    (tmp_path / "empty.zip").write_bytes(zip_of({}))
    with pytest.raises(FormatError, match="The archive holds no file"):
        open_parts(tmp_path / "empty.zip")


def test_only_the_first_hundred_others_are_named(pack):
    parts = open_parts(pack({"list.csv": TABLE} | {f"{n}.jpg": b"" for n in range(150)}))
    assert (len(parts.others), parts.n_others) == (100, 150)
    assert parts.others[:3] == ("0.jpg", "1.jpg", "2.jpg")


def test_a_folder_is_walked_without_following_links_or_opening_special_files(tmp_path):
    outside = folder_of(tmp_path / "outside", {"secret.csv": b"x"})
    root = folder_of(
        tmp_path / "root",
        {"a.csv": TABLE, "/".join("12345678") + "/deep.csv": TABLE, "/".join("123456789") + "/too_deep.csv": TABLE},
    )
    (root / "link.csv").symlink_to(outside / "secret.csv")
    (root / "linked").symlink_to(outside)
    os.mkfifo(root / "pipe.csv")
    parts = open_parts(root)
    assert [source.name.removeprefix(f"{root}/") for source in parts.sources] == ["a.csv", "1/2/3/4/5/6/7/8/deep.csv"]
    assert parts.n_skipped == 4
    (tmp_path / "door").symlink_to(root)
    assert len(open_parts(tmp_path / "door").sources) == 2


def test_a_folder_of_too_many_files_is_refused(tmp_path):
    folder_of(tmp_path, {f"{n}.csv": b"" for n in range(6)})
    assert len(open_parts(tmp_path, limits=Limits(members=6)).sources) == 6
    with pytest.raises(FormatError, match="holds more than 5 files"):
        open_parts(tmp_path, limits=Limits(members=5))


def test_a_folder_or_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    folder_of(tmp_path, {"a/b.csv": b""})

    def refuse(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        with pytest.raises(FormatError, match=r"a/b\.csv: The file cannot be read \(Permission denied\)"):
            open_parts(tmp_path)
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(FormatError, match=r"The file cannot be read \(Permission denied\)"):
        open_parts(tmp_path)


def test_odd_names_print_as_one_line(tmp_path):
    folder_of(tmp_path, {"two\nlines.csv": TABLE, os.fsdecode(b"caf\xe9.csv"): TABLE, "-dash.csv": TABLE})
    parts = open_parts(tmp_path)
    assert {source.name.removeprefix(f"{tmp_path}/") for source in parts.sources} == {
        r"two\nlines.csv",
        r"caf\xe9.csv",
        "-dash.csv",
    }
    assert all(b"".join(source.chunks()) == TABLE for source in parts.sources)


def test_a_slash_behind_a_folder_does_not_matter(tmp_path):
    folder_of(tmp_path, {"a.csv": TABLE})
    assert open_parts(f"{tmp_path}/").sources[0].name == f"{tmp_path}/a.csv"


def test_an_archive_comes_through_standard_input_too(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(zip_of({"a.csv": TABLE}))

    monkeypatch.setattr(sys, "stdin", Stdin)
    with open_parts("-") as parts:
        assert parts.container == "zip"
        assert parts.sources[0].name == "standard input/a.csv"
        assert b"".join(parts.sources[0].chunks()) == TABLE
        assert parts.sources[0].stamp() is None


def test_a_source_of_the_caller_stays_open(tmp_path):
    spooled = Source("made.zip", spool=io.BytesIO(zip_of({"a.csv": TABLE})))
    with open_parts(spooled) as parts:
        assert parts.sources[0].first_bytes(8) == b"username"
    assert spooled.first_bytes(2) == b"PK"
    with open_parts(Source("list", spool=io.BytesIO(TABLE))) as parts:
        assert parts.container == "file"


def test_what_was_opened_here_is_closed_here_even_when_it_is_refused(monkeypatch):
    closed = []
    close = Source.close
    monkeypatch.setattr(Source, "close", lambda source: (closed.append(source.name), close(source)))

    class Stdin:
        buffer = io.BytesIO(zip_of({"a.jpg": b""}))

    monkeypatch.setattr(sys, "stdin", Stdin)
    with pytest.raises(FormatError, match="no file that botscan knows"):
        open_parts("-")
    assert closed == ["standard input"]


def test_a_workbook_is_a_file(tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(zip_of({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/x.csv": TABLE}))
    parts = open_parts(path)
    assert (parts.container, parts.sources[0].name) == ("file", str(path))
    with seekable(parts.sources[0]) as file:
        assert zipfile.is_zipfile(file)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (["[Content_Types].xml", "word/document.xml"], "a Word document"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "a PowerPoint file"),
        (["[Content_Types].xml", "xl/workbook.bin"], "a binary Excel workbook"),
        (["mimetype", "content.xml"], "an OpenDocument file"),
        (["META-INF/MANIFEST.MF", "a.txt"], "a program"),
    ],
)
def test_documents_of_other_programs_are_refused_by_name(tmp_path, members, words):
    path = tmp_path / "list"
    path.write_bytes(zip_of(dict.fromkeys(members, b"x")))
    with pytest.raises(FormatError, match=f"list: This is {words}, not a list"):
        open_parts(path)


def test_a_member_can_be_read_at_any_place_through_a_copy(pack):
    source = open_parts(pack({"a.parquet": b"PAR1 middle PAR1"})).sources[0]
    with seekable(source) as file:
        file.seek(-4, io.SEEK_END)
        assert file.read() == b"PAR1"


def test_damaged_and_unsafe_archives_are_refused_with_their_name(tmp_path):
    whole = zip_of({"a.csv": TABLE * 100})
    path = tmp_path / "a.zip"
    for length in (4, 30, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:length])
        with pytest.raises(FormatError, match=r"a\.zip: The zip archive is damaged or cut short"):
            open_parts(path)
    path.write_bytes(zip_of({"../a.csv": TABLE}))
    with pytest.raises(FormatError, match="unsafe name"):
        open_parts(path)


def test_what_open_source_refuses_is_refused_here_too(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FormatError, match="Found a pipe"):
        open_parts(tmp_path / "pipe")
    with pytest.raises(FormatError, match="No such file"):
        open_parts(tmp_path / "none")
    with pytest.raises(FormatError, match="never opens the network"):
        open_parts("https://example.invalid/list.zip")
    with pytest.raises(FormatError, match="where a path is wanted"):
        open_parts({"a": 1})
    with pytest.raises(FormatError, match=r"Found a folder where a file is wanted\. Name a file inside it"):
        open_source(tmp_path)


def test_numbers_of_any_length_have_an_order():
    names = ["f" + "9" * 5_000 + ".js", "f10.js", "F9.js", "f010.js", "f.js", "f1/a.js", "f-part2.js", "f.csv"]
    assert sorted(names, key=natural_order) == [
        "f.csv", "f.js", "F9.js", "f010.js", "f10.js", "f" + "9" * 5_000 + ".js", "f-part2.js", "f1/a.js",
    ]  # fmt: skip


def test_copies_and_names_in_other_folders_are_known_too():
    known = [re.compile(r"(?:^|/)data/follower(?:-part[0-9]+)?\.js$"), re.compile(r"^followers_[0-9]+\.json$")]
    for name in (
        "data/follower (1).js",
        "x/data/follower-part2(12).js",
        "a/b/followers_2.json",
        "followers_2 (1).json",
    ):
        assert is_known_as(name, known), name
    for name in ("follower.js", "followers_2 copy.json", "followers_2 (x).json", "threads/followers_1.json",
                 "my_followers_1.json", "followers_1 (1).json.exe.js"):  # fmt: skip
        assert not is_known_as(name, known), name


def test_data_beside_what_is_taken(pack):
    files = {"a_1.json": b"1", "a_1 (1).json": b"2", "b.csv": b"3", "c.jpg": b"4", ".d.csv": b"5"}
    parts = open_parts(pack(files), groups=[[re.compile(r"^a_[0-9]\.json$")]])
    assert sorted(names(parts)) == ["a_1 (1).json", "a_1.json"]
    assert parts.data_beside == ("b.csv",)
    parts.close()
