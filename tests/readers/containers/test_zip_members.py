import io
import random
import stat
import struct
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers import Source
from botscan.readers.containers.files import Limits
from botscan.readers.containers.zip_members import ZipArchive

TABLE = b"username,followers_count\nbudi,3\n"


def deflate(data):
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(data) + packer.flush()


@dataclass
class Entry:
    """A member as a forger writes it: each field may say what is not so."""

    name: bytes = b"list.csv"
    content: bytes = TABLE
    packed: bytes | None = None
    method: int = 8
    flags: int = 0
    size: int | None = None
    crc: int | None = None
    mode: int = 0
    local_name: bytes | None = None
    offset: int | None = None
    extra: bytes = b""

    def __post_init__(self):
        if self.packed is None:
            self.packed = deflate(self.content) if self.method == 8 else self.content
        self.size = len(self.content) if self.size is None else self.size
        self.crc = zlib.crc32(self.content) if self.crc is None else self.crc

    def numbers(self):
        return (self.crc, len(self.packed), self.size)


@dataclass
class Forged:
    entries: list = field(default_factory=list)

    def bytes(self):
        body, directory = b"", b""
        for one in self.entries:
            offset = len(body) if one.offset is None else one.offset
            local_name = one.name if one.local_name is None else one.local_name
            if one.offset is None:
                body += struct.pack(
                    "<4s5H3I2H",
                    b"PK\3\4",
                    20,
                    one.flags,
                    one.method,
                    0,
                    33,
                    *one.numbers(),
                    len(local_name),
                    len(one.extra),
                )
                body += local_name + one.extra + one.packed
            directory += struct.pack(
                "<4s6H3I5H2I",
                b"PK\1\2",
                0x314,
                20,
                one.flags,
                one.method,
                0,
                33,
                *one.numbers(),
                len(one.name),
                0,
                0,
                0,
                0,
                one.mode << 16,
                offset,
            )
            directory += one.name
        count = min(len(self.entries), 0xFFFF)
        return body + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)


def archive_of(*entries, **limits):
    packed = entries[0] if entries and isinstance(entries[0], bytes) else Forged(list(entries)).bytes()
    return ZipArchive(Source("made.zip", spool=io.BytesIO(packed)), limits=Limits(**limits))


def read(archive, name="list.csv"):
    return b"".join(archive.member(name).chunks())


@pytest.mark.parametrize("method", [0, 8])
def test_a_member_reads_as_it_was_again_and_again(method):
    whole = random.Random(1).randbytes(200_000) + b"ab" * 700_000
    archive = archive_of(Entry(content=whole, method=method, extra=b"\1\0\4\0abcd"), Entry(b"empty.txt", b""))
    assert archive.names == ("list.csv", "empty.txt")
    member = archive.member("list.csv")
    assert member.name == "made.zip/list.csv"
    assert b"".join(member.chunks()) == b"".join(member.chunks(999)) == whole
    assert member.first_bytes(100_000) == whole[:100_000]
    assert not member.open().seekable()
    assert member.open().read() == whole
    assert read(archive, "empty.txt") == b""
    assert max(map(len, member.chunks())) == 1 << 20


def test_archives_of_the_standard_library_read(tmp_path):
    path = tmp_path / "made.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.mkdir("lists")
        made.writestr("lists/kopi ☕.csv", TABLE)
        with made.open("streamed.csv", "w", force_zip64=True) as member:
            member.write(TABLE * 1000)
        made.comment = b"a comment"
    archive = ZipArchive(Source("made.zip", path=path))
    assert archive.names == ("lists/kopi ☕.csv", "streamed.csv")
    assert read(archive, "lists/kopi ☕.csv") == TABLE
    assert read(archive, "streamed.csv") == TABLE * 1000
    assert archive.member("streamed.csv").stamp() == Source("made.zip", path=path).stamp()


def test_bytes_before_the_archive_do_not_matter():
    assert read(archive_of(b"PK\3\4 was cut" + Forged([Entry()]).bytes())) == TABLE


@pytest.mark.parametrize(
    "name",
    [
        b"/etc/list.csv",
        b"\\\\server\\list.csv",
        b"\\list.csv",
        b"C:\\list.csv",
        b"c:list.csv",
        b"../list.csv",
        b"a/../../list.csv",
        b"a\\..\\list.csv",
        b"..",
        b"a/..",
        b"../",
        b"list.csv\0.exe",
        b"",
    ],
)
def test_names_that_lead_out_are_refused(name):
    with pytest.raises(FormatError, match=r"made\.zip: Found a member with an unsafe name"):
        archive_of(Entry(), Entry(name))


@pytest.mark.parametrize(
    ("raw", "name"),
    [(b"./a//list.csv", "a/list.csv"), (b"a\\list.csv", "a/list.csv"), (b"a..b/..c", "a..b/..c"), (b"caf\x82", "café")],
)
def test_other_names_are_only_tidied(raw, name):
    assert read(archive_of(Entry(raw)), name) == TABLE


@pytest.mark.parametrize(
    ("one", "two"), [(b"a/list.csv", b"a/list.csv"), (b"a/list.csv", b"a\\list.csv"), (b"a", b"./a")]
)
def test_two_members_of_one_name_are_refused(one, two):
    with pytest.raises(FormatError, match="Found two members of one name"):
        archive_of(Entry(one), Entry(two))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind):
    with pytest.raises(FormatError, match="Found a link or a device"):
        archive_of(Entry(), Entry(b"passwd", b"/etc/passwd", mode=kind | 0o644))


def test_regular_files_and_folders_pass():
    archive = archive_of(
        Entry(mode=stat.S_IFREG | 0o600),
        Entry(b"a/", b"", mode=stat.S_IFDIR | 0o700),
        Entry(b"b", b"", mode=stat.S_IFDIR),
        Entry(b"c\\", b""),
    )
    assert archive.names == ("list.csv",)
    assert read(archive_of(Entry(b"-", mode=stat.S_IFIFO | 0o600)), "-") == TABLE  # packed from a stream


@pytest.mark.parametrize("flags", [0x1, 0x41, 0x2000])
def test_encryption_is_refused(flags):
    with pytest.raises(FormatError, match="The archive is encrypted"):
        archive_of(Entry(), Entry(b"secret.csv", flags=flags))


@pytest.mark.parametrize("method", [0, 8])
@pytest.mark.parametrize("size", [len(TABLE) - 1, len(TABLE) + 1, 0, 1_000_000])
def test_a_size_that_is_not_so_is_refused(size, method):
    content = TABLE[:size] if size < len(TABLE) else TABLE
    forged = Entry(packed=deflate(TABLE) if method == 8 else TABLE, size=size, crc=zlib.crc32(content), method=method)
    with pytest.raises(FormatError, match=rf"made\.zip/list\.csv: The member is not of the {size:,} bytes"):
        read(archive_of(forged))


def test_no_more_is_given_than_was_declared():
    forged = Entry(packed=deflate(b"\0" * 50_000_000), content=b"", size=100)
    seen = []
    with pytest.raises(FormatError, match="not of the 100 bytes"):
        seen.extend(archive_of(forged).member("list.csv").chunks(10))
    assert sum(map(len, seen)) <= 100


@pytest.mark.parametrize(
    "forged",
    [
        Entry(crc=1),
        Entry(packed=deflate(TABLE)[:-1]),
        Entry(packed=deflate(TABLE) + b"more"),
        Entry(packed=b"\xff" * 30),
        Entry(packed=b"", content=TABLE),
        Entry(local_name=b"other.csv", content=TABLE),
    ],
    ids=["checksum", "cut", "more", "junk", "nothing", "name"],
)
def test_damage_is_refused(forged):
    with pytest.raises(FormatError, match=r"made\.zip/list\.csv: The member of the archive is damaged"):
        read(archive_of(forged))


@pytest.mark.parametrize("method", [9, 12, 14, 93, 99])
def test_other_methods_are_refused_by_number_when_the_member_is_wanted(method):
    archive = archive_of(Entry(), Entry(b"other.csv", method=method))
    assert read(archive) == TABLE
    with pytest.raises(FormatError, match=f"packed by method {method}, which is not read"):
        archive.member("other.csv")


def test_an_archive_inside_is_never_opened():
    inner = Forged([Entry()]).bytes()
    for content in (inner, Forged().bytes()):
        for method in (0, 8):
            archive = archive_of(Entry(content=content, method=method))
            with pytest.raises(FormatError, match="Found an archive or a workbook inside the archive"):
                read(archive)


def test_declared_bombs_are_refused_before_anything_is_read():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("list.csv", TABLE)
        made.filelist[0].file_size = 5 << 30
    big = archive_of(packed.getvalue())
    with pytest.raises(FormatError, match=r"list\.csv: This expands to more than 4,294,967,296 bytes"):
        big.member("list.csv")
    bomb = Entry(content=b"", packed=deflate(b"\0" * (20 << 20)), size=20 << 20)
    with pytest.raises(FormatError, match=r"list\.csv: This expands to more than 100 times its size"):
        archive_of(bomb).member("list.csv")
    archive_of(bomb, expansion_ratio=2_000).member("list.csv")
    archive_of(Entry(content=b"a" * (1 << 20))).member("list.csv")


def test_the_limits_hold_for_all_members_taken_together():
    entries = [Entry(b"%d.csv" % number, b"a" * 1000, method=0) for number in range(3)]
    archive = archive_of(*entries, expanded_bytes=2_500)
    for _ in range(3):
        archive.member("0.csv")  # the same one again is no more
    archive.member("1.csv")
    with pytest.raises(FormatError, match=r"made\.zip: This expands to more than 2,500 bytes"):
        archive.member("2.csv")
    many = archive_of(*(Entry(b"%d.csv" % number, b"\0" * (4 << 20)) for number in range(5)))
    for number in range(4):
        many.member(f"{number}.csv")
    with pytest.raises(FormatError, match=r"made\.zip: This expands to more than 100 times its size"):
        many.member("4.csv")


def test_members_that_share_their_bytes_are_refused():
    with pytest.raises(FormatError, match="The members of the archive overlap"):
        archive_of(Entry(b"a.csv"), Entry(b"b.csv", offset=0))
    with pytest.raises(FormatError, match="The members of the archive overlap"):
        archive_of(Entry(offset=10_000))


def test_too_many_members_are_refused_before_they_are_listed():
    entries = [Entry(b"%06d" % number, b"", method=0) for number in range(101)]
    assert len(archive_of(*entries[:100], members=100).names) == 100
    with pytest.raises(FormatError, match="holds more than 100 members"):
        archive_of(*entries, members=100)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4), st.integers(0, 10_000))
def test_nothing_but_a_format_error_comes_of_damage(changes, cut):
    packed = bytearray(Forged([Entry(), Entry(b"two.csv", method=0), Entry(b"a/", b"")]).bytes())
    for place, byte in changes:
        packed[place % len(packed)] = byte
    data = bytes(packed[: max(cut % (2 * len(packed)), 1)])
    with suppress(FormatError):
        archive = archive_of(data)
        for name in archive.names:
            assert read(archive, name) in {TABLE, b""}


def test_errors_of_the_disk_are_typed():
    packed = Forged([Entry(content=random.Random(1).randbytes(300_000))]).bytes()

    class Failing(io.BytesIO):
        fails = False

        def read(self, size=-1):
            if self.fails:
                raise OSError(5, "Input/output error")
            return super().read(size)

    disk = Failing(packed)
    archive = ZipArchive(Source("made.zip", spool=disk))
    disk.fails = True
    with pytest.raises(FormatError, match=r"list\.csv: The file cannot be read \(Input/output error\)"):
        read(archive)
    with pytest.raises(FormatError, match=r"made\.zip: The"):
        ZipArchive(Source("made.zip", spool=disk))


def test_long_names_are_shown_in_short():
    archive = archive_of(Entry(b"x" * 60_000))
    assert len(archive.member("x" * 60_000).name) < 250
