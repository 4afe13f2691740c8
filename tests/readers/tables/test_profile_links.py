import pyarrow as pa
import pytest

from botscan.cells.handles import read_handle
from botscan.cells.profile_hosts import PROFILE_HOSTS
from botscan.readers.tables.profile_links import id_of_link, platform_votes
from botscan.schema import PLATFORMS


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://www.facebook.com/profile.php?id=100004471", "100004471"),
        (" m.facebook.com/profile.php?sk=about&id=7#top ", "7"),
        ("https://facebook.com/profile.php", None),
        ("https://facebook.com/profile.php?id=7&id=8", None),
        ("https://facebook.com/profile.php?id=ana", None),
        ("https://facebook.com/ana?id=7", None),
        ("https://twitter.com/intent/user?user_id=12", "12"),
        ("https://x.com/i/user/12", "12"),
        ("https://x.com/i/lists/12", None),
        ("https://x.com/ana", None),
        ("https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos", "UCabcdefghijklmnopqrstuv"),
        ("https://www.youtube.com/channel/UCshort", None),
        ("https://www.youtube.com/@ana", None),
        ("https://bsky.app/profile/did:plc:abcdefghijklmnopqrstuvwx", "did:plc:abcdefghijklmnopqrstuvwx"),
        ("https://bsky.app/profile/ana.bsky.social", None),
        ("https://facebook.com.evil.example/profile.php?id=7", None),
        ("@ana", None),
        ("", None),
        ("x.com/" + "9" * 10_000, None),
        ("https://x.com/i/user/" + "9" * 30, None),
        ("https://facebook.com/profile.php?" + "id=7&" * 500, None),
    ],
)
def test_ids_of_links(link, expected):
    assert id_of_link(link) == expected


@pytest.mark.parametrize("host", PROFILE_HOSTS)
def test_a_link_that_votes_for_a_platform_gives_a_handle(host):
    platform, before = PROFILE_HOSTS[host]
    link = f"https://www.{host}/{before}ana"
    assert read_handle(link).value == "ana"
    assert platform_votes(pa.array([link])) == {platform: 1}
    assert platform in PLATFORMS


@pytest.mark.parametrize("host", ["web.facebook.com", "mobile.facebook.com", "m.facebook.com", "mobile.x.com"])
def test_pages_for_telephones_are_of_the_platform(host):
    assert host in PROFILE_HOSTS


def test_votes_for_a_platform():
    cells = pa.chunked_array(
        [
            ["https://www.instagram.com/ana", " INSTAGRAM.com/_u/budi/", "@citra", None, ""],
            ["x.com/dewi", "https://ruang.example/@eka", "@fitri@ruang.example", "gita@gmail.com", "hadi.bsky.social"],
            [
                "https://shop.example/page",
                "https://medium.com/@indra",
                "https://github.com/joko",
                "http://threads.net/@kiki",
            ],
        ]
    )
    assert platform_votes(cells) == {"instagram": 2, "mastodon": 2, "bluesky": 1, "github": 1, "twitter": 1}
    assert platform_votes(pa.array([], pa.large_string())) == {}
    assert platform_votes(pa.array([1, 2])) == {}
