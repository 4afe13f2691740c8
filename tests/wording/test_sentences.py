"""Sentences take their values as data: nothing in a value is ever looked into or obeyed."""

import datetime as dt

import numpy as np
import pytest

from botscan.errors import BotscanError
from botscan.notes import Note
from botscan.wording import has_words, say, say_note
from botscan.wording.sentences import _Filler


def fill(template, language="en", **values):
    return _Filler(language).vformat(template, (), values)


def test_plural_follows_the_count():
    assert say("report_accounts", "en", count=1) == "1 account"
    assert say("report_accounts", "en", count=0) == "0 accounts"
    assert say("report_accounts", "en", count=np.int64(1)) == "1 account"
    assert say("report_accounts", "id", count=1234) == "1.234 akun"


def test_unknown_code_is_an_error_never_a_silence():
    with pytest.raises(LookupError, match="no_such_code"):
        say("no_such_code")
    assert not has_words("no_such_code")


def test_missing_value_is_an_error():
    with pytest.raises(LookupError, match="count"):
        say("report_accounts")


def test_unknown_language_is_refused():
    with pytest.raises(BotscanError):
        say("yes", "jv")


def test_values_are_written_as_the_language_does():
    assert fill("{x}", x=1234) == "1,234"
    assert fill("{x}", "id", x=np.int64(1234)) == "1.234"
    assert fill("{x}", x=1234.0) == "1,234"
    assert fill("{x}", "id", x=0.5) == "0,50"
    assert fill("{x}", x=0.0123) == "0.0123"
    assert fill("{x:1}", "id", x=np.float32(1.26)) == "1,3"
    assert fill("{x:percent} {x:percent1}", "id", x=0.1234) == "12 % 12,3 %"
    assert (
        fill("{x} {y:date}", "id", x=dt.datetime(2026, 5, 1, tzinfo=dt.UTC), y="2026-05-02") == "1 Mei 2026 2 Mei 2026"
    )
    assert fill("{x:points}", x=0.05) == "5"
    assert fill("{x}", x=True) == "True"


def test_values_are_not_templates_and_not_looked_into():
    assert fill("{x}", x="{y}{x.__class__}") == "{y}{x.__class__}"
    for template in ("{x.__class__}", "{x[0]}", "{0}", "{}"):
        with pytest.raises(LookupError):
            fill(template, x="text")


def test_note_brings_column_count_and_numbers():
    note = Note("report_accounts", column="handle", count=2, numbers={"more": 1.5})
    assert say_note(note, "en") == "2 accounts"


def test_features_of_a_note_are_told_in_words():
    numbers = {"distance": 0.5, "line": 0.2, "features": "age_days, has_avatar, made_up"}
    told = say_note(Note("audience_unlike_training", numbers=numbers))
    assert "age_days" not in told
    assert f"{say('feature_age_days')}, {say('feature_has_avatar')}, made_up" in told
    assert say("feature_age_days", "id") in say_note(Note("audience_unlike_training", numbers=numbers), "id")
