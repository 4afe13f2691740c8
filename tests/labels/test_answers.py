import pytest

from botscan.evidence.labels import NO, NOTHING, UNSURE, YES
from botscan.labels.answers import ACCEPTED, read_answer


@pytest.mark.parametrize("word", ["yes", "YES", " y ", "Ya", "iya", "1", "1.0", "true", "True", "benar"])
def test_yes(word):
    assert read_answer(word) == YES


@pytest.mark.parametrize("word", ["no", "N", "tidak", "TIDAK ", "tdk", "bukan", "0", "0.0", "false", "False", "salah"])
def test_no(word):
    assert read_answer(word) == NO


@pytest.mark.parametrize(
    "word", ["unsure", "Not  sure", "don\u2019t know", "?", "ragu", "Ragu-ragu", "tidak yakin", "tidak tahu", "mungkin"]
)
def test_unsure(word):
    assert read_answer(word) == UNSURE


@pytest.mark.parametrize("word", ["", "  ", "\t", "n/a", "-"])
def test_nothing(word):
    assert read_answer(word) == NOTHING


@pytest.mark.parametrize("word", ["2", "robot", "yes!", "ya tidak", "0.5", "tru", "nol"])
def test_other_words_are_not_guessed(word):
    assert read_answer(word) is None


def test_the_message_names_words_that_are_accepted():
    words = [
        part.strip()
        for part in ACCEPTED.replace("(also", ",").replace(")", "").replace(" or ", ",").replace(";", ",").split(",")
    ]
    assert {read_answer(word) for word in words if word and word != "nothing"} == {YES, NO, UNSURE}
