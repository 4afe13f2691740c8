"""JSON sources: from frames of text to batches of cells, every record kept or rejected with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from botscan.readers.containers.encodings import TextBlock, count_lines
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits
from botscan.readers.format import Json
from botscan.readers.objects.json_frames import Frame, cut_values
from botscan.readers.objects.json_runs import Run, cut_frames, cut_runs
from botscan.readers.objects.json_values import Value, parse_plainly, parse_value, with_short_strings
from botscan.readers.objects.record_taker import RecordTaker
from botscan.readers.raw import BATCH_ROWS, RawBatch

#: Bare numbers or texts that settle what a list of them is.
_ENOUGH_SCALARS = 50
#: Bytes of a frame whose strings are cut at `_LONGEST_STRING`, far beyond every column's own limit.
_LONG_FRAME = 4 << 20
_LONGEST_STRING = 1 << 20
#: An id as text, as APIs write it for programs that round large numbers.
_LONG_NUMBER = re.compile(r"[0-9]{6,20}")
_STARTS = (b"{", b"[")
_ENDS = (b"}", b"]", b'"')


class JsonReader:
    """Reads one JSON source, once.

    Parameters
    ----------
    framing
        ``lines``, ``values``, or ``script``: one array, what stands behind it is not looked at.
    list_keys
        Keys under which pages hold their list, to save what is whole in a damaged page.
    scalar_key
        Key under which a bare number or text stands as a record of its own; None: it is no record.
    limits
        Longest record.

    Attributes
    ----------
    cut_line
        Behind the end: line at which the data end inside a record or list; 0 when they end well.
    n_frames
        Records seen by `values`.
    n_numbers, n_texts
        How many of them were bare numbers, bare texts.
    n_ids
        How many of the bare texts were numbers as long as an id.
    """

    def __init__(
        self,
        framing: str,
        *,
        list_keys: Sequence[str] = (),
        scalar_key: str | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._framing = framing
        self._scalar_key = scalar_key
        self._limits = limits
        keys = "|".join(map(re.escape, list_keys))
        self._page_list = re.compile(rf'"({keys})"\s*:\s*\['.encode()) if keys else None
        self.cut_line = 0
        self.n_frames = 0
        self.n_numbers = 0
        self.n_ids = 0
        self.n_texts = 0

    def batches(
        self, blocks: Iterable[TextBlock], taker: RecordTaker, batch_rows: int = BATCH_ROWS
    ) -> Iterator[RawBatch]:
        """Yield all records that `taker` finds, `batch_rows` at a time."""
        for part in cut_runs(blocks, self._framing, limits=self._limits):
            if isinstance(part, Frame):
                self._add(part, taker)
            elif not self._add_plainly(part, taker):
                for frame in part.frames():
                    self._add(frame, taker)
            yield from taker.full_batches(batch_rows)
        yield from taker.last_batch()

    def values(self, blocks: Iterable[TextBlock]) -> Iterator[Json]:
        """Yield the JSON objects of the source, damaged pages mended, to recognise the format by."""
        for frame in cut_frames(blocks, self._framing, limits=self._limits):
            self.n_frames += frame.flaw != "cut"
            if frame.flaw in ("too_long", "cut"):
                continue
            value = parse_value(frame.data)
            if isinstance(value.value, dict):
                yield value.value
            elif value.flaw is not None:
                yield from (page.value for _, page in self._pages_within(frame) or () if page and page.value)
            else:
                self.n_texts += isinstance(value.value, str)
                self.n_ids += isinstance(value.value, str) and _LONG_NUMBER.fullmatch(value.value) is not None
                self.n_numbers += _is_number(value.value)
                if self.n_texts + self.n_numbers >= _ENOUGH_SCALARS:
                    return

    def _add_plainly(self, run: Run, taker: RecordTaker) -> bool:
        """Add the objects of a run in the short way; False when there is anything unusual about one of them."""
        values = None if len(run.text) > _LONG_FRAME else parse_plainly(run.text, run.data)
        if values is None or set(map(type, values)) != {dict}:
            return False
        taker.add_objects(values, run.lines)
        return True

    def _add(self, frame: Frame, taker: RecordTaker) -> None:
        """Add all records of a frame."""
        if frame.flaw == "cut":
            self.cut_line = frame.line
        elif frame.flaw == "too_long":
            taker.reject("too_long", frame.line)
        else:
            value = parse_value(frame.data)
            if len(frame.data) > _LONG_FRAME:
                value = value._replace(value=with_short_strings(value.value, _LONGEST_STRING))
            if value.flaw is None and frame.flaw != "bad_json":
                self._add_value(value, frame, taker)
            else:
                self._save(frame, value.flaw or "bad_json", taker)

    def _add_value(self, value: Value, frame: Frame, taker: RecordTaker) -> None:
        taker.count("not_a_number", value.not_a_number)
        taker.count("duplicate_keys", value.duplicate_keys)
        content = value.value
        if self._scalar_key is not None and (isinstance(content, str) or _is_number(content)):
            content = {self._scalar_key: content}
        taker.add(content, frame.line, is_repaired=value.is_repaired or frame.is_repaired)

    def _save(self, frame: Frame, flaw: str, taker: RecordTaker) -> None:
        """Add what is whole in a stretch that does not parse, and one rejected row for each part that is not."""
        is_cut = frame.flaw == "truncated" and _is_open(frame.data)
        if is_cut:
            self.cut_line = frame.line + count_lines(frame.data)
        pages = self._pages_within(frame)
        if pages is not None:
            taker.count("page_damaged", 1)
            taker.unordered()
            for part, value in pages:
                if part.flaw == "cut":
                    self.cut_line = part.line
                elif value is None or value.flaw is not None:
                    taker.reject(part.flaw or (value.flaw if value else None) or "bad_json", part.line)
                else:
                    self._add_value(value, part, taker)
            return
        parts = _values_in_a_row(frame)
        if parts is None:
            taker.reject("truncated" if is_cut else flaw, frame.line)
            return
        for part, value in parts:
            self._add_value(value, part, taker)

    def _pages_within(self, frame: Frame) -> Iterator[tuple[Frame, Value | None]] | None:
        """Return the elements of the list in a damaged page, each as a page of its own; None when it holds no list."""
        found = self._page_list.search(frame.data) if self._page_list is not None else None
        if found is None:
            return None
        line = frame.line + count_lines(frame.data[: found.end()])
        rest = TextBlock(frame.data[found.end() :])
        key = found.group(1).decode()
        return (
            (part, _page_of(part, key))
            for part in cut_values([rest], limits=self._limits, first_line=line, in_array=True)
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _page_of(part: Frame, key: str) -> Value | None:
    if part.flaw in ("cut", "too_long", "bad_json"):
        return None
    if part.flaw == "truncated" and part.data[-1:] not in _ENDS:
        return None  # a number at the end of the data may have lost digits
    value = parse_value(part.data)
    return value if value.flaw is not None else value._replace(value={key: [value.value]})


def _is_open(data: bytes) -> bool:
    """Whether the text ends inside a value."""
    return any(part.flaw == "cut" for part in cut_values([TextBlock(data)]))


def _values_in_a_row(frame: Frame) -> list[tuple[Frame, Value]] | None:
    """Return the values of a line that holds several, one behind the other; None when it is not that."""
    n_ends = frame.data.count(b"}") + frame.data.count(b"]")
    if n_ends == 0 or (n_ends == 1 and frame.data[:1] in _STARTS and frame.data[-1:] in _ENDS):
        return None  # one stretch: told without a scan, as a file may hold many
    parts = [part for part in cut_values([TextBlock(frame.data)], first_line=frame.line) if part.flaw != "cut"]
    values = [parse_value(part.data) for part in parts]
    if len(parts) < 2 or any(value.flaw is not None for value in values):
        return None
    return list(zip(parts, values, strict=True))
