"""What the caller and the recognition settle before the first record is read."""

from datetime import UTC, datetime

import pytest

from botscan.errors import FormatError, SchemaError
from botscan.readers.choose import Wishes
from botscan.readers.containers.files import DEFAULT_LIMITS
from botscan.readers.drafts import ReadingOptions, make_draft, reading_list
from botscan.readers.format import About
from botscan.readers.opening import Group, opened_list
from botscan.schema import COLUMNS_OF

TABLE = b"username;followers\na;1\n"
V1 = b'{"id_str": "1", "screen_name": "a", "friends_count": 1}\n'


@pytest.fixture
def draft(source_of):
    def make(data=TABLE, kind="accounts", about=None, **options):
        with opened_list(source_of(data), Wishes(kind)) as opened:
            group = opened.groups[0]
            group = group if about is None else Group(group.parts, group.notes, about)
            return make_draft(group, ReadingOptions(**options), kind)

    return make


def test_what_was_recognised_is_written_down(draft):
    found = draft(encoding=None)
    assert (found.source, found.format, found.holds, found.delimiter) == ("made.txt", "generic", "table", ";")
    assert (found.encoding, found.named_encoding, found.headers) == ("utf-8", None, ("username", "followers"))
    assert (found.platform, found.observed_at, found.rows, found.columns) == (None, None, 0, {})


def test_platforms_are_known_by_their_usual_names_and_others_are_refused(draft):
    assert draft(platform=" X ").platform == "twitter"
    with pytest.raises(SchemaError, match="'myspace' is not known") as caught:
        draft(platform="myspace")
    assert caught.value.source == "made.txt"


def test_an_option_against_the_signature_is_ignored_and_told(draft):
    found = draft(V1, platform="tiktok")
    assert [(note.code, dict(note.numbers)) for note in found.notes] == [
        ("platform_option_ignored", {"named": "tiktok", "found": "twitter"})
    ]
    assert draft(V1, platform="twitter").notes == ()
    assert draft(V1).notes == ()


def test_the_moment_is_the_callers_before_the_archives_and_utc_where_it_names_no_zone(draft):
    said = About(subject="77", observed_at="2026-06-30T07:00:00+07:00")
    assert draft(about=said).observed_at == datetime(2026, 6, 30, tzinfo=UTC)
    assert draft(about=said).subject == "77"
    naive = datetime(2025, 1, 1)  # noqa: DTZ001
    assert draft(about=said, observed_at=naive).observed_at == datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("said", [None, "", "soon", "9999-99-99", "0", 5, "2 hari lalu", "x" * 10_000])
def test_an_archive_that_says_no_moment_says_none(draft, said):
    assert draft(about=About(observed_at=said)).observed_at is None


@pytest.mark.parametrize("kind", ["accounts", "series"])
def test_a_named_order_of_dates_holds_for_every_column_of_dates(draft, kind):
    content = b"date,followers\n2024-05-01,5\n" if kind == "series" else TABLE
    orders = draft(content, kind=kind, date_order="mdy").date_orders
    assert set(orders) == {column.name for column in COLUMNS_OF[kind].values() if column.kind == "instant"}
    assert set(orders.values()) == {"mdy"}
    with pytest.raises(FormatError, match=r"made\.txt: The date order 'ydm' is not known\. Use dmy or mdy\."):
        draft(content, kind=kind, date_order="ydm")


def test_an_unknown_zone_is_refused_before_anything_is_opened():
    with (
        pytest.raises(SchemaError, match="zone"),
        reading_list("/nowhere/at/all", ReadingOptions(tz="Mars/Olympus"), "accounts", DEFAULT_LIMITS),
    ):
        pass


def test_too_little_memory_is_said_with_what_needs_less(source_of):
    with (
        pytest.raises(FormatError, match=r"made\.txt: There is not enough memory for this list\. Score it"),
        reading_list(source_of(TABLE), ReadingOptions(), "accounts", DEFAULT_LIMITS),
    ):
        raise MemoryError
