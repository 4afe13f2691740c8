import pytest

from botscan.labels.answers import read_answer
from botscan.labels.instructions import instruction_lines, instructions
from botscan.labels.rows import answer_words
from botscan.wording import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_is_offered_is_read(language):
    words = answer_words(language)
    assert {answer: read_answer(word) for answer, word in words.items()} == {one: one for one in words}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_answers_stand_in_the_instructions(language):
    lines = instruction_lines(language)
    assert [line.split(":")[0] for line in lines[2:5]] == [answer_words(language)[answer] for answer in (1, 0, -1)]
    other = next(one for one in LANGUAGES if one != language)
    assert instruction_lines(language, words=other)[2].startswith(answer_words(other)[1] + ":")


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["Inactive is not inauthentic", "not judge by the name alone", "personal data", "delete every copy", "Do not sort", "Work alone", "top to bottom", "same kind of file"]),
        ("id", ["Tidak aktif bukan berarti", "Jangan menilai dari nama saja", "data pribadi", "hapus semua salinan", "Jangan mengurutkan", "Bekerjalah sendiri", "dari atas ke bawah", "jenis berkas yang sama"]),
    ],
)  # fmt: skip
def test_what_raters_must_know_is_there(language, parts):
    text = instructions(language)
    assert [part for part in parts if part not in text] == []
    assert text.count("\n\n") == len(instruction_lines(language)) - 1
