"""Runs: the frames of a whole JSON text in their order, many at a time where nothing is known against them.

Lines are handed on as they stand, without a look at each, as long as every one ends with a brace. Where a value was
printed over several lines, these are put together first; values that were cut by their brackets are put together to
runs again, so that what follows is spared the single frame.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from botscan.readers.containers.encodings import TextBlock
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits
from botscan.readers.objects.json_frames import (
    BETWEEN,
    BLANK,
    CLOSES,
    Frame,
    cut_values,
    has_lone_cr,
    single_lines,
    whole_lines,
)

#: Text of a run: what is made of it stays in a processor's cache.
_RUN_BYTES = 1 << 17


class Run(NamedTuple):
    """Frames in a row without a known flaw.

    Attributes
    ----------
    text
        The text that they are cut from.
    data
        Each one's text; those of lines may have blanks around them, or be blank.
    lines
        Line of each, counted from 1.
    """

    text: bytes
    data: Sequence[bytes]
    lines: Sequence[int]

    def frames(self) -> Iterator[Frame]:
        """Yield them one by one."""
        for data, line in zip(self.data, self.lines, strict=True):
            stripped = data.strip(BETWEEN)
            if stripped:
                yield Frame(stripped, line)


def cut_frames(blocks: Iterable[TextBlock], framing: str, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Frame]:
    """Cut the whole text into frames."""
    if framing == "lines":
        return _cut_lines_and_values(blocks, limits)
    return cut_values(blocks, limits=limits, only_first=framing == "script")


def cut_runs(blocks: Iterable[TextBlock], framing: str, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Run | Frame]:
    """Cut the whole text into runs of frames; a frame about which anything is known stands alone."""
    if framing == "lines":
        return _runs_of_lines(blocks, limits)
    return _joined(cut_values(blocks, limits=limits, only_first=framing == "script"))


def _joined(frames: Iterable[Frame]) -> Iterator[Run | Frame]:
    """Put frames together to runs."""
    waiting: list[Frame] = []
    n_waiting = 0
    for frame in frames:
        is_plain = frame.flaw is None and not frame.is_repaired
        if waiting and (not is_plain or n_waiting >= _RUN_BYTES):
            yield _run(waiting)
            waiting, n_waiting = [], 0
        if is_plain:
            waiting.append(frame)
            n_waiting += len(frame.data)
        else:
            yield frame
    if waiting:
        yield _run(waiting)


def _run(frames: Sequence[Frame]) -> Run:
    data = [frame.data for frame in frames]
    return Run(b"\n".join(data), data, [frame.line for frame in frames])


def _cut_lines_and_values(blocks: Iterable[TextBlock], limits: Limits) -> Iterator[Frame]:
    """Cut the text into lines, those of a value that was printed over several put together."""
    printed = _PrintedValues(limits)
    for part in _parts_of_lines(blocks, limits):
        for line in _lines_of(part):
            yield from printed.add(line)
    yield from printed.finish()


def _runs_of_lines(blocks: Iterable[TextBlock], limits: Limits) -> Iterator[Run | Frame]:
    printed = _PrintedValues(limits)
    for part in _parts_of_lines(blocks, limits):
        if isinstance(part, Run) and not printed.is_open and _ends_with_braces(part):
            yield part
        else:
            yield from _joined(itertools.chain.from_iterable(map(printed.add, _lines_of(part))))
    yield from _joined(printed.finish())


def _ends_with_braces(run: Run) -> bool:
    """Whether every line of a run ends with a closing brace: then no value goes on in the next line."""
    return run.text.count(b"}\n") + run.text.count(b"}\r\n") == len(run.data)


def _lines_of(part: Run | list[Frame]) -> Iterable[Frame]:
    return map(Frame, part.data, part.lines) if isinstance(part, Run) else part


class _PrintedValues:
    """Puts lines together whose value begins with an open bracket and ends in a later line.

    Where the next record begins before that end, the lines stand for themselves: one of them is broken.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines: list[Frame] = []
        self._n_bytes = self._n_texts = self._depth = 0
        self._last = b""

    @property
    def is_open(self) -> bool:
        """Whether a value waits for its end."""
        return bool(self._lines)

    def add(self, line: Frame) -> Iterator[Frame]:
        """Take one line, with the blanks around it; yield what is complete."""
        text = line.data.strip(BETWEEN)
        if self._lines:
            if line.flaw != "too_long" and (not text or self._goes_on(line.data, text)):
                yield from self._append(line, text)
                return
            yield from self._give_up()
        if line.flaw is None and text[:1] in CLOSES and text[-1:] != CLOSES[text[:1]]:
            self._n_bytes = self._n_texts = self._depth = 0
            self._keep(line, text)
        else:
            yield from _as_it_stands(line, self._limits)

    def finish(self) -> Iterator[Frame]:
        """Yield what is left at the end of the data."""
        if self._lines and self._n_texts > 1:
            yield from self._whole("truncated")
        else:
            yield from self._give_up()

    def _keep(self, line: Frame, text: bytes) -> None:
        self._lines.append(line)
        self._n_bytes += len(line.data) + 1
        if text:
            self._n_texts += 1
            self._last = line.data.rstrip(BLANK)[-1:]

    def _goes_on(self, line: bytes, text: bytes) -> bool:
        """Whether the open value can go on with a line; how deep its first line is, is only now looked at."""
        first = self._lines[0].data
        # Only in an array may a value stand right below the first line, behind the bracket or a comma.
        is_next = text[:1] == b"{" and _indent(line) <= _indent(first)
        if is_next and (first.lstrip(BLANK)[:1] == b"{" or self._last not in (b"[", b",")):
            return False
        if self._n_texts == 1:
            self._depth = _rise(first) or 0
        return self._depth > 0

    def _append(self, line: Frame, text: bytes) -> Iterator[Frame]:
        self._keep(line, text)
        rise = _rise(line.data)
        self._depth += rise or 0
        if self._n_bytes > self._limits.record_bytes:
            yield from self._give_up()
        elif line.flaw is not None or (rise is not None and text and self._depth <= 0):
            yield from self._whole(line.flaw)
        elif rise is None:  # the line ends inside a string
            yield from self._give_up()

    def _give_up(self) -> Iterator[Frame]:
        lines, self._lines = self._lines, []
        for line in lines:
            yield from _as_it_stands(line, self._limits)

    def _whole(self, flaw: str | None) -> Iterator[Frame]:
        lines, self._lines = self._lines, []
        data = b"\n".join(line.data for line in lines).strip(BETWEEN)
        frame = Frame(data, lines[0].line, flaw, any(line.is_repaired for line in lines))
        if flaw is not None and data[:1] == b"[":
            yield from cut_values([TextBlock(data)], limits=self._limits, first_line=frame.line)
        else:
            yield from _elements(frame, self._limits)


def _as_it_stands(line: Frame, limits: Limits) -> Iterator[Frame]:
    """Yield the record of one line, or those of the array in it."""
    data = line.data.strip(BETWEEN)
    if line.flaw == "too_long" or len(data) > limits.record_bytes:
        yield Frame(b"", line.line, "too_long")
    elif data:
        yield from _elements(line._replace(data=data), limits)


def _elements(frame: Frame, limits: Limits) -> Iterator[Frame]:
    """Yield the elements of a whole array with objects in it, else the frame itself."""
    if frame.data[:1] == b"[" and b"{" in frame.data and frame.data[-1:] == b"]":
        yield from _plain_parts(frame, limits)
    else:
        yield frame


def _plain_parts(frame: Frame, limits: Limits) -> Iterator[Frame]:
    parts = list(cut_values([TextBlock(frame.data)], limits=limits, first_line=frame.line))
    if any(part.flaw for part in parts):
        yield frame
        return
    for part in parts:
        yield part._replace(is_repaired=frame.is_repaired)


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(BLANK))


def _rise(line: bytes) -> int | None:
    """Return by how much deeper a line ends than it begins; None when it ends inside a string."""
    parts = line.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
    if len(parts) % 2 == 0:
        return None
    outside = b"".join(parts[::2])
    return outside.count(b"{") + outside.count(b"[") - outside.count(b"}") - outside.count(b"]")


def _parts_of_lines(blocks: Iterable[TextBlock], limits: Limits) -> Iterator[Run | list[Frame]]:
    """Cut the text into lines as they stand, blanks around them and blank ones too."""
    for part in whole_lines(blocks, limits, 1):
        if isinstance(part, Frame):
            yield [part]
            continue
        block, line = part
        if block.repairs or has_lone_cr(block.data):
            yield list(single_lines(block, line, limits))
            continue
        start = 0
        while start < len(block.data):
            end = block.data.find(b"\n", start + _RUN_BYTES) + 1 or len(block.data)
            text = block.data[start:end]
            lines = text.split(b"\n")
            lines.pop()  # behind the last line end
            if end - start > limits.record_bytes:
                yield list(single_lines(TextBlock(text), line, limits))
            else:
                yield Run(text, lines, range(line, line + len(lines)))
            line += len(lines)
            start = end
