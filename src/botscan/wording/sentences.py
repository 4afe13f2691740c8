"""Sentences from codes and numbers, through one gettext catalogue a language.

The key of a sentence is its code, so code and words never mix: results carry codes, catalogues carry words.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Mapping, Sequence
from functools import cache
from gettext import GNUTranslations
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from botscan.notes import Note
from botscan.wording.quantities import check_language, date, figure, number, percent

DOMAIN = "botscan"
LOCALE_FOLDER = Path(__file__).parent / "locale"


def say(code: str, language: str = "en", **values: object) -> str:
    """Return the sentence of a code with its values filled in as the language writes them.

    Parameters
    ----------
    code
        Key in the catalogues.
    language
        ``en`` or ``id``.
    **values
        For the placeholders of the sentence; more may be given than it uses. Whole numbers get separators; a
        placeholder may ask for ``{x:percent}``, ``{x:percent1}`` (one digit), ``{x:points}`` (percentage points),
        ``{x:date}`` or, as ``{x:2}``, for digits after the decimal mark. ``count`` also chooses between singular
        and plural.

    Returns
    -------
    sentence
        Plain text. Values that came from a file are in it as they are: escape it for the surface it is shown on.

    Raises
    ------
    LookupError
        The catalogues do not hold the code, or the sentence wants a value that was not given.

    Examples
    --------
    >>> say("report_accounts", "id", count=25000)
    '25.000 akun'
    """
    template = _template(code, language, values.get("count"))
    return _Filler(language).vformat(template, (), values)


def say_note(note: Note, language: str = "en") -> str:
    """Return the sentence of a note; escape it for the surface it is shown on.

    Examples
    --------
    >>> say_note(Note("report_accounts", count=3))
    '3 accounts'
    """
    values: dict[str, object] = {
        name: _named(value, language) if name in ("feature", "features") else value
        for name, value in note.numbers.items()
    }
    if note.column is not None:
        values["column"] = note.column
    if note.count is not None:
        values["count"] = note.count
    return say(note.code, language, **values)


def _named(features: object, language: str) -> str:
    """Put the codes of features, commas between them, into words; a code without words stays as it is."""
    codes = str(features).split(", ")
    return ", ".join(say(f"feature_{code}", language) if has_words(f"feature_{code}") else code for code in codes)


def has_words(code: str) -> bool:
    """Tell whether the catalogues hold a code."""
    try:
        _template(code, "en", None)
    except LookupError:
        return False
    return True


@cache
def _catalogue(language: str) -> GNUTranslations:
    path = LOCALE_FOLDER / check_language(language) / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with path.open("rb") as file:
        return GNUTranslations(file)


def _template(code: str, language: str, count: object) -> str:
    """Look a code up; sentences with {count} may have a singular and a plural."""
    catalogue = _catalogue(language)
    amount = int(count) if isinstance(count, Integral) else 2
    for found in (catalogue.ngettext(code, code, amount), catalogue.gettext(code)):
        if found != code:
            return found
    raise LookupError(f"The catalogue of language {language!r} has no sentence for the code {code!r}.")


class _Filler(string.Formatter):
    """Fills placeholders; only plain names (``{x.y}`` is the name "x.y"), so no value is looked into."""

    def __init__(self, language: str) -> None:
        self._language = language

    def get_field(self, field_name: str, _args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        if field_name not in kwargs:
            raise LookupError(f"The sentence wants a value for {field_name!r}; given: {sorted(kwargs)}.")
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        language = self._language
        if format_spec.startswith("percent"):
            return percent(value, language, int(format_spec.removeprefix("percent") or 0))
        if format_spec == "points":
            return number(100 * value, language)
        if format_spec == "date" or isinstance(value, dt.date):  # an instant too
            return date(value, language)
        if isinstance(value, bool) or not isinstance(value, Real):
            return str(value)
        if format_spec:
            return number(float(value), language, int(format_spec))
        return figure(float(value), language)
