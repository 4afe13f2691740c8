"""What raters must know before they fill in a sheet."""

from __future__ import annotations

from botscan.evidence.labels import NO, UNSURE, YES
from botscan.labels.rows import answer_words
from botscan.wording import say


def instruction_lines(language: str, words: str | None = None) -> list[str]:
    """Return the instructions, a line a rule, the title first.

    Parameters
    ----------
    language
        ``en`` or ``id``.
    words
        Language of the words that raters write, where it is another.

    Examples
    --------
    >>> instruction_lines("id", words="en")[2][:4]
    'yes:'
    """
    answers = answer_words(words or language)
    return [
        say("sheet_title", language),
        say("sheet_question", language),
        say("sheet_yes", language, word=answers[YES]),
        say("sheet_no", language, word=answers[NO]),
        say("sheet_unsure", language, word=answers[UNSURE]),
        say("sheet_inactive", language),
        say("sheet_look", language),
        say("sheet_order", language),
        say("sheet_alone", language),
        say("sheet_rows", language),
        say("sheet_saving", language),
        say("sheet_privacy", language),
    ]


def instructions(language: str = "en") -> str:
    r"""Return the instructions as plain text, a rule a paragraph.

    Examples
    --------
    >>> instructions("id").split("\n\n")[0]
    'Cara mengisi lembar ini'
    """
    return "\n\n".join(instruction_lines(language)) + "\n"
