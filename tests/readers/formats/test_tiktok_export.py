import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers import Source, read_accounts
from botscan.readers.formats.tiktok_export import TIKTOK_EXPORT, TIKTOK_EXPORT_FOLLOWING

FANS = [{"Date": "2025-11-11 01:22:22", "UserName": "warung.senja"}, {"Date": "2025-10-01 00:00:05", "UserName": "007"}]


def download(section="Activity", part="Follower List", **more):
    return {section: {part: {"FansList": FANS}, "Following List": {"Following": FANS[:1]}}, "App Settings": {}, **more}


def read(value, **options):
    return read_accounts(Source("made.json", spool=io.BytesIO(json.dumps(value, indent=1).encode())), **options)


@pytest.mark.parametrize(("section", "part"), [("Activity", "Follower List"), ("Profile And Settings", "Follower")])
def test_followers_are_found_whatever_the_sections_are_called(section, part):
    accounts = read(download(section, part))
    assert (accounts.report.format, accounts.platform, accounts.n_accounts) == ("tiktok_export", "tiktok", 2)
    assert accounts.table["handle"].to_pylist() == ["warung.senja", "007"]
    assert accounts.table["follow_rank"].to_pylist() == [1, 0]
    assert "survivors_only" in [note.code for note in accounts.report.warnings]


def test_a_download_of_following_alone_is_refused_and_read_when_named():
    value = {"Activity": {"Following List": {"Following": FANS}}}
    with pytest.raises(FormatError, match="not the followers"):
        read(value)
    accounts = read(value, format="tiktok_export_following")
    assert accounts.n_accounts == 2
    assert "followed_at" not in accounts.table.column_names


def test_a_cut_download_keeps_the_whole_followers_before_the_cut():
    data = json.dumps(download(), indent=1).encode()
    cut = data[: data.index(b"007")]
    accounts = read_accounts(Source("made.json", spool=io.BytesIO(cut)), format="tiktok_export")
    assert accounts.table["handle"].to_pylist() == ["warung.senja"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["FansList", "Following", "UserName", "Date", "Activity"]), inner, max_size=4
            )
        ),
        max_leaves=20,
    )
)
def test_hostile_values_never_raise(value):
    for one in (TIKTOK_EXPORT, TIKTOK_EXPORT_FOLLOWING):
        if isinstance(value, dict):
            assert one.evidence([value]) >= 0
            found = one.accounts.unpack(value)
            records = [item for item in ([value] if found is None else found.records) if isinstance(item, dict)]
            for field in one.accounts.fields:
                assert len(field.values(records)) == len(records)
