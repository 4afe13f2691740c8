"""How results show themselves: data first, then a table for every surface, all made from the same rows.

A result is a frozen dataclass with this mixin. It says its title and its rows in words; everything else follows.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

from botscan.wording import check_language, for_html, for_markdown, for_rich, for_terminal, say
from botscan.wording.escaping import text_width

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

#: Digits kept of a number that was computed; statistics are equal on every machine to this.
DIGITS = 6
#: A cell is clipped here: longer text is no figure, and names are chosen by strangers.
_CELL_WIDTH = 800
_TEXT_WIDTH = 100
_HTML_BYTES = 16_000


class Exact(float):
    """A number far below 1e-6 that is no zero, a probability for instance: `plain` does not round it."""


def plain(value: object) -> Any:
    """Turn a value into what JSON knows: None, booleans, numbers, text, lists and objects.

    Numbers are rounded to 1e-6, unless `Exact`, and become None when they are not finite; instants become ISO 8601 in
    UTC; tuples and arrays become lists; dataclasses, notes and results become objects in the order of their fields.

    Examples
    --------
    >>> plain((1, float("nan"), 0.1 + 0.2, datetime(2026, 6, 30, tzinfo=UTC)))
    [1, None, 0.3, '2026-06-30T00:00:00Z']
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        # A lone surrogate is no character; a strict reader would refuse it.
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Exact) and math.isfinite(value):
        return value
    if isinstance(value, float):
        return (round(float(value), DIGITS) + 0.0) if math.isfinite(value) else None  # + 0.0: no negative zero
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):  # numpy arrays and scalars
        return plain(value.tolist())
    if isinstance(value, Iterable) and not isinstance(value, (bytes, set, frozenset)):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be shown as plain data")


def to_json(value: object, *, indent: int | None = 2) -> str:
    r"""Write a value as strict JSON: no NaN, every character beyond printable ASCII escaped, keys in given order.

    Examples
    --------
    >>> to_json({"share": float("inf"), "name": "a\u2028b"}, indent=None)
    '{"share": null, "name": "a\\u2028b"}'
    """
    return json.dumps(plain(value), ensure_ascii=True, allow_nan=False, indent=indent)


class Displayed:
    """Mixin for results; a subclass is a dataclass and gives `_title` and `_rows`.

    Examples
    --------
    >>> @dataclasses.dataclass(frozen=True)
    ... class Size(Displayed):
    ...     n_accounts: int
    ...     def _title(self, language):
    ...         return "Size"
    ...     def _rows(self, language):
    ...         return [("accounts", str(self.n_accounts))]
    >>> print(Size(3))
    Size
      accounts  3
    >>> Size(3).to_dict()
    {'n_accounts': 3}
    """

    def _title(self, language: str) -> str:
        """Return the name of the result in words."""
        raise NotImplementedError

    def _rows(self, language: str) -> list[tuple[str, str]]:
        """Return (label, value) pairs in words, as they are: each surface escapes them."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain data: numbers rounded to 1e-6, instants as ISO 8601, None for unknown."""
        fields = dataclasses.fields(cast("Any", self))
        return {field.name: plain(getattr(self, field.name)) for field in fields}

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame of one row, a column a key of `to_dict`; nested values stay lists and dicts."""
        import pandas as pd

        return pd.DataFrame([self.to_dict()])

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return `to_dict` as strict JSON with stable keys, ASCII only."""
        return to_json(self.to_dict(), indent=indent)

    def to_markdown(self, language: str = "en") -> str:
        """Return a Markdown table of two columns under a bold title."""
        title, rows = self._table(language)
        lines = [f"**{for_markdown(title)}**", "", "| | |", "|---|---|"]
        lines += [
            f"| {for_markdown(label, _CELL_WIDTH)} | {for_markdown(value, _CELL_WIDTH)} |" for label, value in rows
        ]
        return "\n".join(lines) + "\n"

    def to_text(self, language: str = "en") -> str:
        """Return lines for a terminal, controls made visible."""
        title, rows = self._table(language)
        shown = [(for_terminal(label), for_terminal(value, _CELL_WIDTH)) for label, value in rows]
        label_width = max((text_width(label) for label, _ in shown), default=0)
        lines = [for_terminal(title, _CELL_WIDTH)]
        for label, value in shown:
            pad = " " * (label_width - text_width(label))
            first, *others = _wrap(value, max(20, _TEXT_WIDTH - label_width - 4)) or [""]
            lines.append(f"  {label}{pad}  {first}".rstrip())
            lines += [" " * (label_width + 4) + other for other in others]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        """Return a plain table for notebooks, below 20 kB."""
        title, rows = self._table("en")
        parts = [f"<table><caption>{for_html(title, _CELL_WIDTH)}</caption><tbody>"]
        room = _HTML_BYTES
        for index, (label, value) in enumerate(rows):
            row = (
                f'<tr><th scope="row" style="text-align:left">{for_html(label, _CELL_WIDTH)}</th>'
                f'<td style="text-align:left">{for_html(value, _CELL_WIDTH)}</td></tr>'
            )
            room -= len(row.encode())
            if room < 0:
                more = for_html(say("display_more_rows", "en", count=len(rows) - index))
                parts.append(f'<tr><td colspan="2">{more}</td></tr>')
                break
            parts.append(row)
        return "".join([*parts, "</tbody></table>"])

    def __rich__(self) -> Table:
        """Return a table for rich consoles."""
        from rich import box
        from rich.table import Table

        title, rows = self._table("en")
        table = Table(title=for_rich(title, None), box=box.SIMPLE, show_header=False, title_justify="left")
        table.add_column(style="bold")
        table.add_column(overflow="fold")
        for label, value in rows:
            table.add_row(for_rich(label), for_rich(value, _CELL_WIDTH))
        return table

    def _table(self, language: str) -> tuple[str, list[tuple[str, str]]]:
        check_language(language)
        return self._title(language), self._rows(language)


def _instant(value: datetime) -> str:
    """Write an instant as ISO 8601 in UTC with a Z; one without zone is taken as UTC."""
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _wrap(text: str, width: int) -> list[str]:
    """Break a text at spaces into lines of at most so many columns; a longer word keeps its own line."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_width(lines[-1]) + 1 + text_width(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
