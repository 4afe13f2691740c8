"""A result shows the same values on every surface; no surface obeys what a stranger wrote."""

import datetime as dt
import io
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.display import Displayed, plain, to_json
from botscan.errors import BotscanError
from botscan.notes import Note


def load_payloads():
    spec = spec_from_file_location("hostile", Path(__file__).parent / "wording" / "hostile.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAYLOADS


PAYLOADS = load_payloads()


@dataclass(frozen=True)
class Inner:
    low: float
    names: tuple[str, ...]


@dataclass(frozen=True)
class Result(Displayed):
    share: float | None = 0.1234567891
    n_accounts: int = 3
    seen: dt.datetime | None = dt.datetime(2026, 6, 30, 12, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    notes: tuple[Note, ...] = (Note("ids_made", count=2),)
    inner: Inner = field(default_factory=lambda: Inner(1.0, ("a", "b")))
    rows: tuple[tuple[str, str], ...] = (("share", "12 %"), ("accounts", "3"))

    def _title(self, language):
        return {"en": "Result", "id": "Hasil"}[language]

    def _rows(self, language):
        return list(self.rows)


def test_to_dict_is_plain_data_in_the_order_of_the_fields():
    shown = Result().to_dict()
    assert list(shown) == ["share", "n_accounts", "seen", "notes", "inner", "rows"]
    assert shown["share"] == 0.123457
    assert shown["seen"] == "2026-06-30T05:00:00Z"
    assert shown["notes"] == [{"code": "ids_made", "count": 2}]
    assert shown["inner"] == {"low": 1.0, "names": ["a", "b"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (-0.0, 0.0),
        (-1e-9, 0.0),
        (np.float64(0.1234567), 0.123457),
        (np.int64(3), 3),
        (np.array([1.5, np.nan]), [1.5, None]),
        (np.bool_(True), True),
        (True, True),
        ({"a": (1, None)}, {"a": [1, None]}),
        (dt.date(2026, 5, 1), "2026-05-01"),
        (dt.datetime.fromisoformat("2026-05-01"), "2026-05-01T00:00:00Z"),
        ("\ud83d\ude00", "\U0001f600"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_plain(value, expected):
    result = plain(value)
    assert result == expected
    assert type(result) is type(expected)
    assert str(result) == str(expected)


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object()])
def test_what_has_no_order_or_no_meaning_is_refused(value):
    with pytest.raises(TypeError):
        plain(value)


@settings(deadline=None, max_examples=100)
@given(st.one_of(st.text(st.characters()), st.sampled_from(PAYLOADS), st.floats(), st.integers()))
def test_json_is_strict_ascii_and_reads_back(value):
    def refuse(word):
        raise AssertionError(word)

    text = to_json({"value": value, "also": [value]})
    assert text.isascii()
    assert all(char.isprintable() or char == "\n" for char in text)
    assert json.loads(text, parse_constant=refuse) == {"value": plain(value), "also": [plain(value)]}


def test_to_json_and_to_frame_hold_what_to_dict_holds():
    result = Result()
    assert json.loads(result.to_json()) == result.to_dict()
    frame = result.to_frame()
    assert len(frame) == 1
    assert list(frame.columns) == list(result.to_dict())
    assert frame["share"][0] == 0.123457


def test_text_lines_up_and_wraps():
    result = Result(rows=(("share", "12 %"), ("a long label", "word " * 60)))
    lines = str(result).split("\n")
    assert lines[0] == "Result"
    assert lines[1] == "  share         12 %"
    assert max(map(len, lines)) <= 100
    assert all(line.startswith(" " * 16) for line in lines[3:])
    assert result.to_text("id").startswith("Hasil\n")


def test_markdown_is_a_table():
    assert Result(rows=(("a|b", "<x>\ny"),)).to_markdown() == "**Result**\n\n| | |\n|---|---|\n| a\\|b | &lt;x\\> y |\n"


@pytest.mark.parametrize("method", ["to_text", "to_markdown"])
def test_unknown_language_is_refused(method):
    with pytest.raises(BotscanError):
        getattr(Result(), method)("jv")


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))


def tags(html):
    parser = Tags()
    parser.feed(html)
    parser.close()
    return parser.tags


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_surface_obeys_a_hostile_name(payload):
    hostile = Result(rows=((payload, payload), ("accounts", "3")))
    kind = Result(rows=(("Ani", "Ani"), ("accounts", "3")))
    assert tags(hostile._repr_html_()) == tags(kind._repr_html_())
    assert all(char == "\n" or char.isprintable() or not char.isascii() for char in str(hostile))
    assert not set(str(hostile)) & set("\x1b\x9b\u202e\u2028\u2029\u2066")
    assert hostile.to_markdown().count("\n") == kind.to_markdown().count("\n")
    stream = io.StringIO()
    from rich.console import Console

    Console(file=stream, width=300).print(hostile)
    assert not set(stream.getvalue()) & set("\x1b\x9b\u202e\u2028\u2029\u2066")
    if payload.startswith("[bold"):
        assert "[bold red]x[/]" in stream.getvalue()


@pytest.mark.parametrize("payload", [*PAYLOADS, "\U0001f468" * 10_000, "&" * 10_000])
def test_notebook_table_stays_small(payload):
    rows = tuple((f"{payload}{index}", payload) for index in range(300))
    shown = Result(rows=rows)._repr_html_()
    assert len(shown.encode()) < 20_000
    if payload:
        assert "more rows" in shown
