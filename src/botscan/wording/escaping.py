r"""Text written by strangers, made harmless for every surface it is shown on, in one place.

Names, bios, handles, header names and file names are chosen by others. What a surface would obey (control
characters, markup, formulas, direction overrides) is turned into something a person can see.

References
----------
.. [1] OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection
.. [2] N. Boucher, R. Anderson, "Trojan Source: Invisible Vulnerabilities", arXiv:2111.00169.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from rich.text import Text

#: Width of a name on the terminal, in columns.
NAME_WIDTH = 60
ELLIPSIS = "\u2026"
#: More marks than this on one letter is no script but mischief; the rest is left out.
_MAX_MARKS = 8
#: Format characters that a script or an emoji needs, or that are visible by themselves.
_HARMLESS_FORMATS = frozenset("\u200c\u200d\u00ad\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_MARKS = frozenset({"Mn", "Me", "Mc"})
_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})

#: Letters that draw nothing: Hangul fillers, the grapheme joiner and their like.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u180e")
_QUOTES = frozenset("\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u2039\u203a\u00ab\u00bb;")
_SKIPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})
_FORMULA_STARTS = frozenset("=+-@%|")

_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def _is_hidden(char: str) -> bool:
    """Tell whether a character draws nothing and may steer a surface: controls, bidi, tags, separators."""
    return unicodedata.category(char) in _HIDDEN and char not in _HARMLESS_FORMATS


def _make_visible(text: str, show: Callable[[int], str]) -> str:
    """Replace hidden characters by `show` of their code point, and cut piles of marks."""
    if text.isascii() and text.isprintable():
        return text
    parts: list[str] = []
    marks = 0
    for char in text:
        if unicodedata.category(char) in _MARKS:
            marks += 1
            if marks > _MAX_MARKS:
                if marks == _MAX_MARKS + 1:
                    parts.append(ELLIPSIS)
                continue
        else:
            marks = 0
        parts.append(show(ord(char)) if _is_hidden(char) else char)
    return "".join(parts)


def _escape_code(code: int) -> str:
    r"""Return the escape a programmer would type: ``\x1b``, ``\u202e``; a lone surrogate has no character."""
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _symbol(code: int) -> str:
    """Return a symbol for a hidden character: the picture of a control, else its number in brackets."""
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\u27e8U+{code:04X}\u27e9"


def char_width(char: str) -> int:
    """Return the columns one character takes on a terminal: 0, 1 or 2.

    Examples
    --------
    >>> [char_width(char) for char in "a字́"]
    [1, 2, 0]
    """
    if unicodedata.category(char) in {"Mn", "Me", "Cf"} and char != "\u00ad":
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def text_width(text: str) -> int:
    """Return the columns a text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(char_width, text))


def clip(text: str, width: int) -> str:
    """Cut a text to so many terminal columns; what is cut ends with an ellipsis.

    Examples
    --------
    >>> clip("pengikut", 5)
    'peng…'
    """
    if text_width(text) <= width:
        return text
    kept: list[str] = []
    room = width - 1
    for char in text:
        room -= char_width(char)
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + ELLIPSIS


def for_terminal(text: str, width: int | None = NAME_WIDTH) -> str:
    r"""Make a text safe to print: one line, no control reaches the terminal, nothing hidden.

    Markup of the rich library is not touched, because a plain print would show the escapes; hand rich the result of
    `for_rich` instead.

    Parameters
    ----------
    text
        Anything.
    width
        Columns to clip to; None for sentences of our own, which are not clipped.

    Examples
    --------
    >>> print(for_terminal("a\x1b[31mb\u202ec\nd"))
    a\x1b[31mb\u202ec\x0ad
    """
    # Each hidden character becomes at most ten columns; cutting first keeps the work in proportion to the width.
    if width is not None:
        text = _first_visible(text, width)
    shown = _make_visible(text, _escape_code)
    return shown if width is None else clip(shown, width)


def for_rich(text: str, width: int | None = NAME_WIDTH) -> Text:
    """Make a text safe for rich: as `for_terminal`, and no markup or emoji code in it is obeyed.

    Examples
    --------
    >>> for_rich("[bold]x[/]").plain
    '[bold]x[/]'
    """
    from rich.text import Text

    return Text(for_terminal(text, width))


def _first_visible(text: str, width: int) -> str:
    """Return a head of the text that fills the width for certain, marks included."""
    taken = 0
    for index, char in enumerate(text):
        taken += unicodedata.category(char) not in _MARKS
        if taken > width + 1:
            return text[:index]
    return text


def visible(text: str, width: int | None = None) -> str:
    r"""Make hidden characters visible as symbols; no markup is escaped. For templates that escape by themselves.

    Examples
    --------
    >>> visible("a\x00\u202eb")
    'a␀⟨U+202E⟩b'
    """
    if width is not None:
        text = _first_visible(text, width)
    shown = _make_visible(text, _symbol)
    return shown if width is None else clip(shown, width)


def for_html(text: str, width: int | None = None) -> Markup:
    """Make a text safe as HTML content or as a quoted attribute value.

    Examples
    --------
    >>> for_html("<b>Ani & Co</b>")
    Markup('&lt;b&gt;Ani &amp; Co&lt;/b&gt;')
    """
    return escape(visible(text, width))


def for_markdown(text: str, width: int | None = None) -> str:
    r"""Make a text safe inside Markdown: no markup, link, table cell or HTML comes of it.

    Examples
    --------
    >>> print(for_markdown("*a* | <b>"))
    \*a\* \| &lt;b\>
    """
    shown = visible(" ".join(text.split()), width)
    named = {"<": "&lt;", "&": "&amp;"}
    return "".join(named.get(char, f"\\{char}" if char in _ASCII_PUNCTUATION else char) for char in shown)


def for_csv(text: str) -> str:
    r"""Make a text cell safe to open in a spreadsheet: what could be read as a formula gets a leading apostrophe.

    A cell is prefixed when its first character that shows is, in compatibility form (NFKC), one of ``= + - @ % |``
    (white space, controls, zero-width characters, quotes and ``;`` before it are skipped), or when it begins with
    TAB, CR, LF or NUL. NUL is dropped and a lone surrogate replaced. Numbers are no text: write them as numbers.

    Examples
    --------
    >>> for_csv("=1+1"), for_csv(" @ani"), for_csv("Ani"), for_csv("\tAni")
    ("'=1+1", "' @ani", 'Ani', "'\tAni")
    """
    risky = text.startswith(("\t", "\r", "\n", "\0")) or _first_shown(text) in _FORMULA_STARTS
    clean = text.replace("\0", "")
    if not clean.isascii():
        clean = "".join("\ufffd" if 0xD800 <= ord(char) <= 0xDFFF else char for char in clean)
    return f"'{clean}" if risky else clean


def _first_shown(text: str) -> str:
    """Return the first character that shows, in compatibility form; empty when there is none."""
    if text[:1].isascii() and text[:1].isalnum():  # nearly every cell
        return text[0]
    for char in text:
        if char in _QUOTES or char in _BLANK_LETTERS or unicodedata.category(char) in _SKIPPED_CATEGORIES:
            continue
        # A character can decompose to a space and a mark, or to several letters: the first that shows counts.
        for part in unicodedata.normalize("NFKC", char):
            if part in _QUOTES or unicodedata.category(part) in _SKIPPED_CATEGORIES:
                continue
            return part
    return ""


def csv_line(cells: Iterable[Any], delimiter: str = ",") -> str:
    r"""Write one line of a CSV file, ended by a newline: text cells by `for_csv`, numbers untouched, None empty.

    Parameters
    ----------
    cells
        Text, numbers, booleans or None.
    delimiter
        One character.

    Examples
    --------
    >>> csv_line(["@ani", 12, None, "a;b", True])
    '\'@ani,12,,"a;b",true\n'
    """
    return delimiter.join(_csv_cell(cell, delimiter) for cell in cells) + "\n"


def _csv_cell(cell: object, delimiter: str) -> str:
    """Write one cell; text that another program could split at is quoted."""
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if not isinstance(cell, str):
        return str(cell)
    text = for_csv(cell)
    if any(char in text for char in {delimiter, ",", ";", "\t", "|", '"', "\n", "\r"}) or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text
