"""Options that several verbs share, each written once."""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

LANGUAGES = ("en", "id")

#: Version of the keys of the JSON objects that verbs print.
JSON_VERSION = 1

#: Reading options that are typed otherwise than they are named in Python.
_FLAGS = {"follow_order": "--order"}


@dataclass(frozen=True)
class ListOptions:
    """How a list is to be read.

    Attributes
    ----------
    reading
        Keyword arguments of `botscan.read_accounts`.
    strict
        Leave with exit code 3 when rows were rejected.
    """

    reading: dict[str, Any]
    strict: bool

    def typed(self) -> list[str]:
        """Return the reading options as words of a command line, for a command that goes on from here."""
        words: list[str] = []
        for name, value in self.reading.items():
            if name == "column_map":
                words += [word for column, header in value.items() for word in ("--map", f"{column}={header}")]
            else:
                words += [_FLAGS.get(name, f"--{name.replace('_', '-')}"), value]
        return words

    def exit_code(self, rows_rejected: int) -> int:
        """Return 3 and say why when rows were rejected under --strict, else 0."""
        if not (self.strict and rows_rejected):
            return 0
        click.echo(f"botscan: --strict: {rows_rejected} rows were rejected.", err=True)
        return 3


@dataclass(frozen=True)
class OutputOptions:
    """What is printed.

    Attributes
    ----------
    as_json
        One JSON object instead of words.
    quiet
        No progress and no messages but errors.
    """

    as_json: bool
    quiet: bool

    def tell(self, message: str) -> None:
        """Print a message beside the result."""
        if not self.quiet:
            click.echo(message, err=True)

    def print_json(self, content: Mapping[str, Any]) -> None:
        """Print one JSON object, the version of its keys first."""
        from botscan.display import to_json

        click.echo(to_json({"schema_version": JSON_VERSION, **content}))

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Show that work goes on, on a terminal only."""
        import sys

        if self.quiet or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(what):
            yield


class FileName(click.ParamType[str]):
    """A name of a file or folder; an empty one is refused, because to the system it is the folder one stands in."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as it was typed."""
        if not value:
            self.fail("the name is empty.", param, ctx)
        return str(value)


FILE = FileName()


def as_one_list(files: Sequence[str]) -> str | list[str]:
    """Return what `botscan.read_accounts` takes for the files of one list."""
    return files[0] if len(files) == 1 else list(files)


def as_typed(words: Iterable[str]) -> str:
    """Return words of a command line as they are typed, on one line and safe to print."""
    from botscan.wording import for_terminal

    return for_terminal(shlex.join(words), None)


def output_options(command: Command) -> Command:
    """Add --json, --quiet and --debug; the command gets them as `output`."""

    @functools.wraps(command)
    def wrapped(*args: Any, as_json: bool, quiet: bool, debug: bool, **kwargs: Any) -> Any:
        del debug  # looked at where errors are shown
        return command(*args, output=OutputOptions(as_json, quiet), **kwargs)

    return _with(
        wrapped,
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object with stable keys."),
        click.option("--quiet", is_flag=True, help="No progress, no messages but errors."),
        click.option("--debug", is_flag=True, help="Show where an error arose; may show file and header names."),
    )


def list_options(command: Command) -> Command:
    """Add the options of every verb that reads a list; the command gets them as `how`."""

    @functools.wraps(command)
    def wrapped(*args: Any, strict: bool, allow_empty: bool, **kwargs: Any) -> Any:
        del allow_empty  # one empty list is a fact, never a failure; it matters where several lists are compared
        names = ("platform", "format", "observed_at", "column_map", "encoding", "date_order", "tz", "follow_order")
        given = {name: kwargs.pop(name) for name in names}
        reading = {name: value for name, value in given.items() if value not in (None, {})}
        return command(*args, how=ListOptions(reading, strict), **kwargs)

    return _with(
        wrapped,
        click.option("--platform", metavar="NAME", help="Platform of the list, where the file does not tell."),
        click.option("--format", metavar="NAME", help="Format of the file, instead of recognising it."),
        click.option("--observed-at", metavar="DATE", help="When the list was seen: 2026-06-30. Ages count to here."),
        click.option(
            "--map",
            "column_map",
            metavar="COLUMN=HEADER",
            multiple=True,
            callback=_parse_map,
            help="Header that stands for a column; may be repeated. See: botscan columns.",
        ),
        click.option("--encoding", metavar="CODEC", help="Encoding of the file, for instance cp1252."),
        click.option("--date-order", type=click.Choice(["dmy", "mdy"]), help="How to read 3/4/2020."),
        click.option("--tz", metavar="ZONE", help="Zone of times that name none: WIB, +07:00, Asia/Jakarta."),
        click.option(
            "--order",
            "follow_order",
            type=click.Choice(["newest", "oldest"]),
            help="Which follower the file begins with, where nothing in it tells the follow order.",
        ),
        click.option("--strict", is_flag=True, help="Leave with exit code 3 when rows were rejected."),
        click.option("--allow-empty", is_flag=True, help="An empty list is a fact, not a failed download."),
    )


def model_option(command: Command) -> Command:
    """Add --model."""
    return _with(
        command,
        click.option("--model", type=FILE, metavar="DIR", help="Model folder; without it the model that ships inside."),
    )


def audit_options(command: Command) -> Command:
    """Add the options of the verbs that make a report."""
    return _with(
        command,
        click.option("--labels", type=FILE, metavar="FILE", help="Filled label sheet, see: botscan labels sheet."),
        click.option(
            "--frame",
            type=click.Choice(["unknown", "full", "random", "newest"]),
            default="unknown",
            show_default=True,
            help="Which part of the followers the list holds.",
        ),
        click.option("--population", type=click.IntRange(min=1), metavar="N", help="Followers of the audience in all."),
        click.option(
            "--rater-errors",
            metavar="A/B,C/D",
            callback=_parse_errors,
            help="The raters called A of B fake accounts and C of D genuine ones suspicious: correct the share for it.",
        ),
        click.option("--html", type=FILE, metavar="OUT", help="Write a report to this file."),
        language_option,
        click.option(
            "--show-handles", is_flag=True, help="Show handles and names, as a list to be checked by a person."
        ),
    )


def power_options(command: Command) -> Command:
    """Add --power and its like; the command gets them as `power`, keyword arguments of `simulate_purchase`, or None."""

    @functools.wraps(command)
    def wrapped(
        *args: Any, power: bool, kind: str | None, size: int | None, repetitions: int | None, **kwargs: Any
    ) -> Any:
        given = {"kind": kind, "n": size, "repetitions": repetitions}
        asked = {name: value for name, value in given.items() if value is not None}
        if asked and not power:
            raise click.UsageError("--power-kind, --power-size and --power-repetitions are of no use without --power.")
        return command(*args, power=asked if power else None, **kwargs)

    return _with(
        wrapped,
        click.option(
            "--power", is_flag=True, help="Say which purchases this list would show: 150 searches, long for long lists."
        ),
        click.option(
            "--power-kind",
            "kind",
            type=click.Choice(["batch", "drip", "aged"]),
            help="Accounts made together and delivered in 2 days (usual), over 90 days, or as old as other followers.",
        ),
        click.option(
            "--power-size",
            "size",
            type=click.IntRange(min=1),
            metavar="N",
            help="Accounts bought; else five sizes are tried, .2 to 5 % of the list.",
        ),
        click.option(
            "--power-repetitions",
            "repetitions",
            type=click.IntRange(min=1),
            metavar="N",
            help="Purchases of each size; else 30.",
        ),
    )


def allow_options(command: Command) -> Command:
    """Add --allow and --key."""
    return _with(
        command,
        click.option(
            "--allow",
            type=FILE,
            metavar="FILE",
            help="Accounts that a person has looked at (staff, partners, appeals): taken off the lists of suspects.",
        ),
        click.option("--key", type=FILE, metavar="FILE", help="Key of the pseudonyms in --allow (botscan key make)."),
    )


def language_option(command: Command) -> Command:
    """Add --language."""
    return _with(
        command,
        click.option(
            "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the result."
        ),
    )


def _with(command: Any, *options: Callable[[Any], Any]) -> Any:
    """Add options so that --help shows them in the order given."""
    for option in reversed(options):
        command = option(command)
    return command


def _parse_errors(
    _context: click.Context, _parameter: click.Parameter, text: str | None
) -> tuple[int, int, int, int] | None:
    """Read A/B,C/D."""
    if text is None:
        return None
    found = re.fullmatch(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*[,;]\s*(\d{1,9})\s*/\s*(\d{1,9})\s*", text)
    if found is None:
        raise click.BadParameter("wanted two fractions, for instance 24/31,10/270")
    return int(found[1]), int(found[2]), int(found[3]), int(found[4])


def _parse_map(_context: click.Context, _parameter: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    """Read COLUMN=HEADER pairs."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        column, equals, header = pair.partition("=")
        if not (column and equals and header):
            raise click.BadParameter("wanted COLUMN=HEADER, for instance followers_count=Pengikut")
        if column in mapping:
            raise click.BadParameter(f"{column} is given twice")
        mapping[column] = header
    return mapping
