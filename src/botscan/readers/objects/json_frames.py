"""Frames: the stretches of JSON text that hold one record each, under every framing that tools write.

JSON Lines go line by line. An array, one printed object, or objects one behind another are cut by their brackets. A
stretch that cannot be cut cleanly is a frame too, with its flaw, and cutting goes on at the next line that looks like
the start of a record.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from botscan.readers.containers.encodings import TextBlock, behind, count_lines, join
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits
from botscan.readers.objects.json_scan import scan_brackets

_LINE_END = re.compile(rb"\r\n?|\n")
#: What may stand around a value.
BLANK = b" \t\r\n"
#: What may part records outside an array; commas are no part of any framing, and yet written.
BETWEEN = BLANK + b","
#: What may stand behind the value of a script.
_BEHIND_A_VALUE = BLANK + b";"
#: What ends a value, by how it begins.
CLOSES = {b"[": b"]", b"{": b"}"}
_NOT_BLANK = re.compile(rb"[^ \t\r\n]")
_INDENTED_LINE = re.compile(rb"[\r\n][ \t]+[^ \t\r\n]")
_SCAN_BYTES = 1 << 16
#: After so many broken records in one file cutting goes on line by line: the cost stays linear.
_MOST_BREAKS = 200
_NO_INDENT = b"x"
#: Blanks before a record that are looked at again when more text arrives.
_LONGEST_INDENT = 1 << 10


class Frame(NamedTuple):
    """One stretch of text.

    Attributes
    ----------
    data
        The text, without blanks around it; empty when it was too long to keep.
    line
        Line where it begins, counted from 1.
    flaw
        None, or what is known to be wrong: ``bad_json``; ``truncated`` (the data end inside it, unless it turns out
        whole); ``too_long``; ``cut`` (no record: the data end inside an array or value).
    is_repaired
        Whether a bad byte inside was replaced.
    """

    data: bytes
    line: int
    flaw: str | None = None
    is_repaired: bool = False


def is_json(head: bytes) -> bool:
    r"""Whether a text is JSON by its start: a bracket, or most of its first lines begin with a brace.

    Examples
    --------
    >>> is_json(b' [{"id": 1}]'), is_json(b'broken' + b'\n{"id": 1}' * 3), is_json(b"id,name")
    (True, True, False)
    """
    start = head.lstrip(BLANK)
    if start[:1] in (b"{", b"["):
        return True
    lines = [line for line in _LINE_END.split(start[: 1 << 16]) if line.strip(BLANK)][:20]
    return 2 * sum(line.lstrip(BLANK).startswith(b"{") for line in lines) > len(lines)


def find_framing(head: bytes) -> str:
    r"""Settle between ``lines`` (every line is a record) and ``values`` (an array, or values over several lines).

    Examples
    --------
    >>> find_framing(b'{"id": 1}\n{"id": 2}\n'), find_framing(b'{\n "id": 1\n}'), find_framing(b'[{"id": 1}]')
    ('lines', 'values', 'values')
    """
    start = head.lstrip(BLANK)
    if start[:1] == b"[":
        return "values"
    lines = [line for line in _LINE_END.split(start, maxsplit=2) if line.strip(BLANK)]
    if start[:1] == b"{" and lines:
        frames = [frame for frame in cut_values([TextBlock(lines[0])]) if frame.flaw != "cut"]
        if len(frames) == 1 and frames[0].flaw is None:
            return "lines"
        if len(frames) > 1 or len(lines) == 1 or not lines[1].startswith(b"{"):
            return "values"
    return "lines"


def code_behind(blocks: Iterable[TextBlock]) -> bool:
    r"""Whether the text goes on behind its first value, with more than blanks and the ``;`` that ends a statement.

    Text in which a value is damaged or does not end holds nothing behind it that could be told.

    Examples
    --------
    >>> [code_behind([TextBlock(data)]) for data in (b'[{"a": "]"}];\n', b"[]; alert(1)", b'[{"a": 1')]
    [False, True, False]
    """
    depth, in_string, is_open = 0, False, True
    opened = b""
    for block in blocks:
        data = block.data
        opened = opened or data.lstrip(BLANK)[:1]
        start = 0
        while is_open and start < len(data):
            stop = min(start + _SCAN_BYTES, len(data))
            scan = scan_brackets(data, start, stop, depth=depth, in_string=in_string)
            ends = scan.positions[(scan.depths == 0) & (scan.steps == -1)]
            if (scan.broken_at >= 0 and not ends.size) or (ends.size and data[ends[0]] not in CLOSES.get(opened, b"")):
                return False
            is_open = not ends.size
            start = int(ends[0]) + 1 if ends.size else stop
            depth, in_string = scan.end_depth, scan.in_string
        if not is_open and data[start:].strip(_BEHIND_A_VALUE):
            return True
    return False


def cut_lines(blocks: Iterable[TextBlock], *, limits: Limits = DEFAULT_LIMITS, first_line: int = 1) -> Iterator[Frame]:
    """Cut the text into lines; blank ones are left out. The last line is ``truncated`` unless it turns out whole."""
    for part in whole_lines(blocks, limits, first_line):
        for frame in [part] if isinstance(part, Frame) else single_lines(*part, limits):
            if data := frame.data.strip(BETWEEN):
                yield frame._replace(data=data)
            elif frame.flaw == "too_long":
                yield frame


def whole_lines(
    blocks: Iterable[TextBlock], limits: Limits, first_line: int
) -> Iterator[tuple[TextBlock, int] | Frame]:
    """Yield blocks that end with a line end and the number of their first line, and what makes no such block."""
    waiting: list[TextBlock] = []
    n_waiting = 0
    line = first_line
    is_skipping = False
    for whole_block in blocks:
        block = whole_block
        end_of_line = _LINE_END.search(block.data)
        if end_of_line is None:
            n_waiting += len(block.data)
            is_skipping = is_skipping or n_waiting > limits.record_bytes
            waiting = [] if is_skipping else [*waiting, block]
            continue
        if is_skipping:  # the rest of the long line ends here
            yield Frame(b"", line, "too_long")
            line, is_skipping = line + 1, False
            block = behind(block, end_of_line.end())
        last_end = _last_line_end(block.data)
        whole = TextBlock(block.data[:last_end], tuple(at for at in block.repairs if at < last_end))
        whole = join([*waiting, whole])
        if whole.data:
            yield whole, line
        line += count_lines(whole.data)
        waiting = [behind(block, last_end)]
        n_waiting = len(waiting[0].data)
    if is_skipping:
        yield Frame(b"", line, "too_long")
    elif waiting:
        rest = join(waiting)
        if rest.data.strip(BETWEEN):
            yield Frame(rest.data, line, "truncated", bool(rest.repairs))


def _last_line_end(data: bytes) -> int:
    """Return the offset behind the last line end, 0 when there is none."""
    return max(data.rfind(b"\n"), data.rfind(b"\r")) + 1


def single_lines(block: TextBlock, line: int, limits: Limits) -> Iterator[Frame]:
    """Yield the lines of a block that ends with a line end, each alone."""
    parts = _LINE_END.split(block.data) if has_lone_cr(block.data) else block.data.split(b"\n")
    parts.pop()  # behind the last line end
    repaired = _repaired_lines(block) if block.repairs else frozenset()
    for number, part in enumerate(parts):
        flaw = (
            "too_long" if len(part) > limits.record_bytes and len(part.strip(BETWEEN)) > limits.record_bytes else None
        )
        yield Frame(part, line + number, flaw, number in repaired)


def has_lone_cr(data: bytes) -> bool:
    """Whether a CR alone ends a line."""
    return b"\r" in data and data.count(b"\r") != data.count(b"\r\n")


def _repaired_lines(block: TextBlock) -> frozenset[int]:
    lines = set()
    position = number = 0
    for offset in block.repairs:
        number += count_lines(block.data[position:offset])
        position = offset
        lines.add(number)
    return frozenset(lines)


def cut_values(
    blocks: Iterable[TextBlock],
    *,
    limits: Limits = DEFAULT_LIMITS,
    first_line: int = 1,
    in_array: bool = False,
    only_first: bool = False,
) -> Iterator[Frame]:
    """Cut the text into top-level values, or the elements of top-level arrays when the text begins with one.

    Parameters
    ----------
    blocks
        The whole text.
    limits
        Longest record.
    first_line
        Number of the first line.
    in_array
        Whether the text begins inside an array, behind its bracket; then cutting stops at the end of that array.
    only_first
        Whether cutting stops at the end of the first array or object.
    """
    return _ValueCutter(limits, first_line, in_array=in_array, only_first=only_first).frames(blocks)


class _ValueCutter:
    """State of one pass.

    ``_base`` is the depth at which records stand: 0, or 1 inside an array. The current record, or the gap between two,
    begins at ``_start``; the text before ``_scanned`` has been looked at; ``_line`` is the line at ``_counted``;
    ``_before`` is what stood before the block in the same line.
    """

    def __init__(self, limits: Limits, first_line: int, *, in_array: bool, only_first: bool) -> None:
        self._limits = limits
        self._block = TextBlock(b"")
        self._before = b""
        self._start = self._scanned = self._counted = 0
        self._line = first_line
        self._base = self._depth = int(in_array)
        self._takes_arrays: bool | None = None
        self._in_array, self._only_first = in_array, only_first
        self._is_done = False
        self._in_string = False
        self._resume: re.Pattern[bytes] | None = None
        self._is_too_long = False
        self._long_line = 0
        self._breaks = 0

    def frames(self, blocks: Iterable[TextBlock]) -> Iterator[Frame]:
        remaining = iter(blocks)
        for whole in self._grown(remaining):
            self._block = whole
            while self._scanned < len(self._block.data) and self._breaks <= _MOST_BREAKS:
                yield from self._look_for_resume() if self._resume else self._scan()
                if self._is_done:
                    return
            self._forget()
            if self._breaks > _MOST_BREAKS:
                yield from cut_lines(
                    itertools.chain([self._block], remaining), limits=self._limits, first_line=self._line
                )
                return
        while self._restart():
            while self._scanned < len(self._block.data) and not self._is_done:
                yield from self._look_for_resume() if self._resume else self._scan()
        if not self._is_done:
            yield from self._finish()

    def _grown(self, blocks: Iterator[TextBlock]) -> Iterator[TextBlock]:
        """Yield the text left over with more behind it: the longer it is, the more, so that copying stays linear."""
        waiting: list[TextBlock] = []
        n_waiting = 0
        for block in blocks:
            waiting.append(block)
            n_waiting += len(block.data)
            if n_waiting >= min(len(self._block.data), self._limits.record_bytes):
                grown = join([self._block, *waiting])
                self._block, waiting, n_waiting = TextBlock(b""), [], 0
                yield grown
        if waiting:
            yield join([self._block, *waiting])

    def _scan(self) -> Iterator[Frame]:
        """Look at the next stretch and yield the records that end in it."""
        data = self._block.data
        stop = min(self._scanned + _SCAN_BYTES, len(data))
        scan = scan_brackets(data, self._scanned, stop, depth=self._depth, in_string=self._in_string)
        # Only what happens at the depth of records matters; arrays may move it between 0 and 1.
        outer = (scan.depths <= 1) | ((scan.depths == 2) & (scan.steps == 1))
        for position, step, depth in zip(
            scan.positions[outer].tolist(), scan.steps[outer].tolist(), scan.depths[outer].tolist(), strict=True
        ):
            yield from self._event(position, step, depth)
            if self._is_done:
                return
        if scan.broken_at >= 0:
            self._break_at(scan.broken_at)
        else:
            self._scanned, self._depth, self._in_string = stop, scan.end_depth, scan.in_string

    def _event(self, position: int, step: int, depth: int) -> Iterator[Frame]:
        """Act on one bracket or comma; `depth` is the depth behind it."""
        if self._base == 0 and step == 1 and depth == 1:
            yield from self._emit(position)  # the gap before
            is_array = self._block.data[position : position + 1] == b"["
            if self._takes_arrays is None:
                self._takes_arrays = is_array
            if is_array and self._takes_arrays:
                self._base = 1
                self._start = position + 1
        elif self._base == 0 and step == -1 and depth == 0:
            yield from self._emit(position + 1)
            self._is_done = self._only_first
        elif self._base == 1 and step not in (1, -1) and depth == 1:
            yield from self._emit(position)
            self._start = position + 1
        elif self._base == 1 and step == -1 and depth == 0:
            is_bracket = self._block.data[position : position + 1] == b"]"
            yield from self._emit(position if is_bracket else position + 1)
            self._base = 0
            self._start = position + 1
            self._is_done = self._in_array or (self._only_first and is_bracket)

    def _emit(self, end: int, flaw: str | None = None) -> Iterator[Frame]:
        """Yield the text up to `end`, if there is any, and go on behind it."""
        start, end = self._start, max(end, self._start)
        self._start = end
        if self._is_too_long:
            self._is_too_long = False
            yield Frame(b"", self._long_line, "too_long")
            return
        text = self._block.data[start:end]
        data = text.strip(BLANK if self._base else BETWEEN)
        if len(data) > self._limits.record_bytes:
            yield Frame(b"", self._line_at(start + text.index(data[:1])), "too_long")
        elif data:
            begin = start + text.index(data)
            repairs = self._block.repairs
            is_repaired = bool(repairs) and bisect_left(repairs, begin) < bisect_left(repairs, end)
            yield Frame(data, self._line_at(begin), flaw, is_repaired)

    def _line_at(self, offset: int) -> int:
        self._line += count_lines(self._block.data[self._counted : offset])
        self._counted = offset
        return self._line

    def _break_at(self, line_end: int) -> None:
        """Give up the current record: a string in it runs over a line end. Go on where a line looks like its first."""
        self._resume = self._start_of_record()
        self._scanned = line_end
        self._breaks += 1

    def _start_of_record(self) -> re.Pattern[bytes]:
        """Return the pattern of a line with a brace and the indent of the current record."""
        data = self._block.data
        first = _NOT_BLANK.search(data, self._start)
        start = self._start if first is None else first.start()
        before = self._before_in_line(start)
        look = rb"[ \t]*" if before.strip(b" \t") else re.escape(before)
        return re.compile(rb"[\r\n]" + look + rb"\{")

    def _before_in_line(self, offset: int) -> bytes:
        """Return what stands before an offset in its line: blanks as they are, anything else as one mark."""
        line_start = _last_line_end(self._block.data[:offset])
        before = self._block.data[line_start:offset] if line_start else self._before + self._block.data[:offset]
        return _NO_INDENT if before.strip(b" \t") else before

    def _restart(self) -> bool:
        """Look, at the end of the data inside a record, whether an earlier record was it that never closed.

        Then a later line with the same indent begins a record. Only in indented text can that be told from the lines
        of nested objects.
        """
        is_open = self._depth > self._base or self._in_string
        if not is_open or self._resume or self._is_too_long or self._breaks > _MOST_BREAKS:
            return False
        found = self._start_of_record().search(self._block.data, self._start)
        if found is None or not _INDENTED_LINE.search(self._block.data, self._start):
            return False
        self._resume = self._start_of_record()
        self._scanned = found.start()
        self._breaks += 1
        return True

    def _look_for_resume(self) -> Iterator[Frame]:
        assert self._resume is not None
        found = self._resume.search(self._block.data, max(self._start, self._scanned - _LONGEST_INDENT))
        if found is None:
            self._scanned = len(self._block.data)
            return
        yield from self._emit(found.start(), "bad_json")
        self._start = self._scanned = found.end() - 1
        self._resume, self._depth, self._in_string = None, self._base, False

    def _forget(self) -> None:
        """Drop the text before the current record, and the record too when it has grown too long."""
        drop, end = self._start, len(self._block.data)
        if self._is_too_long or end - drop > self._limits.record_bytes:
            if not self._is_too_long:
                self._is_too_long = True
                self._long_line = self._line_at(drop)
            drop = max(drop, end - _SCAN_BYTES)  # enough to look back at
        self._line_at(drop)
        self._before = self._before_in_line(drop)
        self._block = behind(self._block, drop)
        self._scanned -= drop
        self._counted = 0
        self._start = max(self._start - drop, 0)

    def _finish(self) -> Iterator[Frame]:
        end = len(self._block.data)
        if self._resume is not None:
            yield from self._emit(end, "bad_json")
        elif self._depth == 0 and not self._in_string:
            yield from self._emit(end)
            return
        else:
            yield from self._emit(end, "truncated")
        yield Frame(b"", self._line_at(end), "cut")
