"""What lies in the downloads of platforms beside the lists, by its name."""

import pytest

from botscan.readers.formats import FORMATS
from botscan.readers.formats.surroundings import is_about_something_else


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("instagram_export", ("connections/followers_and_following/following.json", "me/messages/inbox/a/message_1.json",
                              "close_friends.json", "your_instagram_activity/media/posts_1.json")),
        ("instagram_following", ("your_topics/your_topics.json",)),
        ("x_archive_follower", ("data/direct-messages.js", "account.js", "data/README.txt")),
        ("x_archive_tweets", ("data/like.js",)),
        ("tiktok_export", ("TikTok/Activity/Browsing History.txt",)),
        ("instaloader", ("kopi/2024-01-01_10-00-00_UTC.txt", "kopi/2024-01-01_10-00-00_UTC_1.json.xz", "kopi/id")),
    ],
)  # fmt: skip
def test_other_files_of_a_download_are_known(form, names):
    for name in names:
        assert is_about_something_else(name, form), name
        assert not is_about_something_else(name, "generic"), name


def test_files_that_somebody_put_there_are_not_known():
    for form in FORMATS:
        for name in ("profiles.csv", "data/profiles.csv", "connections/profiles.csv", "list.xlsx", "list.json"):
            assert not is_about_something_else(name, form.name), (form.name, name)
