"""What is said to a person whose account was marked: no more than the tool can know."""

import pytest

from botscan.training.appeal import APPEAL_EN, APPEAL_ID


def words(text):
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "sent", "unknown", "too_much"),
    [
        (APPEAL_EN, "The tool sends it nowhere", "the tool cannot know", "and nowhere else"),
        (APPEAL_ID, "tidak mengirimnya ke mana pun", "tidak dapat mengetahuinya", "Hanya di komputer"),
    ],
)
def test_it_says_where_the_tool_sends_data_and_not_where_others_keep_it(text, sent, unknown, too_much):
    assert sent in words(text)
    assert unknown in words(text)
    assert too_much not in words(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (APPEAL_EN, "On Instagram and TikTok the digits of the handle and the length of the bio count too."),
        (APPEAL_ID, "Di Instagram dan TikTok, angka dalam nama pengguna dan panjang bio juga dihitung."),
    ],
)
def test_the_fields_of_each_platform_are_told(text, wanted):
    assert wanted in words(text)
