"""Nothing that a stranger writes is obeyed by a surface."""

import csv
import html
import io
import json
import math
import string
import unicodedata
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.wording.escaping import (
    char_width,
    clip,
    csv_line,
    for_csv,
    for_html,
    for_markdown,
    for_rich,
    for_terminal,
    text_width,
    visible,
)


def load_payloads():
    spec = spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAYLOADS


PAYLOADS = load_payloads()
anything = st.text(st.characters(), max_size=80)
#: Characters that steer, far more often than chance would bring them.
nasty = st.text(
    st.sampled_from(
        [*"=+-@%|;'\" \t\r\n\0a1<>&[]{}\\", *"\x1b\x9b\x7f\u200b\u202e\u2028\u2066\ufeff\uff1d\u0301\u3164"]
    ),
    max_size=12,
)
names = st.one_of(anything, nasty, st.sampled_from(PAYLOADS))
SOME_SETTINGS = settings(deadline=None, max_examples=100)


def steers(char):
    """A second, slower list of what must never reach a screen, written as ranges."""
    code = ord(char)
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or code in {0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF}
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xE0001 <= code <= 0xE007F
        or 0xD800 <= code <= 0xDFFF
    )


@SOME_SETTINGS
@given(names)
def test_terminal_text_is_one_short_harmless_line(name):
    shown = for_terminal(name)
    assert not any(steers(char) for char in shown)
    assert text_width(shown) <= 60
    assert len(shown) <= 61 * 10
    shown.encode("utf-8")


@SOME_SETTINGS
@given(names)
def test_unclipped_terminal_text_is_harmless_too(name):
    assert not any(steers(char) for char in for_terminal(name, None))


@pytest.mark.parametrize(
    "name", ["Ani", "Bambang Sutrisno", "Đặng Thị Ánh", "김민준", "مرحبا", "👩\u200d👩\u200d👧", "a[b]"]
)
def test_plain_names_are_left_alone(name):
    assert for_terminal(name) == visible(name) == for_csv(name) == name


@SOME_SETTINGS
@given(names)
def test_rich_obeys_nothing(name):
    from rich.console import Console

    stream = io.StringIO()
    Console(file=stream, force_terminal=True, width=200, color_system="truecolor").print(for_rich(name))
    assert stream.getvalue().rstrip("\n") == for_terminal(name).rstrip("\n")


def test_piles_of_marks_are_cut():
    shown = visible("a" + "\u0301" * 10_000 + "b")
    assert len(shown) < 20
    assert shown.endswith("b")


@SOME_SETTINGS
@given(names, st.integers(1, 20))
def test_clip_keeps_the_width_and_a_head(name, width):
    clipped = clip(name, width)
    assert text_width(clipped) <= width
    assert name.startswith(clipped.removesuffix("\u2026"))


def test_width_of_wide_and_combined_characters():
    assert [char_width(char) for char in "a\u5b57\uff21\u0301\u200d"] == [1, 2, 2, 0, 0]
    assert clip("\u5b57" * 10, 5) == "\u5b57\u5b57\u2026"


def formula_risk(cell):
    """What spreadsheets read as a formula, by the rule of the specification, written a second time."""
    if cell[:1] in {"\t", "\r", "\n", "\0"} and cell:
        return True
    rest = unicodedata.normalize("NFKC", cell)
    while rest and (
        rest[0].isspace()
        or rest[0] in "\"';\u200b\u200c\u200d\u2060\ufeff\u3164\u115f\u1160"
        or unicodedata.category(rest[0]) in {"Cc", "Cf"}
    ):
        rest = rest[1:]
    return rest[:1] in {*"=+-@%|"} and bool(rest)


@SOME_SETTINGS
@given(names)
def test_no_csv_cell_is_a_formula(name):
    cell = for_csv(name)
    assert "\0" not in cell
    cell.encode("utf-8")
    if formula_risk(name):
        assert cell.startswith("'")
    if not cell.startswith("'"):
        assert not formula_risk(cell)


@SOME_SETTINGS
@given(st.sampled_from("=+-@%|\uff1d\uff0b\uff0d\uff20\uff05\uff5c\ufe66\ufe62\u207a"), st.sampled_from(PAYLOADS))
def test_formula_starts_in_every_disguise(start, rest):
    for prefix in ("", " ", "\u200b", "\ufeff", "'", '"', ";", "\x01", "\u3000", "\u2800", "\u3164"):
        assert for_csv(prefix + start + rest).startswith("'")


@SOME_SETTINGS
@given(st.lists(st.one_of(names, st.integers(), st.none(), st.booleans(), st.floats()), min_size=1, max_size=5))
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_line_is_read_back_as_one_line_of_as_many_cells(delimiter, cells):
    line = csv_line(cells, delimiter)
    read = list(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter, strict=True))
    if line.strip("\n") == "" and len(cells) == 1:
        return
    assert len(read) == 1
    assert read[0] == [for_csv(cell) if isinstance(cell, str) else written(cell) for cell in cells]


def written(cell):
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    return json.dumps(cell) if isinstance(cell, bool) else str(cell)


@pytest.mark.parametrize("text", ["a;b", "a\tb", 'a"b', "a\nb", "a,b", "a|b", "a\rb"])
def test_text_that_another_program_would_split_is_quoted(text):
    for delimiter in ",;\t":
        assert csv_line([text], delimiter).startswith('"')


def test_numbers_are_numbers():
    assert csv_line([-5, -0.5, 1e-9]) == "-5,-0.5,1e-09\n"


class Elements(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_endtag(self, tag):
        self.tags.append((tag, None))

    def handle_comment(self, data):
        self.tags.append(("comment", data))

    def handle_decl(self, decl):
        self.tags.append(("decl", decl))

    def handle_pi(self, data):
        self.tags.append(("pi", data))

    def handle_data(self, data):
        self.text += data


@SOME_SETTINGS
@given(names)
def test_html_holds_no_element_and_reads_back(name):
    parser = Elements()
    parser.feed(f'<p title="{for_html(name)}">{for_html(name)}</p>')
    parser.close()
    assert parser.tags == [("p", [("title", visible(name))]), ("p", None)]
    assert parser.text == visible(name)
    assert not any(steers(char) for char in parser.text)


@SOME_SETTINGS
@given(names)
def test_markdown_escapes_all_punctuation(name):
    shown = for_markdown(name)
    assert "\n" not in shown
    assert "<" not in shown
    bare = shown.replace("&lt;", "").replace("&amp;", "")
    index = 0
    while index < len(bare):
        if bare[index] == "\\":
            assert bare[index + 1] in string.punctuation
            index += 2
            continue
        assert bare[index] not in string.punctuation
        index += 1
    assert not any(steers(char) for char in shown)


def test_markdown_reads_back():
    text = "*a* <b> & [c](d) | e"
    shown = html.unescape(for_markdown(text))
    assert shown.replace("\\", "") == text


def test_symbols_for_what_has_no_shape():
    assert visible("\x00\x1b\x7f\x9b\u202e\U000e0041\ud800") == "␀␛␡⟨U+009B⟩⟨U+202E⟩⟨U+E0041⟩\ufffd"
    assert for_terminal("\x00\x1b\x7f\x9b\u202e\U000e0041\ud800") == "\\x00\\x1b\\x7f\\x9b\\u202e\\U000e0041\ufffd"
